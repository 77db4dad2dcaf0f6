// The overbuild model as the engine runs it: start, draws, steps in their order, recording.
#if defined(OVERBUILD_MODELS_OVERBUILD_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef OVERBUILD_MODELS_OVERBUILD_INL
#undef OVERBUILD_MODELS_OVERBUILD_INL
#else
#define OVERBUILD_MODELS_OVERBUILD_INL
#endif

#include <array>

#include "models/overbuild/declaration.hpp"
#include "models/overbuild/draws-inl.hpp"
#include "models/overbuild/equations-inl.hpp"
#include "models/overbuild/path-inl.hpp"
#include "overbuild/model/tile_kernel-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace overbuild::models::overbuild {
namespace HWY_NAMESPACE {
using namespace ::overbuild::HWY_NAMESPACE;  // NOLINT: the vector types of this instruction set

struct OverbuildModel {
  using Path = overbuild::HWY_NAMESPACE::Path;
  using Draws = overbuild::HWY_NAMESPACE::Draws;
  using Step = Equations;
  static constexpr int given_draws = overbuild::given_draws;
  static constexpr int steps_ahead = overbuild::HWY_NAMESPACE::steps_ahead;

  static HWY_INLINE void start(Path& path, const ParameterReader& parameter, const RunContext& run,
                               const Recorder& recorder) {
    path.constants.set(parameter, run);
    path.pipeline.fill(parameter, path.constants, run);
    set_start(path.state, parameter);
    const Draws none{};
    Equations equations(path, run, 0, none);
    equations.supply();
    path.state.price_log = equations.target_price_log();
    equations.sell();
    equations.recover_costs();
    path.state.smoothed_shortfall = equations.shortfall();
    equations.fund();
    equations.value();
    path.extremes.start(path.state, equations.now);
    record(equations, recorder);
  }

  static HWY_INLINE void generate(const StepRandom& random, Real* draws) {
    const StepWords words(random);
    words.normals(draws);
    draws[int(Draw::regime)] = words.regime_uniform();
    draws[int(Draw::shock_count)] = words.count_uniform();
  }

  /// Step 1, for the steps [first_step, end_step).
  static HWY_INLINE void draw(const Path& path, WordVector path_number, int first_step,
                              int end_step, const RunContext& run, const GivenDraws& given,
                              Draws* draws) {
    DrawSteps(run, path_number, path.constants, first_step, given, draws).draw(end_step);
  }

  /// Steps 2 to 10. Each equation is worked out for all vectors before the next one.
  template <std::size_t n>
  static HWY_INLINE void advance(std::array<Equations, n>& vectors) {
    for (Equations& vector : vectors) vector.develop_technology();
    for (Equations& vector : vectors) vector.grow_demand();
    for (Equations& vector : vectors) vector.deliver();
    for (Equations& vector : vectors) vector.spend();
    for (Equations& vector : vectors) vector.order();
    for (Equations& vector : vectors) vector.earn();
    for (Equations& vector : vectors) vector.supply();
    for (Equations& vector : vectors) vector.adjust_price();
    for (Equations& vector : vectors) vector.sell();
    for (Equations& vector : vectors) vector.form_belief();
    for (Equations& vector : vectors) vector.recover_costs();
    for (Equations& vector : vectors) vector.smooth_shortfall();
    for (Equations& vector : vectors) vector.fund();
    for (Equations& vector : vectors) vector.value();
    for (Equations& vector : vectors) vector.change_regime();
    for (Equations& vector : vectors) vector.track_extremes();
  }

  static HWY_INLINE void record(const Equations& equations, const Recorder& recorder) {
    const State& state = equations.state;
    const Now& now = equations.now;
    recorder.series(Series::revenue, now.revenue);
    recorder.series(Series::required_revenue, now.required);
    recorder.series(Series::coverage, state.coverage);
    recorder.series(Series::coverage_sequoia, now.revenue / (state.capex * 2.0));
    recorder.series(Series::gap, now.gap);
    recorder.series(Series::capex, state.capex);
    recorder.series(Series::net_capital, now.net_capital);
    recorder.series(Series::price, now.price);
    recorder.series(Series::utilisation, now.utilisation);
    recorder.series(Series::profit, now.profit);
    recorder.series(Series::debt, state.debt);
    recorder.series(Series::valuation, now.valuation);
    const Mask bust_begun = state.regime > boom;
    const Mask recovered = state.regime == recovery;
    recorder.event(Event::bust_begun, bust_begun);
    recorder.event(Event::in_bust, and_not(recovered, bust_begun));
    recorder.event(Event::recovered, recovered);
    recorder.event(Event::covered, state.coverage >= 1.0);
  }

  static HWY_INLINE void outcomes(const Path& path, const OutcomeRecorder& outcome,
                                  const RunContext& run) {
    const State& state = path.state;
    const Extremes& x = path.extremes;
    outcome(Outcome::bust_time, state.bust_step * run.dt);
    outcome(Outcome::recovery_time, (state.recovery_step - state.bust_step) * run.dt);
    outcome(Outcome::coverage_one_time, x.coverage_one_step * run.dt);
    outcome(Outcome::capex_peak, x.capex_peak);
    outcome(Outcome::capex_trough, x.capex_trough);
    outcome(Outcome::capex_fall, Real(1.0) - x.capex_trough / x.capex_peak);
    outcome(Outcome::valuation_drawdown, Real(1.0) - x.valuation_trough / x.valuation_peak);
    outcome(Outcome::coverage_min, x.coverage_min);
    outcome(Outcome::gap_max, x.gap_max);
    outcome(Outcome::gap_cumulative, x.gap_sum * run.dt);
    outcome(Outcome::utilisation_trough, x.utilisation_trough);
    const Real idle = Real(1.0) - x.utilisation_trough * path.constants.per_normal_utilisation;
    outcome(Outcome::idle_capital_trough, x.net_capital_trough * max(idle, 0.0));
    outcome(Outcome::debt_peak, x.debt_peak);
    outcome(Outcome::regime_final, state.regime);
  }

 private:
  // e = h = 0; A = R0; C = S = R0/u0; K1, K2, I, g, b = g0, D = 0, F at their starts; boom.
  static HWY_INLINE void set_start(State& state, const ParameterReader& parameter) {
    state.efficiency = state.hardware = 0.0;
    state.demand = parameter(Parameter::revenue_0);
    state.demand_log = log(state.demand);
    state.revenue_log = state.demand_log;  // R = A at the start price, as if it had been so before
    state.capacity = state.demand / parameter(Parameter::normal_utilisation);
    state.it_capital = parameter(Parameter::it_capital_0);
    state.shell_capital = parameter(Parameter::shell_capital_0);
    state.demand_growth = state.belief = parameter(Parameter::demand_growth_0);
    state.capex = parameter(Parameter::capex_0);
    state.planned_growth_excess =
        parameter(Parameter::capex_growth_0) - parameter(Parameter::capex_growth_longrun);
    state.own_funds =
        parameter(Parameter::reinvestment_share) * parameter(Parameter::internal_cash_0);
    state.debt = 0.0;
    state.regime = boom;
    state.bust_step = state.recovery_step = not_a_number();
  }
};

inline ModelKernel make_kernel() { return TileKernel<OverbuildModel>::kernel(); }

}  // namespace HWY_NAMESPACE
}  // namespace overbuild::models::overbuild
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
