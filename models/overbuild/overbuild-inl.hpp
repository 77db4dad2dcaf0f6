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
#include "models/overbuild/path-inl.hpp"
#include "overbuild/model/tile_kernel-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace overbuild::models::overbuild {
namespace HWY_NAMESPACE {
using namespace ::overbuild::HWY_NAMESPACE;  // NOLINT: the vector types of this instruction set

struct Equations {
  using Path = overbuild::HWY_NAMESPACE::Path;

  static HWY_INLINE void start(Path& path, const ParameterReader& parameter,
                               const RunContext& run) {
    path.constants.set(parameter, run);
    path.pipeline.fill(parameter, path.constants, run);
    set_start(path, parameter);
    path.price_log = target_price_log(path);
    serve_demand(path);
    recover_costs(path);
    path.smoothed_shortfall = shortfall(path);
    fund(path, run);
    value(path);
    path.extremes.start(path.now);
  }

  static HWY_INLINE void step(Path& path, const StepRandom& random, int step,
                              const RunContext& run) {
    const Draws draws = draw(path.constants, random, step, run);
    develop_technology(path, draws);
    grow_demand(path, draws, run);
    deliver(path, step, run);
    spend(path, draws, step, run);
    path.own_funds *= path.constants.own_funds_growth;  // step 5: F *= exp(gF dt)
    adjust_price(path);
    const Real revenue_log_before = path.revenue_log;
    serve_demand(path);
    form_belief(path, revenue_log_before, run);
    recover_costs(path);
    path.smoothed_shortfall +=
        path.constants.shortfall_gain * (shortfall(path) - path.smoothed_shortfall);
    fund(path, run);
    value(path);
    change_regime(path, draws, step, run);
    path.extremes.update(path.now, step * run.dt);
  }

  static HWY_INLINE void record(const Path& path, const Recorder& recorder) {
    const Now& now = path.now;
    recorder.series(Series::revenue, now.revenue);
    recorder.series(Series::required_revenue, now.required);
    recorder.series(Series::coverage, now.coverage);
    recorder.series(Series::coverage_sequoia, now.revenue / (now.capex * 2.0));
    recorder.series(Series::gap, now.gap);
    recorder.series(Series::capex, now.capex);
    recorder.series(Series::net_capital, now.net_capital);
    recorder.series(Series::price, now.price);
    recorder.series(Series::utilisation, now.utilisation);
    recorder.series(Series::profit, now.profit);
    recorder.series(Series::debt, now.debt);
    recorder.series(Series::valuation, now.valuation);
    recorder.event(Event::bust_begun, now.regime > boom);
    recorder.event(Event::in_bust, now.regime == bust);
    recorder.event(Event::recovered, now.regime == recovery);
    recorder.event(Event::covered, now.coverage >= 1.0);
  }

  static HWY_INLINE void outcomes(const Path& path, const OutcomeRecorder& outcome,
                                  const RunContext& run) {
    const Extremes& x = path.extremes;
    outcome(Outcome::bust_time, x.bust_time);
    outcome(Outcome::recovery_time, x.recovery_time);
    outcome(Outcome::coverage_one_time, x.coverage_one_time);
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
    outcome(Outcome::regime_final, path.now.regime);
  }

 private:
  /// The random numbers of one step.
  struct Draws {
    Real z[5];     // z1..z5, correlated
    Real waiting;  // -ln(1 - u): the hazard times dt at which the regime changes
    Real shock;    // J with the scheduled shocks
  };

  // Step 1: z ~ N(0, corr), u ~ U(0, 1), J = sum of N exponential(j), N ~ Poisson(lam dt).
  static HWY_INLINE Draws draw(const Constants& constant, const StepRandom& random, int step,
                               const RunContext& run) {
    const RandomBlock first = random.block(0), second = random.block(1);
    const RealPair z12 = normal_pair(first.word[0], first.word[1]);
    const RealPair z34 = normal_pair(first.word[2], first.word[3]);
    const Real z5 = normal_pair(second.word[0], second.word[1]).first;
    Draws draws{{z12.first, z12.second, z34.first, z34.second, z5}, 0.0, 0.0};
    correlate(draws.z, run);
    draws.waiting = -log_of_normal(Real(1.0) - uniform32(second.word[2]));
    const Real count =
        poisson(uniform32(second.word[3]), constant.shocks_per_step, constant.no_shock);
    draws.shock = exponential_sum(random, 2, count) * constant.shock_mean +
                  table_value(run, int(Table::scheduled_shocks), step, 0.0);
    return draws;
  }

  // e = h = 0; A = R0; C = S = R0/u0; K1, K2, I, g, b = g0, D = 0, F at their starts; boom.
  static HWY_INLINE void set_start(Path& path, const ParameterReader& parameter) {
    path.efficiency = path.hardware = 0.0;
    path.demand = parameter(Parameter::revenue_0);
    path.demand_log = log(path.demand);
    path.capacity = path.demand / parameter(Parameter::normal_utilisation);
    path.capacity_log = log(path.capacity);
    path.it_capital = parameter(Parameter::it_capital_0);
    path.shell_capital = parameter(Parameter::shell_capital_0);
    path.demand_growth = path.belief = parameter(Parameter::demand_growth_0);
    path.own_funds =
        parameter(Parameter::reinvestment_share) * parameter(Parameter::internal_cash_0);
    path.planned_growth_excess =
        parameter(Parameter::capex_growth_0) - parameter(Parameter::capex_growth_longrun);
    path.bust_step = 0.0;
    path.now.capex = parameter(Parameter::capex_0);
    path.now.debt = 0.0;
    path.now.regime = boom;
  }

  // Step 2: e += mu_e dt + s_e sqrt(dt) z1 + J;  h += mu_h dt + s_h sqrt(dt) z2;
  // g += k_g (g_inf - g) dt + s_g sqrt(dt) z3.
  static HWY_INLINE void develop_technology(Path& path, const Draws& draws) {
    const Constants& c = path.constants;
    path.efficiency += c.efficiency_drift + c.efficiency_deviation * draws.z[0] + draws.shock;
    path.hardware += c.hardware_drift + c.hardware_deviation * draws.z[1];
    path.demand_growth += c.demand_growth_pull * (c.demand_growth_longrun - path.demand_growth) +
                          c.demand_growth_deviation * draws.z[2];
  }

  // Step 2: A *= exp(gd (1 - A/(sat Q0)) dt + s_a sqrt(dt) z4), gd = g, at most g_bust in the bust.
  static HWY_INLINE void grow_demand(Path& path, const Draws& draws, const RunContext& run) {
    const Constants& c = path.constants;
    const Real growth =
        select(path.now.regime == bust, min(path.demand_growth, c.bust_growth), path.demand_growth);
    path.demand_log += growth * (Real(1.0) - path.demand * c.per_demand_ceiling) * run.dt +
                       c.demand_deviation * draws.z[3];
    path.demand = exp(path.demand_log);
  }

  // Step 3: C = C exp(-dt/L1) + sh1 X dt exp(hX) unit;  K1 = K1 exp(-dt/L1) + sh1 X dt;
  // K2 = K2 exp(-dt/L2) + (1-sh1) X dt.
  static HWY_INLINE void deliver(Path& path, int step, const RunContext& run) {
    const Constants& c = path.constants;
    const Order order = path.pipeline.due(step, run);
    path.capacity = path.capacity * c.it_survival + order.capacity;
    path.capacity_log = log(path.capacity);
    path.it_capital = path.it_capital * c.it_survival + c.it_share_dt * order.spending;
    path.shell_capital = path.shell_capital * c.shell_survival + c.shell_share_dt * order.spending;
  }

  // Step 4: growth = plan + fb in the boom, -dI in the bust, gI_rec + fb in the recovery with
  // fb = gam tanh(ln coverage) and plan = gI_inf + (gI0 - gI_inf) exp(-t dt/tau);
  // I = max(I exp(growth dt + s_I sqrt(dt) z5), I_floor I0).
  static HWY_INLINE void spend(Path& path, const Draws& draws, int step, const RunContext& run) {
    const Constants& c = path.constants;
    path.planned_growth_excess *= c.planned_growth_decay;
    const Real plan =
        announced_growth(run, step, c.planned_growth_longrun + path.planned_growth_excess);
    // tanh(ln c) = (c^2 - 1)/(c^2 + 1)
    const Real coverage2 = square(path.now.coverage);
    const Real feedback = c.capex_feedback * ((coverage2 - 1.0) / (coverage2 + 1.0));
    const Real cautious = select(path.now.regime == boom, plan, c.recovery_growth) + feedback;
    const Real growth = select(path.now.regime == bust, c.bust_capex_growth, cautious);
    path.now.capex =
        max(path.now.capex * exp(growth * run.dt + c.capex_deviation * draws.z[4]), c.capex_floor);
    path.pipeline.order(step, path.now.capex,
                        c.capacity_per_spending * path.now.capex * exp(path.hardware));
  }

  /// Log growth of the announced capex where there is one, else the plan.
  static HWY_INLINE Real announced_growth(const RunContext& run, int step, Real plan) {
    const auto announced = run.tables[int(Table::announced_capex)];
    if (announced.empty()) return plan;
    const double ratio = announced[step] / announced[step - 1];
    return ratio == ratio ? log(Real(ratio)) / Real(run.dt) : plan;
  }

  // Step 6: P* = max((A/(u0 S))^(1/eta), (1+floor) mc), S = C exp(e), mc = mc0 exp(-e - theta h).
  static HWY_INLINE Real target_price_log(const Path& path) {
    const Constants& c = path.constants;
    const Real supply_log = path.capacity_log + path.efficiency;
    const Real clearing =
        (path.demand_log - c.normal_utilisation_log - supply_log) * c.per_elasticity;
    const Real floor = c.floor_price_log - path.efficiency - c.hardware_share * path.hardware;
    return max(clearing, floor);
  }

  // Step 6: ln P += (1 - exp(-k_p dt)) (ln P* - ln P).
  static HWY_INLINE void adjust_price(Path& path) {
    path.price_log += path.constants.price_gain * (target_price_log(path) - path.price_log);
  }

  // Step 6: Q = min(A P^-eta, S); U = Q/S; R = P Q.
  static HWY_INLINE void serve_demand(Path& path) {
    const Real supply_log = path.capacity_log + path.efficiency;
    const Real quantity_log =
        min(path.demand_log - path.constants.elasticity * path.price_log, supply_log);
    path.revenue_log = path.price_log + quantity_log;
    path.now.price = exp(path.price_log);
    path.now.utilisation = exp(quantity_log - supply_log);
    path.now.revenue = exp(path.revenue_log);
  }

  // Step 7: b += (1 - exp(-k_b dt)) (ln(R/R_previous)/dt - b).
  static HWY_INLINE void form_belief(Path& path, Real revenue_log_before, const RunContext& run) {
    const Real growth = (path.revenue_log - revenue_log_before) * (1 / run.dt);
    path.belief += path.constants.belief_gain * (growth - path.belief);
  }

  // Step 8: O = chi mc Q + fo (K1+K2); Req = (K1 (w + 1/L1) + K2 (w + 1/L2) + O)/chi;
  // coverage = R/Req; gap = Req - R; Pi = chi R - O. In mc Q the efficiency cancels:
  // mc Q = mc0 exp(-e - theta h) U C exp(e).
  static HWY_INLINE void recover_costs(Path& path) {
    const Constants& c = path.constants;
    Now& now = path.now;
    now.net_capital = path.it_capital + path.shell_capital;
    const Real running_cost = c.marginal_cost_0 * path.capacity * now.utilisation *
                              exp(-(c.hardware_share * path.hardware));
    now.required =
        path.it_capital * c.it_charge + path.shell_capital * c.shell_charge + running_cost;
    now.coverage = now.revenue / now.required;
    now.gap = now.required - now.revenue;
    now.profit =
        c.infrastructure_share * (now.revenue - running_cost) - c.fixed_opex * now.net_capital;
  }

  // Step 8: s = max(0, 1 - coverage).
  static HWY_INLINE Real shortfall(const Path& path) {
    return max(Real(1.0) - path.now.coverage, 0.0);
  }

  // Step 9: need = max(0, I - Pi - pay F); D = D exp(-dt/7) + need dt;
  // f = i D / (pay F + max(Pi, 0)).
  static HWY_INLINE void fund(Path& path, const RunContext& run) {
    Now& now = path.now;
    const Real need = max(now.capex - now.profit - path.own_funds, 0.0);
    now.debt = now.debt * path.constants.debt_survival + need * run.dt;
    path.stress = path.constants.debt_rate * now.debt / (path.own_funds + max(now.profit, 0.0));
  }

  // Step 9: V = chi R m_V exp((clip(b, -0.5, 0.6) - w) H)/w.
  static HWY_INLINE void value(Path& path) {
    const Constants& c = path.constants;
    const Real believed = clamp(path.belief, smallest_belief, largest_belief);
    path.now.valuation = path.now.revenue * c.valuation_scale * exp(believed * c.belief_horizon);
  }

  // Step 10: boom to bust when u < 1 - exp(-lambda dt), lambda = h0 exp(b_s sbar + b_j J + b_f f);
  // then A *= 1 - circ and b = min(b, 0). Bust to recovery when at least n_min steps have passed,
  // U > u_rec and u < 1 - exp(-h_rec dt).
  static HWY_INLINE void change_regime(Path& path, const Draws& draws, int step,
                                       const RunContext& run) {
    const Constants& c = path.constants;
    const Real now_step = double(step);
    const Mask busts = (path.now.regime == boom) & bust_strikes(path, draws);
    const Mask recovers =
        (path.now.regime == bust) & (now_step - path.bust_step >= c.least_bust_steps) &
        (path.now.utilisation > c.recovery_utilisation) & (draws.waiting < c.recovery_hazard_dt);
    const Real time = step * run.dt;
    path.demand_log = select(busts, path.demand_log + c.circular_demand_log, path.demand_log);
    path.demand = select(busts, path.demand * c.demand_kept, path.demand);
    path.belief = select(busts, min(path.belief, 0.0), path.belief);
    path.bust_step = select(busts, now_step, path.bust_step);
    path.extremes.bust_time = select(busts, time, path.extremes.bust_time);
    path.extremes.recovery_time =
        select(recovers, time - path.extremes.bust_time, path.extremes.recovery_time);
    path.now.regime = select(busts, bust, select(recovers, recovery, path.now.regime));
  }

  static HWY_INLINE Mask bust_strikes(const Path& path, const Draws& draws) {
    const Constants& c = path.constants;
    const Real lambda_dt =
        c.hazard_dt * exp(c.hazard_shortfall * path.smoothed_shortfall +
                          c.hazard_shock * draws.shock + c.hazard_funding * path.stress);
    return draws.waiting < lambda_dt;
  }
};

}  // namespace HWY_NAMESPACE
}  // namespace overbuild::models::overbuild
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
