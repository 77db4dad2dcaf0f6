// Steps 6 and 7 of the overbuild model: market and beliefs, equation by equation.
#include "tests/models/both_paths.hpp"

namespace overbuild {
namespace {

constexpr double dt = 0.25;

/// Capacity at step t of a still market, to which nothing is delivered.
double capacity(int step) { return 75 * std::exp(-step * dt / 5); }

TEST(ModelMarket, PriceClearsAtNormalUtilisation) {
  reference::Parameters p = still_market();
  p.price_elasticity = 2;
  const BothPaths path(p);
  for (const int t : {1, 2, 40}) {
    const double price = std::pow(60 / (0.8 * capacity(t)), 1 / 2.0);
    EXPECT_TRUE(path.has(Series::price, t, price));
    EXPECT_TRUE(path.has(Series::utilisation, t, 0.8));
    EXPECT_TRUE(path.has(Series::revenue, t, price * 0.8 * capacity(t)));
  }
}

TEST(ModelMarket, SupplyIsCapacityTimesEfficiency) {
  reference::Parameters p = still_market();
  p.efficiency_drift = 0.7;
  const BothPaths path(p);
  const double supply = capacity(2) * std::exp(0.7 * 2 * dt);
  EXPECT_TRUE(agrees(path.row(2).supply, supply));
  EXPECT_TRUE(path.has(Series::price, 2, std::pow(60 / (0.8 * supply), 1 / 1.15)));
}

TEST(ModelMarket, PriceFloorIsTheMarkUpOnMarginalCost) {
  reference::Parameters p = still_market();
  p.marginal_cost_0 = 2;
  p.price_floor_markup = 0.3;
  p.efficiency_drift = 0.7;
  p.hardware_drift = 0.28;
  p.marginal_cost_hardware_share = 0.4;
  const BothPaths path(p);
  for (const int t : {1, 2, 8}) {
    const double marginal_cost = 2 * std::exp(-0.7 * t * dt - 0.4 * 0.28 * t * dt);
    EXPECT_TRUE(agrees(path.row(t).marginal_cost, marginal_cost));
    EXPECT_TRUE(path.has(Series::price, t, 1.3 * marginal_cost));
  }
}

TEST(ModelMarket, PriceCoversAShareOfTheWayToItsTarget) {
  reference::Parameters p = still_market();
  p.price_adjustment = 6;
  const BothPaths path(p);
  double log_price = 0;
  for (int t = 1; t <= 4; ++t) {
    const double target = std::log(60 / (0.8 * capacity(t))) / 1.15;
    log_price += (1 - std::exp(-6 * dt)) * (target - log_price);
    EXPECT_TRUE(path.has(Series::price, t, std::exp(log_price)));
  }
}

TEST(ModelMarket, DemandIsSoldWhereCapacitySuffices) {
  reference::Parameters p = still_market();
  p.price_adjustment = 0;  // P = 1 for ever
  p.efficiency_drift = 0.7;
  const BothPaths path(p);
  EXPECT_TRUE(path.has(Series::price, 4, 1));
  EXPECT_TRUE(path.has(Series::revenue, 4, 60));  // Q = A
  EXPECT_TRUE(path.has(Series::utilisation, 4, 60 / (capacity(4) * std::exp(0.7 * 4 * dt))));
}

TEST(ModelMarket, DisciplineKeepsPartOfTheStartsMarkUp) {
  reference::Parameters p = still_market();
  p.demand_growth_0 = p.demand_growth_longrun = -0.8;  // a glut: demand falls faster than capacity
  p.efficiency_drift = 0.1;
  p.hardware_drift = 0.2;
  p.marginal_cost_hardware_share = 0.5;
  p.price_elasticity = 2;
  p.price_discipline = 0.25;
  const BothPaths path(p);
  double demand = 60;
  for (int t = 1; t <= 40; ++t) {
    demand *= std::exp(-0.8 * (1 - demand / (60 * 60)) * dt);
    const double supply = capacity(t) * std::exp(0.1 * t * dt);
    const double clearing = std::pow(demand / (0.8 * supply), 1 / 2.0);
    const double usual = std::exp(-0.1 * t * dt - 0.5 * 0.2 * t * dt);  // mc/mc0
    const double price = std::pow(clearing, 0.75) * std::pow(usual, 0.25);
    ASSERT_LT(clearing, usual);
    EXPECT_TRUE(path.has(Series::price, t, price));
    EXPECT_TRUE(path.has(Series::utilisation, t, demand * std::pow(price, -2) / supply));
  }
}

TEST(ModelMarket, DisciplineDoesNotHoldDownScarcity) {
  reference::Parameters p = still_market();
  p.price_elasticity = 2;
  p.price_discipline = 0.25;
  const BothPaths path(p);  // capacity wears off, cost does not change
  EXPECT_TRUE(path.has(Series::price, 40, std::pow(60 / (0.8 * capacity(40)), 1 / 2.0)));
  EXPECT_TRUE(path.has(Series::utilisation, 40, 0.8));
}

TEST(ModelMarket, QuantityFollowsTheElasticity) {
  reference::Parameters p = still_market();
  p.marginal_cost_0 = 2;  // P = 2.2, above the clearing price
  p.price_elasticity = 0.5;
  const double quantity = 60 * std::pow(2.2, -0.5);
  const BothPaths path(p);
  EXPECT_TRUE(path.has(Series::revenue, 1, 2.2 * quantity));
  EXPECT_TRUE(path.has(Series::utilisation, 1, quantity / capacity(1)));
}

TEST(ModelMarket, DemandBeyondCapacityIsTurnedAway) {
  reference::Parameters p = still_market();
  p.price_adjustment = 0;
  const BothPaths path(p);  // capacity falls below A = 60 after 5 ln(75/60) = 1.1 years
  EXPECT_TRUE(path.has(Series::revenue, 4, 60));
  EXPECT_TRUE(path.has(Series::revenue, 8, capacity(8)));
  EXPECT_TRUE(path.has(Series::utilisation, 8, 1));
}

/// Valuation of a believed growth b within the clip: chi R m_V exp((b - w) H)/w.
double valuation(double revenue, double belief) {
  return 0.5 * revenue * 0.4 * std::exp((belief - 0.10) * 4) / 0.10;
}

TEST(ModelBelief, FollowsTheGrowthOfRevenue) {
  reference::Parameters p = still_market();
  p.demand_growth_0 = p.demand_growth_longrun = 0.2;
  p.belief_speed = 0.5;
  const BothPaths path(p);
  double belief = 0.2;  // b = g0
  for (int t = 1; t <= 4; ++t) {
    const double growth = std::log(path.row(t).revenue / path.row(t - 1).revenue) / dt;
    belief += (1 - std::exp(-0.5 * dt)) * (growth - belief);
    EXPECT_TRUE(agrees(path.row(t).belief, belief));
    EXPECT_TRUE(path.has(Series::valuation, t, valuation(path.row(t).revenue, belief)));
  }
}

TEST(ModelBelief, DoesNotMoveWithoutSpeed) {
  reference::Parameters p = still();
  p.demand_growth_0 = 0.3;
  p.belief_speed = 0;
  const BothPaths path(p);
  EXPECT_TRUE(path.has(Series::valuation, 40, valuation(path.row(40).revenue, 0.3)));
}

}  // namespace
}  // namespace overbuild
