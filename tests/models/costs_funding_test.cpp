// Steps 8 and 9 of the overbuild model: costs, required revenue, funding and valuation, equation by
// equation.
#include "tests/models/both_paths.hpp"

namespace overbuild {
namespace {

constexpr double dt = 0.25;

/// Every parameter of step 8 away from its default.
reference::Parameters unusual_costs() {
  reference::Parameters p = still();
  p.infrastructure_share = 0.7;
  p.fixed_opex = 0.06;
  p.wacc = 0.12;
  p.it_life = 4;
  p.shell_life = 25;
  p.marginal_cost_0 = 0.3;
  return p;
}

TEST(ModelCosts, OperatingCostIsThatOfTheQuantityAndOfTheCapital) {
  const BothPaths path(unusual_costs());
  for (const int t : {1, 8, 40}) {
    const reference::Row& row = path.row(t);
    const double marginal_cost = 0.3 * std::exp(-0.7 * t * dt - 0.7 * 0.28 * t * dt);
    const double cost = 0.7 * marginal_cost * row.quantity + 0.06 * row.net_capital;
    EXPECT_TRUE(agrees(row.cost, cost));
    EXPECT_TRUE(path.has(Series::profit, t, 0.7 * row.revenue - cost));
  }
}

TEST(ModelCosts, RequiredRevenueRecoversCapitalAndCost) {
  const BothPaths path(unusual_costs());
  for (const int t : {1, 8, 40}) {
    const reference::Row& row = path.row(t);
    const double it_user_cost = row.it_capital * (0.12 + 1 / 4.0);
    const double shell_user_cost = row.shell_capital * (0.12 + 1 / 25.0);
    const double required = (it_user_cost + shell_user_cost + row.cost) / 0.7;
    EXPECT_TRUE(path.has(Series::required_revenue, t, required));
    EXPECT_TRUE(path.has(Series::coverage, t, row.revenue / required));
  }
}

TEST(ModelCosts, GapIsNegativeWhereRevenueIsMoreThanRequired) {
  reference::Parameters p = still();
  for (const double revenue : {60.0, 600.0}) {
    p.revenue_0 = revenue;
    const BothPaths path(p);
    const double gap = path.row(1).required_revenue - path.row(1).revenue;
    EXPECT_TRUE(path.has(Series::gap, 1, gap));
    EXPECT_EQ(gap<0, revenue> 300);
    EXPECT_EQ(path.kernel.event(Event::covered, 1, 0), gap < 0);
  }
}

TEST(ModelCosts, SequoiasRuleAsksForTwiceTheCapex) {
  const BothPaths path(still());
  for (const int t : {1, 40}) {
    const double required = 2 * path.row(t).capex;
    EXPECT_EQ(path.row(t).required_revenue_sequoia, required);
    EXPECT_TRUE(path.has(Series::coverage_sequoia, t, path.row(t).revenue / required));
  }
}

TEST(ModelCosts, ShortfallIsSmoothedOverAYear) {
  const BothPaths path(still());
  double smoothed = 1 - path.row(0).coverage;
  for (int t = 1; t <= 40; ++t) {
    const double shortfall = std::max(0.0, 1 - path.row(t).coverage);
    smoothed += (1 - std::exp(-dt)) * (shortfall - smoothed);
    EXPECT_TRUE(agrees(path.row(t).smoothed_shortfall, smoothed));
  }
  EXPECT_GT(path.row(40).coverage, 1);  // so that max(0, ...) mattered
}

TEST(ModelFunding, NeedIsBorrowedAndDebtRunsOffInSevenYears) {
  const BothPaths path(still());
  double debt = 0;
  for (int t = 0; t <= 8; ++t) {
    const reference::Row& row = path.row(t);
    const double need = std::max(0.0, row.capex - row.profit - 0.45 * row.internal_cash);
    debt = debt * std::exp(-dt / 7) + need * dt;
    EXPECT_TRUE(path.has(Series::debt, t, debt));
  }
  EXPECT_GT(path.row(1).need, 0);
}

TEST(ModelFunding, NoDebtWhereOwnFundsSuffice) {
  reference::Parameters p = still();
  p.reinvestment_share = 1;
  const BothPaths path(p);
  EXPECT_TRUE(path.has(Series::debt, 0, 0));
  EXPECT_TRUE(path.has(Series::debt, 1, 0));
}

TEST(ModelFunding, ALossIsFundedWithDebtToo) {
  reference::Parameters p = still();
  p.revenue_0 = 20;
  const BothPaths path(p);
  const reference::Row& row = path.row(0);
  ASSERT_LT(row.profit, 0);
  EXPECT_TRUE(path.has(Series::debt, 0, (300 + std::abs(row.profit) - 0.45 * 420) * dt));
  // A loss does not add to the cash flow that carries the interest.
  EXPECT_TRUE(agrees(row.stress, 0.065 * row.debt / (0.45 * 420)));
}

TEST(ModelFunding, StressIsInterestOverCashFlow) {
  const BothPaths path(still());
  const reference::Row& row = path.row(8);
  ASSERT_GT(row.profit, 0);
  EXPECT_TRUE(agrees(row.stress, 0.065 * row.debt / (0.45 * row.internal_cash + row.profit)));
}

TEST(ModelValuation, BeliefsBeyondTheClipDoNotMoveIt) {
  reference::Parameters p = still();
  p.wacc = 0.08;
  p.belief_horizon = 3;
  p.valuation_margin = 0.3;
  p.belief_speed = 0;  // b = g0
  for (const double belief : {-2.0, -0.51, -0.49, 0.1, 0.59, 0.61, 2.0}) {
    p.demand_growth_0 = belief;
    const double clipped = belief < -0.5 ? -0.5 : belief > 0.6 ? 0.6 : belief;
    const BothPaths path(p);
    for (const int t : {0, 3}) {
      const double margin = 0.5 * path.row(t).revenue * 0.3;
      const double expected = margin * std::exp((clipped - 0.08) * 3) / 0.08;
      EXPECT_TRUE(path.has(Series::valuation, t, expected)) << belief;
    }
  }
}

}  // namespace
}  // namespace overbuild
