// The overbuild model's kernel against the scalar reference: every series, event and outcome of
// 2048 paths over 40 steps, path by path, in unlike cases.
#include <functional>

#include "tests/models/both_paths.hpp"

namespace overbuild {
namespace {

using reference::Parameters;
using reference::Settings;

constexpr int paths = 2048;
constexpr double tolerance = 1e-10;  // relative

struct Case {
  std::string name;
  Settings settings = {};
  std::function<void(Parameters&, int path)> change = [](Parameters&, int) {};
};

void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }

Case with_parameters(std::string name, std::function<void(Parameters&, int path)> change) {
  return {std::move(name), {}, std::move(change)};
}

Case with_correlated_shocks() {
  Case c{"correlated_shocks"};
  c.settings.shock_factor = {{{1, 0, 0, 0, 0},
                              {0.6, 0.8, 0, 0, 0},
                              {-0.3, 0.2, std::sqrt(0.87), 0, 0},
                              {0, -0.5, 0.5, std::sqrt(0.5), 0},
                              {0.1, 0.1, 0.7, -0.1, std::sqrt(0.48)}}};
  return c;
}

Case with_scheduled_shocks() {
  Case c{"scheduled_shocks"};
  c.settings.scheduled_shock.assign(41, 0);
  c.settings.scheduled_shock[1] = -0.5;
  c.settings.scheduled_shock[9] = 3.31;
  return c;
}

Case with_announced_capex() {
  Case c{"announced_capex"};
  c.settings.announced_capex.assign(41, std::numeric_limits<double>::quiet_NaN());
  for (std::size_t t = 3; t <= 9; ++t) c.settings.announced_capex[t] = 300 + 40 * double(t * t);
  return c;
}

/// Four paths beside each other, i.e. the lanes of a vector, have different lags.
Case with_varied_lags() {
  return with_parameters("build_lag_by_path", [](Parameters& p, int path) {
    p.build_lag = 1 + path * 7 % 24;
    p.pipeline_holds_start = path / 3 % 2;
  });
}

/// Every parameter differs between paths.
Case with_varied_parameters() {
  return with_parameters("all_by_path", [](Parameters& p, int path) {
    const auto spread = [&](double& value, int prime) {
      value *= 0.7 + 0.6 * (path * prime % 101) / 100;
    };
    int prime = 3;
    for (double* value : {&p.revenue_0,
                          &p.capex_0,
                          &p.it_capital_0,
                          &p.shell_capital_0,
                          &p.normal_utilisation,
                          &p.efficiency_drift,
                          &p.efficiency_vol,
                          &p.shock_rate,
                          &p.shock_mean,
                          &p.hardware_drift,
                          &p.hardware_vol,
                          &p.demand_growth_0,
                          &p.demand_growth_longrun,
                          &p.demand_growth_reversion,
                          &p.demand_growth_vol,
                          &p.demand_saturation,
                          &p.demand_vol,
                          &p.price_elasticity,
                          &p.price_adjustment,
                          &p.marginal_cost_0,
                          &p.marginal_cost_hardware_share,
                          &p.price_floor_markup,
                          &p.it_share,
                          &p.it_life,
                          &p.shell_life,
                          &p.capex_growth_0,
                          &p.capex_growth_longrun,
                          &p.capex_growth_decay,
                          &p.capex_feedback,
                          &p.capex_vol,
                          &p.bust_capex_decline,
                          &p.recovery_capex_growth,
                          &p.capex_floor,
                          &p.wacc,
                          &p.infrastructure_share,
                          &p.fixed_opex,
                          &p.bust_hazard,
                          &p.bust_hazard_shortfall,
                          &p.bust_hazard_shock,
                          &p.bust_hazard_funding,
                          &p.circular_demand,
                          &p.bust_demand_growth,
                          &p.recovery_utilisation,
                          &p.recovery_hazard,
                          &p.internal_cash_0,
                          &p.internal_cash_growth,
                          &p.reinvestment_share,
                          &p.debt_rate,
                          &p.belief_speed,
                          &p.belief_horizon,
                          &p.valuation_margin})
      spread(*value, prime += 2);
    p.build_lag = 1 + path % 6;
    p.min_bust_steps = path / 6 % 5;
  });
}

std::vector<Case> cases() {
  const auto lag = [](int steps) {
    return with_parameters("build_lag_" + std::to_string(steps),
                           [=](Parameters& p, int) { p.build_lag = steps; });
  };
  const auto elasticity = [](std::string name, double value) {
    return with_parameters(std::move(name),
                           [=](Parameters& p, int) { p.price_elasticity = value; });
  };
  return {
      with_parameters("base", [](Parameters&, int) {}),
      with_correlated_shocks(),
      with_scheduled_shocks(),
      with_announced_capex(),
      with_parameters("many_shocks_a_step", [](Parameters& p, int) { p.shock_rate = 20; }),
      lag(1),
      lag(4),
      lag(24),
      with_varied_lags(),
      with_varied_parameters(),
      elasticity("least_elasticity", 0.05),
      elasticity("low_elasticity", 0.4),
      elasticity("high_elasticity", 3),
      elasticity("largest_elasticity", 20),
      with_parameters("pipeline_holds_start",
                      [](Parameters& p, int) { p.pipeline_holds_start = 1; }),
      with_parameters("saturation_option_by_path",
                      [](Parameters& p, int path) {
                        p.demand_saturation = 3;
                        p.saturation_damps_growth_only = path % 3 != 0;
                      }),
      with_parameters("discipline_by_path",
                      [](Parameters& p, int path) {
                        p.price_discipline = path % 5 * 0.25;
                        p.efficiency_drift = path % 3 * 0.3;  // above and below the clearing price
                      }),
      with_parameters("starts_at_the_floor", [](Parameters& p, int) { p.marginal_cost_0 = 3; }),
      with_parameters("price_follows_at_once",
                      [](Parameters& p, int) { p.price_adjustment = 1e6; }),
      with_parameters("rationed", [](Parameters& p, int) { p.price_adjustment = 0; }),
      with_parameters("saturated_at_once", [](Parameters& p, int) { p.demand_saturation = 0.5; }),
      with_parameters("bust_and_recovery_at_once", [](Parameters& p, int) {
        p.bust_hazard = p.recovery_hazard = certain;
        p.min_bust_steps = 1;
      })};
}

/// The size of what a value is the difference of: its rounding errors are relative to that.
double operands(Series series, const reference::Row& row, const Parameters& p) {
  switch (series) {
    case Series::gap:
      return row.revenue + row.required_revenue;
    case Series::profit:
      return p.infrastructure_share * row.revenue + row.cost;
    case Series::debt:
      return row.capex + std::abs(row.profit) + p.reinvestment_share * row.internal_cash;
    default:
      return 0;
  }
}

double operands(Outcome outcome, const reference::Path& path, const Parameters& p) {
  double largest_gap = 0, sum = 0, largest_debt = 0;
  for (const reference::Row& row : path.rows) {
    largest_gap = std::max(largest_gap, operands(Series::gap, row, p));
    largest_debt = std::max(largest_debt, operands(Series::debt, row, p));
    sum += operands(Series::gap, row, p);
  }
  switch (outcome) {
    case Outcome::capex_fall:
    case Outcome::valuation_drawdown:
      return 1;
    case Outcome::gap_max:
      return largest_gap;
    case Outcome::gap_cumulative:
      return sum;
    case Outcome::debt_peak:
      return largest_debt;
    case Outcome::idle_capital_trough:
      return path.rows[0].net_capital;
    default:
      return 0;
  }
}

testing::AssertionResult near(double kernel, double wanted, double operand_size) {
  if (std::isnan(wanted) && std::isnan(kernel)) return testing::AssertionSuccess();
  const double bound = tolerance * std::max(std::abs(wanted), operand_size);
  if (std::isfinite(wanted) && std::abs(kernel - wanted) <= bound)
    return testing::AssertionSuccess();
  return testing::AssertionFailure()
         << std::setprecision(17) << "kernel " << kernel << ", reference " << wanted;
}

class WholeModel : public testing::TestWithParam<Case> {
 protected:
  const ModelSchema& schema = model_called("overbuild").schema;

  void expect_row(const KernelPaths& kernel, int path, int t, const reference::Row& row,
                  const Parameters& p) const {
    const std::vector<double> wanted = values(row);
    for (std::size_t s = 0; s < wanted.size(); ++s)
      ASSERT_TRUE(near(kernel.series(s, t, path), wanted[s], operands(Series(s), row, p)))
          << schema.series[s].name << ", path " << path << ", step " << t;
    ASSERT_EQ(kernel.event(Event::bust_begun, t, path), row.regime != reference::boom) << path;
    ASSERT_EQ(kernel.event(Event::in_bust, t, path), row.regime == reference::bust) << path;
    ASSERT_EQ(kernel.event(Event::recovered, t, path), row.regime == reference::recovery) << path;
    ASSERT_EQ(kernel.event(Event::covered, t, path), row.coverage >= 1) << path;
  }

  void expect_outcomes(const KernelPaths& kernel, int path, const reference::Path& reference,
                       const Parameters& p) const {
    const std::vector<double> wanted = values(reference.outcomes);
    for (std::size_t o = 0; o < wanted.size(); ++o)
      ASSERT_TRUE(near(kernel.outcome(o, path), wanted[o], operands(Outcome(o), reference, p)))
          << schema.outcomes[o].name << ", path " << path;
  }
};

TEST_P(WholeModel, KernelAgreesWithTheReference) {
  std::vector<Parameters> parameters(paths);
  for (int path = 0; path < paths; ++path) GetParam().change(parameters[std::size_t(path)], path);
  const Settings& settings = GetParam().settings;
  const KernelPaths kernel(model_called("overbuild"), kernel_settings(settings),
                           path_parameters(parameters));
  for (int path = 0; path < paths; ++path) {
    const Parameters& p = parameters[std::size_t(path)];
    const reference::Path reference = reference::simulate(p, settings, std::uint64_t(path));
    for (int t = 0; t <= settings.steps; ++t)
      ASSERT_NO_FATAL_FAILURE(expect_row(kernel, path, t, reference.rows[std::size_t(t)], p));
    ASSERT_NO_FATAL_FAILURE(expect_outcomes(kernel, path, reference, p));
  }
}

INSTANTIATE_TEST_SUITE_P(Overbuild, WholeModel, testing::ValuesIn(cases()),
                         [](const auto& of) { return of.param.name; });

}  // namespace
}  // namespace overbuild
