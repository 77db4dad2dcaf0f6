// Statistics of values known path by path, and their influence values.
#include "overbuild/statistics/sample_statistic.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "overbuild/config/load.hpp"

namespace overbuild {
namespace {

const Scenario& gbm() {
  static const Scenario scenario = parse_scenario("model = \"gbm\"\n", "a.toml");
  return scenario;
}

StatisticExpression statistic(std::string_view text) {
  return parse_statistic(text, gbm(), "test");
}

constexpr double none = std::numeric_limits<double>::quiet_NaN();

/// Exponential values, undefined with probability `undefined`.
std::vector<double> sample(std::size_t n, unsigned seed, double undefined = 0) {
  std::mt19937_64 random(seed);
  std::exponential_distribution<double> exponential(1);
  std::uniform_real_distribution<double> uniform;
  std::vector<double> values(n);
  for (double& x : values) {
    x = exponential(random);
    if (uniform(random) < undefined) x = none;
  }
  return values;
}

TEST(SampleStatisticTest, SmallSamplesByHand) {
  const std::vector<double> values = {3, none, 1, 2, 6};
  const Estimate mean = sample_statistic(statistic("mean(final_value)"), values);
  EXPECT_DOUBLE_EQ(mean.value, 3);
  EXPECT_DOUBLE_EQ(mean.standard_error, std::sqrt((0 + 4 + 1 + 9) / 3.0 / 4));
  EXPECT_DOUBLE_EQ(sample_statistic(statistic("sd(final_value)"), values).value,
                   std::sqrt(14 / 3.0));
  EXPECT_EQ(sample_statistic(statistic("median(final_value)"), values).value, 2);
  EXPECT_EQ(sample_statistic(statistic("q75(final_value)"), values).value, 3);
  EXPECT_EQ(sample_statistic(statistic("q76(final_value)"), values).value, 6);
  const std::vector<double> holds = {1, 0, 0, 1, 0};
  const Estimate p = sample_statistic(statistic("P(final_value < 1)"), holds);
  EXPECT_DOUBLE_EQ(p.value, 0.4);
  EXPECT_DOUBLE_EQ(p.standard_error, std::sqrt(0.4 * 0.6 / 5));
}

TEST(SampleStatisticTest, WithoutValuesThereIsNone) {
  const std::vector<double> values = {none, none};
  for (const char* text : {"mean(final_value)", "sd(final_value)", "median(final_value)"}) {
    EXPECT_TRUE(std::isnan(sample_statistic(statistic(text), values).value)) << text;
    EXPECT_TRUE(influence_values(statistic(text), values).empty()) << text;
  }
  EXPECT_TRUE(std::isnan(
      distance_from(parse_target("median(final_value) = 1", gbm(), "test"), values).distance));
}

/// For means and probabilities the two are the same but for n and n - 1 and the random share of
/// paths with a value; for sd and quantiles to the errors of moments and densities.
TEST(SampleStatisticTest, InfluenceValuesHaveTheStandardErrorAndMeanZero) {
  const std::vector<double> values = sample(100000, 1);
  std::vector<double> holds = values;
  for (double& x : holds) x = x < 0.3 ? 1 : 0;
  for (const char* text : {"mean(final_value)", "sd(final_value)", "median(final_value)",
                           "q90(final_value)", "P(final_value < 1)"}) {
    const StatisticExpression s = statistic(text);
    const std::vector<double>& x =
        s.kind == StatisticExpression::Kind::probability ? holds : values;
    const Estimate estimate = sample_statistic(s, x);
    const std::vector<double> influence = influence_values(s, x);
    ASSERT_EQ(influence.size(), x.size());
    double mean = 0;
    for (const double i : influence) mean += i / 1e5;
    EXPECT_NEAR(mean, 0, 0.01 * estimate.standard_error) << text;
    EXPECT_NEAR(standard_error_of(influence), estimate.standard_error,
                2e-5 * estimate.standard_error)
        << text;
  }
}

/// 200 samples of 2000 values of which a third is undefined: their estimates' spread is known to 5%
/// (one standard deviation, for 4th moments to 3), so that 6 of those are 30%; false alarms below
/// 1e-7 for each of the four.
TEST(SampleStatisticTest, StandardErrorsAreThoseOfRepeatedSamples) {
  for (const char* text :
       {"mean(final_value)", "sd(final_value)", "median(final_value)", "q90(final_value)"}) {
    const StatisticExpression s = statistic(text);
    double sum = 0, squares = 0, errors = 0;
    constexpr int samples = 200;
    for (unsigned i = 0; i < samples; ++i) {
      const std::vector<double> values = sample(2000, 100 + i, 1.0 / 3);
      const double estimate = sample_statistic(s, values).value;
      sum += estimate;
      squares += estimate * estimate;
      errors += standard_error_of(influence_values(s, values)) / samples;
    }
    const double spread = std::sqrt((squares - sum * sum / samples) / (samples - 1));
    EXPECT_NEAR(errors / spread, 1, 0.3) << text;
  }
}

TEST(SampleStatisticTest, ADifferenceOfPairedSamplesHasThePairedError) {
  const std::vector<double> first = sample(5000, 7);
  std::vector<double> second = first;
  for (double& x : second) x += 0.25;
  const StatisticExpression mean = statistic("mean(final_value)");
  std::vector<double> influence = influence_values(mean, second);
  const std::vector<double> of_first = influence_values(mean, first);
  for (std::size_t i = 0; i < influence.size(); ++i) influence[i] -= of_first[i];
  EXPECT_NEAR(standard_error_of(influence), 0, 1e-12);
}

TEST(SampleStatisticTest, DistancesChangeTheirSignAtTheTarget) {
  const std::vector<double> values = {1, 2, 3, 4, none};
  const auto distance = [&](std::string_view text) {
    return distance_from(parse_target(text, gbm(), "test"), values);
  };
  EXPECT_DOUBLE_EQ(distance("mean(final_value) = 2").distance, 0.5);
  EXPECT_DOUBLE_EQ(distance("median(final_value) = 1.5").distance, 0.25);
  EXPECT_DOUBLE_EQ(distance("median(final_value) = 2").distance, 0);
  EXPECT_DOUBLE_EQ(distance("median(final_value) = 3").distance, -0.25);
  EXPECT_DOUBLE_EQ(distance("median(final_value) = 3").standard_error, 0.25);
  const std::vector<double> never(100, 0.0);
  const TargetDistance p =
      distance_from(parse_target("P(final_value < 1) = 0.2", gbm(), "test"), never);
  EXPECT_DOUBLE_EQ(p.distance, -0.2);
  EXPECT_DOUBLE_EQ(p.standard_error, 0.04) << "that of the target, also where nothing was seen";
}

}  // namespace
}  // namespace overbuild
