// The start of the overbuild model, t = 0, and its pipeline, equation by equation.
#include "tests/models/both_paths.hpp"

namespace overbuild {
namespace {

TEST(ModelStart, PriceIsOneAndTheNormalShareOfCapacityIsSold) {
  const BothPaths path{reference::Parameters()};
  EXPECT_TRUE(path.has(Series::price, 0, 1));          // P0 = 1
  EXPECT_TRUE(path.has(Series::revenue, 0, 60));       // R = A = R0
  EXPECT_TRUE(path.has(Series::utilisation, 0, 0.8));  // u0
  EXPECT_TRUE(path.has(Series::capex, 0, 300));        // I0
  EXPECT_TRUE(path.has(Series::net_capital, 0, 430));  // 260 + 170
  const reference::Row& start = path.row(0);
  EXPECT_EQ(start.demand, 60);          // A = R0
  EXPECT_EQ(start.capacity, 60 / 0.8);  // C = S = R0/u0
  EXPECT_EQ(start.supply, 60 / 0.8);
  EXPECT_EQ(start.efficiency, 0);
  EXPECT_EQ(start.hardware, 0);
  EXPECT_EQ(start.demand_growth, 0.80);  // g = g0
  EXPECT_EQ(start.belief, 0.80);         // b = g0
  EXPECT_EQ(start.internal_cash, 420);   // F = F0
  EXPECT_TRUE(path.in(reference::boom, 0));
}

TEST(ModelStart, PriceIsTheFloorWhereTheMarketWouldClearBelowIt) {
  reference::Parameters p;
  p.marginal_cost_0 = 2;
  const BothPaths path(p);
  const double price = 1.1 * 2;  // (1 + floor) mc0 > 1
  const double quantity = 60 * std::pow(price, -1.15);
  EXPECT_TRUE(path.has(Series::price, 0, price));
  EXPECT_TRUE(path.has(Series::revenue, 0, price * quantity));
  EXPECT_TRUE(path.has(Series::utilisation, 0, quantity / 75));
}

TEST(ModelStart, RequiredRevenueCoverageAndProfit) {
  const BothPaths path{reference::Parameters()};
  const double cost = 0.5 * 0.25 * 60 + 0.04 * 430;  // O = chi mc Q + fo (K1 + K2)
  const double required = (260 * (0.10 + 1 / 5.0) + 170 * (0.10 + 1 / 20.0) + cost) / 0.5;
  EXPECT_TRUE(path.has(Series::required_revenue, 0, required));
  EXPECT_TRUE(path.has(Series::coverage, 0, 60 / required));
  EXPECT_TRUE(path.has(Series::gap, 0, required - 60));
  EXPECT_TRUE(path.has(Series::profit, 0, 0.5 * 60 - cost));
  EXPECT_TRUE(path.has(Series::coverage_sequoia, 0, 60 / (2 * 300.0)));
}

TEST(ModelStart, LastingShortfallIsTheShortfall) {
  const BothPaths path{reference::Parameters()};
  const double shortfall = 1 - 60 / path.row(0).required_revenue;
  EXPECT_TRUE(agrees(path.row(0).shortfall, shortfall));
  EXPECT_TRUE(agrees(path.row(0).smoothed_shortfall, shortfall));
}

TEST(ModelStart, DebtIsTheFirstNeedForAStep) {
  const BothPaths path{reference::Parameters()};
  const double profit = 0.5 * 60 - (0.5 * 0.25 * 60 + 0.04 * 430);
  const double need = 300 - profit - 0.45 * 420;
  EXPECT_TRUE(path.has(Series::debt, 0, need * 0.25));  // D = 0 before
  EXPECT_TRUE(agrees(path.row(0).stress, 0.065 * need * 0.25 / (0.45 * 420 + profit)));
}

TEST(ModelStart, ValuationFollowsTheStartingBelief) {
  reference::Parameters p;
  p.demand_growth_0 = 0.35;  // b = g0, within the clip
  const double factor = std::exp((0.35 - 0.10) * 4);
  EXPECT_TRUE(BothPaths(p).has(Series::valuation, 0, 0.5 * 60 * 0.4 * factor / 0.10));
}

/// K1 after a step in which the spending `x` is delivered; all of it buys IT.
double it_capital_after(double before, double x) { return before * std::exp(-0.25 / 5) + x * 0.25; }

/// The spending of `steps` steps before t = 0.
double spent_before_start(double steps) { return 300 / std::pow(1.3, steps * 0.25); }

TEST(ModelStart, PipelineHoldsTheSpendingOfStepsMinusLagToMinusOne) {
  for (const int lag : {1, 4, 24}) {
    reference::Parameters p = still();
    p.build_lag = lag;
    p.it_share = 1;
    p.shell_capital_0 = 0;
    const BothPaths path(p);
    double capital = 260;
    for (int k = 0; k < lag; ++k) {
      capital = it_capital_after(capital, spent_before_start(lag - k));
      EXPECT_TRUE(path.has(Series::net_capital, k + 1, capital)) << "lag " << lag;
    }
    // Then comes the spending of step 1: that of step 0 is never delivered.
    capital = it_capital_after(capital, path.row(1).capex);
    EXPECT_TRUE(path.has(Series::net_capital, lag + 1, capital)) << "lag " << lag;
  }
}

TEST(ModelStart, CorrectedPipelineHoldsTheSpendingUpToTheStart) {
  for (const int lag : {1, 4, 24}) {
    reference::Parameters p = still();
    p.build_lag = lag;
    p.it_share = 1;
    p.shell_capital_0 = 0;
    p.pipeline_holds_start = 1;
    const BothPaths path(p);
    double capital = 260;
    for (int k = 0; k < lag; ++k) {
      capital = it_capital_after(capital, spent_before_start(lag - 1 - k));
      EXPECT_TRUE(path.has(Series::net_capital, k + 1, capital)) << "lag " << lag;
    }
    capital = it_capital_after(capital, path.row(1).capex);
    EXPECT_TRUE(path.has(Series::net_capital, lag + 1, capital)) << "lag " << lag;
  }
}

TEST(ModelStart, PipelineWasBoughtAtTheStartsHardware) {
  reference::Parameters p = still_market();
  p.it_share = 1;
  p.hardware_drift = 0.28;  // matters for later orders only
  const BothPaths path(p);
  const double unit = 75 / 260.0;  // S/K1_0
  const double capacity = 75 * std::exp(-0.25 / 5) + spent_before_start(4) * 0.25 * unit;
  EXPECT_TRUE(agrees(path.row(1).capacity, capacity));
  EXPECT_TRUE(path.has(Series::price, 1, std::pow(60 / (0.8 * capacity), 1 / 1.15)));
}

}  // namespace
}  // namespace overbuild
