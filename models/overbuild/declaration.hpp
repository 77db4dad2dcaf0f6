// The overbuild model, version 1: parameters, draws, series, events, outcomes and tables.
// Equations: equations-inl.hpp; their meaning and known limits: docs/model.md.
#pragma once

#include "overbuild/model/declare.hpp"

// A prior's draws are numbered by its parameter's place in the list: a new parameter goes to the
// end, so that the results of older configs keep their bits.
// clang-format off
#define OVERBUILD_MODEL_PARAMETERS(ROW) \
  ROW(revenue_0, "R0", "bn/yr", 60, positive(), "end-user revenue at t = 0", "a tenth of Sequoia's 600 bn is reached (seed article)") \
  ROW(capex_0, "I0", "bn/yr", 300, positive(), "capital expenditure at t = 0", "Sequoia's 600 bn is twice the yearly data-centre spending (Cahn 2024)") \
  ROW(it_capital_0, "K1_0", "bn", 260, positive(), "net capital at t = 0 with a short life (IT)", "judgement (model version 1): recent hyperscaler capex less depreciation, order of magnitude") \
  ROW(shell_capital_0, "K2_0", "bn", 170, non_negative(), "net capital at t = 0 with a long life (shell, power)", "judgement (model version 1): recent hyperscaler capex less depreciation, order of magnitude") \
  ROW(normal_utilisation, "u0", "1", 0.80, above_up_to(0, 1), "share of capacity sold when the market clears", "judgement (model version 1)") \
  ROW(efficiency_drift, "mu_e", "1/yr", 0.70, between(-5, 10), "drift of log software cost-efficiency", "with the leaps 0.98/yr: algorithmic progress doubles effective compute in 8 months, 5 to 14 (Ho et al. 2024, Epoch AI); the split is a judgement") \
  ROW(efficiency_vol, "s_e", "1/sqrt(yr)", 0.15, between(0, 5), "volatility of log software cost-efficiency", "judgement (model version 1)") \
  ROW(shock_rate, "lam", "1/yr", 0.35, between(0, 20), "Poisson rate of cost-efficiency shocks", "judgement (model version 1)") \
  ROW(shock_mean, "j", "1", 0.80, between(0, 10), "mean of a shock's exponential log-size", "judgement (model version 1); DeepSeek R1 against o1 is 3.31 (seed article's prices)") \
  ROW(hardware_drift, "mu_h", "1/yr", 0.28, between(-5, 10), "drift of log compute per dollar of capex", "FLOP per dollar +30%/yr (Epoch AI, October 2024)") \
  ROW(hardware_vol, "s_h", "1/sqrt(yr)", 0.10, between(0, 5), "volatility of log compute per dollar of capex", "judgement (model version 1)") \
  ROW(demand_growth_0, "g0", "1/yr", 0.80, between(-5, 10), "log growth of potential demand at t = 0", "judgement (model version 1)") \
  ROW(demand_growth_longrun, "g_inf", "1/yr", 0.05, between(-5, 10), "long-run log growth of potential demand", "judgement (model version 1)") \
  ROW(demand_growth_reversion, "k_g", "1/yr", 0.25, between(0, 50), "speed at which demand's log growth reverts to the long run", "judgement (model version 1)") \
  ROW(demand_growth_vol, "s_g", "1/yr/sqrt(yr)", 0.12, between(0, 5), "volatility of demand's log growth", "judgement (model version 1)") \
  ROW(demand_saturation, "sat", "1", 60, positive(), "ceiling of potential demand as a multiple of its start", "judgement (model version 1)") \
  ROW(demand_vol, "s_a", "1/sqrt(yr)", 0.10, between(0, 5), "volatility of log potential demand", "judgement (model version 1)") \
  ROW(price_elasticity, "eta", "1", 1.15, between(0.05, 20), "own-price elasticity of demand; above 1 revenue rises as the price falls (Jevons)", "short run about 1.1 (Demirer et al. 2025, as reported), 1.2 to 1.8 in a trade report of 2026; between them a judgement") \
  ROW(price_adjustment, "k_p", "1/yr", 6, between(0, 1e6), "speed at which the price adjusts to its target", "judgement (model version 1)") \
  ROW(marginal_cost_0, "mc0", "1", 0.25, positive(), "marginal cost at t = 0 as a share of the start price", "judgement (model version 1)") \
  ROW(marginal_cost_hardware_share, "theta", "1", 0.7, between(0, 1), "how far hardware progress lowers marginal cost", "judgement (model version 1)") \
  ROW(price_floor_markup, "floor", "1", 0.10, between(0, 10), "lowest mark-up of the price on marginal cost", "judgement (model version 1)") \
  ROW(build_lag, "lag", "steps", 4, whole_number(1, 24), "steps from spending to service", "judgement (model version 1): about one year from order to service") \
  ROW(pipeline_holds_start, "-", "1", 0, whole_number(0, 1), "the start pipeline: 0 delivers the spending of steps -lag..-1 one step late; 1 that of steps -(lag-1)..0 after exactly lag steps", "0 is model version 1; 1 corrects it by a step (docs/model.md)") \
  ROW(it_share, "sh1", "1", 0.6, between(0, 1), "share of capex that buys IT", "servers are about 60% of capex (TrendForce 2025; Epoch AI 2026)") \
  ROW(it_life, "L1", "yr", 5, above_up_to(0, 100), "life of IT (exponential depreciation)", "5 to 6 years on the books (10-K filings), 2 to 3 according to critics") \
  ROW(shell_life, "L2", "yr", 20, above_up_to(0, 200), "life of shell and power (exponential depreciation)", "judgement (model version 1)") \
  ROW(capex_growth_0, "gI0", "1/yr", 0.30, between(-0.9, 10), "planned log growth of capex at t = 0", "judgement (model version 1)") \
  ROW(capex_growth_longrun, "gI_inf", "1/yr", 0.04, between(-0.9, 10), "planned log growth of capex in the long run", "judgement (model version 1): nominal growth of the economy") \
  ROW(capex_growth_decay, "tau", "yr", 1.5, positive(), "time in which planned growth falls towards the long run by a factor e", "judgement (model version 1)") \
  ROW(capex_feedback, "gam", "1/yr", 0.25, between(0, 20), "response of capex's log growth to coverage", "judgement (model version 1)") \
  ROW(capex_vol, "s_I", "1/sqrt(yr)", 0.10, between(0, 5), "volatility of log capex", "judgement (model version 1)") \
  ROW(bust_capex_decline, "dI", "1/yr", 0.60, between(0, 20), "log decline of capex in the bust", "judgement (model version 1): beyond telecom's -28% to -46% a year after 2000 (RHK 2001, 2002)") \
  ROW(recovery_capex_growth, "gI_rec", "1/yr", 0.06, between(-5, 10), "log growth of capex in the recovery", "judgement (model version 1)") \
  ROW(capex_floor, "I_floor", "1", 0.15, between(0, 1), "maintenance floor of capex as a share of its start", "judgement (model version 1)") \
  ROW(wacc, "w", "1/yr", 0.10, between(0.001, 1), "weighted average cost of capital", "10% return of J.P. Morgan's estimate of 650 bn/yr (November 2025)") \
  ROW(infrastructure_share, "chi", "1", 0.5, above_up_to(0, 1), "share of end-user revenue that reaches infrastructure owners", "one less a 50% gross margin of applications (Cahn 2024)") \
  ROW(fixed_opex, "fo", "1/yr", 0.04, between(0, 1), "fixed operating cost as a share of net capital", "judgement (model version 1)") \
  ROW(bust_hazard, "h0", "1/yr", 0.03, between(0, 100), "hazard of the bust without shortfall, shock or stress", "judgement (model version 1)") \
  ROW(bust_hazard_shortfall, "b_s", "1", 2.0, between(0, 50), "log-sensitivity of the hazard to the lasting shortfall", "judgement (model version 1)") \
  ROW(bust_hazard_shock, "b_j", "1", 0.8, between(0, 50), "log-sensitivity of the hazard to the step's efficiency shock", "judgement (model version 1)") \
  ROW(bust_hazard_funding, "b_f", "1", 0.5, between(0, 50), "log-sensitivity of the hazard to funding stress", "judgement (model version 1)") \
  ROW(circular_demand, "circ", "1", 0.10, between(0, 0.99), "share of demand that vendors fund, lost at the bust", "judgement (model version 1): Nvidia's 100 bn for OpenAI (September 2025) shows that it exists, not how much") \
  ROW(bust_demand_growth, "g_bust", "1/yr", -0.05, between(-5, 10), "cap on demand's log growth in the bust", "judgement (model version 1)") \
  ROW(recovery_utilisation, "u_rec", "1", 0.55, between(0, 1), "utilisation above which a recovery may begin", "judgement (model version 1)") \
  ROW(recovery_hazard, "h_rec", "1/yr", 0.6, between(0, 100), "hazard of the recovery", "judgement (model version 1)") \
  ROW(min_bust_steps, "n_min", "steps", 4, whole_number(0, 1000), "least number of steps of a bust", "judgement (model version 1)") \
  ROW(internal_cash_0, "F0", "bn/yr", 420, positive(), "cash flow of the investors' other businesses at t = 0", "judgement (model version 1): operating cash flow of five hyperscalers, 603 bn in 2025 (Calcbench 2026), less AI's own") \
  ROW(internal_cash_growth, "gF", "1/yr", 0.08, between(-1, 2), "log growth of that cash flow", "judgement (model version 1)") \
  ROW(reinvestment_share, "pay", "1", 0.45, above_up_to(0, 1), "share of that cash flow available to capex", "judgement (model version 1)") \
  ROW(debt_rate, "i", "1/yr", 0.065, between(0, 1), "interest rate on debt", "judgement (model version 1)") \
  ROW(belief_speed, "k_b", "1/yr", 1.0, between(0, 1e6), "speed at which believed log growth follows that of revenue", "judgement (model version 1)") \
  ROW(belief_horizon, "H", "yr", 4, between(0, 50), "years for which believed growth is extrapolated", "judgement (model version 1)") \
  ROW(valuation_margin, "m_V", "1", 0.4, between(0, 1), "long-run cash margin that the market believes in", "judgement (model version 1)") \
  ROW(saturation_damps_growth_only, "-", "1", 0, whole_number(0, 1), "saturation: 0 damps growth and decline alike, so that demand above its ceiling can explode; 1 damps growth only", "0 is model version 1; 1 for horizons above ten years or low ceilings (docs/model.md)") \
  ROW(price_discipline, "phi", "1", 0, between(0, 1), "share of the way from the clearing price up to the start's mark-up over marginal cost that sellers do not go down; the capacity stays idle", "0 is model version 1; above 0 version 2: after 2000 a third of the lit long-haul capacity was used while prices fell with cost (docs/data.md, docs/backtest.md)")

#define OVERBUILD_MODEL_DRAWS(ROW) \
  ROW(efficiency, "standard normal", "z1: software cost-efficiency", normal) \
  ROW(hardware, "standard normal", "z2: compute per dollar", normal) \
  ROW(demand_growth, "standard normal", "z3: growth of potential demand", normal) \
  ROW(demand, "standard normal", "z4: potential demand", normal) \
  ROW(capex, "standard normal", "z5: capital expenditure", normal) \
  ROW(regime, "uniform", "u: decides whether the regime changes", uniform) \
  ROW(shock_count, "Poisson", "N: number of cost-efficiency shocks, by inversion of a uniform", uniform) \
  ROW(shock_size, "exponential", "log-sizes of the N shocks; their sum is J", generator)

#define OVERBUILD_MODEL_SHOCKS(ROW) \
  ROW(efficiency) ROW(hardware) ROW(demand_growth) ROW(demand) ROW(capex)

#define OVERBUILD_MODEL_SERIES(ROW) \
  ROW(revenue, "bn/yr", "end-user revenue R") \
  ROW(required_revenue, "bn/yr", "revenue that recovers capital and costs, Req") \
  ROW(coverage, "1", "revenue over required revenue") \
  ROW(coverage_sequoia, "1", "revenue over twice the capex (Sequoia's rule of thumb)") \
  ROW(gap, "bn/yr", "required revenue less revenue") \
  ROW(capex, "bn/yr", "capital expenditure I") \
  ROW(net_capital, "bn", "net capital K1 + K2") \
  ROW(price, "1", "price of a unit of service, start price 1") \
  ROW(utilisation, "1", "share of capacity sold, U = Q/S") \
  ROW(profit, "bn/yr", "infrastructure owners' profit before capital cost, Pi") \
  ROW(debt, "bn", "debt that funded the build-out, D") \
  ROW(valuation, "bn", "market value of the infrastructure owners' AI business, V")

#define OVERBUILD_MODEL_EVENTS(ROW) \
  ROW(bust_begun, "the boom has ended in a bust at or before this time", {"bust_time"}) \
  ROW(in_bust, "the path is in the bust", {"bust_time"}, {"bust_time", "recovery_time"}) \
  ROW(recovered, "the path is in the recovery", {"bust_time", "recovery_time"}) \
  ROW(covered, "revenue is at least the required revenue")

#define OVERBUILD_MODEL_OUTCOMES(ROW) \
  ROW(bust_time, "yr", "time of the bust; NaN without one") \
  ROW(recovery_time, "yr", "time from bust to recovery; NaN without one") \
  ROW(coverage_one_time, "yr", "first time with revenue of at least the required revenue; NaN if never") \
  ROW(capex_peak, "bn/yr", "capex before its largest fall") \
  ROW(capex_trough, "bn/yr", "capex after its largest fall") \
  ROW(capex_fall, "1", "largest fall of capex as a share of the highest value before it") \
  ROW(valuation_drawdown, "1", "largest fall of the valuation as a share of the highest value before it") \
  ROW(coverage_min, "1", "smallest coverage") \
  ROW(gap_max, "bn/yr", "largest gap between required revenue and revenue") \
  ROW(gap_cumulative, "bn", "gap summed over steps 1..T times the step; surpluses count against it") \
  ROW(utilisation_trough, "1", "utilisation at the trough of capex") \
  ROW(idle_capital_trough, "bn", "capital idle at the trough of capex, K max(0, 1 - U/u0)") \
  ROW(debt_peak, "bn", "largest debt") \
  ROW(regime_final, "1", "regime at the horizon: 0 boom, 1 bust, 2 recovery", "boom bust recovery")

#define OVERBUILD_MODEL_TABLES(ROW) \
  ROW(announced_capex, "bn/yr", path, positive(), "announced capex; in the boom capex grows between the first and the last time at exactly its log growth plus noise, without the feedback of coverage") \
  ROW(scheduled_shocks, "1", impulse, any_number(), "log-sizes of cost-efficiency shocks that happen at given times on every path, added to J")
// clang-format on

namespace overbuild::models::overbuild {

OVERBUILD_ENUMERATIONS(OVERBUILD_MODEL)

inline constexpr int largest_build_lag = 24;  // steps; upper bound of build_lag

// Numbers that version 1 writes into its equations (docs/model.md).
inline constexpr double shortfall_memory = 1;    // years over which the shortfall is smoothed
inline constexpr double debt_life = 7;           // years over which debt is repaid
inline constexpr double smallest_belief = -0.5;  // 1/yr; beliefs beyond do not move the valuation
inline constexpr double largest_belief = 0.6;    // 1/yr

enum Regime { boom = 0, bust = 1, recovery = 2 };

}  // namespace overbuild::models::overbuild
