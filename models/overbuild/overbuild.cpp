#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "models/overbuild/overbuild.cpp"
#include "hwy/foreach_target.h"  // IWYU pragma: keep: includes this file once per instruction set

#include "models/overbuild/overbuild-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace overbuild::models::overbuild {
namespace HWY_NAMESPACE {
ModelKernel make_kernel() { return TileKernel<OverbuildModel>::kernel(); }
}  // namespace HWY_NAMESPACE
}  // namespace overbuild::models::overbuild
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace overbuild::models::overbuild {
namespace {

HWY_EXPORT(make_kernel);
ModelKernel kernel() { return HWY_DYNAMIC_DISPATCH(make_kernel)(); }

constexpr ParameterSpec parameters[] = {OVERBUILD_MODEL_PARAMETERS(OVERBUILD_PARAMETER_SPEC)};
constexpr DrawSpec draws[] = {OVERBUILD_MODEL_DRAWS(OVERBUILD_DRAW_SPEC)};
constexpr std::string_view shocks[] = {OVERBUILD_MODEL_SHOCKS(OVERBUILD_SHOCK_NAME)};
constexpr SeriesSpec series[] = {OVERBUILD_MODEL_SERIES(OVERBUILD_SERIES_SPEC)};
constexpr EventSpec events[] = {OVERBUILD_MODEL_EVENTS(OVERBUILD_EVENT_SPEC)};
constexpr OutcomeSpec outcomes[] = {OVERBUILD_MODEL_OUTCOMES(OVERBUILD_OUTCOME_SPEC)};

constexpr TableSpec tables[] = {OVERBUILD_MODEL_TABLES(OVERBUILD_TABLE_SPEC)};

constexpr ModelSchema schema{
    .name = "overbuild",
    .title = "Capacity overbuild",
    .meaning =
        "A semi-structural model of an investment boom that builds ahead of demand, its bust and "
        "its recovery; AI, fiber and a cloud without a bubble are configurations of it. Money is "
        "in "
        "nominal bn USD; growth rates are logarithmic.",
    .source = "overbuild model, version 1 (docs/model.md)",
    .parameters = parameters,
    .draws = draws,
    .shocks = shocks,
    .series = series,
    .events = events,
    .outcomes = outcomes,
    .tables = tables};

}  // namespace

const Model& model() {
  static const Model instance{schema, &kernel};
  return instance;
}

}  // namespace overbuild::models::overbuild
#endif  // HWY_ONCE
