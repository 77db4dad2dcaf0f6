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

#include "overbuild/sampling/real-inl.hpp"

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

/// Whole numbers below 2^52 as doubles, exactly: they become the mantissa of 2^52 + n.
HWY_INLINE Real to_real(WordVector n) {
  const WordTag d;
  constexpr double two52 = 4503599627370496.0;
  const auto shifted = hn::BitCast(RealTag(), hn::Or(n, hn::Set(d, 0x4330000000000000u)));
  return hn::Sub(shifted, hn::Set(RealTag(), two52));
}

/// Uniform on (0, 1) from one 32-bit word: (w + 1/2) / 2^32.
HWY_INLINE Real uniform32(WordVector word) {
  const WordVector low = hn::And(word, hn::Set(WordTag(), 0xFFFFFFFFu));
  return (to_real(low) + 0.5) * 0x1p-32;
}

/// Uniform on (0, 1) from two words: the upper 52 of their 64 bits, (n + 1/2) / 2^52.
HWY_INLINE Real uniform52(WordVector low, WordVector high) {
  const Real n = to_real(hn::ShiftRight<12>(join(low, high)));
  return n * 0x1p-52 + 0x1p-53;
}

struct RealPair {
  Real first, second;
};

/// Cosine and sine of an angle of `turn` / 2^24 full turns (its middle), turn < 2^24.
///
/// Taylor polynomials on [-pi/4, pi/4] after exact reduction to a quadrant; absolute error below
/// 3e-16 times a few. Source of the series: Abramowitz and Stegun 4.3.65, 4.3.66.
HWY_INLINE RealPair cosine_and_sine_of_turn(WordVector turn) {
  const WordTag d;
  const WordVector within = hn::And(turn, hn::Set(d, 0x3FFFFFu));
  const Real fraction = (to_real(within) + 0.5) * 0x1p-22 - 0.5;
  const Real x = fraction * 1.57079632679489661923;
  const Real y = x * x;
  const Real y2 = y * y, y4 = y2 * y2;
  // Estrin's scheme: shorter dependency chains than Horner's.
  const Real sine_tail =
      (Real(-1.0 / 6) + y * (1.0 / 120)) + y2 * (Real(-1.0 / 5040) + y * (1.0 / 362880)) +
      y4 * ((Real(-1.0 / 39916800) + y * (1.0 / 6227020800)) + y2 * (-1.0 / 1307674368000));
  const Real sine = x + x * y * sine_tail;
  const Real cosine_tail =
      (Real(1.0 / 24) + y * (-1.0 / 720)) + y2 * (Real(1.0 / 40320) + y * (-1.0 / 3628800)) +
      y4 * ((Real(1.0 / 479001600) + y * (-1.0 / 87178291200)) + y2 * (1.0 / 20922789888000));
  const Real cosine = (Real(1.0) - y * 0.5) + y2 * cosine_tail;
  // Rotate by the quadrant q (bits 23 and 22): q odd swaps sine and cosine; the cosine is negative
  // for q = 1, 2 and the sine for q = 2, 3.
  const WordVector sign = hn::Set(d, 0x8000000000000000u);
  const WordVector quadrant_bit0 = hn::And(hn::ShiftLeft<41>(turn), sign);
  const WordVector quadrant_bit1 = hn::And(hn::ShiftLeft<40>(turn), sign);
  const auto swap = hn::RebindMask(RealTag(), hn::TestBit(turn, hn::Set(d, 0x400000u)));
  const RealVector c = hn::IfThenElse(swap, sine.v, cosine.v);
  const RealVector s = hn::IfThenElse(swap, cosine.v, sine.v);
  const auto cosine_sign = hn::BitCast(RealTag(), hn::Xor(quadrant_bit0, quadrant_bit1));
  return {hn::Xor(c, cosine_sign), hn::Xor(s, hn::BitCast(RealTag(), quadrant_bit1))};
}

/// Two independent standard normals from two words by Box and Muller (1958).
///
/// Of the 64 bits the upper 40 give the radius and the lower 24 the angle, so |z| <= 7.54: the
/// normal distribution beyond has probability 5e-14.
HWY_INLINE RealPair normal_pair(WordVector low, WordVector high) {
  const WordTag d;
  const WordVector joined = join(low, high);
  const Real u = (to_real(hn::ShiftRight<24>(joined)) + 0.5) * 0x1p-40;
  const Real radius = sqrt(log(u) * -2.0);
  const RealPair direction = cosine_and_sine_of_turn(hn::And(joined, hn::Set(d, 0xFFFFFFu)));
  return {radius * direction.first, radius * direction.second};
}

/// The random numbers of one step of a vector of paths.
class StepRandom {
 public:
  /// `path`: 64-bit path numbers, one per lane.
  HWY_INLINE StepRandom(std::uint64_t seed, WordVector path, int step)
      : seed_(seed), path_(path), step_(static_cast<std::uint64_t>(step)) {}

  /// Draw number `index` of this step. Counter: path (low, high word), step, draw.
  HWY_INLINE RandomBlock block(int index) const {
    const WordTag d;
    return philox4x32(path_, hn::ShiftRight<32>(path_), hn::Set(d, step_),
                      hn::Set(d, static_cast<std::uint64_t>(index)), seed_);
  }

 private:
  std::uint64_t seed_;
  WordVector path_;
  std::uint64_t step_;
};

inline constexpr int poisson_limit = 64;

/// Poisson count with the given mean by inversion of the uniform `u`; at most 64, which has
/// probability below 1e-15 for means up to 20. Source: Devroye (1986), X.3.
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
