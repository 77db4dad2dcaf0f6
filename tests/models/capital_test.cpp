// Steps 3 to 5 of the overbuild model: delivery, capital expenditure and the investors' cash,
// equation by equation.
#include "tests/models/both_paths.hpp"

namespace overbuild {
namespace {

constexpr double dt = 0.25, root_dt = 0.5;

TEST(ModelDelivery, ItCapitalWearsOffAndGrowsByItsShare) {
  reference::Parameters p = still();
  p.it_share = 1;
  p.it_life = 3;
  p.shell_capital_0 = 0;
  p.build_lag = 1;
  const BothPaths path(p);
  const double first = 260 * std::exp(-dt / 3) + 300 / std::pow(1.3, dt) * dt;
  const double second = first * std::exp(-dt / 3) + path.row(1).capex * dt;
  EXPECT_TRUE(path.has(Series::net_capital, 1, first));
  EXPECT_TRUE(path.has(Series::net_capital, 2, second));
}

TEST(ModelDelivery, ShellCapitalWearsOffAndGrowsByTheRest) {
  reference::Parameters p = still();
  p.it_share = 0.6;
  p.shell_life = 15;
  p.build_lag = 1;
  const BothPaths path(p);
  double it = 260, shell = 170, spending = 300 / std::pow(1.3, dt);
  for (int t = 1; t <= 3; ++t) {
    it = it * std::exp(-dt / 5) + 0.6 * spending * dt;
    shell = shell * std::exp(-dt / 15) + 0.4 * spending * dt;
    EXPECT_TRUE(path.has(Series::net_capital, t, it + shell));
    EXPECT_TRUE(agrees(path.row(t).it_capital, it));
    EXPECT_TRUE(agrees(path.row(t).shell_capital, shell));
    spending = path.row(t).capex;
  }
}

TEST(ModelDelivery, CapacityIsBoughtAtTheHardwareOfItsOrder) {
  reference::Parameters p = still_market();
  p.it_share = 0.6;
  p.hardware_drift = 0.28;
  p.build_lag = 2;
  const BothPaths path(p);
  const double unit = 75 / 260.0;
  // Steps 1 and 2 deliver what was ordered at h = 0, step 3 what was ordered in step 1.
  const double spending[] = {300 / std::pow(1.3, 2 * dt), 300 / std::pow(1.3, dt),
                             path.row(1).capex};
  const double hardware[] = {0, 0, 0.28 * dt};
  double capacity = 75;
  for (int t = 1; t <= 3; ++t) {
    capacity = capacity * std::exp(-dt / 5) +
               0.6 * spending[t - 1] * dt * std::exp(hardware[t - 1]) * unit;
    EXPECT_TRUE(path.has(Series::price, t, std::pow(60 / (0.8 * capacity), 1 / 1.15)));
    EXPECT_TRUE(agrees(path.row(t).capacity, capacity));
  }
}

TEST(ModelCapex, PlannedGrowthDecaysToTheLongRun) {
  reference::Parameters p = still();
  p.capex_feedback = 0;
  const BothPaths path(p);
  double capex = 300;
  for (int t = 1; t <= 40; ++t) {
    const double plan = 0.04 + (0.30 - 0.04) * std::exp(-t * dt / 1.5);
    capex *= std::exp(plan * dt);
    EXPECT_TRUE(path.has(Series::capex, t, capex)) << t;
  }
}

/// A still economy whose capex has neither plan nor feedback.
reference::Parameters without_plan() {
  reference::Parameters p = still();
  p.capex_growth_0 = p.capex_growth_longrun = 0;
  p.capex_feedback = 0;
  return p;
}

TEST(ModelCapex, RespondsToTheCoverageOfTheStepBefore) {
  reference::Parameters p = without_plan();
  p.capex_feedback = 0.25;
  const BothPaths path(p);
  const double first = 300 * std::exp(0.25 * std::tanh(std::log(path.row(0).coverage)) * dt);
  const double second = first * std::exp(0.25 * std::tanh(std::log(path.row(1).coverage)) * dt);
  EXPECT_TRUE(path.has(Series::capex, 1, first));
  EXPECT_TRUE(path.has(Series::capex, 2, second));
  EXPECT_LT(second, first);
}

TEST(ModelCapex, GrowsByFeedbackWhereRevenueIsMoreThanRequired) {
  reference::Parameters p = without_plan();
  p.capex_feedback = 0.25;
  p.revenue_0 = 600;
  const BothPaths path(p);
  ASSERT_GT(path.row(0).coverage, 1);
  const double growth = 0.25 * std::tanh(std::log(path.row(0).coverage));
  EXPECT_TRUE(path.has(Series::capex, 1, 300 * std::exp(growth * dt)));
}

TEST(ModelCapex, Diffuses) {
  reference::Parameters p = without_plan();
  p.capex_vol = 0.10;
  const double z5 = reference::draw(p, {}, 0, 1).normal[4];
  EXPECT_TRUE(BothPaths(p).has(Series::capex, 1, 300 * std::exp(0.10 * root_dt * z5)));
}

TEST(ModelCapex, FallsInTheBustFromTheStepAfter) {
  reference::Parameters p = without_plan();
  p.capex_feedback = 0.25;  // has no say in the bust
  p.bust_hazard = certain;
  p.recovery_hazard = 0;
  const BothPaths path(p);
  const double boom = 300 * std::exp(0.25 * std::tanh(std::log(path.row(0).coverage)) * dt);
  EXPECT_TRUE(path.in(reference::bust, 1));
  EXPECT_TRUE(path.has(Series::capex, 1, boom));
  EXPECT_TRUE(path.has(Series::capex, 2, boom * std::exp(-0.60 * dt)));
  EXPECT_TRUE(path.has(Series::capex, 3, boom * std::exp(-0.60 * 2 * dt)));
}

TEST(ModelCapex, GrowsInTheRecoveryWithFeedback) {
  reference::Parameters p = without_plan();
  p.capex_feedback = 0.25;
  p.bust_hazard = p.recovery_hazard = certain;
  p.recovery_utilisation = 0;
  p.min_bust_steps = 1;
  const BothPaths path(p);
  EXPECT_TRUE(path.in(reference::recovery, 2));
  const double growth = 0.06 + 0.25 * std::tanh(std::log(path.row(2).coverage));
  EXPECT_TRUE(path.has(Series::capex, 3, path.row(2).capex * std::exp(growth * dt)));
}

TEST(ModelCapex, DoesNotFallBelowMaintenance) {
  reference::Parameters p = without_plan();
  p.capex_floor = 0.8;
  p.bust_hazard = certain;
  p.recovery_hazard = 0;
  const BothPaths path(p);  // exp(-0.6 dt) = 0.86, exp(-0.6 * 2 dt) = 0.74
  EXPECT_TRUE(path.has(Series::capex, 2, 300 * std::exp(-0.60 * dt)));
  EXPECT_TRUE(path.has(Series::capex, 3, 0.8 * 300));
  EXPECT_TRUE(path.has(Series::capex, 40, 0.8 * 300));
}

/// Announced 350 and 420 bn at steps 2 and 3; nothing before and after.
reference::Settings announced() {
  reference::Settings settings;
  settings.announced_capex.assign(41, std::numeric_limits<double>::quiet_NaN());
  settings.announced_capex[1] = 250;
  settings.announced_capex[2] = 350;
  settings.announced_capex[3] = 420;
  return settings;
}

TEST(ModelCapex, AnnouncedGrowthReplacesPlanAndFeedback) {
  reference::Parameters p = without_plan();
  p.capex_growth_0 = p.capex_growth_longrun = 0.1;
  p.capex_feedback = 0.25;
  const BothPaths path(p, announced());
  const double planned = std::exp(0.1 * dt);
  const double ratio[] = {planned, 350 / 250.0, 420 / 350.0, planned};
  double capex = 300;
  for (int t = 1; t <= 4; ++t) {
    const double feedback = 0.25 * std::tanh(std::log(path.row(t - 1).coverage));
    const bool announced_step = t == 2 || t == 3;
    capex *= ratio[t - 1] * (announced_step ? 1 : std::exp(feedback * dt));
    EXPECT_TRUE(path.has(Series::capex, t, capex)) << t;
  }
}

TEST(ModelCapex, AnnouncementsHaveNoSayAfterTheBust) {
  reference::Parameters p = without_plan();
  p.bust_hazard = p.recovery_hazard = certain;
  p.recovery_utilisation = 0;
  p.min_bust_steps = 1;
  const BothPaths path(p, announced());  // step 2 in the bust, step 3 in the recovery
  EXPECT_TRUE(path.has(Series::capex, 2, 300 * std::exp(-0.60 * dt)));
  EXPECT_TRUE(path.has(Series::capex, 3, 300 * std::exp((-0.60 + 0.06) * dt)));
}

TEST(ModelCash, GrowsAndPaysForCapex) {
  reference::Parameters p = without_plan();
  p.internal_cash_growth = 0.08;
  const BothPaths path(p);
  for (const int t : {1, 2, 40})
    EXPECT_TRUE(agrees(path.row(t).internal_cash, 420 * std::exp(0.08 * t * dt)));
  const double need = 300 - path.row(1).profit - 0.45 * 420 * std::exp(0.08 * dt);
  EXPECT_TRUE(path.has(Series::debt, 1, path.row(0).debt * std::exp(-dt / 7) + need * dt));
}

}  // namespace
}  // namespace overbuild
