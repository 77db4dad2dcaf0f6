// The overbuild model written out plainly, one path at a time, as the yardstick for the fast
// engine.
//
// Every line follows the model's equations in their order, in double precision and with the
// functions of <cmath>. Nothing is shared with the engine except the definition of the random
// numbers, so that a disagreement on a single path is a defect of one of the two.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace reference {

/// The model's parameters by config name, with the values of the AI base case.
struct Parameters {
  double revenue_0 = 60;                      // R0, bn/yr
  double capex_0 = 300;                       // I0, bn/yr
  double it_capital_0 = 260;                  // K1_0, bn
  double shell_capital_0 = 170;               // K2_0, bn
  double normal_utilisation = 0.80;           // u0
  double efficiency_drift = 0.70;             // mu_e, 1/yr
  double efficiency_vol = 0.15;               // s_e, 1/sqrt(yr)
  double shock_rate = 0.35;                   // lam, 1/yr
  double shock_mean = 0.80;                   // j, log size
  double hardware_drift = 0.28;               // mu_h, 1/yr
  double hardware_vol = 0.10;                 // s_h
  double demand_growth_0 = 0.80;              // g0, 1/yr
  double demand_growth_longrun = 0.05;        // g_inf
  double demand_growth_reversion = 0.25;      // k_g
  double demand_growth_vol = 0.12;            // s_g
  double demand_saturation = 60;              // sat, multiple of R0
  double demand_vol = 0.10;                   // s_a
  double price_elasticity = 1.15;             // eta
  double price_adjustment = 6;                // k_p, 1/yr
  double marginal_cost_0 = 0.25;              // mc0
  double marginal_cost_hardware_share = 0.7;  // theta
  double price_floor_markup = 0.10;           // floor
  int build_lag = 4;                          // lag, steps
  int pipeline_holds_start = 0;               // 0: model.md's start pipeline; 1: corrected
  double it_share = 0.6;                      // sh1
  double it_life = 5;                         // L1, years
  double shell_life = 20;                     // L2, years
  double capex_growth_0 = 0.30;               // gI0, 1/yr
  double capex_growth_longrun = 0.04;         // gI_inf
  double capex_growth_decay = 1.5;            // tau, years
  double capex_feedback = 0.25;               // gam
  double capex_vol = 0.10;                    // s_I
  double bust_capex_decline = 0.60;           // dI, 1/yr
  double recovery_capex_growth = 0.06;        // gI_rec, 1/yr
  double capex_floor = 0.15;                  // I_floor, share of I0
  double wacc = 0.10;                         // w, 1/yr
  double infrastructure_share = 0.5;          // chi
  double fixed_opex = 0.04;                   // fo, share of net capital per year
  double bust_hazard = 0.03;                  // h0, 1/yr
  double bust_hazard_shortfall = 2.0;         // b_s
  double bust_hazard_shock = 0.8;             // b_j
  double bust_hazard_funding = 0.5;           // b_f
  double circular_demand = 0.10;              // circ
  double bust_demand_growth = -0.05;          // g_bust, 1/yr
  double recovery_utilisation = 0.55;         // u_rec
  double recovery_hazard = 0.6;               // h_rec, 1/yr
  int min_bust_steps = 4;                     // n_min
  double internal_cash_0 = 420;               // F0, bn/yr
  double internal_cash_growth = 0.08;         // gF, 1/yr
  double reinvestment_share = 0.45;           // pay
  double debt_rate = 0.065;                   // i
  double belief_speed = 1.0;                  // k_b, 1/yr
  double belief_horizon = 4;                  // H, years
  double valuation_margin = 0.4;              // m_V
  int saturation_damps_growth_only = 0;       // 0: version 1; 1: a fall is not damped
  double price_discipline = 0;                // phi; 0: version 1
};

using Matrix5 = std::array<std::array<double, 5>, 5>;

/// What a run fixes for all paths.
struct Settings {
  std::uint64_t seed = 1;
  int steps = 40;
  double dt = 0.25;  ///< years
  /// Lower Cholesky factor of the correlation of (efficiency, hardware, demand growth, demand,
  /// capex).
  Matrix5 shock_factor = {
      {{1, 0, 0, 0, 0}, {0, 1, 0, 0, 0}, {0, 0, 1, 0, 0}, {0, 0, 0, 1, 0}, {0, 0, 0, 0, 1}}};
  std::vector<double> announced_capex;  ///< by step 0..T; empty or NaN: none
  std::vector<double> scheduled_shock;  ///< log size by step 0..T; empty: none
};

enum Regime : int { boom = 0, bust = 1, recovery = 2 };

/// The random numbers of one step.
struct Draws {
  std::array<double, 5> normal{};  ///< z1..z5, correlated
  double regime_uniform = 0.5;     ///< u
  double shock = 0;                ///< J without the scheduled shock
};

/// The state after one step. `demand` and `belief` are the values that steps 6 to 9 used: what a
/// bust takes from them in step 10 shows from the next step on. `regime` is the one after step 10.
struct Row {
  double revenue = 0, required_revenue = 0, coverage = 0;              // R, Req, R/Req
  double required_revenue_sequoia = 0, coverage_sequoia = 0;           // Req_seq
  double gap = 0, capex = 0;                                           // Req - R, I
  double net_capital = 0, it_capital = 0, shell_capital = 0;           // K, K1, K2
  double capacity = 0, supply = 0, demand = 0;                         // C, S, A
  double price = 0, quantity = 0, utilisation = 0, marginal_cost = 0;  // P, Q, U, mc
  double cost = 0, profit = 0;                                         // O, Pi
  double shortfall = 0, smoothed_shortfall = 0;                        // s, sbar
  double internal_cash = 0, need = 0, debt = 0, stress = 0;            // F, need, D, f
  double belief = 0, valuation = 0;                                    // b, V
  double efficiency = 0, hardware = 0, demand_growth = 0;              // e, h, g
  double shock = 0;                                                    // J with the scheduled shock
  double hazard = 0;  // lambda of the step's regime test, 1/yr; 0 where there is none
  int regime = boom;
};

/// What a path comes to. Times are in years; NaN where the event does not happen.
struct Outcomes {
  double bust_time = 0;
  double recovery_time = 0;                                 ///< from bust to recovery
  double coverage_one_time = 0;                             ///< first time with coverage >= 1
  double capex_peak = 0, capex_trough = 0, capex_fall = 0;  ///< of the largest drawdown
  double utilisation_trough = 0, idle_capital_trough = 0;   ///< at the capex trough
  double valuation_drawdown = 0;
  double coverage_min = 0;
  double gap_max = 0, gap_cumulative = 0;
  double debt_peak = 0;
  int regime_final = boom;
};

struct Path {
  std::vector<Row> rows;  ///< steps 0..T
  Outcomes outcomes;
};

/// Two independent standard normals from 64 random bits, by Box and Muller's transform.
std::array<double, 2> normal_pair(std::uint32_t low, std::uint32_t high);

/// A uniform in (0, 1) from the upper 52 of 64 random bits.
double uniform_52(std::uint32_t low, std::uint32_t high);

/// The smallest n, at most 64, with v <= P(N <= n) for N ~ Poisson(mean).
int poisson_by_inversion(double v, double mean);

/// The draws of step t >= 1 of a path: they depend on (seed, path, t) and nothing else.
Draws draw(const Parameters& parameters, const Settings& settings, std::uint64_t path, int t);

/// The path that follows from given draws; draws[t - 1] belong to step t = 1..settings.steps.
Path simulate_from(const Parameters& parameters, const Settings& settings,
                   const std::vector<Draws>& draws);

Path simulate(const Parameters& parameters, const Settings& settings, std::uint64_t path);

/// The outcomes of a path whose rows are known.
Outcomes outcomes_of(const Parameters& parameters, const Settings& settings,
                     const std::vector<Row>& rows);

}  // namespace reference
