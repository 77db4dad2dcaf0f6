#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "src/calibration/vector_functions.cpp"
#include "hwy/foreach_target.h"  // IWYU pragma: keep: includes this file once per instruction set

#include "overbuild/sampling/elementary-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace overbuild {
namespace HWY_NAMESPACE {

void logarithms(double* values, std::size_t size) {
  for (std::size_t i = 0; i < size; i += lanes_per_vector)
    log(Real::load(values + i)).store(values + i);
}

void exponentials(double* values, std::size_t size, double shift) {
  for (std::size_t i = 0; i < size; i += lanes_per_vector)
    exp(Real::load(values + i) - shift).store(values + i);
}

}  // namespace HWY_NAMESPACE
}  // namespace overbuild
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include "src/calibration/vector_functions.hpp"

namespace overbuild {
namespace {

HWY_EXPORT(logarithms);
HWY_EXPORT(exponentials);

}  // namespace

void take_logarithms(double* values, std::size_t size) {
  HWY_DYNAMIC_DISPATCH(logarithms)(values, size);
}

void take_exponentials(double* values, std::size_t size, double shift) {
  HWY_DYNAMIC_DISPATCH(exponentials)(values, size, shift);
}

}  // namespace overbuild
#endif  // HWY_ONCE
