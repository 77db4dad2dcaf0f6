// Equations of the overbuild model, version 1. Symbols, step numbers and sources: docs/model.md.
//
// Quantities that multiply are kept as logarithms (demand A, price P, efficiency e, hardware h), so
// that powers and products cost sums and a step needs few exponentials.
#if defined(OVERBUILD_MODELS_OVERBUILD_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef OVERBUILD_MODELS_OVERBUILD_INL
#undef OVERBUILD_MODELS_OVERBUILD_INL
#else
#define OVERBUILD_MODELS_OVERBUILD_INL
#endif

#include "models/overbuild/declaration.hpp"
#include "models/overbuild/draws-inl.hpp"
#include "models/overbuild/path-inl.hpp"
#include "overbuild/model/tile_kernel-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace overbuild::models::overbuild {
namespace HWY_NAMESPACE {
using namespace ::overbuild::HWY_NAMESPACE;  // NOLINT: the vector types of this instruction set

struct Equations {
  using Path = overbuild::HWY_NAMESPACE::Path;
  using Draws = overbuild::HWY_NAMESPACE::Draws;
  static constexpr int steps_ahead = overbuild::HWY_NAMESPACE::steps_ahead;

  static HWY_INLINE void start(Path& path, const ParameterReader& parameter, const RunContext& run,
                               const Recorder& recorder) {
    const Constants& c = path.constants;
    State& state = path.state;
    path.constants.set(parameter, run);
    path.pipeline.fill(parameter, c, run);
    set_start(state, parameter);
    const Real supply_log = log(state.capacity);  // e = 0
    state.price_log = target_price_log(c, state, supply_log);
    Now now;
    serve_demand(c, state, now, supply_log);
    recover_costs(c, state, now);
    state.smoothed_shortfall = shortfall(state);
    fund(c, state, now, run);
    value(c, state, now);
    path.extremes.start(state, now);
    record(state, now, recorder);
  }

  // Step 1.
  static HWY_INLINE void draw(const Path& path, WordVector path_number, int first_step,
                              int end_step, const RunContext& run, Draws* draws) {
    DrawSteps(run, path_number, path.constants, first_step, draws).draw(end_step);
  }

  static HWY_INLINE void step(Path& path, const Draws& draws, int step, const RunContext& run,
                              const Recorder& recorder) {
    const Constants& c = path.constants;
    State& state = path.state;
    develop_technology(c, state, draws);
    grow_demand(c, state, draws, run);
    deliver(c, state, path.pipeline.due(step, run));
    spend(c, state, draws, step, run);
    path.pipeline.order(step, state.capex,
                        c.capacity_per_spending * state.capex * exp(state.hardware));
    state.own_funds *= c.own_funds_growth;  // step 5: F *= exp(gF dt)
    const Real supply_log = log(state.capacity) + state.efficiency;
    adjust_price(c, state, supply_log);
    const Real revenue_log_before = state.revenue_log;
    Now now;
    serve_demand(c, state, now, supply_log);
    form_belief(c, state, revenue_log_before, run);
    recover_costs(c, state, now);
    state.smoothed_shortfall += c.shortfall_gain * (shortfall(state) - state.smoothed_shortfall);
    fund(c, state, now, run);
    value(c, state, now);
    change_regime(c, state, now, draws, step);
    path.extremes.update(state, now, step);
    record(state, now, recorder);
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
    const Real demand = parameter(Parameter::revenue_0);
    state.demand_log = log(demand);
    state.capacity = demand / parameter(Parameter::normal_utilisation);
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

  // Step 2: e += mu_e dt + s_e sqrt(dt) z1 + J;  h += mu_h dt + s_h sqrt(dt) z2;
  // g += k_g (g_inf - g) dt + s_g sqrt(dt) z3.
  static HWY_INLINE void develop_technology(const Constants& c, State& state, const Draws& draws) {
    state.efficiency +=
        c.efficiency_drift + c.efficiency_deviation * draws.z[0] + Real::load(draws.shock);
    state.hardware += c.hardware_drift + c.hardware_deviation * draws.z[1];
    state.demand_growth += c.demand_growth_pull * (c.demand_growth_longrun - state.demand_growth) +
                           c.demand_growth_deviation * draws.z[2];
  }

  // Step 2: A *= exp(gd (1 - A/(sat Q0)) dt + s_a sqrt(dt) z4), gd = g, at most g_bust in the bust.
  static HWY_INLINE void grow_demand(const Constants& c, State& state, const Draws& draws,
                                     const RunContext& run) {
    const Real growth =
        select(state.regime == bust, min(state.demand_growth, c.bust_growth), state.demand_growth);
    const Real room = Real(1.0) - exp(state.demand_log) * c.per_demand_ceiling;
    state.demand_log += growth * room * run.dt + c.demand_deviation * draws.z[3];
  }

  // Step 3: C = C exp(-dt/L1) + sh1 X dt exp(hX) unit;  K1 = K1 exp(-dt/L1) + sh1 X dt;
  // K2 = K2 exp(-dt/L2) + (1-sh1) X dt.
  static HWY_INLINE void deliver(const Constants& c, State& state, const Order& order) {
    state.capacity = state.capacity * c.it_survival + order.capacity;
    state.it_capital = state.it_capital * c.it_survival + c.it_share_dt * order.spending;
    state.shell_capital =
        state.shell_capital * c.shell_survival + c.shell_share_dt * order.spending;
  }

  // Step 4: growth = plan + fb in the boom, -dI in the bust, gI_rec + fb in the recovery with
  // fb = gam tanh(ln coverage) and plan = gI_inf + (gI0 - gI_inf) exp(-t dt/tau);
  // I = max(I exp(growth dt + s_I sqrt(dt) z5), I_floor I0).
  static HWY_INLINE void spend(const Constants& c, State& state, const Draws& draws, int step,
                               const RunContext& run) {
    state.planned_growth_excess *= c.planned_growth_decay;
    const Real plan =
        announced_growth(run, step, c.planned_growth_longrun + state.planned_growth_excess);
    // tanh(ln c) = (c^2 - 1)/(c^2 + 1)
    const Real coverage2 = square(state.coverage);
    const Real feedback = c.capex_feedback * ((coverage2 - 1.0) / (coverage2 + 1.0));
    const Real cautious = select(state.regime == boom, plan, c.recovery_growth) + feedback;
    const Real growth = select(state.regime == bust, c.bust_capex_growth, cautious);
    state.capex =
        max(state.capex * exp(growth * run.dt + c.capex_deviation * draws.z[4]), c.capex_floor);
  }

  /// Log growth of the announced capex where there is one, else the plan.
  static HWY_INLINE Real announced_growth(const RunContext& run, int step, Real plan) {
    const auto announced = run.tables[int(Table::announced_capex)];
    if (announced.empty()) return plan;
    const double ratio = announced[step] / announced[step - 1];
    return ratio == ratio ? log(Real(ratio)) / Real(run.dt) : plan;  // NaN: none announced
  }

  // Step 6: P* = max((A/(u0 S))^(1/eta), (1+floor) mc), S = C exp(e), mc = mc0 exp(-e - theta h).
  static HWY_INLINE Real target_price_log(const Constants& c, const State& state, Real supply_log) {
    const Real clearing =
        (state.demand_log - c.normal_utilisation_log - supply_log) * c.per_elasticity;
    const Real floor = c.floor_price_log - state.efficiency - c.hardware_share * state.hardware;
    return max(clearing, floor);
  }

  // Step 6: ln P += (1 - exp(-k_p dt)) (ln P* - ln P).
  static HWY_INLINE void adjust_price(const Constants& c, State& state, Real supply_log) {
    state.price_log += c.price_gain * (target_price_log(c, state, supply_log) - state.price_log);
  }

  // Step 6: Q = min(A P^-eta, S); U = Q/S; R = P Q.
  static HWY_INLINE void serve_demand(const Constants& c, State& state, Now& now, Real supply_log) {
    const Real quantity_log = min(state.demand_log - c.elasticity * state.price_log, supply_log);
    state.revenue_log = state.price_log + quantity_log;
    now.price = exp(state.price_log);
    now.utilisation = exp(quantity_log - supply_log);
    now.revenue = exp(state.revenue_log);
  }

  // Step 7: b += (1 - exp(-k_b dt)) (ln(R/R_previous)/dt - b).
  static HWY_INLINE void form_belief(const Constants& c, State& state, Real revenue_log_before,
                                     const RunContext& run) {
    const Real growth = (state.revenue_log - revenue_log_before) * (1 / run.dt);
    state.belief += c.belief_gain * (growth - state.belief);
  }

  // Step 8: O = chi mc Q + fo (K1+K2); Req = (K1 (w + 1/L1) + K2 (w + 1/L2) + O)/chi;
  // coverage = R/Req; gap = Req - R; Pi = chi R - O. In mc Q the efficiency cancels:
  // mc Q = mc0 exp(-e - theta h) U C exp(e).
  static HWY_INLINE void recover_costs(const Constants& c, State& state, Now& now) {
    now.net_capital = state.it_capital + state.shell_capital;
    const Real running_cost = c.marginal_cost_0 * state.capacity * now.utilisation *
                              exp(-(c.hardware_share * state.hardware));
    now.required =
        state.it_capital * c.it_charge + state.shell_capital * c.shell_charge + running_cost;
    state.coverage = now.coverage = now.revenue / now.required;
    now.gap = now.required - now.revenue;
    now.profit =
        c.infrastructure_share * (now.revenue - running_cost) - c.fixed_opex * now.net_capital;
  }

  // Step 8: s = max(0, 1 - coverage).
  static HWY_INLINE Real shortfall(const State& state) {
    return max(Real(1.0) - state.coverage, 0.0);
  }

  // Step 9: need = max(0, I - Pi - pay F); D = D exp(-dt/7) + need dt;
  // f = i D / (pay F + max(Pi, 0)).
  static HWY_INLINE void fund(const Constants& c, State& state, Now& now, const RunContext& run) {
    const Real need = max(state.capex - now.profit - state.own_funds, 0.0);
    state.debt = state.debt * c.debt_survival + need * run.dt;
    now.stress = c.debt_rate * state.debt / (state.own_funds + max(now.profit, 0.0));
  }

  // Step 9: V = chi R m_V exp((clip(b, -0.5, 0.6) - w) H)/w.
  static HWY_INLINE void value(const Constants& c, const State& state, Now& now) {
    const Real believed = clamp(state.belief, smallest_belief, largest_belief);
    now.valuation = now.revenue * c.valuation_scale * exp(believed * c.belief_horizon);
  }

  // Step 10: boom to bust when u < 1 - exp(-lambda dt), lambda = h0 exp(b_s sbar + b_j J + b_f f);
  // then A *= 1 - circ and b = min(b, 0). Bust to recovery when at least n_min steps have passed,
  // U > u_rec and u < 1 - exp(-h_rec dt).
  static HWY_INLINE void change_regime(const Constants& c, State& state, const Now& now,
                                       const Draws& draws, int step) {
    const Real this_step = double(step);
    const Real lambda_dt =
        c.hazard_dt * exp(c.hazard_shortfall * state.smoothed_shortfall +
                          c.hazard_shock * Real::load(draws.shock) + c.hazard_funding * now.stress);
    const Mask busts = (state.regime == boom) & (draws.waiting < lambda_dt);
    const Mask recovers =
        (state.regime == bust) & (this_step - state.bust_step >= c.least_bust_steps) &
        (now.utilisation > c.recovery_utilisation) & (draws.waiting < c.recovery_hazard_dt);
    state.demand_log += where(busts, c.demand_kept_log);
    state.belief = select(busts, min(state.belief, 0.0), state.belief);
    state.bust_step = select(busts, this_step, state.bust_step);
    state.recovery_step = select(recovers, this_step, state.recovery_step);
    state.regime = select(busts, bust, select(recovers, recovery, state.regime));
  }

  static HWY_INLINE void record(const State& state, const Now& now, const Recorder& recorder) {
    recorder.series(Series::revenue, now.revenue);
    recorder.series(Series::required_revenue, now.required);
    recorder.series(Series::coverage, now.coverage);
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
    recorder.event(Event::covered, now.coverage >= 1.0);
  }
};

}  // namespace HWY_NAMESPACE
}  // namespace overbuild::models::overbuild
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
