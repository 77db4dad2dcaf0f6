// The quantile function of the standard normal distribution, lane by lane.
//
// Included once per instruction set (Highway's foreach_target).
#if defined(OVERBUILD_SAMPLING_INVERSE_NORMAL_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef OVERBUILD_SAMPLING_INVERSE_NORMAL_INL
#undef OVERBUILD_SAMPLING_INVERSE_NORMAL_INL
#else
#define OVERBUILD_SAMPLING_INVERSE_NORMAL_INL
#endif

#include "overbuild/sampling/elementary-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace overbuild {
namespace HWY_NAMESPACE {

/// Horner's scheme; the coefficient of the highest power comes first.
template <int n>
HWY_INLINE Real polynomial(const double (&coefficient)[n], Real x) {
  Real sum = coefficient[0];
  for (int i = 1; i < n; ++i) sum = sum * x + coefficient[i];
  return sum;
}

/// The z below which a standard normal lies with probability p, 1.4e-11 <= p <= 1 - 1.4e-11, with
/// an error below 1e-15 |z| + 1e-15.
/// Source: Wichura (1988), Algorithm AS 241, Applied Statistics 37 (PPND16, without its far tails).
HWY_INLINE Real inverse_normal(Real p) {
  constexpr double central_above[] = {
      2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457,
      13731.693765509461125, 1971.5909503065514427, 133.14166789178437745, 3.387132872796366608};
  constexpr double central_below[] = {
      5226.495278852545925,  28729.085735721942674, 39307.89580009271061,  21213.794301586595867,
      5394.1960214247511077, 687.1870074920579083,  42.313330701600911252, 1.0};
  constexpr double tail_above[] = {7.7454501427834140764e-4, 0.0227238449892691845833,
                                   0.24178072517745061177,   1.27045825245236838258,
                                   3.64784832476320460504,   5.7694972214606914055,
                                   4.6303378461565452959,    1.42343711074968357734};
  constexpr double tail_below[] = {1.05075007164441684324e-9, 5.475938084995344946e-4,
                                   0.0151986665636164571966,  0.14810397642748007459,
                                   0.68976733498510000455,    1.6763848301838038494,
                                   2.05319162663775882187,    1.0};
  const Real q = p - 0.5;
  const Real r = Real(0.180625) - q * q;
  const Real central = q * polynomial(central_above, r) / polynomial(central_below, r);
  const Mask in_tail = r < 0.0;
  if (!any(in_tail)) return central;
  const Real distance = sqrt(-log_of_normal(min(p, Real(1.0) - p))) - 1.6;
  const Real tail = polynomial(tail_above, distance) / polynomial(tail_below, distance);
  return select(in_tail, select(q < 0.0, -tail, tail), central);
}

}  // namespace HWY_NAMESPACE
}  // namespace overbuild
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
