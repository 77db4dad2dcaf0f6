#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "models/ou/ou.cpp"
#include "hwy/foreach_target.h"  // IWYU pragma: keep: includes this file once per instruction set

#include "models/ou/ou-inl.hpp"
#include "overbuild/model/define_model.hpp"

#if HWY_ONCE
OVERBUILD_DEFINE_MODEL(
    ou, OU, "Ornstein-Uhlenbeck process",
    "A Gaussian process that reverts to its mean; mean, variance and autocorrelation have closed "
    "forms, which verify the engine.",
    "Gillespie (1996), Exact numerical simulation of the Ornstein-Uhlenbeck process")
#endif  // HWY_ONCE
