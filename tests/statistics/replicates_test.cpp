#include "overbuild/statistics/replicates.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "overbuild/base/error.hpp"

namespace overbuild {
namespace {

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();

/// One series at one step, one event, one outcome; every estimate is `first` plus its number.
RunSummary summary_from(double first) {
  RunSummary summary;
  const auto next = [&] { return Estimate{first++, 99}; };
  const auto fill = [&](DistributionSummary& distribution) {
    distribution.mean = next();
    distribution.sd = next();
    distribution.skew = next();
    for (Estimate& quantile : distribution.quantiles) quantile = next();
  };
  fill(summary.series.emplace_back().emplace_back());
  summary.events.push_back({next()});
  OutcomeSummary& outcome = summary.outcomes.emplace_back();
  outcome.defined = next();
  fill(outcome.distribution);
  return summary;
}

TEST(Replicates, StandardErrorIsThatOfTheMean) {
  const double values[] = {1, 0, 2, 0, 6, 0};
  // mean 3, squares 4 + 1 + 9 = 14: sqrt(14 / 2 / 3)
  EXPECT_DOUBLE_EQ(standard_error_between(values, 3, 2), std::sqrt(7.0 / 3));
  EXPECT_TRUE(std::isnan(standard_error_between(values, 1, 1)));
  EXPECT_TRUE(std::isnan(standard_error_between(values, 0, 1)));
  const double equal[] = {0.1, 0.1, 0.1}, broken[] = {1, undefined, 2};
  EXPECT_EQ(standard_error_between(equal, 3, 1), 0);
  EXPECT_TRUE(std::isnan(standard_error_between(broken, 3, 1)));
}

TEST(Replicates, EveryEstimateGetsItsOwnError) {
  Replicates replicates;
  RunSummary all = summary_from(0);
  EXPECT_EQ(count_estimates(all), 26u);
  for (const double scale : {-1.0, 1.0}) {  // estimate i: -i and i
    RunSummary one = summary_from(0);
    const Replicates values = [&] {
      Replicates of_one;
      of_one.add(one);
      return of_one;
    }();
    std::vector<double> scaled = values.values();
    for (double& value : scaled) value *= scale;
    replicates.append({1, scaled});
  }
  replicates.set_standard_errors(all);
  const auto expect = [](const Estimate& estimate) {
    EXPECT_DOUBLE_EQ(estimate.standard_error, estimate.value);  // sqrt(2 i^2 / 1 / 2)
  };
  const DistributionSummary& series = all.series[0][0];
  expect(series.mean);
  expect(series.skew);
  for (const Estimate& quantile : series.quantiles) expect(quantile);
  expect(all.events[0][0]);
  expect(all.outcomes[0].defined);
  expect(all.outcomes[0].distribution.sd);
  expect(all.outcomes[0].distribution.quantiles[8]);
}

TEST(Replicates, WithoutTwoThereIsNoError) {
  RunSummary summary = summary_from(0);
  Replicates().set_standard_errors(summary);
  EXPECT_TRUE(std::isnan(summary.events[0][0].standard_error));
  Replicates one;
  one.add(summary);
  summary = summary_from(0);
  one.set_standard_errors(summary);
  EXPECT_TRUE(std::isnan(summary.series[0][0].mean.standard_error));
  EXPECT_EQ(summary.series[0][0].sd.value, 1);
}

TEST(Replicates, OfAnotherShapeAreRefused) {
  RunSummary summary = summary_from(0);
  Replicates one;
  one.add(summary);
  summary.events.clear();
  EXPECT_THROW(one.set_standard_errors(summary), Error);
}

}  // namespace
}  // namespace overbuild
