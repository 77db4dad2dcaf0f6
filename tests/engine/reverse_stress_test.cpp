// Reverse stress tests of geometric Brownian motion, whose roots have closed forms.
#include "overbuild/engine/reverse_stress.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <boost/math/distributions/normal.hpp>
#include <cmath>

#include "overbuild/base/error.hpp"
#include "src/engine/search_grid.hpp"
#include "tests/engine/scenarios.hpp"

namespace overbuild {
namespace {

double quantile(double p) { return boost::math::quantile(boost::math::normal(), p); }
double cdf(double x) { return boost::math::cdf(boost::math::normal(), x); }

constexpr double volatility = 0.2, horizon = 2;

Scenario gbm(std::uint64_t paths, std::uint64_t seed) {
  Scenario scenario = default_scenario("gbm", paths, horizon);
  scenario.run.step = 1;
  scenario.run.seed = seed;
  return scenario;
}

ReverseStressQuestion question(const Scenario& scenario, std::string_view parameter,
                               std::string_view target, double low, double high) {
  ReverseStressQuestion q;
  q.target = parse_target(target, scenario, "test");
  q.parameter = scenario.model->schema.parameter_index(parameter).value();
  q.between = Range{low, high};
  q.grid = 5;
  return q;
}

Root only_root(const Scenario& scenario, const ReverseStressQuestion& q, int threads = 1) {
  ReverseStress stress(scenario, q, threads);
  const auto search = stress.search(0, *stress.grid({}), {});
  EXPECT_EQ(search->roots.size(), 1u);
  return search->roots.at(0);
}

/// P(S_T > 1.5) = p at the drift (ln 1.5 + sigma sqrt(T) z_p) / T + sigma^2 / 2.
double drift_for(double p) {
  return (std::log(1.5) + volatility * std::sqrt(horizon) * quantile(p)) / horizon +
         volatility * volatility / 2;
}

/// Six standard errors of the root, by the delta method: false alarms below 2e-9 each.
void expect_root(const Root& root, double exact) {
  const double error = (root.upper - root.lower) / (2 * interval_sigmas);
  EXPECT_GT(error, 0);
  EXPECT_NEAR(root.x, exact, 6 * error);
}

TEST(ReverseStressTest, FindsTheDriftOfAProbability) {
  const Scenario scenario = gbm(100000, 5);
  for (const double p : {0.05, 0.5, 0.9}) {
    const Root root = only_root(
        scenario, question(scenario, "drift", fmt::format("P(final_value > 1.5) = {}", p), -1, 1));
    expect_root(root, drift_for(p));
    // The interval is that of the normal quantile at p +- 1.96 se, of known width.
    const double se = std::sqrt(p * (1 - p) / 1e5);
    EXPECT_NEAR(root.upper - root.lower,
                drift_for(p + interval_sigmas * se) - drift_for(p - interval_sigmas * se),
                0.1 * (root.upper - root.lower));
  }
}

TEST(ReverseStressTest, FindsTheVolatilityOfAnSd) {
  // Var S_T = exp(2 mu T) (exp(sigma^2 T) - 1)
  const Scenario scenario = gbm(100000, 6);
  const double exact =
      std::sqrt(std::log(1 + std::pow(0.5 / std::exp(0.05 * horizon), 2)) / horizon);
  expect_root(
      only_root(scenario, question(scenario, "volatility", "sd(final_value) = 0.5", 0.1, 1)),
      exact);
}

TEST(ReverseStressTest, FindsTheDriftOfAQuantileAndOfAMean) {
  const Scenario scenario = gbm(100000, 7);
  // q10 = exp((mu - sigma^2/2) T + sigma sqrt(T) z_0.1)
  const double exact = (std::log(0.9) - volatility * std::sqrt(horizon) * quantile(0.1)) / horizon +
                       volatility * volatility / 2;
  expect_root(only_root(scenario, question(scenario, "drift", "q10(final_value) = 0.9", -1, 1)),
              exact);
  expect_root(only_root(scenario, question(scenario, "drift", "mean(value at 1y) = 1.2", -1, 1)),
              std::log(1.2));
}

/// Passage of the barrier within the horizon, Glasserman (2003, 6.4); the root by bisection of the
/// closed form.
TEST(ReverseStressTest, FindsTheVolatilityOfAPassage) {
  const Scenario scenario = gbm(100000, 8);
  const auto passage = [](double s) {
    const double b = std::log(1.5), nu = 0.05 - s * s / 2, root = s * std::sqrt(horizon);
    return cdf((nu * horizon - b) / root) +
           std::exp(2 * nu * b / (s * s)) * cdf((-b - nu * horizon) / root);
  };
  double low = 0.1, high = 1;
  for (int i = 0; i < 60; ++i) (passage((low + high) / 2) < 0.4 ? low : high) = (low + high) / 2;
  expect_root(only_root(scenario, question(scenario, "volatility",
                                           "P(barrier_passed within 2y) = 0.4", 0.05, 1)),
              low);
}

/// 400 intervals cover 95% of the time: the number of those that do is binomial, with standard
/// deviation 4.4, of which 6 are 26. (The binomial's lower tail at 354 of 400 is 1.2e-7; 400 itself
/// has probability 1e-9.)
TEST(ReverseStressTest, IntervalsCoverTheRootAsOftenAsTheySay) {
  const double exact = drift_for(0.3);
  int covered = 0;
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    const Scenario scenario = gbm(1000, seed);
    const Root root =
        only_root(scenario, question(scenario, "drift", "P(final_value > 1.5) = 0.3", -0.5, 0.8));
    covered += root.lower <= exact && exact <= root.upper;
  }
  EXPECT_GE(covered, 354);
  EXPECT_LT(covered, 400);
}

TEST(ReverseStressTest, ThePriorIsReplacedByTheNumber) {
  Scenario scenario = gbm(2000, 3);
  const ReverseStressQuestion q = question(scenario, "drift", "P(final_value > 1.5) = 0.4", -1, 1);
  const Root fixed = only_root(scenario, q);
  set_prior(scenario, "drift", {Distribution::Kind::normal, {0.5, 0.3}});
  EXPECT_EQ(only_root(scenario, q).x, fixed.x);
}

TEST(ReverseStressTest, ThreadsAndChunksChangeNoBit) {
  Scenario scenario = default_scenario("overbuild", 3000, 4);
  const ReverseStressQuestion q =
      question(scenario, "bust_hazard", "P(bust within 3y) = 0.4", 0.001, 1);
  ReverseStress one(scenario, q, 1);
  const RootSearch first = *one.search(0, *one.grid({}), {});
  scenario.run.chunk = 512;
  ReverseStress three(scenario, q, 3);
  const RootSearch second = *three.search(0, *three.grid({}), {});
  ASSERT_EQ(first.roots.size(), 1u);
  ASSERT_EQ(second.roots.size(), 1u);
  EXPECT_EQ(first.roots[0].x, second.roots[0].x);
  EXPECT_EQ(first.roots[0].lower, second.roots[0].lower);
  EXPECT_EQ(first.roots[0].upper, second.roots[0].upper);
  ASSERT_EQ(first.evaluations.size(), second.evaluations.size());
  for (std::size_t i = 0; i < first.evaluations.size(); ++i)
    EXPECT_EQ(first.evaluations[i].at.distance, second.evaluations[i].at.distance);
}

/// With the drift 0.05 + ln(B) / T of B = 1 the quantile root grows by ln(B) / T.
TEST(ReverseStressTest, AFrontierHasTheRootsOfItsValues) {
  const Scenario scenario = gbm(2000, 4);
  ReverseStressQuestion q = question(scenario, "drift", "median(final_value) = 1.5", -1, 1);
  q.against = scenario.model->schema.parameter_index("initial").value();
  q.values = {0.5, 1, 2};
  ReverseStress stress(scenario, q);
  const auto grid = stress.grid({});
  std::vector<double> roots;
  for (std::size_t i = 0; i < stress.question().searches(); ++i)
    roots.push_back(stress.search(i, *grid, {})->roots.at(0).x);
  EXPECT_NEAR(roots[0] - roots[1], std::log(2) / horizon, 1e-3);
  EXPECT_NEAR(roots[1] - roots[2], std::log(2) / horizon, 1e-3);
}

TEST(ReverseStressTest, ValuesOfNoFiniteNumberHaveNoStatistic) {
  Scenario scenario = gbm(600, 1);
  set(scenario, "initial", 1e300);
  ReverseStress stress(scenario, question(scenario, "drift", "median(final_value) = 1e302", 0, 10));
  const auto search = stress.search(0, *stress.grid({}), {});
  EXPECT_TRUE(std::isnan(search->scan.back().at.distance));
  ASSERT_EQ(search->roots.size(), 1u);
  EXPECT_NEAR(search->roots[0].x, std::log(100) / horizon + volatility * volatility / 2, 0.1);
}

TEST(ReverseStressTest, StopEndsTheSearch) {
  const Scenario scenario = gbm(600, 1);
  ReverseStress stress(scenario, question(scenario, "drift", "median(final_value) = 1", -1, 1));
  const auto grid = stress.grid({});
  int tries = 0;
  const RunControls controls{.stop = [&] { return tries > 2; }};
  EXPECT_FALSE(stress.search(0, *grid, controls, [&](double, const TargetDistance&) { ++tries; }));
  EXPECT_EQ(tries, 3);
}

TEST(SearchGridTest, TheRangeIsThePriorOrAroundTheNumber) {
  Scenario scenario = gbm(600, 1);
  const std::size_t barrier = scenario.model->schema.parameter_index("barrier").value();
  const Range number = first_range(scenario, barrier);
  EXPECT_EQ(number.lower, 0.75);
  EXPECT_EQ(number.upper, 3);
  set_prior(scenario, "barrier", {Distribution::Kind::uniform, {1, 2}});
  const Range prior = first_range(scenario, barrier);
  EXPECT_NEAR(prior.lower, 1.001, 1e-12);
  EXPECT_NEAR(prior.upper, 1.999, 1e-12);
  const std::size_t drift = scenario.model->schema.parameter_index("drift").value();
  set_prior(scenario, "drift", {Distribution::Kind::uniform, {-20, 20}});
  EXPECT_EQ(first_range(scenario, drift).lower, -10) << "not beyond the bounds";
}

TEST(SearchGridTest, ARangeWidensUntilItsEndsDiffer) {
  const auto above = [](double limit) {
    return [limit](double x) { return x > limit ? 1.0 : -1.0; };
  };
  const Range positive_range = widened({1, 2}, positive(), above(20));
  EXPECT_EQ(positive_range.upper, 32);
  EXPECT_EQ(positive_range.lower, 1.0 / 16);
  const Range any = widened({-1, 1}, any_number(), above(3));
  EXPECT_EQ(any.upper, 4);
  EXPECT_EQ(any.lower, -4);
  const Range within = widened({1, 2}, {0.5, unbounded, false, false, false}, above(3));
  EXPECT_EQ(within.lower, 0.5);
  EXPECT_EQ(within.upper, 8);
  const Range all = widened({1, 2}, {0, 1e6, false, false, false}, above(1e9));
  EXPECT_EQ(all.lower, 0) << "all that is allowed";
  EXPECT_EQ(all.upper, 1e6);
  const Range never = widened({1, 2}, positive(), above(1e9));
  EXPECT_EQ(never.upper, 2 * std::pow(4, 6));
}

TEST(SearchGridTest, ARangeEndsWhereThereIsNoStatistic) {
  const Range range = widened({1, 2}, positive(), [](double x) {
    return x > 100 ? std::numeric_limits<double>::quiet_NaN() : 1.0;
  });
  EXPECT_EQ(range.upper, 32);
}

TEST(SearchGridTest, GridsAreLogarithmicWhereTheRangeIsWide) {
  EXPECT_EQ(search_grid({1, 3}, 3, false), (std::vector<double>{1, 2, 3}));
  const std::vector<double> wide = search_grid({1, 10000}, 3, false);
  EXPECT_NEAR(wide[1], 100, 1e-9);
  EXPECT_EQ(search_grid({0, 4}, 9, true), (std::vector<double>{0, 1, 2, 3, 4}));
}

}  // namespace
}  // namespace overbuild
