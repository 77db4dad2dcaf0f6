// Exponential, logarithm, power, cosine and sine of vectors of lanes.
//
// Made of additions, multiplications, divisions, tables and moves of bits alone, each rounded as
// IEEE 754 prescribes, so that every instruction set gives the same bits; the functions of the C
// library and of Highway use fused operations where there are any. Polynomials are minimax (by the
// algorithm of Remez) and evaluated by Estrin's scheme, whose chains of dependent operations are
// shorter than Horner's. The errors stated are the largest that the tests found against long
// double, with a margin; tests/sampling/elementary_test.cpp holds the functions to them.
//
// Included once per instruction set (Highway's foreach_target).
#if defined(OVERBUILD_SAMPLING_ELEMENTARY_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef OVERBUILD_SAMPLING_ELEMENTARY_INL
#undef OVERBUILD_SAMPLING_ELEMENTARY_INL
#else
#define OVERBUILD_SAMPLING_ELEMENTARY_INL
#endif

#include <cstdint>
#include <limits>

#include "overbuild/sampling/real-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace overbuild {
namespace HWY_NAMESPACE {

// ln 2 in two parts, the first with 32 bits, so that its products with exponents are exact.
// Source: fdlibm (Sun Microsystems 1993).
inline constexpr double ln2_high = 6.93147180369123816490e-01;
inline constexpr double ln2_low = 1.90821492927058770002e-10;
inline constexpr double infinity = std::numeric_limits<double>::infinity();

HWY_ALIGN inline constexpr double powers_of_sixteenths[16] = {  // 2^(j/16)
    1.0,
    1.0442737824274138,
    1.0905077326652577,
    1.1387886347566916,
    1.189207115002721,
    1.241857812073484,
    1.2968395546510096,
    1.3542555469368927,
    1.4142135623730951,
    1.4768261459394993,
    1.5422108254079407,
    1.6104903319492543,
    1.681792830507429,
    1.7562521603732995,
    1.8340080864093424,
    1.9152065613971474};

/// 2^(j/16), j being the lowest four bits of each word.
HWY_INLINE Real power_of_sixteenths(WordVector j) {
  const RealTag d;
#if HWY_TARGET <= HWY_AVX3  // the table fits two registers; Highway 1.0.3 has no name for it
  return RealVector{_mm512_permutex2var_pd(hn::Load(d, powers_of_sixteenths).raw, j.raw,
                                           hn::Load(d, powers_of_sixteenths + 8).raw)};
#else
  const WordVector index = hn::And(j, hn::Set(WordTag(), 15));
  return hn::GatherIndex(d, powers_of_sixteenths,
                         hn::BitCast(hn::RebindToSigned<WordTag>(), index));
#endif
}

/// e^x with an error below 1.2 ulp; 0 for x < -708, where e^x is about to leave the normal numbers;
/// infinite above ln(DBL_MAX) = 709.78; NaN for NaN.
HWY_INLINE Real exp(Real x) {
  // x = k ln(2) / 16 + r with |r| <= ln(2) / 32, so that e^x = 2^(k/16) e^r. Adding 1.5 * 2^52
  // rounds to a whole number and leaves it in the lowest bits.
  constexpr double rounder = 6755399441055744.0;
  const Real shifted = x * (16 * 1.44269504088896340736) + rounder;
  const Real k = shifted - rounder;
  const Real r = (x - k * (ln2_high / 16)) - k * (ln2_low / 16);
  const Real r2 = r * r;
  const Real tail =
      (Real(0.49999999999999606) + r * 0.1666666666441788) +
      r2 * ((Real(0.04166666669325097) + r * 0.008333471923528754) + r2 * 0.0013888594060521202);
  // k = 16 n + j: n is added to the exponent.
  const WordTag d;
  const WordVector bits_of_k = hn::BitCast(d, shifted.v);
  const Real root = power_of_sixteenths(bits_of_k);
  const Real power = root + root * (r + r2 * tail);
  const WordVector n = hn::And(hn::ShiftLeft<48>(bits_of_k), hn::Set(d, 0xFFF0000000000000u));
  const Real scaled = hn::BitCast(RealTag(), hn::Add(hn::BitCast(d, power.v), n));
  const Real bounded = select(x <= 709.782712893384, scaled, x + infinity);
  return select(x < -708.0, 0.0, bounded);
}

/// ln x of a positive normal number, with an error below 1 ulp.
HWY_INLINE Real log_of_normal(Real x) {
  const WordTag d;
  // x = 2^k m with m from sqrt(1/2) to sqrt(2): subtracting the bits of sqrt(1/2) carries into the
  // exponent where m would be smaller.
  constexpr std::uint64_t one = 0x3FF0000000000000u, sqrt_half = 0x3FE6A09E667F3BCDu;
  const WordVector moved = hn::Add(hn::BitCast(d, x.v), hn::Set(d, one - sqrt_half));
  const WordVector mantissa = hn::And(moved, hn::Set(d, 0x000FFFFFFFFFFFFFu));
  const Real m = hn::BitCast(RealTag(), hn::Add(mantissa, hn::Set(d, sqrt_half)));
  // The biased exponent as the mantissa of 2^52 + n.
  const WordVector biased = hn::Or(hn::ShiftRight<52>(moved), hn::Set(d, 0x4330000000000000u));
  const Real k = Real(hn::BitCast(RealTag(), biased)) - (4503599627370496.0 + 1023);
  // ln m = 2 artanh s = 2 s + s R(s^2), with s = f / (2 + f) and f = m - 1; as 2 s = f - s f, this
  // is f - s (f - R). Source: fdlibm's e_log.c.
  const Real f = m - 1.0;
  const Real s = f / (m + 1.0);
  const Real y = s * s, y2 = y * y, y4 = y2 * y2;
  const Real remainder =
      y * (((Real(0.6666666666666734) + y * 0.39999999999414304) +
            y2 * (Real(0.2857142874247805) + y * 0.22222198563197176)) +
           y4 * ((Real(0.18183564879563516) + y * 0.15314035555598027) + y2 * 0.14796107793018992));
  return k * ln2_high + (f - (s * (f - remainder) - k * ln2_low));
}

/// ln x with an error below 1 ulp; -infinity for zero and numbers below the normal ones, NaN for
/// negative ones and NaN, infinity for infinity.
HWY_INLINE Real log(Real x) {
  constexpr double smallest_normal = std::numeric_limits<double>::min();
  const Real no_number = select(x < 0.0, not_a_number(), -infinity);
  const Real finite = select(x < smallest_normal, no_number, log_of_normal(x));
  return select(x < infinity, finite, x);
}

/// base^exponent for a base >= 0 by exp(exponent ln base); its relative error is below
/// (1 + |exponent ln base|) 2.3e-16. 0^0 is NaN.
HWY_INLINE Real pow(Real base, Real exponent) { return exp(exponent * log(base)); }

struct RealPair {
  Real first, second;
};

/// Cosine and sine of x quarter turns, |x| <= 1/2, with an absolute error below 2.5e-16.
HWY_INLINE RealPair cosine_and_sine_of_quarters(Real x) {
  const Real y = x * x, y2 = y * y, y4 = y2 * y2;
  const Real cosine = y * (((Real(-1.2337005501361571) + y * 0.25366950790005288) +
                            y2 * (Real(-0.020863480737573638) + y * 0.00091925996775765035)) +
                           y4 * (Real(-2.5200192412720217e-05) + y * 4.6560037516484952e-07)) +
                      1.0;
  const Real sine = x * (((Real(1.5707963267948966) + y * -0.64596409750624428) +
                          y2 * (Real(0.079692626246043077) + y * -0.0046817541323422611)) +
                         y4 * ((Real(0.0001604411507520996) + y * -3.5986433882076683e-06) +
                               y2 * 5.633938477902126e-08));
  return {cosine, sine};
}

}  // namespace HWY_NAMESPACE
}  // namespace overbuild
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
