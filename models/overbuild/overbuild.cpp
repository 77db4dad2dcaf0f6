#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "models/overbuild/overbuild.cpp"
#include "hwy/foreach_target.h"  // IWYU pragma: keep: includes this file once per instruction set

#include "models/overbuild/overbuild-inl.hpp"
#include "overbuild/model/define_model.hpp"

#if HWY_ONCE
OVERBUILD_DEFINE_MODEL(
    overbuild, OVERBUILD_MODEL, "Capacity overbuild",
    "A semi-structural model of an investment boom that builds ahead of demand, its bust and its "
    "recovery; AI, fiber and a cloud without a bubble are configurations of it. Money is in "
    "nominal bn USD; growth rates are logarithmic.",
    "overbuild model, version 1 (docs/model.md)")
#endif  // HWY_ONCE
