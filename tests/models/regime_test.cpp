// Step 10 of the overbuild model: bust and recovery, equation by equation.
#include "tests/models/both_paths.hpp"

namespace overbuild {
namespace {

constexpr double dt = 0.25;

/// The hazard at which a regime changes at this step of path 0: u = 1 - exp(-hazard dt).
double critical_hazard(int step) {
  const double u = reference::draw(reference::Parameters(), {}, 0, step).regime_uniform;
  return -std::log(1 - u) / dt;
}

constexpr double just_below = 1 - 1e-9, just_above = 1 + 1e-9;

TEST(ModelBust, HappensWhereTheDrawIsBelowTheHazardsProbability) {
  reference::Parameters p = still();
  p.bust_hazard_shortfall = p.bust_hazard_shock = p.bust_hazard_funding = 0;
  p.bust_hazard = critical_hazard(1) * just_below;
  EXPECT_TRUE(BothPaths(p).in(reference::boom, 1));
  p.bust_hazard = critical_hazard(1) * just_above;
  EXPECT_TRUE(BothPaths(p).in(reference::bust, 1));
}

TEST(ModelBust, NeverHappensWithoutHazardAndAtOnceWithAHugeOne) {
  reference::Parameters p = still();
  for (const int t : {1, 40}) EXPECT_TRUE(BothPaths(p).in(reference::boom, t));
  p.bust_hazard = certain;
  EXPECT_TRUE(BothPaths(p).in(reference::boom, 0));
  EXPECT_TRUE(BothPaths(p).in(reference::bust, 1));
}

/// Expects the bust of step 1 to come where h0 exp(exponent) passes the critical hazard.
void expect_hazard_factor(reference::Parameters p, double exponent,
                          const reference::Settings& settings = {}) {
  const double base = critical_hazard(1) / std::exp(exponent);
  p.bust_hazard = base * just_below;
  EXPECT_TRUE(BothPaths(p, settings).in(reference::boom, 1));
  EXPECT_TRUE(agrees(BothPaths(p, settings).row(1).hazard, p.bust_hazard * std::exp(exponent)));
  p.bust_hazard = base * just_above;
  EXPECT_TRUE(BothPaths(p, settings).in(reference::bust, 1));
}

TEST(ModelBust, HazardRisesWithTheLastingShortfall) {
  reference::Parameters p = still();
  p.bust_hazard_shock = p.bust_hazard_funding = 0;
  p.bust_hazard_shortfall = 2.5;
  const BothPaths path(p);
  const double before = 1 - path.row(0).coverage, now = 1 - path.row(1).coverage;
  expect_hazard_factor(p, 2.5 * (before + (1 - std::exp(-dt)) * (now - before)));
}

TEST(ModelBust, HazardRisesWithTheStepsShock) {
  reference::Parameters p = still();
  p.bust_hazard_shortfall = p.bust_hazard_funding = 0;
  p.bust_hazard_shock = 0.8;
  reference::Settings settings;
  settings.scheduled_shock.assign(41, 0);
  settings.scheduled_shock[1] = 3.31;
  expect_hazard_factor(p, 0.8 * 3.31, settings);
}

TEST(ModelBust, HazardForgetsAShockOfTheStepBefore) {
  reference::Parameters p = still();
  p.bust_hazard_shortfall = p.bust_hazard_funding = 0;
  p.bust_hazard = 1e-9;
  reference::Settings settings;
  settings.scheduled_shock.assign(41, 0);
  settings.scheduled_shock[1] = 3.31;
  const BothPaths path(p, settings);
  EXPECT_TRUE(agrees(path.row(1).hazard, 1e-9 * std::exp(0.8 * 3.31)));
  EXPECT_TRUE(agrees(path.row(2).hazard, 1e-9));
}

TEST(ModelBust, HazardRisesWithFundingStress) {
  reference::Parameters p = still();
  p.bust_hazard_shortfall = p.bust_hazard_shock = 0;
  p.bust_hazard_funding = 5;
  p.reinvestment_share = 0.2;
  const reference::Row row = BothPaths(p).row(1);
  const double own_funds = 0.2 * row.internal_cash;
  expect_hazard_factor(p, 5 * 0.065 * row.debt / (own_funds + std::max(row.profit, 0.0)));
}

TEST(ModelBust, HazardHasNoShortfallWhereRevenueIsMoreThanRequired) {
  reference::Parameters p = still();
  p.bust_hazard_shock = p.bust_hazard_funding = 0;
  p.revenue_0 = 600;
  ASSERT_GT(BothPaths(p).row(1).coverage, 1);
  expect_hazard_factor(p, 0);
}

TEST(ModelBust, ALossAddsNothingToTheCashFlowThatLimitsStress) {
  reference::Parameters p = still();
  p.bust_hazard_shortfall = p.bust_hazard_shock = 0;
  p.bust_hazard_funding = 5;
  p.revenue_0 = 20;
  const reference::Row row = BothPaths(p).row(1);
  ASSERT_LT(row.profit, 0);
  expect_hazard_factor(p, 5 * 0.065 * row.debt / (0.45 * row.internal_cash));
}

TEST(ModelBust, HazardsThreeSensitivitiesAdd) {
  reference::Parameters p = still();
  reference::Settings settings;
  settings.scheduled_shock.assign(41, 0);
  settings.scheduled_shock[1] = 0.7;
  const reference::Row row = BothPaths(p, settings).row(1);
  expect_hazard_factor(p, 2.0 * row.smoothed_shortfall + 0.8 * 0.7 + 0.5 * row.stress, settings);
}

TEST(ModelBust, CircularDemandIsLostFromTheStepAfter) {
  reference::Parameters p = still_market();
  p.bust_hazard = certain;
  p.recovery_hazard = 0;
  p.bust_demand_growth = 0;
  p.circular_demand = 0.3;
  const BothPaths path(p);  // ln P = (ln(A/A0) + t dt/L1)/eta
  EXPECT_TRUE(path.has(Series::price, 1, std::exp(dt / 5 / 1.15)));
  EXPECT_TRUE(path.has(Series::price, 2, std::exp((std::log(0.7) + 2 * dt / 5) / 1.15)));
  EXPECT_TRUE(path.has(Series::price, 3, std::exp((std::log(0.7) + 3 * dt / 5) / 1.15)));
}

TEST(ModelBust, CircularDemandIsLostFromTheSaturationToo) {
  reference::Parameters p = still_market();
  p.bust_hazard = certain;
  p.recovery_hazard = 0;
  p.bust_demand_growth = -0.4;
  p.demand_growth_0 = p.demand_growth_longrun = 0;
  p.circular_demand = 0.3;
  p.demand_saturation = 2;
  const double log_demand = std::log(0.7) - 0.4 * (1 - 0.7 / 2) * dt;
  EXPECT_TRUE(BothPaths(p).has(Series::price, 2, std::exp((log_demand + 2 * dt / 5) / 1.15)));
}

/// Valuation one step after a bust at step 1, of a belief that does not move by itself.
double belief_after_bust(double before) {
  reference::Parameters p = still();
  p.belief_speed = 0;
  p.demand_growth_0 = before;
  p.bust_hazard = certain;
  const BothPaths path(p);
  const auto belief_of = [&](int t) {
    const double base = 0.5 * path.row(t).revenue * 0.4 / 0.10;
    return std::log(path.kernel.series(Series::valuation, t, 0) / base) / 4 + 0.10;
  };
  EXPECT_NEAR(belief_of(1), before, 1e-12);  // the bust shows from the step after
  EXPECT_EQ(path.row(2).belief, std::min(before, 0.0));
  return belief_of(2);
}

TEST(ModelBust, OptimismEndsAndPessimismStays) {
  EXPECT_NEAR(belief_after_bust(0.4), 0, 1e-12);
  EXPECT_NEAR(belief_after_bust(-0.2), -0.2, 1e-12);
}

/// A bust at step 1 from which nothing but the hazard keeps.
reference::Parameters recovering() {
  reference::Parameters p = still();
  p.bust_hazard = certain;
  p.recovery_hazard = certain;
  p.recovery_utilisation = 0;
  p.min_bust_steps = 0;
  return p;
}

TEST(ModelRecovery, ComesNoEarlierThanTheLeastSteps) {
  for (const int least : {0, 1, 2, 7}) {
    reference::Parameters p = recovering();
    p.min_bust_steps = least;
    const BothPaths path(p);
    const int first = 1 + std::max(least, 1);  // one change of regime a step
    EXPECT_TRUE(path.in(reference::bust, first - 1)) << least;
    EXPECT_TRUE(path.in(reference::recovery, first)) << least;
  }
}

TEST(ModelRecovery, NeedsUtilisationAboveItsThreshold) {
  reference::Parameters p = recovering();
  const double utilisation = BothPaths(p).row(2).utilisation;
  p.recovery_utilisation = utilisation * just_above;
  EXPECT_TRUE(BothPaths(p).in(reference::bust, 2));
  p.recovery_utilisation = utilisation * just_below;
  EXPECT_TRUE(BothPaths(p).in(reference::recovery, 2));
}

TEST(ModelRecovery, HappensWhereTheDrawIsBelowTheHazardsProbability) {
  reference::Parameters p = recovering();
  p.recovery_hazard = critical_hazard(2) * just_below;
  EXPECT_TRUE(BothPaths(p).in(reference::bust, 2));
  p.recovery_hazard = critical_hazard(2) * just_above;
  EXPECT_TRUE(BothPaths(p).in(reference::recovery, 2));
}

TEST(ModelRecovery, IsForGood) {
  const BothPaths path(recovering());
  for (int t = 2; t <= 40; ++t) EXPECT_TRUE(path.in(reference::recovery, t));
  EXPECT_TRUE(path.kernel.event(Event::bust_begun, 40, 0));
}

TEST(ModelRecovery, EventsAndFinalRegimeTellTheRegime) {
  const BothPaths path(recovering());
  const auto events = [&](int t) {
    return std::vector<bool>{path.kernel.event(Event::bust_begun, t, 0),
                             path.kernel.event(Event::in_bust, t, 0),
                             path.kernel.event(Event::recovered, t, 0)};
  };
  EXPECT_EQ(events(0), (std::vector<bool>{false, false, false}));
  EXPECT_EQ(events(1), (std::vector<bool>{true, true, false}));
  EXPECT_EQ(events(2), (std::vector<bool>{true, false, true}));
  EXPECT_TRUE(path.has(Outcome::regime_final, 2));
}

}  // namespace
}  // namespace overbuild
