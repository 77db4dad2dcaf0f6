#include "overbuild/statistics/estimates.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace overbuild {
namespace {

DistributionSummary moments_of(const std::vector<double>& values, double pivot) {
  std::array<double, 6> sums{};
  for (const double x : values)
    for (int k = 0; k < 6; ++k) sums[std::size_t(k)] += std::pow(x - pivot, k + 1);
  DistributionSummary summary;
  summary.count = values.size();
  summary.smallest = *std::min_element(values.begin(), values.end());
  summary.largest = *std::max_element(values.begin(), values.end());
  summarise_moments(summary, pivot, sums);
  return summary;
}

// 1, 2, 3, 10: mean 4, central sums of powers 50, 180, 1394.
TEST(Moments, OfFourNumbersByHand) {
  for (const double pivot : {0.0, 4.0, 3.5}) {
    const DistributionSummary s = moments_of({1, 2, 3, 10}, pivot);
    EXPECT_NEAR(s.mean.value, 4, 1e-12);
    EXPECT_NEAR(s.sd.value, std::sqrt(50.0 / 3), 1e-12);
    EXPECT_NEAR(s.mean.standard_error, std::sqrt(50.0 / 3) / 2, 1e-12);
    EXPECT_NEAR(s.skew.value, 45 / std::pow(12.5, 1.5), 1e-12);
    // Var(sd) = (m4 - m2^2) / (4 m2 n) with m2 = 12.5, m4 = 348.5
    EXPECT_NEAR(s.sd.standard_error, std::sqrt((348.5 - 156.25) / (4 * 12.5 * 4)), 1e-12);
  }
}

TEST(Moments, OfOneValueHaveNoError) {
  const DistributionSummary s = moments_of({2.5}, 1);
  EXPECT_EQ(s.mean.value, 2.5);
  EXPECT_TRUE(std::isnan(s.mean.standard_error));
  EXPECT_TRUE(std::isnan(s.sd.value));
}

TEST(Moments, OfEqualValuesHaveNoSpreadAndNoSkew) {
  const DistributionSummary s = moments_of({2, 2, 2}, 2);
  EXPECT_EQ(s.sd.value, 0);
  EXPECT_EQ(s.mean.standard_error, 0);
  EXPECT_TRUE(std::isnan(s.skew.value));
}

TEST(Moments, OfFewValuesHaveNoErrorsOfSdAndSkew) {
  const DistributionSummary two = moments_of({1, 2}, 1);
  EXPECT_NEAR(two.mean.standard_error, 0.5, 1e-15);
  EXPECT_TRUE(std::isnan(two.sd.standard_error));
  const DistributionSummary three = moments_of({1, 2, 4}, 1);
  EXPECT_GT(three.sd.standard_error, 0);
  EXPECT_FALSE(std::isnan(three.skew.value));
  EXPECT_TRUE(std::isnan(three.skew.standard_error));
  EXPECT_GT(moments_of({1, 2, 4, 9}, 1).skew.standard_error, 0);
}

TEST(Moments, OutsideOfTheRangeOfNumbersAreNaNAndNotZero) {
  const DistributionSummary large = moments_of({1e60, 2e60, 4e60, 9e60}, 1e60);
  EXPECT_GT(large.sd.value, 1e60);
  EXPECT_FALSE(std::isnan(large.sd.standard_error));
  EXPECT_TRUE(std::isnan(large.skew.standard_error));  // sixth powers overflow
  const DistributionSummary larger = moments_of({1e160, 2e160, 4e160, 9e160}, 1e160);
  EXPECT_TRUE(std::isnan(larger.sd.value));
  EXPECT_TRUE(std::isnan(larger.mean.standard_error));
  const DistributionSummary small = moments_of({1e-170, 2e-170, 4e-170, 9e-170}, 1e-170);
  EXPECT_TRUE(std::isnan(small.sd.value));
  EXPECT_TRUE(std::isnan(small.mean.standard_error));
}

// Known standard errors at n normals: sd/sqrt(n), sd/sqrt(2n), sqrt(6/n).
TEST(Moments, StandardErrorsOfANormalSample) {
  std::mt19937_64 random(11);
  std::normal_distribution<double> normal(5, 2);
  std::vector<double> values(200000);
  for (double& x : values) x = normal(random);
  const DistributionSummary s = moments_of(values, 4.5);
  const double n = double(values.size());
  EXPECT_NEAR(s.mean.standard_error / (2 / std::sqrt(n)), 1, 0.02);
  EXPECT_NEAR(s.sd.standard_error / (2 / std::sqrt(2 * n)), 1, 0.05);
  EXPECT_NEAR(s.skew.standard_error / std::sqrt(6 / n), 1, 0.1);
}

// The reported standard error is the spread of the estimate over repeated samples. With 400 samples
// the ratio of the two has a standard deviation of about 1/sqrt(800) = 0.035 for the mean and, by
// the tails of the exponential distribution, no more than 0.08 for sd and skew: bounds of 6 sigma.
TEST(Moments, StandardErrorsAreTheSpreadOverRepeatedSkewedSamples) {
  std::mt19937_64 random(12);
  std::exponential_distribution<double> exponential(1);
  constexpr int samples = 400, size = 4000;
  double sum[3] = {}, square[3] = {}, reported[3] = {};
  for (int i = 0; i < samples; ++i) {
    std::vector<double> values(size);
    for (double& x : values) x = exponential(random);
    const DistributionSummary s = moments_of(values, 1);
    const Estimate estimates[3] = {s.mean, s.sd, s.skew};
    for (int k = 0; k < 3; ++k) {
      sum[k] += estimates[k].value;
      square[k] += estimates[k].value * estimates[k].value;
      reported[k] += estimates[k].standard_error;
    }
  }
  const double bound[3] = {0.21, 0.48, 0.48};
  for (int k = 0; k < 3; ++k) {
    const double mean = sum[k] / samples;
    const double spread = std::sqrt(square[k] / samples - mean * mean);
    EXPECT_NEAR(reported[k] / samples / spread, 1, bound[k]) << k;
  }
}

TEST(Probability, HasItsBinomialError) {
  const Estimate e = probability_estimate(25, 100);
  EXPECT_DOUBLE_EQ(e.value, 0.25);
  EXPECT_DOUBLE_EQ(e.standard_error, std::sqrt(0.25 * 0.75 / 100));
  EXPECT_TRUE(std::isnan(probability_estimate(0, 0).value));
  EXPECT_TRUE(std::isnan(probability_estimate(1, 1).standard_error));
}

TEST(SortedQuantile, IsTheInverseOfTheEmpiricalDistribution) {
  const std::vector<double> x = {1, 2, 3, 4};
  EXPECT_EQ(sorted_quantile(x, 0.25), 1);
  EXPECT_EQ(sorted_quantile(x, 0.26), 2);
  EXPECT_EQ(sorted_quantile(x, 0.5), 2);
  EXPECT_EQ(sorted_quantile(x, 1), 4);
  EXPECT_EQ(sorted_quantile(x, 0), 1);
  EXPECT_TRUE(std::isnan(sorted_quantile({}, 0.5)));
}

// Uniform sample: the median's standard error is 1 / (2 sqrt(n)).
TEST(QuantileEstimate, HasWoodruffsError) {
  const auto quantile = [](double p) { return p; };
  EXPECT_NEAR(quantile_estimate(quantile, 0.5, 400).standard_error, 0.5 / 20, 1e-15);
  EXPECT_TRUE(std::isnan(quantile_estimate(quantile, 0.5, 1).standard_error));
}

}  // namespace
}  // namespace overbuild
