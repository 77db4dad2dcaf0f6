#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "models/gbm/gbm.cpp"
#include "hwy/foreach_target.h"  // IWYU pragma: keep: includes this file once per instruction set

#include "models/gbm/gbm-inl.hpp"
#include "overbuild/model/define_model.hpp"

#if HWY_ONCE
OVERBUILD_DEFINE_MODEL(
    gbm, GBM, "Geometric Brownian motion",
    "A lognormal process with the first passage of an upper barrier; every statistic has a closed "
    "form, which verifies the engine.",
    "Glasserman (2003), Monte Carlo Methods in Financial Engineering, 3.2 and 6.4")
#endif  // HWY_ONCE
