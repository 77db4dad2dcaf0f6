// The overbuild model (docs/model.md) in plain C++ with Boost.Random: one path at a time, the
// functions of <cmath>, what does not vary computed once.
#pragma once

#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <boost/random/exponential_distribution.hpp>
#include <boost/random/mersenne_twister.hpp>
#include <boost/random/normal_distribution.hpp>
#include <boost/random/poisson_distribution.hpp>
#include <boost/random/uniform_01.hpp>
#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace peer {

inline constexpr std::size_t series_count = 12;

enum class Regime { boom, bust, recovery };

// Type and config name of the model's parameters.
// clang-format off
#define PEER_PARAMETERS(ROW) \
  ROW(double, revenue_0) ROW(double, capex_0) ROW(double, it_capital_0) \
  ROW(double, shell_capital_0) ROW(double, normal_utilisation) ROW(double, efficiency_drift) \
  ROW(double, efficiency_vol) ROW(double, shock_rate) ROW(double, shock_mean) \
  ROW(double, hardware_drift) ROW(double, hardware_vol) ROW(double, demand_growth_0) \
  ROW(double, demand_growth_longrun) ROW(double, demand_growth_reversion) \
  ROW(double, demand_growth_vol) ROW(double, demand_saturation) ROW(double, demand_vol) \
  ROW(double, price_elasticity) ROW(double, price_adjustment) ROW(double, marginal_cost_0) \
  ROW(double, marginal_cost_hardware_share) ROW(double, price_floor_markup) \
  ROW(double, it_share) ROW(double, it_life) ROW(double, shell_life) \
  ROW(double, capex_growth_0) ROW(double, capex_growth_longrun) ROW(double, capex_growth_decay) \
  ROW(double, capex_feedback) ROW(double, capex_vol) ROW(double, bust_capex_decline) \
  ROW(double, recovery_capex_growth) ROW(double, capex_floor) ROW(double, wacc) \
  ROW(double, infrastructure_share) ROW(double, fixed_opex) ROW(double, bust_hazard) \
  ROW(double, bust_hazard_shortfall) ROW(double, bust_hazard_shock) \
  ROW(double, bust_hazard_funding) ROW(double, circular_demand) ROW(double, bust_demand_growth) \
  ROW(double, recovery_utilisation) ROW(double, recovery_hazard) ROW(double, internal_cash_0) \
  ROW(double, internal_cash_growth) ROW(double, reinvestment_share) ROW(double, debt_rate) \
  ROW(double, belief_speed) ROW(double, belief_horizon) ROW(double, valuation_margin) \
  ROW(int, build_lag) ROW(int, min_bust_steps)
// clang-format on

struct Parameters {
#define DECLARE(type, name) type name;
  PEER_PARAMETERS(DECLARE)
#undef DECLARE
};

struct Config {
  Parameters parameters;
  int steps;
  double dt;  ///< years
};

template <class Number>
Number require(const toml::table& table, const char* name) {
  const auto value = table[name].value<Number>();
  if (!value) throw std::runtime_error(std::string("the config lacks a number: ") + name);
  return *value;
}

inline Config read_config(const std::string& file) {
  const toml::table root = toml::parse_file(file);
  const toml::table* table = root["parameters"].as_table();
  const toml::table* run = root["run"].as_table();
  if (!table || !run) throw std::runtime_error("the config lacks [parameters] or [run]");
  Config config;
#define READ(type, name) config.parameters.name = require<type>(*table, #name);
  PEER_PARAMETERS(READ)
#undef READ
  config.dt = require<double>(*run, "step");
  config.steps = static_cast<int>(std::lround(require<double>(*run, "horizon") / config.dt));
  return config;
}

/// Every value of every path: [step][series][path], and the regimes [step][path]. The series are,
/// in this order, revenue, required revenue, coverage, coverage by Sequoia's rule, gap, capex, net
/// capital, price, utilisation, profit, debt and valuation.
class Values {
 public:
  Values(int steps, std::size_t paths)
      : paths_(paths),
        series_(static_cast<std::size_t>(steps + 1) * series_count * paths),
        regime_(static_cast<std::size_t>(steps + 1) * paths) {}

  std::size_t paths() const { return paths_; }
  double* series(int step, std::size_t index) {
    return &series_[(static_cast<std::size_t>(step) * series_count + index) * paths_];
  }
  Regime* regime(int step) { return &regime_[static_cast<std::size_t>(step) * paths_]; }

 private:
  std::size_t paths_;
  std::vector<double> series_;
  std::vector<Regime> regime_;
};

/// What all paths have in common.
struct Constants {
  Constants(const Parameters& p, int steps, double step)
      : dt(step),
        root_dt(std::sqrt(dt)),
        it_left(std::exp(-dt / p.it_life)),
        shell_left(std::exp(-dt / p.shell_life)),
        unit(p.revenue_0 / p.normal_utilisation / p.it_capital_0),
        price_speed(1 - std::exp(-p.price_adjustment * dt)),
        belief_speed(1 - std::exp(-p.belief_speed * dt)),
        shortfall_speed(1 - std::exp(-dt)),
        debt_left(std::exp(-dt / 7)),
        recovery_probability(1 - std::exp(-p.recovery_hazard * dt)) {
    for (int t = 0; t <= steps; ++t) {
      planned_growth.push_back(p.capex_growth_longrun +
                               (p.capex_growth_0 - p.capex_growth_longrun) *
                                   std::exp(-t * dt / p.capex_growth_decay));
      own_funds.push_back(p.reinvestment_share * p.internal_cash_0 *
                          std::exp(p.internal_cash_growth * t * dt));
    }
    for (int k = 0; k < p.build_lag; ++k)
      pipeline.push_back(p.capex_0 / std::pow(1 + p.capex_growth_0, (p.build_lag - k) * dt));
  }

  double dt, root_dt;
  double it_left, shell_left, unit;
  double price_speed, belief_speed, shortfall_speed, debt_left, recovery_probability;
  std::vector<double> planned_growth, own_funds;  // by step
  std::vector<double> pipeline;                   // spending before t = 0, oldest first
};

class Simulator {
 public:
  Simulator(const Config& config, std::uint32_t seed)
      : p_(config.parameters),
        c_(p_, config.steps, config.dt),
        steps_(config.steps),
        engine_(seed),
        poisson_(p_.shock_rate * config.dt),
        exponential_(1 / p_.shock_mean) {}

  /// Simulates one path and keeps its values.
  void simulate(std::size_t path, Values& values);

 private:
  struct Order {
    double spending, hardware;
  };
  /// One path's state.
  struct State {
    double efficiency = 0, hardware = 0, growth = 0, demand = 0, belief = 0, jump = 0;
    double capacity = 0, it_capital = 0, shell_capital = 0, capex = 0, debt = 0, stress = 0;
    double log_price = 0, price = 0, utilisation = 0, revenue = 0, required_revenue = 0;
    double coverage = 0, smooth_shortfall = 0, profit = 0, valuation = 0;
    Regime regime = Regime::boom;
    int bust_step = 0;
    std::vector<Order> pipeline;  // a ring of `build_lag` orders
  };

  State start() const;
  void advance_technology_and_demand(State& s);
  void deliver_and_spend(State& s, int t);
  void clear_market(State& s, int t);
  void account(State& s, double marginal_cost, double quantity, int t);
  void change_regime(State& s, int t);
  void keep(const State& s, int t, std::size_t path, Values& values) const;
  double normal() { return normal_(engine_); }

  Parameters p_;
  Constants c_;
  int steps_;
  boost::random::mt19937 engine_;
  boost::random::normal_distribution<> normal_;
  boost::random::poisson_distribution<> poisson_;
  boost::random::exponential_distribution<> exponential_;
  boost::random::uniform_01<> uniform_;
};

inline void Simulator::simulate(std::size_t path, Values& values) {
  State s = start();
  clear_market(s, 0);
  keep(s, 0, path, values);
  for (int t = 1; t <= steps_; ++t) {
    advance_technology_and_demand(s);
    deliver_and_spend(s, t);
    clear_market(s, t);
    change_regime(s, t);
    keep(s, t, path, values);
  }
}

inline Simulator::State Simulator::start() const {
  State s;
  s.growth = p_.demand_growth_0;
  s.demand = p_.revenue_0;
  s.capacity = p_.revenue_0 / p_.normal_utilisation;
  s.it_capital = p_.it_capital_0;
  s.shell_capital = p_.shell_capital_0;
  s.capex = p_.capex_0;
  s.belief = p_.demand_growth_0;
  for (const double spending : c_.pipeline) s.pipeline.push_back({spending, 0});
  return s;
}

inline void Simulator::advance_technology_and_demand(State& s) {  // steps 1 and 2
  s.jump = 0;
  for (int shocks = poisson_(engine_); shocks > 0; --shocks) s.jump += exponential_(engine_);
  s.efficiency += p_.efficiency_drift * c_.dt + p_.efficiency_vol * c_.root_dt * normal() + s.jump;
  s.hardware += p_.hardware_drift * c_.dt + p_.hardware_vol * c_.root_dt * normal();
  s.growth += p_.demand_growth_reversion * (p_.demand_growth_longrun - s.growth) * c_.dt +
              p_.demand_growth_vol * c_.root_dt * normal();
  const double growth =
      s.regime == Regime::bust ? std::min(s.growth, p_.bust_demand_growth) : s.growth;
  const double room = 1 - s.demand / (p_.demand_saturation * p_.revenue_0);
  s.demand *= std::exp(growth * room * c_.dt + p_.demand_vol * c_.root_dt * normal());
}

inline void Simulator::deliver_and_spend(State& s, int t) {  // steps 3 and 4
  Order& slot = s.pipeline[static_cast<std::size_t>((t - 1) % p_.build_lag)];
  const double it_delivery = p_.it_share * slot.spending * c_.dt;
  s.capacity = s.capacity * c_.it_left + it_delivery * std::exp(slot.hardware) * c_.unit;
  s.it_capital = s.it_capital * c_.it_left + it_delivery;
  s.shell_capital = s.shell_capital * c_.shell_left + (1 - p_.it_share) * slot.spending * c_.dt;

  const double feedback = p_.capex_feedback * std::tanh(std::log(s.coverage));
  const double growth = s.regime == Regime::boom
                            ? c_.planned_growth[static_cast<std::size_t>(t)] + feedback
                        : s.regime == Regime::bust ? -p_.bust_capex_decline
                                                   : p_.recovery_capex_growth + feedback;
  s.capex = std::max(s.capex * std::exp(growth * c_.dt + p_.capex_vol * c_.root_dt * normal()),
                     p_.capex_floor * p_.capex_0);
  slot = {s.capex, s.hardware};
}

inline void Simulator::clear_market(State& s, int t) {  // steps 6 to 9
  const double supply = s.capacity * std::exp(s.efficiency);
  const double marginal_cost =
      p_.marginal_cost_0 * std::exp(-s.efficiency - p_.marginal_cost_hardware_share * s.hardware);
  const double target =
      std::max(std::pow(s.demand / (p_.normal_utilisation * supply), 1 / p_.price_elasticity),
               (1 + p_.price_floor_markup) * marginal_cost);
  const double speed = t == 0 ? 1 : c_.price_speed;
  s.log_price += speed * (std::log(target) - s.log_price);
  s.price = std::exp(s.log_price);
  const double quantity = std::min(s.demand * std::exp(-p_.price_elasticity * s.log_price), supply);
  s.utilisation = quantity / supply;
  const double last_revenue = s.revenue;
  s.revenue = s.price * quantity;
  if (t > 0) s.belief += c_.belief_speed * (std::log(s.revenue / last_revenue) / c_.dt - s.belief);
  account(s, marginal_cost, quantity, t);
}

inline void Simulator::account(State& s, double marginal_cost, double quantity,
                               int t) {  // steps 8 and 9
  const double chi = p_.infrastructure_share;
  const double cost =
      chi * marginal_cost * quantity + p_.fixed_opex * (s.it_capital + s.shell_capital);
  s.required_revenue = (s.it_capital * (p_.wacc + 1 / p_.it_life) +
                        s.shell_capital * (p_.wacc + 1 / p_.shell_life) + cost) /
                       chi;
  s.coverage = s.revenue / s.required_revenue;
  s.profit = chi * s.revenue - cost;
  const double shortfall = std::max(0.0, 1 - s.coverage);
  const double speed = t == 0 ? 1 : c_.shortfall_speed;
  s.smooth_shortfall += speed * (shortfall - s.smooth_shortfall);

  const double own_funds = c_.own_funds[static_cast<std::size_t>(t)];
  s.debt = s.debt * c_.debt_left + std::max(0.0, s.capex - s.profit - own_funds) * c_.dt;
  s.stress = p_.debt_rate * s.debt / (own_funds + std::max(s.profit, 0.0));
  const double believed = std::clamp(s.belief, -0.5, 0.6) - p_.wacc;
  s.valuation =
      chi * s.revenue * p_.valuation_margin * std::exp(believed * p_.belief_horizon) / p_.wacc;
}

inline void Simulator::change_regime(State& s, int t) {  // step 10
  const double uniform = uniform_(engine_);
  if (s.regime == Regime::boom) {
    const double hazard = p_.bust_hazard * std::exp(p_.bust_hazard_shortfall * s.smooth_shortfall +
                                                    p_.bust_hazard_shock * s.jump +
                                                    p_.bust_hazard_funding * s.stress);
    if (uniform < 1 - std::exp(-hazard * c_.dt)) {
      s.regime = Regime::bust;
      s.bust_step = t;
      s.demand *= 1 - p_.circular_demand;
      s.belief = std::min(s.belief, 0.0);
    }
  } else if (s.regime == Regime::bust) {
    if (t - s.bust_step >= p_.min_bust_steps && s.utilisation > p_.recovery_utilisation &&
        uniform < c_.recovery_probability)
      s.regime = Regime::recovery;
  }
}

inline void Simulator::keep(const State& s, int t, std::size_t path, Values& values) const {
  const std::array<double, series_count> row = {s.revenue,
                                                s.required_revenue,
                                                s.coverage,
                                                s.revenue / (2 * s.capex),
                                                s.required_revenue - s.revenue,
                                                s.capex,
                                                s.it_capital + s.shell_capital,
                                                s.price,
                                                s.utilisation,
                                                s.profit,
                                                s.debt,
                                                s.valuation};
  for (std::size_t i = 0; i < row.size(); ++i) values.series(t, i)[path] = row[i];
  values.regime(t)[path] = s.regime;
}

}  // namespace peer
