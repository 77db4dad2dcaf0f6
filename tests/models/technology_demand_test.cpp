// Steps 1 and 2 of the overbuild model: draws, technology and demand, equation by equation.
#include "tests/models/both_paths.hpp"

namespace overbuild {
namespace {

constexpr double dt = 0.25, root_dt = 0.5;

/// Price of a still market: demand grew by `log_demand` and efficiency by `efficiency` since t = 0.
double price(int step, double log_demand, double efficiency) {
  return std::exp((log_demand + step * dt / 5 - efficiency) / 1.15);
}

reference::Draws drawn(int step, const reference::Settings& settings = {}) {
  return reference::draw(reference::Parameters(), settings, 0, step);
}

TEST(ModelDraws, NormalsAreCorrelatedByTheLowerFactor) {
  reference::Settings correlated;
  correlated.shock_factor[4] = {0.5, 0.1, -0.3, 0.4, std::sqrt(1 - 0.25 - 0.01 - 0.09 - 0.16)};
  const auto z = drawn(1).normal;
  const double z5 = 0.5 * z[0] + 0.1 * z[1] - 0.3 * z[2] + 0.4 * z[3] + 0.7 * z[4];
  EXPECT_TRUE(agrees(drawn(1, correlated).normal[4], z5));
  EXPECT_EQ(drawn(1, correlated).normal[3], z[3]);
  reference::Parameters p = still();
  p.capex_vol = 0.3;
  p.capex_feedback = 0;
  p.capex_growth_0 = p.capex_growth_longrun = 0;
  const BothPaths path(p, correlated);
  EXPECT_TRUE(path.has(Series::capex, 1, 300 * std::exp(0.3 * root_dt * z5)));
}

TEST(ModelDraws, ShockCountInvertsThePoissonDistribution) {
  const double p0 = std::exp(-0.5), p1 = 0.5 * p0, p2 = 0.125 * p0;
  EXPECT_EQ(reference::poisson_by_inversion(p0 * 0.999, 0.5), 0);
  EXPECT_EQ(reference::poisson_by_inversion(p0 * 1.001, 0.5), 1);
  EXPECT_EQ(reference::poisson_by_inversion((p0 + p1) * 0.999, 0.5), 1);
  EXPECT_EQ(reference::poisson_by_inversion((p0 + p1) * 1.001, 0.5), 2);
  EXPECT_EQ(reference::poisson_by_inversion((p0 + p1 + p2) * 1.001, 0.5), 3);
}

TEST(ModelDraws, ShockSizesScaleWithTheirMean) {
  reference::Parameters p = still_market();
  p.shock_rate = 20;  // exp(-5) is the chance of none at a step
  p.shock_mean = 0.1;
  const double small = reference::draw(p, {}, 0, 1).shock;
  ASSERT_GT(small, 0);
  EXPECT_TRUE(BothPaths(p).has(Series::price, 1, price(1, 0, small)));
  p.shock_mean = 0.3;
  EXPECT_TRUE(BothPaths(p).has(Series::price, 1, price(1, 0, 3 * small)));
  p.shock_rate = 0;
  EXPECT_TRUE(BothPaths(p).has(Series::price, 1, price(1, 0, 0)));
}

TEST(ModelDraws, AScheduledShockIsAddedToJ) {
  reference::Parameters p = still_market();
  p.shock_rate = 20;
  reference::Settings settings;
  settings.scheduled_shock.assign(41, 0);
  settings.scheduled_shock[2] = 3.31;
  const double first = reference::draw(p, {}, 0, 1).shock;
  const double second = reference::draw(p, {}, 0, 2).shock + 3.31;
  const BothPaths path(p, settings);
  EXPECT_TRUE(path.has(Series::price, 1, price(1, 0, first)));
  EXPECT_TRUE(path.has(Series::price, 2, price(2, 0, first + second)));
  EXPECT_TRUE(agrees(path.row(2).shock, second));
}

TEST(ModelTechnology, EfficiencyDriftsDiffusesAndJumps) {
  reference::Parameters p = still_market();
  p.efficiency_drift = 0.7;
  p.efficiency_vol = 0.15;
  double efficiency = 0;
  const BothPaths path(p);
  for (int t = 1; t <= 3; ++t) {
    efficiency += 0.7 * dt + 0.15 * root_dt * drawn(t).normal[0];
    EXPECT_TRUE(path.has(Series::price, t, price(t, 0, efficiency)));
  }
  reference::Draws draws;
  draws.normal[0] = 1.5;
  draws.shock = 0.9;
  reference::Settings one_step;
  one_step.steps = 1;
  const auto rows = reference::simulate_from(p, one_step, {draws}).rows;
  EXPECT_TRUE(agrees(rows[1].efficiency, 0.7 * dt + 0.15 * root_dt * 1.5 + 0.9));
}

TEST(ModelTechnology, HardwareDriftsAndDiffuses) {
  reference::Parameters p = still_market();
  p.marginal_cost_0 = 3;  // the price is the floor, 1.1 mc0 exp(-theta h)
  p.hardware_drift = 0.28;
  p.hardware_vol = 0.10;
  double hardware = 0;
  const BothPaths path(p);
  for (int t = 1; t <= 3; ++t) {
    hardware += 0.28 * dt + 0.10 * root_dt * drawn(t).normal[1];
    EXPECT_TRUE(path.has(Series::price, t, 1.1 * 3 * std::exp(-0.7 * hardware)));
    EXPECT_TRUE(agrees(path.row(t).hardware, hardware));
  }
}

TEST(ModelDemand, GrowthRevertsAndDiffuses) {
  reference::Parameters p = still_market();
  p.demand_growth_0 = 0.8;
  p.demand_growth_longrun = 0.05;
  p.demand_growth_vol = 0.12;
  p.demand_saturation = 1e15;  // ln A = sum of g dt
  double growth = 0.8, log_demand = 0;
  const BothPaths path(p);
  for (int t = 1; t <= 3; ++t) {
    growth += 0.25 * (0.05 - growth) * dt + 0.12 * root_dt * drawn(t).normal[2];
    log_demand += growth * dt;
    EXPECT_TRUE(path.has(Series::price, t, price(t, log_demand, 0)));
    EXPECT_TRUE(agrees(path.row(t).demand_growth, growth));
  }
}

TEST(ModelDemand, GrowthSlowsTowardsSaturation) {
  reference::Parameters p = still_market();
  p.demand_growth_0 = p.demand_growth_longrun = 0.8;
  p.demand_saturation = 1.5;
  double demand = 60;
  const BothPaths path(p);
  for (int t = 1; t <= 3; ++t) {
    demand *= std::exp(0.8 * (1 - demand / (1.5 * 60)) * dt);
    EXPECT_TRUE(path.has(Series::price, t, price(t, std::log(demand / 60), 0)));
    EXPECT_TRUE(agrees(path.row(t).demand, demand));
  }
}

/// A still market whose demand grows at a constant rate towards or from a ceiling.
reference::Parameters with_ceiling(double growth, double saturation) {
  reference::Parameters p = still_market();
  p.demand_growth_0 = p.demand_growth_longrun = growth;
  p.demand_saturation = saturation;
  return p;
}

// In version 1 demand above its ceiling rises, ever faster, when it should fall.
TEST(ModelDemand, SaturationDampsAFallLikeGrowthInVersionOne) {
  for (const double saturation : {1.5, 0.5}) {
    const BothPaths path(with_ceiling(-0.3, saturation));
    double demand = 60;
    for (int t = 1; t <= 3; ++t) {
      const double rise_above_ceiling = path.row(t).demand - demand;
      EXPECT_EQ(rise_above_ceiling > 0, saturation < 1);
      demand *= std::exp(-0.3 * (1 - demand / (saturation * 60)) * dt);
      EXPECT_TRUE(path.has(Series::price, t, price(t, std::log(demand / 60), 0)));
    }
  }
}

TEST(ModelDemand, TheOptionDampsGrowthAsVersionOneDoes) {
  for (const double saturation : {1.5, 0.5}) {
    reference::Parameters p = with_ceiling(0.8, saturation);
    p.saturation_damps_growth_only = 1;
    const BothPaths path(p);
    double demand = 60;
    for (int t = 1; t <= 3; ++t) {
      demand *= std::exp(0.8 * (1 - demand / (saturation * 60)) * dt);
      EXPECT_TRUE(path.has(Series::price, t, price(t, std::log(demand / 60), 0)));
    }
    EXPECT_EQ(demand > 60, saturation > 1);  // towards the ceiling from either side
  }
}

TEST(ModelDemand, TheOptionLeavesAFallUndamped) {
  for (const double saturation : {1.5, 0.5}) {
    reference::Parameters p = with_ceiling(-0.3, saturation);
    p.saturation_damps_growth_only = 1;
    const BothPaths path(p);
    for (int t = 1; t <= 3; ++t)
      EXPECT_TRUE(path.has(Series::price, t, price(t, -0.3 * t * dt, 0)));
  }
}

TEST(ModelDemand, DiffusesWithoutSaturation) {
  reference::Parameters p = still_market();
  p.demand_vol = 0.10;
  const double log_demand = 0.10 * root_dt * drawn(1).normal[3];
  EXPECT_TRUE(BothPaths(p).has(Series::price, 1, price(1, log_demand, 0)));
}

/// A still market with a bust at step 1.
reference::Parameters with_bust() {
  reference::Parameters p = still_market();
  p.bust_hazard = certain;
  p.circular_demand = 0;
  p.demand_saturation = 1e15;
  p.recovery_hazard = 0;
  return p;
}

TEST(ModelDemand, GrowthIsCappedInTheBust) {
  reference::Parameters p = with_bust();
  p.demand_growth_0 = p.demand_growth_longrun = 0.4;
  const BothPaths path(p);
  EXPECT_TRUE(path.has(Series::price, 1, price(1, 0.4 * dt, 0)));
  EXPECT_TRUE(path.has(Series::price, 2, price(2, 0.4 * dt - 0.05 * dt, 0)));
  EXPECT_TRUE(path.has(Series::price, 3, price(3, 0.4 * dt - 2 * 0.05 * dt, 0)));
}

TEST(ModelDemand, TheOptionLeavesTheFallOfABustUndamped) {
  reference::Parameters p = with_bust();
  p.demand_growth_0 = p.demand_growth_longrun = 0.4;
  p.demand_saturation = 1.5;
  p.saturation_damps_growth_only = 1;
  const double boom = 0.4 * (1 - 1 / 1.5) * dt;
  const BothPaths path(p);
  EXPECT_TRUE(path.has(Series::price, 1, price(1, boom, 0)));
  EXPECT_TRUE(path.has(Series::price, 2, price(2, boom - 0.05 * dt, 0)));
  EXPECT_TRUE(path.has(Series::price, 3, price(3, boom - 2 * 0.05 * dt, 0)));
}

TEST(ModelDemand, AFasterFallIsNotCappedInTheBust) {
  reference::Parameters p = with_bust();
  p.demand_growth_0 = p.demand_growth_longrun = -0.3;
  EXPECT_TRUE(BothPaths(p).has(Series::price, 2, price(2, -2 * 0.3 * dt, 0)));
}

TEST(ModelDemand, GrowsAgainInTheRecovery) {
  reference::Parameters p = with_bust();
  p.demand_growth_0 = p.demand_growth_longrun = 0.4;
  p.recovery_hazard = certain;
  p.recovery_utilisation = 0;
  p.min_bust_steps = 1;
  const BothPaths path(p);  // boom at step 0, bust after 1, recovery after 2
  EXPECT_TRUE(path.in(reference::recovery, 2));
  EXPECT_TRUE(path.has(Series::price, 2, price(2, 0.4 * dt - 0.05 * dt, 0)));
  EXPECT_TRUE(path.has(Series::price, 3, price(3, 2 * 0.4 * dt - 0.05 * dt, 0)));
}

}  // namespace
}  // namespace overbuild
