// Paired standard errors against closed forms, hand-made pairs and repeated samples.
#include "overbuild/statistics/paired.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>
#include <vector>

#include "overbuild/statistics/estimates.hpp"

namespace overbuild {
namespace {

const double undefined = std::numeric_limits<double>::quiet_NaN();
using Values = std::vector<double>;

double as_double(std::size_t n) { return static_cast<double>(n); }

Values defined_of(const Values& values) {
  Values defined;
  std::ranges::copy_if(values, std::back_inserter(defined), [](double x) { return x == x; });
  return defined;
}

Estimate mean_of(const Values& values) {
  const Values x = defined_of(values);
  double sum = 0, squares = 0;
  for (const double v : x) sum += v;
  const double mean = sum / as_double(x.size());
  for (const double v : x) squares += (v - mean) * (v - mean);
  return {mean, std::sqrt(squares / as_double(x.size() - 1) / as_double(x.size()))};
}

Estimate median_of(const Values& values) {
  Values x = defined_of(values);
  std::ranges::sort(x);
  return quantile_estimate([&](double p) { return sorted_quantile(x, p); }, 0.5, x.size());
}

Estimate share_of(const Values& values) {
  return probability_estimate(defined_of(values).size(), values.size());
}

PairedSample sample_of(const Values& first, const Values& second, double shift = 0) {
  PairedSample sample({mean_of(first).value + shift, median_of(first).value},
                      {mean_of(second).value - shift, median_of(second).value});
  for (std::size_t i = 0; i < first.size(); ++i) sample.add(first[i], second[i]);
  return sample;
}

PathOverlap same_paths(std::size_t n) { return {n, n, n}; }

/// Normals with the given correlation.
struct Normals {
  Values first, second;

  Normals(std::size_t n, double correlation, unsigned seed) {
    std::mt19937_64 random(seed);
    std::normal_distribution<double> normal;
    for (std::size_t i = 0; i < n; ++i) {
      const double x = normal(random), z = normal(random);
      first.push_back(1 + 2 * x);
      second.push_back(5 + 3 * (correlation * x + std::sqrt(1 - correlation * correlation) * z));
    }
  }
};

// Differences 1, 0, 2, 1, -2: mean 0.4, sum of squares about it 9.2.
TEST(Paired, MeansByHand) {
  const Values x = {1, 2, 3, 6, 4}, y = {2, 2, 5, 7, 2};
  for (const double shift : {0.0, 3.0}) {
    const PairCorrelation correlation = sample_of(x, y, shift).means();
    EXPECT_EQ(correlation.pairs, 5u);
    EXPECT_EQ(correlation.differing, 4u);
    const DifferenceEstimate difference =
        difference_of(mean_of(x), mean_of(y), same_paths(5), correlation);
    EXPECT_EQ(difference.pairing, Pairing::paired);
    EXPECT_NEAR(difference.estimate.value, 0.4, 1e-12);
    EXPECT_NEAR(difference.estimate.standard_error, std::sqrt(9.2 / 4 / 5), 1e-12);
    EXPECT_NEAR(difference.unpaired_error,
                std::hypot(mean_of(x).standard_error, mean_of(y).standard_error), 1e-12);
  }
}

// The sum of the influence values' differences, written out.
TEST(Paired, MeansOverThePathsWithAValueByHand) {
  const Values x = {1, undefined, 3, 6, undefined, 2}, y = {2, 2, 5, undefined, undefined, 1};
  // Means 3 and 2.5, shares 4/6 and 4/6; influence values times the share:
  const Values u = {-2, 0, 0, 3, 0, -1}, v = {-0.5, -0.5, 2.5, 0, 0, -1.5};
  double uu = 0, vv = 0, uv = 0;
  for (std::size_t i = 0; i < u.size(); ++i) {
    uu += u[i] * u[i];
    vv += v[i] * v[i];
    uv += u[i] * v[i];
  }
  for (const double shift : {0.0, -7.0}) {
    const PairCorrelation correlation = sample_of(x, y, shift).means();
    EXPECT_NEAR(correlation.decorrelation, 1 - uv / std::sqrt(uu * vv), 1e-12);
    EXPECT_EQ(correlation.pairs, 6u);
    EXPECT_EQ(correlation.differing, 5u);
  }
}

// One path of five changes its state each way, two more one way: (3 + 1 - 2^2 / 10) / 10^2.
TEST(Paired, ProbabilitiesByHand) {
  PairedEvent event;
  Values x, y;
  const auto add = [&](int times, bool first, bool second) {
    for (int i = 0; i < times; ++i) {
      event.add(first, second);
      x.push_back(first ? 1 : undefined);
      y.push_back(second ? 1 : undefined);
    }
  };
  add(4, true, true);
  add(1, true, false);
  add(3, false, true);
  add(2, false, false);
  PairedSample sample({1, 1}, {1, 1});
  for (std::size_t i = 0; i < x.size(); ++i) sample.add(x[i], y[i]);
  for (const PairCorrelation& correlation : {event.probabilities(), sample.shares()}) {
    EXPECT_EQ(correlation.pairs, 10u);
    EXPECT_EQ(correlation.differing, 4u);
    const DifferenceEstimate difference =
        difference_of(share_of(x), share_of(y), same_paths(10), correlation);
    EXPECT_NEAR(difference.estimate.value, 0.2, 1e-12);
    EXPECT_NEAR(difference.estimate.standard_error, std::sqrt((4 - 0.4) / 100), 1e-12);
  }
}

// The correlation of n normals has the error (1 - r^2) / sqrt(n); that of [x <= median], r' =
// (2 / pi) asin(r), at most 1 / sqrt(n). Five and a half of them: 4e-8, with six cases 3e-7.
TEST(Paired, CorrelationsOfNormals) {
  constexpr std::size_t n = 100000;
  for (const double r : {-0.7, 0.0, 0.9}) {
    const Normals normals(n, r, 7);
    const PairedSample sample = sample_of(normals.first, normals.second);
    const double margin = 5.5 / std::sqrt(as_double(n));
    EXPECT_NEAR(1 - sample.means().decorrelation, r, margin * (1 - r * r));
    EXPECT_NEAR(1 - sample.medians().decorrelation, 2 / std::numbers::pi * std::asin(r), margin);
  }
}

// The medians' influence values depend on the side of the median alone.
TEST(Paired, MediansOfTheSameOrderAreCorrelatedFully) {
  const Normals normals(1001, 0, 3);
  Values y;
  for (const double x : normals.first) y.push_back(std::exp(x));
  EXPECT_NEAR(sample_of(normals.first, y).medians().decorrelation, 0, 1e-14);
}

TEST(Paired, TinyDifferencesKeepTheirDigits) {
  std::mt19937_64 random(5);
  std::normal_distribution<double> normal;
  Values x, y;
  double squares = 0;
  for (int i = 0; i < 10000; ++i) {
    x.push_back(normal(random));
    const double d = 1e-7 * normal(random);
    y.push_back(x.back() + d);
    squares += d * d;
  }
  const DifferenceEstimate difference =
      difference_of(mean_of(x), mean_of(y), same_paths(10000), sample_of(x, y).means());
  EXPECT_NEAR(difference.estimate.standard_error / (std::sqrt(squares) / 10000), 1, 1e-3);
}

TEST(Paired, EqualValuesHaveNoErrorOfTheirDifference) {
  const Normals normals(500, 0, 1);
  const PairedSample sample = sample_of(normals.first, normals.first);
  const Estimate mean = mean_of(normals.first), median = median_of(normals.first);
  const DifferenceEstimate means = difference_of(mean, mean, same_paths(500), sample.means());
  EXPECT_EQ(means.pairing, Pairing::paired);
  EXPECT_EQ(means.estimate.standard_error, 0);
  EXPECT_EQ(
      difference_of(median, median, same_paths(500), sample.medians()).estimate.standard_error, 0);
}

// The mean of 100 paths against that of those and 200 more: s^2 (1/100 - 1/300).
TEST(Paired, OnlyCommonPathsAreCorrelated) {
  const double s = 2;
  const Estimate few = {1, s / std::sqrt(100.0)}, more = {1.5, s / std::sqrt(300.0)};
  const DifferenceEstimate difference = difference_of(few, more, {100, 300, 100}, {0, 100, 0});
  EXPECT_EQ(difference.pairing, Pairing::paired);
  EXPECT_NEAR(difference.estimate.standard_error, s * std::sqrt(1.0 / 100 - 1.0 / 300), 1e-12);
}

TEST(Paired, WithoutCommonPathsThereIsNoCorrelation) {
  const DifferenceEstimate difference = difference_of({1, 3}, {2, 4}, {10, 10, 0}, {0, 10, 10});
  EXPECT_EQ(difference.pairing, Pairing::independent);
  EXPECT_EQ(difference.estimate.standard_error, 5);
}

TEST(Paired, FewKeptPathsTellNothing) {
  const auto pairing = [](const PairCorrelation& correlation) {
    return difference_of({1, 3}, {2, 4}, same_paths(1000), correlation).pairing;
  };
  EXPECT_EQ(pairing({}), Pairing::unknown);
  EXPECT_EQ(pairing({0.5, 99, 99}), Pairing::unknown);
  EXPECT_EQ(pairing({0.5, 100, 19}), Pairing::unknown);
  EXPECT_EQ(pairing({0.5, 100, 20}), Pairing::paired);
  EXPECT_EQ(pairing({0.5, 1000, 1}), Pairing::paired);  // all of them
  const DifferenceEstimate unknown = difference_of({1, 3}, {2, 4}, same_paths(1000), {});
  EXPECT_EQ(unknown.estimate.standard_error, 5);
}

TEST(Paired, WhatDoesNotVaryNeedsNoCorrelation) {
  const DifferenceEstimate difference = difference_of({1, 0}, {2, 4}, same_paths(1000), {});
  EXPECT_EQ(difference.pairing, Pairing::paired);
  EXPECT_EQ(difference.estimate.standard_error, 4);
}

TEST(Paired, ValuesOutsideOfTheRangeOfNumbersHaveNoCorrelation) {
  PairedSample sample({0, 0}, {0, 0});
  for (const double x : {1e200, -2e200, 3e200}) sample.add(x, x);
  EXPECT_TRUE(std::isnan(sample.means().decorrelation));
  PairedSample infinite({0, 0}, {0, 0});
  for (int i = 0; i < 3; ++i) infinite.add(std::numeric_limits<double>::infinity(), i);
  EXPECT_TRUE(std::isnan(infinite.means().decorrelation));
}

TEST(Paired, NoPairsAndNoValuesHaveNoCorrelation) {
  PairedSample sample({0, 0}, {0, 0});
  for (const PairCorrelation& none :
       {sample.means(), sample.medians(), sample.shares(), PairedEvent().probabilities()}) {
    EXPECT_TRUE(std::isnan(none.decorrelation));
    EXPECT_EQ(none.pairs, 0u);
  }
  sample.add(undefined, undefined);
  EXPECT_TRUE(std::isnan(sample.means().decorrelation));
  EXPECT_TRUE(std::isnan(sample.medians().decorrelation));
  EXPECT_EQ(sample.means().differing, 0u);
}

TEST(Paired, OfDependentPathsTheErrorIsTheLargestPossible) {
  PairCorrelation known{0.5, 1000, 1000};
  const DifferenceEstimate found = difference_of({1, 3}, {2, 4}, {1000, 1000, 1000, true}, known);
  EXPECT_EQ(found.estimate.value, 1);
  EXPECT_EQ(found.estimate.standard_error, 7);
  EXPECT_EQ(found.pairing, Pairing::unknown);
  EXPECT_EQ(found.unpaired_error, 5);
}

TEST(Paired, ClearDifferences) {
  const auto clear = [](double value, double error, double resolution) {
    return is_clear({{value, error}, Pairing::paired, 1, resolution});
  };
  EXPECT_TRUE(clear(-2.1, 1, 0));
  EXPECT_FALSE(clear(1.9, 1, 0));
  EXPECT_FALSE(clear(-2.1, 1, 2.2));
  EXPECT_FALSE(clear(1, 0, 0));
  EXPECT_FALSE(clear(1, undefined, 0));
}

/// Sums over repeated samples of one difference.
struct Repeated {
  double values = 0, squares = 0, variances = 0;

  void add(const DifferenceEstimate& difference) {
    ASSERT_EQ(difference.pairing, Pairing::paired);
    const auto [value, error] = difference.estimate;
    values += value;
    squares += value * value;
    variances += error * error;
  }
  /// Spread over the samples by the standard error they give.
  double ratio(int samples) const {
    const double mean = values / samples;
    return std::sqrt((squares / samples - mean * mean) / (variances / samples));
  }
};

// 2000 samples of 1000 paths, of which only the first 400 are kept; 31% have no value in one run
// and 16% in the other, many of them the same. The spread over the samples has a relative error of
// 1/sqrt(2 * 2000) = 1.6%, and six of them are 9.5% (2e-9 each). The median's margin is wider, as
// its standard error, from neighbouring quantiles, is biased at this number of paths.
TEST(Paired, StandardErrorsAreTheSpreadOfRepeatedSamples) {
  constexpr int samples = 2000;
  constexpr std::size_t n = 1000, kept = 400;
  Repeated means, medians, shares;
  for (int s = 0; s < samples; ++s) {
    Normals normals(n, 0.9, 1000 + static_cast<unsigned>(s));
    for (std::size_t i = 0; i < n; ++i) {
      if (normals.first[i] < 0) normals.first[i] = undefined;
      if (normals.second[i] < 2) normals.second[i] = undefined;
    }
    const Values &x = normals.first, &y = normals.second;
    PairedSample sample({mean_of(x).value, median_of(x).value},
                        {mean_of(y).value, median_of(y).value});
    for (std::size_t i = 0; i < kept; ++i) sample.add(x[i], y[i]);
    means.add(difference_of(mean_of(x), mean_of(y), same_paths(n), sample.means()));
    medians.add(difference_of(median_of(x), median_of(y), same_paths(n), sample.medians()));
    shares.add(difference_of(share_of(x), share_of(y), same_paths(n), sample.shares()));
  }
  EXPECT_NEAR(means.ratio(samples), 1, 0.1);
  EXPECT_NEAR(medians.ratio(samples), 1, 0.15);
  EXPECT_NEAR(shares.ratio(samples), 1, 0.1);
}

}  // namespace
}  // namespace overbuild
