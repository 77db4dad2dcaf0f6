#include "overbuild/statistics/accumulator.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <vector>

#include "overbuild/sampling/instruction_set.hpp"
#include "src/statistics/tile_sums.hpp"

namespace overbuild {
namespace {

struct alignas(64) Tile {
  double values[512];
};

Tile tile_of(unsigned seed) {
  Tile tile;
  std::mt19937_64 random(seed);
  std::normal_distribution<double> normal(3, 2);
  for (double& x : tile.values) x = normal(random);
  return tile;
}

TEST(TileSums, OfEveryCountAreThePlainSums) {
  const Tile tile = tile_of(1);
  BinBuffer bins;
  for (int count = 1; count <= 40; ++count) {
    const TileSums sums = sum_tile(tile.values, count, 2.5, bins.data());
    long double expected[powers] = {};
    double smallest = tile.values[0], largest = tile.values[0];
    for (int i = 0; i < count; ++i) {
      for (int k = 0; k < powers; ++k)
        expected[k] += std::pow(static_cast<long double>(tile.values[i]) - 2.5L, k + 1);
      smallest = std::min(smallest, tile.values[i]);
      largest = std::max(largest, tile.values[i]);
      EXPECT_EQ(bins[std::size_t(i)], bin_of(tile.values[i]));
    }
    for (int k = 0; k < powers; ++k)
      EXPECT_NEAR(sums.power[k], double(expected[k]), 1e-9 * std::pow(6, k + 1) * count);
    EXPECT_EQ(sums.smallest, smallest);
    EXPECT_EQ(sums.largest, largest);
  }
}

TEST(TileSums, HaveTheSameBitsOnEveryInstructionSet) {
  const Tile tile = tile_of(2);
  for (const int count : {512, 511, 9, 1}) {
    use_instruction_set("auto");
    BinBuffer expected_bins{}, bins{};
    const TileSums expected = sum_tile(tile.values, count, 3.1, expected_bins.data());
    for (const std::string& name : available_instruction_sets()) {
      use_instruction_set(name);
      const TileSums sums = sum_tile(tile.values, count, 3.1, bins.data());
      EXPECT_EQ(std::memcmp(&sums, &expected, sizeof sums), 0) << name << ' ' << count;
      EXPECT_TRUE(std::equal(bins.begin(), bins.begin() + count, expected_bins.begin())) << name;
    }
  }
  use_instruction_set("auto");
}

TEST(TileSums, NameTheNormalNumbersNearestToZero) {
  struct Case {
    std::vector<double> values;
    double largest_negative, smallest_positive;
  };
  const Case cases[] = {{{3, -2, 0.5, -0.25, 0, 7, -9, 1e-310, 8}, -0.25, 0.5},
                        {{3, 2, 4}, 0, 2},
                        {{-3, -2, -4}, -2, 0},
                        {{0, 0}, 0, 0},
                        {{0, 5, -1e-310}, 0, 5}};
  for (const std::string& name : available_instruction_sets()) {
    use_instruction_set(name);
    for (const Case& c : cases) {
      Tile tile{};
      std::copy(c.values.begin(), c.values.end(), tile.values);
      BinBuffer bins;
      const TileSums sums = sum_tile(tile.values, int(c.values.size()), 0, bins.data());
      EXPECT_EQ(sums.largest_negative, c.largest_negative) << name;
      EXPECT_EQ(sums.smallest_positive, c.smallest_positive) << name;
      for (std::size_t i = 0; i < c.values.size(); ++i) EXPECT_EQ(bins[i], bin_of(c.values[i]));
    }
  }
  use_instruction_set("auto");
}

TEST(Accumulator, DoesNotDependOnTheOrderOfTilesOrMerging) {
  BinBuffer bins;
  std::vector<Tile> tiles;
  for (unsigned i = 0; i < 9; ++i) tiles.push_back(tile_of(100 + i));
  Accumulator forward(3), parts[2] = {Accumulator(3), Accumulator(3)};
  for (const Tile& tile : tiles) ASSERT_TRUE(forward.add_tile(tile.values, 512, bins));
  for (std::size_t i = tiles.size(); i-- > 0;) parts[i % 2].add_tile(tiles[i].values, 512, bins);
  parts[0].merge(parts[1]);
  parts[0].merge(Accumulator(3));
  const DistributionSummary a = forward.summary(), b = parts[0].summary();
  EXPECT_EQ(std::memcmp(&a, &b, sizeof a), 0);
  EXPECT_EQ(a.count, 9u * 512);
}

TEST(Accumulator, SummaryOfKnownValues) {
  Tile tile;
  for (int i = 0; i < 512; ++i) tile.values[i] = i < 100 ? 1 + i : -1e9;  // the rest is not counted
  BinBuffer bins;
  Accumulator accumulator(50);
  ASSERT_TRUE(accumulator.add_tile(tile.values, 100, bins));
  const DistributionSummary s = accumulator.summary();
  EXPECT_EQ(s.count, 100u);
  EXPECT_DOUBLE_EQ(s.mean.value, 50.5);
  EXPECT_NEAR(s.sd.value, std::sqrt(101 * 100 / 12.0), 1e-12);
  EXPECT_NEAR(s.skew.value, 0, 1e-12);
  EXPECT_EQ(s.smallest, 1);
  EXPECT_EQ(s.largest, 100);
  for (std::size_t i = 0; i < quantile_levels.size(); ++i) {
    const double exact = 100 * quantile_levels[i];
    EXPECT_NEAR(s.quantiles[i].value, exact, exact / 128 + 1e-9);
    EXPECT_GT(s.quantiles[i].standard_error, 0);
  }
}

TEST(Accumulator, RefusesValuesThatAreNotFinite) {
  for (const double bad :
       {std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()}) {
    for (const int place : {0, 17, 511}) {
      Tile tile = tile_of(3);
      tile.values[place] = bad;
      BinBuffer bins;
      Accumulator accumulator;
      EXPECT_FALSE(accumulator.add_tile(tile.values, 512, bins));
      EXPECT_EQ(accumulator.count(), 0u);
    }
  }
}

TEST(Accumulator, WithoutValuesHasNaN) {
  const DistributionSummary s = Accumulator().summary();
  EXPECT_EQ(s.count, 0u);
  EXPECT_TRUE(std::isnan(s.mean.value));
  EXPECT_TRUE(std::isnan(s.quantiles[4].value));
}

TEST(AccumulatorStates, HoldAllThatTheAccumulatorDoes) {
  BinBuffer bins;
  Accumulator first(2.5), all(2.5);
  const Tile a = tile_of(5), b = tile_of(6);
  ASSERT_TRUE(first.add_tile(a.values, 512, bins));
  ASSERT_TRUE(all.add_tile(a.values, 512, bins));
  ASSERT_TRUE(all.add_tile(b.values, 300, bins));
  Accumulator restored(first.state());
  ASSERT_TRUE(restored.add_tile(b.values, 300, bins));
  const DistributionSummary found = restored.summary(), expected = all.summary();
  EXPECT_EQ(std::memcmp(&found, &expected, sizeof found), 0);
  EXPECT_EQ(restored.state().power, all.state().power) << "equal sums have equal limbs";
}

TEST(AccumulatorStates, OfNothingIsNothing) {
  const Accumulator empty(AccumulatorState{});
  EXPECT_EQ(empty.count(), 0u);
  EXPECT_TRUE(std::isnan(empty.summary().mean.value));
}

}  // namespace
}  // namespace overbuild
