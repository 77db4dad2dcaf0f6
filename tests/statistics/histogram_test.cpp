#include "overbuild/statistics/histogram.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace overbuild {
namespace {

Histogram histogram_of(const std::vector<double>& values) {
  Histogram histogram;
  for (const double x : values) {
    const std::int64_t bin = bin_of(x);
    histogram.add(&bin, 1,
                  {bin, bin, std::min<std::int64_t>(bin, 0), std::max<std::int64_t>(bin, 0)});
  }
  return histogram;
}

QuantileTable quantiles_of(const std::vector<double>& values) {
  const auto [smallest, largest] = std::minmax_element(values.begin(), values.end());
  return {histogram_of(values).filled_bins(), *smallest, *largest};
}

std::vector<double> skewed_values(int count, unsigned seed) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> normal;
  std::vector<double> values;
  for (int i = 0; i < count; ++i) values.push_back(std::exp(2 * normal(random)) - 1);
  return values;
}

TEST(HistogramBins, HoldTheirValues) {
  for (const double x :
       {1.0, 1.003, 1.9999, 2.0, 1e-12, 3e-300, 0.0, -1e-30, -1.0, -1.5, -2.0, -7e9, 1e300, 0.7}) {
    const HistogramBin bin = bin_limits(bin_of(x));
    if (x == 0) {
      EXPECT_EQ(bin.lower, 0);
      EXPECT_EQ(bin.upper, 0);
    } else if (x > 0) {
      EXPECT_LE(bin.lower, x);
      EXPECT_LT(x, bin.upper);
    } else {
      EXPECT_LT(bin.lower, x);
      EXPECT_LE(x, bin.upper);
    }
  }
}

TEST(HistogramBins, AreAdjacentAndNarrow) {
  for (std::int64_t bin = 1; bin < 250000; ++bin) {
    const HistogramBin here = bin_limits(bin), mirrored = bin_limits(-bin);
    EXPECT_EQ(here.upper, bin_limits(bin + 1).lower);
    EXPECT_EQ(mirrored.lower, -here.upper);
    EXPECT_EQ(mirrored.upper, -here.lower);
    const double width = here.upper - here.lower;
    EXPECT_LE(width, std::min(std::abs(here.lower), std::abs(here.upper)) / bins_per_octave);
  }
}

TEST(HistogramBins, AreMonotone) {
  std::vector<double> values = skewed_values(5000, 3);
  std::sort(values.begin(), values.end());
  for (std::size_t i = 1; i < values.size(); ++i)
    EXPECT_LE(bin_of(values[i - 1]), bin_of(values[i]));
}

TEST(Histogram, QuantilesStayWithinTheDocumentedBound) {
  std::vector<double> values = skewed_values(20001, 4);
  const QuantileTable quantile = quantiles_of(values);
  std::sort(values.begin(), values.end());
  for (const double p : quantile_levels) {
    const auto rank = static_cast<std::size_t>(std::ceil(p * double(values.size()))) - 1;
    const double exact = values[rank];
    EXPECT_LE(std::abs(quantile(p) - exact), std::abs(exact) / bins_per_octave + 1e-12) << p;
  }
}

TEST(Histogram, QuantilesOfZerosAreZero) {
  const QuantileTable quantile = quantiles_of({0, 0, 0, -0.0, 1, 2});
  EXPECT_EQ(quantile(0.1), 0);
  EXPECT_EQ(quantile(0.6), 0);
  EXPECT_GT(quantile(0.9), 0);
}

TEST(Histogram, DoesNotDependOnTheOrderOfMerging) {
  const std::vector<double> a = skewed_values(500, 5), b = skewed_values(700, 6),
                            c = skewed_values(1, 7);
  std::vector<double> all = a;
  all.insert(all.end(), b.begin(), b.end());
  all.insert(all.end(), c.begin(), c.end());
  Histogram first = histogram_of(c), second = histogram_of(a), empty;
  first.merge(histogram_of(b));
  first.merge(histogram_of(a));
  second.merge(empty);
  second.merge(histogram_of(c));
  second.merge(histogram_of(b));
  const auto expected = histogram_of(all).adjacent_bins();
  for (const Histogram* histogram : {&first, &second}) {
    const auto bins = histogram->adjacent_bins();
    ASSERT_EQ(bins.size(), expected.size());
    for (std::size_t i = 0; i < bins.size(); ++i) {
      EXPECT_EQ(bins[i].count, expected[i].count);
      EXPECT_EQ(bins[i].lower, expected[i].lower);
    }
    EXPECT_EQ(histogram->total(), all.size());
  }
}

TEST(Histogram, TinyValuesAreToldApart) {
  const QuantileTable quantile = quantiles_of({1e-200, 2e-200, 4e-200, 8e-200, 16e-200});
  EXPECT_NEAR(quantile(0.5) / 4e-200, 1, 1.0 / 128);
  EXPECT_NEAR(quantile(0.9) / 16e-200, 1, 1.0 / 128);
}

// All values in one or two bins: the quantiles still spread over the range of the values.
TEST(Histogram, QuantilesWithinABinAreSpreadOverItsValues) {
  std::vector<double> values;
  for (int i = 0; i <= 1000; ++i) values.push_back(0.8001 + 1e-6 * i);
  const QuantileTable quantile = quantiles_of(values);
  EXPECT_NEAR(quantile(0.25), 0.80035, 2e-6);
  EXPECT_NEAR(quantile(0.75), 0.80085, 2e-6);
}

TEST(Histogram, ManyTilesOfBothSignsCountEverything) {
  std::vector<std::int64_t> bins;
  for (const double x : skewed_values(512, 9)) bins.push_back(bin_of(x));
  bins[7] = 0;
  std::vector<std::int64_t> sorted = bins;
  std::sort(sorted.begin(), sorted.end());
  const auto zero = std::lower_bound(sorted.begin(), sorted.end(), 0);
  const auto positive = std::upper_bound(sorted.begin(), sorted.end(), 0);
  ASSERT_GT(zero - sorted.begin(), 0);
  ASSERT_GT(sorted.end() - positive, 0);
  const BinRange range{sorted.front(), sorted.back(), zero[-1], *positive};
  Histogram histogram;
  for (int tile = 0; tile < 3; ++tile) histogram.add(bins.data(), 512, range);
  std::uint64_t counted = 0;
  for (const HistogramBin& bin : histogram.adjacent_bins()) {
    counted += bin.count;
    if (bin.lower == 0 && bin.upper == 0) {
      EXPECT_EQ(bin.count, 3u);
    }
  }
  EXPECT_EQ(counted, 3u * 512);
}

TEST(Histogram, BinsAreTrimmedAndCountEverything) {
  const auto bins = histogram_of({1.0, 1.001, 3.0}).adjacent_bins();
  EXPECT_EQ(bins.front().count, 2u);
  EXPECT_EQ(bins.back().count, 1u);
  EXPECT_LE(bins.back().lower, 3.0);
  EXPECT_EQ(bins.size(), 3u);  // one empty bin fills the gap
  for (std::size_t i = 1; i < bins.size(); ++i) EXPECT_EQ(bins[i - 1].upper, bins[i].lower);
  EXPECT_TRUE(Histogram().adjacent_bins().empty());
}

TEST(HistogramCounts, HoldAllThatTheHistogramDoes) {
  std::vector<double> values = skewed_values(3000, 7);
  values.insert(values.end(), {0, 0, -1e-300, 1e300});
  const Histogram histogram = histogram_of(values);
  const Histogram again(histogram.counts());
  EXPECT_EQ(again.total(), histogram.total());
  const auto expected = histogram.filled_bins(), found = again.filled_bins();
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    EXPECT_EQ(found[i].lower, expected[i].lower);
    EXPECT_EQ(found[i].count, expected[i].count);
  }
  Histogram doubled = again;
  doubled.merge(histogram);
  EXPECT_EQ(doubled.counts().front().count, 2 * histogram.counts().front().count);
}

TEST(HistogramCounts, MayExceedWhatASmallCounterHolds) {
  const std::uint64_t many = std::uint64_t{1} << 40;
  const std::vector<BinCount> counts = {{-3, many}, {0, 1}, {5, many + 1}};
  const Histogram histogram(counts);
  EXPECT_EQ(histogram.total(), 2 * many + 2);
  EXPECT_EQ(histogram.counts().back().count, many + 1);
}

}  // namespace
}  // namespace overbuild
