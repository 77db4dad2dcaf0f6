#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "models/gbm/gbm.cpp"
#include "hwy/foreach_target.h"  // IWYU pragma: keep: includes this file once per instruction set

#include "models/gbm/gbm-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace overbuild::models::gbm {
namespace HWY_NAMESPACE {
ModelKernel make_kernel() { return TileKernel<Equations>::kernel(); }
}  // namespace HWY_NAMESPACE
}  // namespace overbuild::models::gbm
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace overbuild::models::gbm {
namespace {

HWY_EXPORT(make_kernel);
ModelKernel kernel() { return HWY_DYNAMIC_DISPATCH(make_kernel)(); }

constexpr ParameterSpec parameters[] = {GBM_PARAMETERS(OVERBUILD_PARAMETER_SPEC)};
constexpr DrawSpec draws[] = {GBM_DRAWS(OVERBUILD_DRAW_SPEC)};
constexpr std::string_view shocks[] = {GBM_SHOCKS(OVERBUILD_SHOCK_NAME)};
constexpr SeriesSpec series[] = {GBM_SERIES(OVERBUILD_SERIES_SPEC)};
constexpr EventSpec events[] = {GBM_EVENTS(OVERBUILD_EVENT_SPEC)};
constexpr OutcomeSpec outcomes[] = {GBM_OUTCOMES(OVERBUILD_OUTCOME_SPEC)};

constexpr ModelSchema schema{
    .name = "gbm",
    .title = "Geometric Brownian motion",
    .meaning =
        "A lognormal process with the first passage of an upper barrier; every statistic "
        "has a closed form, which verifies the engine.",
    .source = "Glasserman (2003), Monte Carlo Methods in Financial Engineering, 3.2 and 6.4",
    .parameters = parameters,
    .draws = draws,
    .shocks = shocks,
    .series = series,
    .events = events,
    .outcomes = outcomes,
    .tables = {}};

}  // namespace

const Model& model() {
  static const Model instance{schema, &kernel};
  return instance;
}

}  // namespace overbuild::models::gbm
#endif  // HWY_ONCE
