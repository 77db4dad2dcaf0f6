#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "models/merton/merton.cpp"
#include "hwy/foreach_target.h"  // IWYU pragma: keep: includes this file once per instruction set

#include "models/merton/merton-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace overbuild::models::merton {
namespace HWY_NAMESPACE {
ModelKernel make_kernel() { return TileKernel<Equations>::kernel(); }
}  // namespace HWY_NAMESPACE
}  // namespace overbuild::models::merton
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace overbuild::models::merton {
namespace {

HWY_EXPORT(make_kernel);
ModelKernel kernel() { return HWY_DYNAMIC_DISPATCH(make_kernel)(); }

constexpr ParameterSpec parameters[] = {MERTON_PARAMETERS(OVERBUILD_PARAMETER_SPEC)};
constexpr DrawSpec draws[] = {MERTON_DRAWS(OVERBUILD_DRAW_SPEC)};
constexpr std::string_view shocks[] = {MERTON_SHOCKS(OVERBUILD_SHOCK_NAME)};
constexpr SeriesSpec series[] = {MERTON_SERIES(OVERBUILD_SERIES_SPEC)};
constexpr EventSpec events[] = {MERTON_EVENTS(OVERBUILD_EVENT_SPEC)};
constexpr OutcomeSpec outcomes[] = {MERTON_OUTCOMES(OVERBUILD_OUTCOME_SPEC)};

constexpr ModelSchema schema{
    .name = "merton",
    .title = "Merton's jump diffusion",
    .meaning =
        "A lognormal process with normally distributed jumps at Poisson times; its "
        "distribution is a known mixture, which verifies the engine.",
    .source = "Merton (1976), Option pricing when underlying stock returns are discontinuous",
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

}  // namespace overbuild::models::merton
#endif  // HWY_ONCE
