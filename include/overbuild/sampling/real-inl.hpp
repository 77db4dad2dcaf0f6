// Vectors of doubles that read like numbers, one value per path ("lane").
//
// Included once per instruction set (Highway's foreach_target). Every operation gives the same bits
// on each of them: no fused multiply-add, no approximate reciprocal, no operation across lanes.
#if defined(OVERBUILD_SAMPLING_REAL_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef OVERBUILD_SAMPLING_REAL_INL
#undef OVERBUILD_SAMPLING_REAL_INL
#else
#define OVERBUILD_SAMPLING_REAL_INL
#endif

#include <cstdint>

#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace overbuild {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using RealTag = hn::CappedTag<double, 8>;
using WordTag = hn::RebindToUnsigned<RealTag>;
using RealVector = hn::Vec<RealTag>;
using WordVector = hn::Vec<WordTag>;  // 64-bit words
inline constexpr int lanes_per_vector = sizeof(RealVector) / sizeof(double);
static_assert(lanes_per_vector == 2 || lanes_per_vector == 4 || lanes_per_vector == 8);

/// True or false for each lane.
struct Mask {
  hn::Mask<RealTag> m;
};

/// A double for each lane.
struct Real {
  RealVector v;
  Real() = default;
  HWY_INLINE Real(RealVector vector) : v(vector) {}                // NOLINT(implicit)
  HWY_INLINE Real(double value) : v(hn::Set(RealTag(), value)) {}  // NOLINT(implicit)
  static HWY_INLINE Real load(const double* aligned) { return hn::Load(RealTag(), aligned); }
  HWY_INLINE void store(double* aligned) const { hn::Store(v, RealTag(), aligned); }
};

HWY_INLINE Real operator+(Real a, Real b) { return hn::Add(a.v, b.v); }
HWY_INLINE Real operator-(Real a, Real b) { return hn::Sub(a.v, b.v); }
HWY_INLINE Real operator*(Real a, Real b) { return hn::Mul(a.v, b.v); }
HWY_INLINE Real operator/(Real a, Real b) { return hn::Div(a.v, b.v); }
HWY_INLINE Real operator-(Real a) { return hn::Neg(a.v); }
HWY_INLINE Real& operator+=(Real& a, Real b) { return a = a + b; }
HWY_INLINE Real& operator-=(Real& a, Real b) { return a = a - b; }
HWY_INLINE Real& operator*=(Real& a, Real b) { return a = a * b; }

HWY_INLINE Mask operator<(Real a, Real b) { return {hn::Lt(a.v, b.v)}; }
HWY_INLINE Mask operator<=(Real a, Real b) { return {hn::Le(a.v, b.v)}; }
HWY_INLINE Mask operator>(Real a, Real b) { return {hn::Gt(a.v, b.v)}; }
HWY_INLINE Mask operator>=(Real a, Real b) { return {hn::Ge(a.v, b.v)}; }
HWY_INLINE Mask operator==(Real a, Real b) { return {hn::Eq(a.v, b.v)}; }
HWY_INLINE Mask operator&(Mask a, Mask b) { return {hn::And(a.m, b.m)}; }
HWY_INLINE Mask operator|(Mask a, Mask b) { return {hn::Or(a.m, b.m)}; }
HWY_INLINE Mask and_not(Mask excluded, Mask a) { return {hn::AndNot(excluded.m, a.m)}; }
HWY_INLINE bool any(Mask a) { return !hn::AllFalse(RealTag(), a.m); }

HWY_INLINE Real select(Mask condition, Real yes, Real no) {
  return hn::IfThenElse(condition.m, yes.v, no.v);
}
/// x where the condition holds, else 0.
HWY_INLINE Real where(Mask condition, Real x) { return hn::IfThenElseZero(condition.m, x.v); }
// Written as comparisons so that the result of equal or NaN arguments is the same everywhere: it is
// b for both. A clamped NaN stays NaN, so that a defect is not hidden.
HWY_INLINE Real min(Real a, Real b) { return select(a < b, a, b); }
HWY_INLINE Real max(Real a, Real b) { return select(a > b, a, b); }
HWY_INLINE Real clamp(Real x, Real lower, Real upper) {
  return select(x < lower, lower, select(x > upper, upper, x));
}
HWY_INLINE Real square(Real x) { return x * x; }
HWY_INLINE Real sqrt(Real x) { return hn::Sqrt(x.v); }
HWY_INLINE Real not_a_number() { return hn::NaN(RealTag()); }

/// One bit per lane, lane 0 lowest.
HWY_INLINE unsigned bits(Mask a) {
  HWY_ALIGN std::uint8_t bytes[8] = {};
  hn::StoreMaskBits(RealTag(), a.m, bytes);
  return bytes[0];
}

}  // namespace HWY_NAMESPACE
}  // namespace overbuild
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
