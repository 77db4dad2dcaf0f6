// What the overbuild model remembers of a vector of paths: constants, pipeline, state and extremes.
#if defined(OVERBUILD_MODELS_OVERBUILD_PATH_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef OVERBUILD_MODELS_OVERBUILD_PATH_INL
#undef OVERBUILD_MODELS_OVERBUILD_PATH_INL
#else
#define OVERBUILD_MODELS_OVERBUILD_PATH_INL
#endif

#include <limits>

#include "models/overbuild/declaration.hpp"
#include "overbuild/model/tile_kernel-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace overbuild::models::overbuild {
namespace HWY_NAMESPACE {
using namespace ::overbuild::HWY_NAMESPACE;  // NOLINT: the vector types of this instruction set

/// The parameters as the equations use them: per step, inverted or as logarithms.
struct Constants {
  Real efficiency_drift, efficiency_deviation, hardware_drift, hardware_deviation;
  Real demand_growth_pull, demand_growth_longrun, demand_growth_deviation;
  // Read lane by lane: mean count per step, probability of none, mean size of a shock.
  HWY_ALIGN double shocks_per_step[lanes_per_vector], no_shock[lanes_per_vector];
  HWY_ALIGN double shock_mean[lanes_per_vector];
  Real bust_growth, per_demand_ceiling, demand_deviation;
  Real undamped_growth;  // growth up to this is not damped by saturation
  Real it_survival, shell_survival, it_share_dt, shell_share_dt, capacity_per_spending;
  Real planned_growth_longrun, planned_growth_decay, capex_feedback, capex_deviation;
  Real bust_capex_growth, recovery_growth, capex_floor, own_funds_growth;
  Real elasticity, per_elasticity, price_gain, floor_price_log, price_discipline;
  Real normal_utilisation_log, per_normal_utilisation;
  Real marginal_cost_0, hardware_share, it_charge, shell_charge, infrastructure_share, fixed_opex;
  Real shortfall_gain, belief_gain, belief_horizon, valuation_scale, debt_rate, debt_survival;
  Real hazard_dt, hazard_shortfall, hazard_shock, hazard_funding;
  Real demand_kept, demand_kept_log;
  Real least_bust_steps, recovery_utilisation, recovery_probability;

  HWY_INLINE void set(const ParameterReader& parameter, const RunContext& run) {
    set_growth(parameter, run);
    set_capital(parameter, run);
    set_market(parameter, run);
    set_finance(parameter, run);
    set_regimes(parameter, run);
  }

 private:
  /// 1 - exp(-speed dt): how far a variable moves towards its target in a step.
  static HWY_INLINE Real gain(Real speed, const RunContext& run) {
    return Real(1.0) - exp(speed * -run.dt);
  }

  HWY_INLINE void set_growth(const ParameterReader& parameter, const RunContext& run) {
    const Real dt = run.dt, root_dt = sqrt(dt);
    efficiency_drift = parameter(Parameter::efficiency_drift) * dt;
    efficiency_deviation = parameter(Parameter::efficiency_vol) * root_dt;
    hardware_drift = parameter(Parameter::hardware_drift) * dt;
    hardware_deviation = parameter(Parameter::hardware_vol) * root_dt;
    demand_growth_pull = parameter(Parameter::demand_growth_reversion) * dt;
    demand_growth_longrun = parameter(Parameter::demand_growth_longrun);
    demand_growth_deviation = parameter(Parameter::demand_growth_vol) * root_dt;
    const Real mean_count = parameter(Parameter::shock_rate) * dt;
    mean_count.store(shocks_per_step);
    exp(-mean_count).store(no_shock);
    parameter(Parameter::shock_mean).store(shock_mean);
    bust_growth = parameter(Parameter::bust_demand_growth);
    per_demand_ceiling =
        Real(1.0) / (parameter(Parameter::demand_saturation) * parameter(Parameter::revenue_0));
    demand_deviation = parameter(Parameter::demand_vol) * root_dt;
    undamped_growth = select(parameter(Parameter::saturation_damps_growth_only) == 1.0, 0.0,
                             -std::numeric_limits<double>::infinity());
  }

  HWY_INLINE void set_capital(const ParameterReader& parameter, const RunContext& run) {
    const Real dt = run.dt, it_share = parameter(Parameter::it_share);
    it_survival = exp(-dt / parameter(Parameter::it_life));
    shell_survival = exp(-dt / parameter(Parameter::shell_life));
    it_share_dt = it_share * dt;
    shell_share_dt = (Real(1.0) - it_share) * dt;
    // unit = S/K1_0 at the start, S = R0/u0
    const Real unit = parameter(Parameter::revenue_0) / (parameter(Parameter::normal_utilisation) *
                                                         parameter(Parameter::it_capital_0));
    capacity_per_spending = it_share_dt * unit;
    planned_growth_longrun = parameter(Parameter::capex_growth_longrun);
    planned_growth_decay = exp(-dt / parameter(Parameter::capex_growth_decay));
    capex_feedback = parameter(Parameter::capex_feedback);
    capex_deviation = parameter(Parameter::capex_vol) * sqrt(dt);
    bust_capex_growth = -parameter(Parameter::bust_capex_decline);
    recovery_growth = parameter(Parameter::recovery_capex_growth);
    capex_floor = parameter(Parameter::capex_floor) * parameter(Parameter::capex_0);
    own_funds_growth = exp(parameter(Parameter::internal_cash_growth) * dt);
  }

  HWY_INLINE void set_market(const ParameterReader& parameter, const RunContext& run) {
    elasticity = parameter(Parameter::price_elasticity);
    per_elasticity = Real(1.0) / elasticity;
    price_gain = gain(parameter(Parameter::price_adjustment), run);
    price_discipline = parameter(Parameter::price_discipline);
    marginal_cost_0 = parameter(Parameter::marginal_cost_0);
    hardware_share = parameter(Parameter::marginal_cost_hardware_share);
    floor_price_log = log((parameter(Parameter::price_floor_markup) + 1.0) * marginal_cost_0);
    normal_utilisation_log = log(parameter(Parameter::normal_utilisation));
    per_normal_utilisation = Real(1.0) / parameter(Parameter::normal_utilisation);
  }

  HWY_INLINE void set_finance(const ParameterReader& parameter, const RunContext& run) {
    const Real wacc = parameter(Parameter::wacc);
    infrastructure_share = parameter(Parameter::infrastructure_share);
    fixed_opex = parameter(Parameter::fixed_opex);
    it_charge =
        (wacc + Real(1.0) / parameter(Parameter::it_life) + fixed_opex) / infrastructure_share;
    shell_charge =
        (wacc + Real(1.0) / parameter(Parameter::shell_life) + fixed_opex) / infrastructure_share;
    shortfall_gain = gain(1.0 / shortfall_memory, run);
    belief_gain = gain(parameter(Parameter::belief_speed), run);
    belief_horizon = parameter(Parameter::belief_horizon);
    valuation_scale = infrastructure_share * parameter(Parameter::valuation_margin) *
                      exp(-(wacc * belief_horizon)) / wacc;
    debt_rate = parameter(Parameter::debt_rate);
    debt_survival = exp(Real(-run.dt / debt_life));
  }

  HWY_INLINE void set_regimes(const ParameterReader& parameter, const RunContext& run) {
    hazard_dt = parameter(Parameter::bust_hazard) * run.dt;
    hazard_shortfall = parameter(Parameter::bust_hazard_shortfall);
    hazard_shock = parameter(Parameter::bust_hazard_shock);
    hazard_funding = parameter(Parameter::bust_hazard_funding);
    demand_kept = Real(1.0) - parameter(Parameter::circular_demand);
    demand_kept_log = log(demand_kept);
    least_bust_steps = parameter(Parameter::min_bust_steps);
    recovery_utilisation = parameter(Parameter::recovery_utilisation);
    recovery_probability = gain(parameter(Parameter::recovery_hazard), run);
  }
};

/// Spending of one step: X in bn/yr, and the capacity that it buys, sh1 X dt exp(hX) unit.
struct Order {
  Real spending, capacity;
};

/// The spending of the last `largest_build_lag` steps. That of step s lies in slot s modulo the
/// number of slots, so that paths with different lags share one ring.
class Pipeline {
 public:
  // At the start: spending that grew by gI0 a year, bought at h = 0. The spending delivered at
  // step lag + s, s <= 0, is that of step s - 1 (pipeline_holds_start = 0, as version 1 writes it)
  // or of step s (1).
  HWY_INLINE void fill(const ParameterReader& parameter, const Constants& constant,
                       const RunContext& run) {
    lag_ = parameter(Parameter::build_lag);
    const Real per_step_growth = exp(log(parameter(Parameter::capex_growth_0) + 1.0) * -run.dt);
    Real spending = parameter(Parameter::capex_0);
    spending = select(parameter(Parameter::pipeline_holds_start) == 1.0, spending,
                      spending * per_step_growth);
    const int longest_lag = int(run.ranges[int(Parameter::build_lag)].upper);
    for (int s = 0; s > -longest_lag; --s) {
      order(s, {spending, spending * constant.capacity_per_spending});
      spending *= per_step_growth;
    }
  }

  HWY_INLINE void order(int step, const Order& order) {
    order.spending.store(spending_[slot(step)]);
    order.capacity.store(capacity_[slot(step)]);
  }

  /// The order made `lag` steps before `step`.
  HWY_INLINE Order due(int step, const RunContext& run) const {
    const Range& lag = run.ranges[int(Parameter::build_lag)];
    if (lag.lower == lag.upper) {
      const int from = slot(step - int(lag.lower));
      return {Real::load(spending_[from]), Real::load(capacity_[from])};
    }
    return due_by_lane(step, int(lag.lower), int(lag.upper));
  }

 private:
  static HWY_INLINE int slot(int step) { return (step + largest_build_lag) % largest_build_lag; }

  HWY_INLINE Order due_by_lane(int step, int smallest, int largest) const {
    Order order{0.0, 0.0};
    for (int lag = smallest; lag <= largest; ++lag) {
      const Mask mine = lag_ == Real(double(lag));
      const int from = slot(step - lag);
      order.spending = select(mine, Real::load(spending_[from]), order.spending);
      order.capacity = select(mine, Real::load(capacity_[from]), order.capacity);
    }
    return order;
  }

  Real lag_;
  HWY_ALIGN double spending_[largest_build_lag][lanes_per_vector];
  HWY_ALIGN double capacity_[largest_build_lag][lanes_per_vector];
};

/// What a step works out and the next one does not need.
struct Now {
  Real price, utilisation, revenue;         // P, U, R
  Real net_capital, required, gap, profit;  // K1 + K2, Req, Req - R, Pi
  Real stress, valuation;                   // f, V
};

/// State of a vector of paths.
struct State {
  Real efficiency, hardware, demand_growth;         // e, h, g
  Real demand, demand_log, price_log, revenue_log;  // A, ln A, ln P, ln R
  Real capacity, it_capital, shell_capital;         // C, K1, K2
  Real capex, planned_growth_excess, own_funds;     // I, (gI0 - gI_inf) exp(-t dt/tau), pay F
  Real coverage, smoothed_shortfall, belief, debt;  // R/Req, sbar, b, D
  Real regime, bust_step, recovery_step;            // steps: NaN until they happen
};

/// What the outcomes need beside the final state.
struct Extremes {
  Real coverage_one_step;  // NaN until it happens
  Real capex_highest, capex_peak, capex_trough, utilisation_trough, net_capital_trough;
  Real valuation_highest, valuation_peak, valuation_trough;
  Real coverage_min, gap_max, gap_sum, debt_peak;

  HWY_INLINE void start(const State& state, const Now& now) {
    coverage_one_step = select(state.coverage >= 1.0, 0.0, not_a_number());
    capex_highest = capex_peak = capex_trough = state.capex;
    utilisation_trough = now.utilisation;
    net_capital_trough = now.net_capital;
    valuation_highest = valuation_peak = valuation_trough = now.valuation;
    coverage_min = state.coverage;
    gap_max = now.gap;
    gap_sum = 0.0;
    debt_peak = state.debt;
  }

  HWY_INLINE void update(const State& state, const Now& now, int step) {
    update_capex(state.capex, now);
    update_valuation(now.valuation);
    const Mask covered_before = coverage_one_step == coverage_one_step;  // not NaN
    coverage_one_step =
        select(and_not(covered_before, state.coverage >= 1.0), double(step), coverage_one_step);
    coverage_min = min(state.coverage, coverage_min);
    gap_max = max(now.gap, gap_max);
    gap_sum += now.gap;
    debt_peak = max(state.debt, debt_peak);
  }

 private:
  // A fall is larger when low/high is smaller; the products spare the division.
  HWY_INLINE void update_capex(Real capex, const Now& now) {
    capex_highest = max(capex, capex_highest);
    const Mask deeper = capex * capex_peak < capex_trough * capex_highest;
    capex_peak = select(deeper, capex_highest, capex_peak);
    capex_trough = select(deeper, capex, capex_trough);
    utilisation_trough = select(deeper, now.utilisation, utilisation_trough);
    net_capital_trough = select(deeper, now.net_capital, net_capital_trough);
  }

  HWY_INLINE void update_valuation(Real valuation) {
    valuation_highest = max(valuation, valuation_highest);
    const Mask deeper = valuation * valuation_peak < valuation_trough * valuation_highest;
    valuation_peak = select(deeper, valuation_highest, valuation_peak);
    valuation_trough = select(deeper, valuation, valuation_trough);
  }
};

struct Path {
  Constants constants;
  State state;
  Extremes extremes;
  Pipeline pipeline;
};

}  // namespace HWY_NAMESPACE
}  // namespace overbuild::models::overbuild
HWY_AFTER_NAMESPACE();

#endif  // per-target include guard
