#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "models/merton/merton.cpp"
#include "hwy/foreach_target.h"  // IWYU pragma: keep: includes this file once per instruction set

#include "models/merton/merton-inl.hpp"
#include "overbuild/model/define_model.hpp"

#if HWY_ONCE
OVERBUILD_DEFINE_MODEL(
    merton, MERTON, "Merton's jump diffusion",
    "A lognormal process with normally distributed jumps at Poisson times; its distribution is a "
    "known mixture, which verifies the engine.",
    "Merton (1976), Option pricing when underlying stock returns are discontinuous")
#endif  // HWY_ONCE
