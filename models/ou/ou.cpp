#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "models/ou/ou.cpp"
#include "hwy/foreach_target.h"  // IWYU pragma: keep: includes this file once per instruction set

#include "models/ou/ou-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace overbuild::models::ou {
namespace HWY_NAMESPACE {
ModelKernel make_kernel() { return TileKernel<Equations>::kernel(); }
}  // namespace HWY_NAMESPACE
}  // namespace overbuild::models::ou
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace overbuild::models::ou {
namespace {

HWY_EXPORT(make_kernel);
ModelKernel kernel() { return HWY_DYNAMIC_DISPATCH(make_kernel)(); }

constexpr ParameterSpec parameters[] = {OU_PARAMETERS(OVERBUILD_PARAMETER_SPEC)};
constexpr DrawSpec draws[] = {OU_DRAWS(OVERBUILD_DRAW_SPEC)};
constexpr std::string_view shocks[] = {OU_SHOCKS(OVERBUILD_SHOCK_NAME)};
constexpr SeriesSpec series[] = {OU_SERIES(OVERBUILD_SERIES_SPEC)};
constexpr EventSpec events[] = {OU_EVENTS(OVERBUILD_EVENT_SPEC)};
constexpr OutcomeSpec outcomes[] = {OU_OUTCOMES(OVERBUILD_OUTCOME_SPEC)};

constexpr ModelSchema schema{
    .name = "ou",
    .title = "Ornstein-Uhlenbeck process",
    .meaning =
        "A Gaussian process that reverts to its mean; mean, variance and autocorrelation "
        "have closed forms, which verify the engine.",
    .source = "Gillespie (1996), Exact numerical simulation of the Ornstein-Uhlenbeck process",
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

}  // namespace overbuild::models::ou
#endif  // HWY_ONCE
