// Random numbers of the step loop: Philox blocks keyed by (seed, path, step, draw), and their
// transforms to uniforms, normals, Poisson counts and sums of exponentials, one per lane.
//
// Included once per instruction set (Highway's foreach_target).
#if defined(OVERBUILD_SAMPLING_STEP_RANDOM_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef OVERBUILD_SAMPLING_STEP_RANDOM_INL
#undef OVERBUILD_SAMPLING_STEP_RANDOM_INL
#else
#define OVERBUILD_SAMPLING_STEP_RANDOM_INL
#endif

#include <cstdint>

#include "overbuild/sampling/elementary-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace overbuild {
namespace HWY_NAMESPACE {

/// 128 random bits per lane as four 32-bit words, each in the low half of a 64-bit word. The high
/// halves hold whatever the generator left there.
struct RandomBlock {
  WordVector word[4];
};

/// Philox4x32-10. Source: Salmon, Moraes, Dror, Shaw (2011), Parallel random numbers: as easy as
/// 1, 2, 3, SC'11; constants as in Random123, against which the tests compare it.
HWY_INLINE RandomBlock philox4x32(WordVector c0, WordVector c1, WordVector c2, WordVector c3,
                                  std::uint64_t key) {
  const WordTag d;
  const hn::Repartition<std::uint32_t, WordTag> d32;
  const auto multiplier0 = hn::BitCast(d32, hn::Set(d, 0xD2511F53u));
  const auto multiplier1 = hn::BitCast(d32, hn::Set(d, 0xCD9E8D57u));
  auto key0 = static_cast<std::uint32_t>(key);
  auto key1 = static_cast<std::uint32_t>(key >> 32);
#pragma GCC unroll 10
  for (int round = 0; round < 10; ++round) {
    // MulEven reads the low halves only, so the products' high halves may stay where they are.
    const WordVector product0 = hn::MulEven(hn::BitCast(d32, c0), multiplier0);
    const WordVector product1 = hn::MulEven(hn::BitCast(d32, c2), multiplier1);
    c0 = hn::Xor3(hn::ShiftRight<32>(product1), c1, hn::Set(d, std::uint64_t{key0}));
    c2 = hn::Xor3(hn::ShiftRight<32>(product0), c3, hn::Set(d, std::uint64_t{key1}));
    c1 = product1;
    c3 = product0;
    key0 += 0x9E3779B9u;
    key1 += 0xBB67AE85u;
  }
  return {{c0, c1, c2, c3}};
}

/// Two words as one of 64 bits, `low` in the lower half.
HWY_INLINE WordVector join(WordVector low, WordVector high) {
  const WordTag d;
  return hn::Or(hn::And(low, hn::Set(d, 0xFFFFFFFFu)), hn::ShiftLeft<32>(high));
}

/// 2^exponent (1 + n / 2^52) for n < 2^52: n becomes the mantissa.
template <int exponent>
HWY_INLINE Real from_mantissa(WordVector n) {
  constexpr std::uint64_t exponent_bits = std::uint64_t{1023 + exponent} << 52;
  return hn::BitCast(RealTag(), hn::Or(n, hn::Set(WordTag(), exponent_bits)));
}

// The uniforms below come from n / 2^bits added to a power of two so large that the mantissa's last
// bit stands for 2^-bits; its subtraction, less half a bit, is exact.

/// Uniform on (0, 1) from one 32-bit word: (w + 1/2) / 2^32.
HWY_INLINE Real uniform32(WordVector word) {
  return from_mantissa<20>(hn::And(word, hn::Set(WordTag(), 0xFFFFFFFFu))) - (0x1p20 - 0x1p-33);
}

/// Uniform on (0, 1) from the upper 40 of 64 bits, (n + 1/2) / 2^40.
HWY_INLINE Real uniform40(WordVector word64) {
  return from_mantissa<12>(hn::ShiftRight<24>(word64)) - (0x1p12 - 0x1p-41);
}

/// Uniform on (0, 1) from two words: the upper 52 of their 64 bits, (n + 1/2) / 2^52.
HWY_INLINE Real uniform52(WordVector low, WordVector high) {
  return from_mantissa<0>(hn::ShiftRight<12>(join(low, high))) - (1.0 - 0x1p-53);
}

/// Cosine and sine of (n + 1/2) / 2^24 - 1/8 full turns, n being the lowest 24 bits of `turn`.
HWY_INLINE RealPair cosine_and_sine_of_turn(WordVector turn) {
  const WordTag d;
  // Bits 23 and 22 are the quadrant q, the lower ones the place in it: an angle of q quarters and
  // (m + 1/2) / 2^22 - 1/2, exactly.
  const WordVector place = hn::And(hn::ShiftLeft<30>(turn), hn::Set(d, 0x3FFFFFull << 30));
  const RealPair direction = cosine_and_sine_of_quarters(from_mantissa<0>(place) - (1.5 - 0x1p-23));
  // Rotate by q: q odd swaps sine and cosine; the cosine is negative for q = 1, 2 and the sine for
  // q = 2, 3.
  const Mask swap{hn::RebindMask(RealTag(), hn::TestBit(turn, hn::Set(d, 0x400000u)))};
  const Real cosine = select(swap, direction.second, direction.first);
  const Real sine = select(swap, direction.first, direction.second);
  const WordVector high_bit = hn::ShiftLeft<40>(turn), low_bit = hn::ShiftLeft<41>(turn);
  const WordVector sign = hn::Set(d, 0x8000000000000000u);
  const WordVector cosine_sign = hn::And(hn::Xor(high_bit, low_bit), sign);
  const WordVector sine_sign = hn::And(high_bit, sign);
  return {hn::Xor(cosine.v, hn::BitCast(RealTag(), cosine_sign)),
          hn::Xor(sine.v, hn::BitCast(RealTag(), sine_sign))};
}

/// Two independent standard normals from two words by Box and Muller (1958).
///
/// Of the 64 bits the upper 40 give the radius and the lower 24 the angle, so |z| <= 7.54: the
/// normal distribution beyond has probability 5e-14.
HWY_INLINE RealPair normal_pair(WordVector low, WordVector high) {
  const WordVector joined = join(low, high);
  const Real radius = sqrt(log_of_normal(uniform40(joined)) * -2.0);
  const RealPair direction = cosine_and_sine_of_turn(joined);
  return {radius * direction.first, radius * direction.second};
}

/// The random numbers of one step of a vector of paths.
class StepRandom {
 public:
  /// `path`: 64-bit path numbers, one per lane.
  HWY_INLINE StepRandom(std::uint64_t seed, WordVector path, int step)
      : StepRandom(seed, path, hn::Set(WordTag(), static_cast<std::uint64_t>(step))) {}
  /// Lanes at different steps.
  HWY_INLINE StepRandom(std::uint64_t seed, WordVector path, WordVector step)
      : seed_(seed), path_(path), step_(step) {}

  /// Draw number `index` of this step. Counter: path (low, high word), step, draw.
  HWY_INLINE RandomBlock block(int index) const {
    const WordTag d;
    return philox4x32(path_, hn::ShiftRight<32>(path_), step_,
                      hn::Set(d, static_cast<std::uint64_t>(index)), seed_);
  }

 private:
  std::uint64_t seed_;
  WordVector path_;
  WordVector step_;
};

inline constexpr int poisson_limit = 64;

/// Poisson count with the given mean by inversion of the uniform `u`; at most 64, which has
/// probability below 2e-15 for means up to 20. Source: Devroye (1986), X.3.
HWY_INLINE Real poisson(Real u, Real mean, Real probability_of_zero) {
  Real count = 0.0, probability = probability_of_zero, cumulated = probability_of_zero;
  Mask beyond = u > cumulated;
  for (int k = 1; k <= poisson_limit && any(beyond); ++k) {
    count = select(beyond, Real(double(k)), count);
    probability = probability * mean / Real(double(k));
    cumulated = cumulated + probability;
    beyond = beyond & (u > cumulated);
  }
  return count;
}

/// Sum of `count` exponentials of mean one: -ln of a product of uniforms taken from the draws
/// `first_block`, `first_block` + 1, ... (two uniforms each). A block is made only when some lane
/// needs it.
HWY_INLINE Real exponential_sum(const StepRandom& random, int first_block, Real count) {
  if (!any(count > 0.0)) return 0.0;
  // The product of up to 64 uniforms of at least 2^-53 could underflow; logs are summed in fours.
  Real sum = 0.0;
  for (int m = 0; m < poisson_limit && any(count > Real(double(m))); m += 4) {
    Real product = 1.0;
    for (int pair = 0; pair < 2; ++pair) {
      const Real index = Real(double(m + 2 * pair));
      if (!any(count > index)) break;
      const RandomBlock block = random.block(first_block + m / 2 + pair);
      product *= select(count > index, uniform52(block.word[0], block.word[1]), 1.0);
      product *= select(count > index + 1.0, uniform52(block.word[2], block.word[3]), 1.0);
    }
    sum = sum - log(product);
  }
  return sum;
}

}  // namespace HWY_NAMESPACE
}  // namespace overbuild
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
