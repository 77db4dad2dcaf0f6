#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "src/sampling/lane_functions.cpp"
#include "hwy/foreach_target.h"  // IWYU pragma: keep: includes this file once per instruction set

#include "overbuild/sampling/elementary-inl.hpp"
#include "src/sampling/lane_functions.hpp"

HWY_BEFORE_NAMESPACE();
namespace overbuild {
namespace HWY_NAMESPACE {

void mix(double share, const double* burst, double* ordinary, std::size_t count) {
  for (std::size_t i = 0; i < count; i += lanes_per_vector) {
    const Real a = Real::load(ordinary + i), b = Real::load(burst + i);
    const Real largest = max(a, b);
    const Real sum = exp(a - largest) * (1 - share) + exp(b - largest) * share;
    (largest + log(sum)).store(ordinary + i);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace overbuild
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace overbuild {
namespace {

HWY_EXPORT(mix);

}  // namespace

void log_of_mixture(double share, std::span<const double> burst, std::span<double> ordinary) {
  HWY_DYNAMIC_DISPATCH(mix)(share, burst.data(), ordinary.data(), ordinary.size());
}

}  // namespace overbuild
#endif  // HWY_ONCE
