#include "reference_model.hpp"

#include <Random123/philox.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <stdexcept>

namespace reference {
namespace {

constexpr double pi = 3.14159265358979323846;
constexpr double none = std::numeric_limits<double>::quiet_NaN();

std::uint64_t join(std::uint32_t low, std::uint32_t high) {
  return static_cast<std::uint64_t>(low) | (static_cast<std::uint64_t>(high) << 32);
}

std::uint32_t low_word(std::uint64_t x) { return static_cast<std::uint32_t>(x); }
std::uint32_t high_word(std::uint64_t x) { return static_cast<std::uint32_t>(x >> 32); }

// One Philox4x32-10 block: the key is the seed, the counter is (path, step, block).
std::array<std::uint32_t, 4> random_words(std::uint64_t seed, std::uint64_t path, int t,
                                          int block) {
  const r123::Philox4x32::key_type key = {{low_word(seed), high_word(seed)}};
  const r123::Philox4x32::ctr_type counter = {{low_word(path), high_word(path),
                                               static_cast<std::uint32_t>(t),
                                               static_cast<std::uint32_t>(block)}};
  const r123::Philox4x32::ctr_type words = r123::Philox4x32()(counter, key);
  return {words[0], words[1], words[2], words[3]};
}

// The table's entry for step t, or NaN where there is none.
double at_step(const std::vector<double>& table, int t) {
  const std::size_t i = static_cast<std::size_t>(t);
  return i < table.size() ? table[i] : none;
}

// Spending on its way to service.
struct Project {
  double spending = 0;  // X, bn/yr
  double hardware = 0;  // hX: log compute per dollar when it was bought
};

}  // namespace

std::array<double, 2> normal_pair(std::uint32_t low, std::uint32_t high) {
  const std::uint64_t bits = join(low, high);
  const std::uint64_t r = bits >> 24;
  const std::uint64_t a = bits & 0xFFFFFF;
  const double u = (static_cast<double>(r) + 0.5) / std::pow(2.0, 40);
  const double radius = std::sqrt(-2 * std::log(u));
  const double quadrant = static_cast<double>(a >> 22);
  const double fraction = (static_cast<double>(a & 0x3FFFFF) + 0.5) / std::pow(2.0, 22) - 0.5;
  const double angle = fraction * pi / 2 + quadrant * pi / 2;
  return {radius * std::cos(angle), radius * std::sin(angle)};
}

double uniform_52(std::uint32_t low, std::uint32_t high) {
  return (static_cast<double>(join(low, high) >> 12) + 0.5) / std::pow(2.0, 52);
}

int poisson_by_inversion(double v, double mean) {
  double probability = std::exp(-mean);
  double cumulative = probability;
  int n = 0;
  while (v > cumulative && n < 64) {
    n += 1;
    probability = probability * mean / n;
    cumulative += probability;
  }
  return n;
}

Draws draw(const Parameters& parameters, const Settings& settings, std::uint64_t path, int t) {
  const auto block0 = random_words(settings.seed, path, t, 0);
  const auto block1 = random_words(settings.seed, path, t, 1);
  const auto z12 = normal_pair(block0[0], block0[1]);
  const auto z34 = normal_pair(block0[2], block0[3]);
  const auto z5 = normal_pair(block1[0], block1[1]);
  const std::array<double, 5> independent = {z12[0], z12[1], z34[0], z34[1], z5[0]};

  Draws draws;
  for (std::size_t i = 0; i < 5; ++i) {
    draws.normal[i] = 0;
    for (std::size_t k = 0; k <= i; ++k) {
      draws.normal[i] += settings.shock_factor[i][k] * independent[k];
    }
  }
  draws.regime_uniform = (static_cast<double>(block1[2]) + 0.5) / std::pow(2.0, 32);

  // "N ~ Poisson(lam dt), J = sum of N exponential(j) sizes."
  const double v = (static_cast<double>(block1[3]) + 0.5) / std::pow(2.0, 32);
  const int n = poisson_by_inversion(v, parameters.shock_rate * settings.dt);
  draws.shock = 0;
  for (int m = 0; m < n; ++m) {
    const auto block = random_words(settings.seed, path, t, 2 + m / 2);
    const double uniform =
        m % 2 == 0 ? uniform_52(block[0], block[1]) : uniform_52(block[2], block[3]);
    // The logarithm of a product is the sum of the logarithms.
    draws.shock += -parameters.shock_mean * std::log(uniform);
  }
  return draws;
}

Path simulate_from(const Parameters& p, const Settings& settings, const std::vector<Draws>& draws) {
  if (p.build_lag < 1) throw std::invalid_argument("build_lag must be at least 1");
  if (draws.size() < static_cast<std::size_t>(settings.steps)) {
    throw std::invalid_argument("a step has no draws");
  }
  const double dt = settings.dt;
  const double chi = p.infrastructure_share;
  const double w = p.wacc;

  // Start: "e = h = 0; A = Q0 = R0; S = Q0/u0; C = S; unit = S/K1_0; I = I0; g = g0; belief b = g0;
  // D = 0; F = F0; regime boom."
  double e = 0;
  double h = 0;
  const double q0 = p.revenue_0;
  double demand = q0;
  double supply = q0 / p.normal_utilisation;
  double capacity = supply;
  const double unit = supply / p.it_capital_0;
  double it_capital = p.it_capital_0;
  double shell_capital = p.shell_capital_0;
  double capex = p.capex_0;
  double g = p.demand_growth_0;
  double belief = p.demand_growth_0;
  double debt = 0;
  double cash = p.internal_cash_0;
  double log_price = 0;
  double smoothed_shortfall = 0;
  int regime = boom;
  int bust_step = -1;

  // "The pipeline holds the last `lag` quarters' spending: I0/(1+gI0)^((lag-k)*dt), k = 0..lag-1
  // (oldest first), bought at h = 0." Entry k is delivered at step k + 1, the spending of step t at
  // step t + lag: deliveries[t] is what step t puts into service. With pipeline_holds_start the
  // pipeline holds the spending of steps -(lag-1)..0 instead of -lag..-1.
  std::vector<Project> deliveries(static_cast<std::size_t>(settings.steps + p.build_lag + 1));
  for (int k = 0; k < p.build_lag; ++k) {
    const int steps_before_start = p.build_lag - k - p.pipeline_holds_start;
    deliveries[static_cast<std::size_t>(k + 1)] = {
        p.capex_0 / std::pow(1 + p.capex_growth_0, steps_before_start * dt), 0};
  }

  Path path;
  for (int t = 0; t <= settings.steps; ++t) {
    Row row;
    const bool start = t == 0;
    const std::size_t index = static_cast<std::size_t>(t);
    const Row last = start ? Row{} : path.rows.back();
    const Draws d = start ? Draws{} : draws[index - 1];
    double shock = 0;

    if (!start) {
      // Step 1: the draws; a scheduled shock adds to J.
      shock = d.shock;
      const double scheduled = at_step(settings.scheduled_shock, t);
      if (!std::isnan(scheduled)) shock += scheduled;

      // Step 2: "e += mu_e dt + s_e sqrt(dt) z1 + J;  h += mu_h dt + s_h sqrt(dt) z2;
      // g += k_g (g_inf - g) dt + s_g sqrt(dt) z3."
      e += p.efficiency_drift * dt + p.efficiency_vol * std::sqrt(dt) * d.normal[0] + shock;
      h += p.hardware_drift * dt + p.hardware_vol * std::sqrt(dt) * d.normal[1];
      g += p.demand_growth_reversion * (p.demand_growth_longrun - g) * dt +
           p.demand_growth_vol * std::sqrt(dt) * d.normal[2];
      // "gd = g, but min(g, g_bust) in the bust;
      // A *= exp(gd (1 - A/(sat Q0)) dt + s_a sqrt(dt) z4)." With saturation_damps_growth_only the
      // room 1 - A/(sat Q0) is that of positive growth only.
      const double gd = regime == bust ? std::min(g, p.bust_demand_growth) : g;
      double room = 1 - demand / (p.demand_saturation * q0);
      if (p.saturation_damps_growth_only && gd <= 0) room = 1;
      demand *= std::exp(gd * room * dt + p.demand_vol * std::sqrt(dt) * d.normal[3]);

      // Step 3: "C = C exp(-dt/L1) + sh1 X dt exp(hX) unit;  K1 = K1 exp(-dt/L1) + sh1 X dt;
      // K2 = K2 exp(-dt/L2) + (1-sh1) X dt."
      const Project delivered = deliveries[index];
      capacity = capacity * std::exp(-dt / p.it_life) +
                 p.it_share * delivered.spending * dt * std::exp(delivered.hardware) * unit;
      it_capital = it_capital * std::exp(-dt / p.it_life) + p.it_share * delivered.spending * dt;
      shell_capital =
          shell_capital * std::exp(-dt / p.shell_life) + (1 - p.it_share) * delivered.spending * dt;

      // Step 4: "plan = gI_inf + (gI0 - gI_inf) exp(-t dt/tau), fb = gam tanh(ln coverage);
      // growth = plan + fb in the boom, -dI in the bust, gI_rec + fb in the recovery;
      // I = max(I exp(growth dt + s_I sqrt(dt) z5), I_floor I0)", with last step's coverage and
      // regime. In the boom announced growth takes the place of plan and feedback.
      const double plan = p.capex_growth_longrun + (p.capex_growth_0 - p.capex_growth_longrun) *
                                                       std::exp(-t * dt / p.capex_growth_decay);
      const double feedback = p.capex_feedback * std::tanh(std::log(last.coverage));
      double growth = plan + feedback;
      const double announced_before = at_step(settings.announced_capex, t - 1);
      const double announced_now = at_step(settings.announced_capex, t);
      if (!std::isnan(announced_before) && !std::isnan(announced_now)) {
        growth = std::log(announced_now / announced_before) / dt;
      }
      if (regime == bust) growth = -p.bust_capex_decline;
      if (regime == recovery) growth = p.recovery_capex_growth + feedback;
      capex = std::max(capex * std::exp(growth * dt + p.capex_vol * std::sqrt(dt) * d.normal[4]),
                       p.capex_floor * p.capex_0);
      deliveries[index + static_cast<std::size_t>(p.build_lag)] = {capex, h};

      // Step 5: "F *= exp(gF dt)."
      cash *= std::exp(p.internal_cash_growth * dt);
    }

    // Step 6: "S = C exp(e); mc = mc0 exp(-e - theta h);
    // P* = max((A/(u0 S))^(1/eta), (1+floor) mc); ln P += (1 - exp(-k_p dt)) (ln P* - ln P);
    // Q = min(A P^-eta, S); U = Q/S; R = P Q." At t = 0 the price equals P*. With
    // capacity_withholding, where A < u0 S: "the price that clears is ((A/(u0
    // S))^(1-phi))^(1/eta)."
    supply = capacity * std::exp(e);
    const double marginal_cost =
        p.marginal_cost_0 * std::exp(-e - p.marginal_cost_hardware_share * h);
    double clearing_price =
        std::pow(demand / (p.normal_utilisation * supply), 1 / p.price_elasticity);
    const double usual_price = marginal_cost / p.marginal_cost_0;  // the start's mark-up on cost
    if (clearing_price < usual_price)
      clearing_price = std::pow(usual_price, p.price_discipline) *
                       std::pow(clearing_price, 1 - p.price_discipline);
    const double target_price =
        std::max(clearing_price, (1 + p.price_floor_markup) * marginal_cost);
    if (start) {
      log_price = std::log(target_price);
    } else {
      log_price += (1 - std::exp(-p.price_adjustment * dt)) * (std::log(target_price) - log_price);
    }
    const double price = std::exp(log_price);
    const double quantity = std::min(demand * std::pow(price, -p.price_elasticity), supply);
    const double utilisation = quantity / supply;
    const double revenue = price * quantity;

    // Step 7: "b += (1 - exp(-k_b dt)) (ln(R/R_previous)/dt - b)."
    if (!start) {
      belief +=
          (1 - std::exp(-p.belief_speed * dt)) * (std::log(revenue / last.revenue) / dt - belief);
    }

    // Step 8: "O = chi mc Q + fo (K1+K2); Req = (K1 (w + 1/L1) + K2 (w + 1/L2) + O)/chi;
    // Req_seq = 2 I; coverage = R/Req; gap = Req - R; profit Pi = chi R - O;
    // s = max(0, 1 - coverage); sbar += (1 - exp(-dt)) (s - sbar)." At t = 0 sbar = s.
    const double net_capital = it_capital + shell_capital;
    const double cost = chi * marginal_cost * quantity + p.fixed_opex * net_capital;
    const double required =
        (it_capital * (w + 1 / p.it_life) + shell_capital * (w + 1 / p.shell_life) + cost) / chi;
    const double required_sequoia = 2 * capex;
    const double coverage = revenue / required;
    const double profit = chi * revenue - cost;
    const double shortfall = std::max(0.0, 1 - coverage);
    if (start) {
      smoothed_shortfall = shortfall;
    } else {
      smoothed_shortfall += (1 - std::exp(-dt)) * (shortfall - smoothed_shortfall);
    }

    // Step 9: "need = max(0, I - Pi - pay F); D = D exp(-dt/7) + need dt;
    // f = i D / (pay F + max(Pi, 0)); V = chi R m_V exp((clip(b, -0.5, 0.6) - w) H)/w."
    const double own_funds = p.reinvestment_share * cash;
    const double need = std::max(0.0, capex - profit - own_funds);
    debt = debt * std::exp(-dt / 7) + need * dt;
    const double stress = p.debt_rate * debt / (own_funds + std::max(profit, 0.0));
    const double clipped_belief = std::max(-0.5, std::min(belief, 0.6));
    const double valuation =
        chi * revenue * p.valuation_margin * std::exp((clipped_belief - w) * p.belief_horizon) / w;

    row.revenue = revenue;
    row.required_revenue = required;
    row.coverage = coverage;
    row.required_revenue_sequoia = required_sequoia;
    row.coverage_sequoia = revenue / required_sequoia;
    row.gap = required - revenue;
    row.capex = capex;
    row.net_capital = net_capital;
    row.it_capital = it_capital;
    row.shell_capital = shell_capital;
    row.capacity = capacity;
    row.supply = supply;
    row.demand = demand;
    row.price = price;
    row.quantity = quantity;
    row.utilisation = utilisation;
    row.marginal_cost = marginal_cost;
    row.cost = cost;
    row.profit = profit;
    row.shortfall = shortfall;
    row.smoothed_shortfall = smoothed_shortfall;
    row.internal_cash = cash;
    row.need = need;
    row.debt = debt;
    row.stress = stress;
    row.belief = belief;
    row.valuation = valuation;
    row.efficiency = e;
    row.hardware = h;
    row.demand_growth = g;
    row.shock = shock;

    // Step 10: "boom to bust when u < 1 - exp(-lambda dt), lambda = h0 exp(b_s sbar + b_j J +
    // b_f f); then A *= (1 - circ) and b = min(b, 0). Bust to recovery when at least n_min steps
    // have passed, U > u_rec and u < 1 - exp(-h_rec dt)." One change per step at most.
    if (!start) {
      if (regime == boom) {
        row.hazard =
            p.bust_hazard * std::exp(p.bust_hazard_shortfall * smoothed_shortfall +
                                     p.bust_hazard_shock * shock + p.bust_hazard_funding * stress);
        if (d.regime_uniform < 1 - std::exp(-row.hazard * dt)) {
          regime = bust;
          bust_step = t;
          demand *= 1 - p.circular_demand;
          belief = std::min(belief, 0.0);
        }
      } else if (regime == bust) {
        row.hazard = p.recovery_hazard;
        if (t - bust_step >= p.min_bust_steps && utilisation > p.recovery_utilisation &&
            d.regime_uniform < 1 - std::exp(-p.recovery_hazard * dt)) {
          regime = recovery;
        }
      }
    }
    row.regime = regime;
    path.rows.push_back(row);
  }

  path.outcomes = outcomes_of(p, settings, path.rows);
  return path;
}

Path simulate(const Parameters& parameters, const Settings& settings, std::uint64_t path) {
  std::vector<Draws> draws;
  for (int t = 1; t <= settings.steps; ++t) draws.push_back(draw(parameters, settings, path, t));
  return simulate_from(parameters, settings, draws);
}

Outcomes outcomes_of(const Parameters& parameters, const Settings& settings,
                     const std::vector<Row>& rows) {
  const double dt = settings.dt;
  const Row& first = rows.front();
  Outcomes o;
  o.bust_time = none;
  o.recovery_time = none;
  o.coverage_one_time = none;
  o.coverage_min = first.coverage;
  o.gap_max = first.gap;
  o.debt_peak = first.debt;
  o.capex_peak = first.capex;
  o.capex_trough = first.capex;
  std::size_t trough = 0;
  double highest_capex = first.capex;
  double highest_valuation = first.valuation;

  for (std::size_t t = 0; t < rows.size(); ++t) {
    const Row& row = rows[t];
    const double time = static_cast<double>(t) * dt;
    if (row.regime == bust && std::isnan(o.bust_time)) o.bust_time = time;
    if (row.regime == recovery && std::isnan(o.recovery_time)) o.recovery_time = time - o.bust_time;
    if (row.coverage >= 1 && std::isnan(o.coverage_one_time)) o.coverage_one_time = time;

    // The largest drawdown of capex, at the first step that attains it.
    highest_capex = std::max(highest_capex, row.capex);
    const double fall = 1 - row.capex / highest_capex;
    if (fall > o.capex_fall) {
      o.capex_fall = fall;
      o.capex_peak = highest_capex;
      o.capex_trough = row.capex;
      trough = t;
    }

    highest_valuation = std::max(highest_valuation, row.valuation);
    o.valuation_drawdown = std::max(o.valuation_drawdown, 1 - row.valuation / highest_valuation);
    o.coverage_min = std::min(o.coverage_min, row.coverage);
    o.gap_max = std::max(o.gap_max, row.gap);
    if (t >= 1) o.gap_cumulative += row.gap * dt;
    o.debt_peak = std::max(o.debt_peak, row.debt);
  }

  // "Idle capital = K (1 - U/u0)+ at the trough."
  const Row& at_trough = rows[trough];
  o.utilisation_trough = at_trough.utilisation;
  o.idle_capital_trough = at_trough.net_capital *
                          std::max(0.0, 1 - at_trough.utilisation / parameters.normal_utilisation);
  o.regime_final = rows.back().regime;
  return o;
}

}  // namespace reference
