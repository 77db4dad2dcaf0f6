// Equations of the overbuild model, version 1. Symbols, step numbers and sources: docs/model.md.
//
// Quantities that multiply are kept as logarithms (demand A, price P, efficiency e, hardware h), so
// that powers and products cost sums and a step needs few exponentials.
#if defined(OVERBUILD_MODELS_OVERBUILD_EQUATIONS_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef OVERBUILD_MODELS_OVERBUILD_EQUATIONS_INL
#undef OVERBUILD_MODELS_OVERBUILD_EQUATIONS_INL
#else
#define OVERBUILD_MODELS_OVERBUILD_EQUATIONS_INL
#endif

#include "models/overbuild/draws-inl.hpp"
#include "models/overbuild/path-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace overbuild::models::overbuild {
namespace HWY_NAMESPACE {
using namespace ::overbuild::HWY_NAMESPACE;  // NOLINT: the vector types of this instruction set

/// One step of one vector of paths: `state` goes from that of step - 1 to that of step.
struct Equations {
  const Constants& c;
  State& state;
  Pipeline& pipeline;
  Extremes& extremes;
  const RunContext& run;
  int step;
  const Draws& draws;
  Now now;
  Real supply_log, revenue_log_before;  // ln S, ln R of the step before

  HWY_INLINE Equations(Path& path, const RunContext& run_context, int step_number,
                       const Draws& step_draws)
      : c(path.constants),
        state(path.state),
        pipeline(path.pipeline),
        extremes(path.extremes),
        run(run_context),
        step(step_number),
        draws(step_draws) {}

  // Step 2: e += mu_e dt + s_e sqrt(dt) z1 + J;  h += mu_h dt + s_h sqrt(dt) z2;
  // g += k_g (g_inf - g) dt + s_g sqrt(dt) z3.
  HWY_INLINE void develop_technology() {
    state.efficiency +=
        c.efficiency_drift + c.efficiency_deviation * draws.z[0] + Real::load(draws.shock);
    state.hardware += c.hardware_drift + c.hardware_deviation * draws.z[1];
    state.demand_growth += c.demand_growth_pull * (c.demand_growth_longrun - state.demand_growth) +
                           c.demand_growth_deviation * draws.z[2];
  }

  // Step 2: A *= exp(gd room dt + s_a sqrt(dt) z4), gd = g, at most g_bust in the bust;
  // room = 1 - A/(sat Q0), or one where gd <= 0 and saturation damps growth only.
  HWY_INLINE void grow_demand() {
    const Real growth =
        select(state.regime == bust, min(state.demand_growth, c.bust_growth), state.demand_growth);
    const Real room =
        select(growth > c.undamped_growth, Real(1.0) - state.demand * c.per_demand_ceiling, 1.0);
    state.demand_log += growth * room * run.dt + c.demand_deviation * draws.z[3];
    state.demand = exp(state.demand_log);
  }

  // Step 3: C = C exp(-dt/L1) + sh1 X dt exp(hX) unit;  K1 = K1 exp(-dt/L1) + sh1 X dt;
  // K2 = K2 exp(-dt/L2) + (1-sh1) X dt.
  HWY_INLINE void deliver() {
    const Order order = pipeline.due(step, run);
    state.capacity = state.capacity * c.it_survival + order.capacity;
    state.it_capital = state.it_capital * c.it_survival + c.it_share_dt * order.spending;
    state.shell_capital =
        state.shell_capital * c.shell_survival + c.shell_share_dt * order.spending;
  }

  // Step 4: growth = plan + fb in the boom, or announced growth in place of both; -dI in the bust,
  // gI_rec + fb in the recovery, with fb = gam tanh(ln coverage) and
  // plan = gI_inf + (gI0 - gI_inf) exp(-t dt/tau);
  // I = max(I exp(growth dt + s_I sqrt(dt) z5), I_floor I0).
  HWY_INLINE void spend() {
    state.planned_growth_excess *= c.planned_growth_decay;
    const Real plan = c.planned_growth_longrun + state.planned_growth_excess;
    // tanh(ln c) = (c^2 - 1)/(c^2 + 1)
    const Real coverage2 = square(state.coverage);
    const Real feedback = c.capex_feedback * ((coverage2 - 1.0) / (coverage2 + 1.0));
    const Real building = announced_growth(plan + feedback);
    const Real cautious = select(state.regime == boom, building, c.recovery_growth + feedback);
    const Real growth = select(state.regime == bust, c.bust_capex_growth, cautious);
    state.capex =
        max(state.capex * exp(growth * run.dt + c.capex_deviation * draws.z[4]), c.capex_floor);
  }

  // Step 4: I joins the pipeline with this step's h.
  HWY_INLINE void order() {
    const Real capacity = c.capacity_per_spending * state.capex * exp(state.hardware);
    pipeline.order(step, {state.capex, capacity});
  }

  // Step 5: F *= exp(gF dt).
  HWY_INLINE void earn() { state.own_funds *= c.own_funds_growth; }

  // Step 6: S = C exp(e).
  HWY_INLINE void supply() { supply_log = log(state.capacity) + state.efficiency; }

  // Step 6: P* = max((A/(u0 S))^(1/eta), (1+floor) mc), mc = mc0 exp(-e - theta h). Sellers who
  // defend their mark-up go the share phi less of the way from mc/mc0 down to the first.
  HWY_INLINE Real target_price_log() const {
    const Real clearing =
        (state.demand_log - c.normal_utilisation_log - supply_log) * c.per_elasticity;
    const Real usual = -state.efficiency - c.hardware_share * state.hardware;  // ln(mc/mc0)
    const Real asked = clearing + c.price_discipline * max(usual - clearing, 0.0);
    const Real floor = c.floor_price_log - state.efficiency - c.hardware_share * state.hardware;
    return max(asked, floor);
  }

  // Step 6: ln P += (1 - exp(-k_p dt)) (ln P* - ln P).
  HWY_INLINE void adjust_price() {
    state.price_log += c.price_gain * (target_price_log() - state.price_log);
  }

  // Step 6: Q = min(A P^-eta, S); U = Q/S; R = P Q.
  HWY_INLINE void sell() {
    const Real quantity_log = min(state.demand_log - c.elasticity * state.price_log, supply_log);
    revenue_log_before = state.revenue_log;
    state.revenue_log = state.price_log + quantity_log;
    now.price = exp(state.price_log);
    now.utilisation = exp(quantity_log - supply_log);
    now.revenue = exp(state.revenue_log);
  }

  // Step 7: b += (1 - exp(-k_b dt)) (ln(R/R_previous)/dt - b).
  HWY_INLINE void form_belief() {
    const Real growth = (state.revenue_log - revenue_log_before) * (1 / run.dt);
    state.belief += c.belief_gain * (growth - state.belief);
  }

  // Step 8: O = chi mc Q + fo (K1+K2); Req = (K1 (w + 1/L1) + K2 (w + 1/L2) + O)/chi;
  // coverage = R/Req; gap = Req - R; Pi = chi R - O. In mc Q the efficiency cancels:
  // mc Q = mc0 exp(-e - theta h) U C exp(e).
  HWY_INLINE void recover_costs() {
    now.net_capital = state.it_capital + state.shell_capital;
    const Real running_cost = c.marginal_cost_0 * state.capacity * now.utilisation *
                              exp(-(c.hardware_share * state.hardware));
    now.required =
        state.it_capital * c.it_charge + state.shell_capital * c.shell_charge + running_cost;
    state.coverage = now.revenue / now.required;
    now.gap = now.required - now.revenue;
    now.profit =
        c.infrastructure_share * (now.revenue - running_cost) - c.fixed_opex * now.net_capital;
  }

  // Step 8: s = max(0, 1 - coverage).
  HWY_INLINE Real shortfall() const { return max(Real(1.0) - state.coverage, 0.0); }

  // Step 8: sbar += (1 - exp(-dt)) (s - sbar).
  HWY_INLINE void smooth_shortfall() {
    state.smoothed_shortfall += c.shortfall_gain * (shortfall() - state.smoothed_shortfall);
  }

  // Step 9: need = max(0, I - Pi - pay F); D = D exp(-dt/7) + need dt;
  // f = i D / (pay F + max(Pi, 0)).
  HWY_INLINE void fund() {
    const Real need = max(state.capex - now.profit - state.own_funds, 0.0);
    state.debt = state.debt * c.debt_survival + need * run.dt;
    now.stress = c.debt_rate * state.debt / (state.own_funds + max(now.profit, 0.0));
  }

  // Step 9: V = chi R m_V exp((clip(b, -0.5, 0.6) - w) H)/w.
  HWY_INLINE void value() {
    const Real believed = clamp(state.belief, smallest_belief, largest_belief);
    now.valuation = now.revenue * c.valuation_scale * exp(believed * c.belief_horizon);
  }

  // Step 10: boom to bust when u < 1 - exp(-lambda dt), lambda = h0 exp(b_s sbar + b_j J + b_f f);
  // then A *= 1 - circ and b = min(b, 0). Bust to recovery when at least n_min steps have passed,
  // U > u_rec and u < 1 - exp(-h_rec dt).
  HWY_INLINE void change_regime() {
    const Real this_step = double(step);
    const Real lambda_dt =
        c.hazard_dt * exp(c.hazard_shortfall * state.smoothed_shortfall +
                          c.hazard_shock * Real::load(draws.shock) + c.hazard_funding * now.stress);
    const Mask busts = strikes(state.regime == boom, lambda_dt);
    const Mask recovers =
        (state.regime == bust) & (this_step - state.bust_step >= c.least_bust_steps) &
        (now.utilisation > c.recovery_utilisation) & (draws.uniform < c.recovery_probability);
    state.demand = select(busts, state.demand * c.demand_kept, state.demand);
    state.demand_log += where(busts, c.demand_kept_log);
    state.belief = select(busts, min(state.belief, 0.0), state.belief);
    state.bust_step = select(busts, this_step, state.bust_step);
    state.recovery_step = select(recovers, this_step, state.recovery_step);
    state.regime = select(busts, bust, select(recovers, recovery, state.regime));
  }

  HWY_INLINE void track_extremes() { extremes.update(state, now, step); }

 private:
  /// Where `at_risk`, u < 1 - exp(-x). As x - x^2/2 <= 1 - exp(-x) <= x for x >= 0, the exponential
  /// is needed only for the few u in between.
  HWY_INLINE Mask strikes(Mask at_risk, Real x) const {
    const Real u = draws.uniform;
    const Mask surely = at_risk & (u < x - square(x) * 0.5);
    const Mask perhaps = and_not(surely, at_risk & (u < x));
    if (!any(perhaps)) return surely;
    return surely | (perhaps & (u < Real(1.0) - exp(-x)));
  }

  /// Log growth of the announced capex where there is one, else the growth that the model gives.
  HWY_INLINE Real announced_growth(Real otherwise) const {
    const auto announced = run.tables[int(Table::announced_capex)];
    if (announced.empty()) return otherwise;
    const double ratio = announced[step] / announced[step - 1];
    return ratio == ratio ? log(Real(ratio)) / Real(run.dt) : otherwise;  // NaN: none announced
  }
};

}  // namespace HWY_NAMESPACE
}  // namespace overbuild::models::overbuild
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
