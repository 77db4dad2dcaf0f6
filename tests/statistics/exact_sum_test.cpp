#include "overbuild/statistics/exact_sum.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

namespace overbuild {
namespace {

double sum_of(const std::vector<double>& values) {
  ExactSum sum;
  for (const double x : values) sum.add(x);
  return sum.value();
}

TEST(ExactSum, IsZeroWithoutValues) { EXPECT_EQ(ExactSum().value(), 0.0); }

TEST(ExactSum, OfOneValueIsThatValue) {
  for (const double x :
       {1.0, -1.0, 0.1, -3.75e-200, 1.7976931348623157e308, 2.2250738585072014e-308,
        4.9406564584124654e-324, -4.9406564584124654e-324, 123456789.123})
    EXPECT_EQ(sum_of({x}), x);
}

TEST(ExactSum, DoesNotCancel) {
  EXPECT_EQ(sum_of({1e300, 1.0, -1e300}), 1.0);
  EXPECT_EQ(sum_of({1e16, 1.0, 1.0, -1e16}), 2.0);
  EXPECT_EQ(sum_of({-1e-300, 1e300, 1e-300, -1e300}), 0.0);
}

TEST(ExactSum, RoundsToNearestTiesToEven) {
  const double ulp = std::ldexp(1.0, -52);
  EXPECT_EQ(sum_of({1.0, ulp / 2}), 1.0);                  // tie, to even
  EXPECT_EQ(sum_of({1.0 + ulp, ulp / 2}), 1.0 + 2 * ulp);  // tie, to even
  EXPECT_EQ(sum_of({1.0, ulp / 2, 1e-300}), 1.0 + ulp);    // just above the tie
  EXPECT_EQ(sum_of({-1.0, -ulp / 2, -1e-300}), -(1.0 + ulp));
  EXPECT_EQ(sum_of({1.0, ulp / 2, -1e-300}), 1.0);  // just below the tie
}

TEST(ExactSum, OverflowsOnlyWhenTheSumDoes) {
  const double largest = std::numeric_limits<double>::max();
  EXPECT_EQ(sum_of({largest, largest, -largest}), largest);
  EXPECT_TRUE(std::isinf(sum_of({largest, largest})));
}

TEST(ExactSum, KeepsInfinitiesAndNan) {
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(sum_of({1.0, infinity}), infinity);
  EXPECT_TRUE(std::isnan(sum_of({infinity, -infinity})));
}

std::vector<double> values_of_all_sizes(int count) {
  std::mt19937_64 random(7);
  std::vector<double> values;
  while (static_cast<int>(values.size()) < count) {
    const double x = std::bit_cast<double>(random());
    if (std::isfinite(x) && std::abs(x) < 1e290) values.push_back(x);
  }
  return values;
}

TEST(ExactSum, DoesNotDependOnTheOrderOrTheSplit) {
  std::vector<double> values = values_of_all_sizes(4000);
  const double expected = sum_of(values);
  std::mt19937_64 random(8);
  for (int trial = 0; trial < 20; ++trial) {
    std::shuffle(values.begin(), values.end(), random);
    ExactSum parts[3];
    for (const double x : values) parts[random() % 3].add(x);
    parts[0].merge(parts[2]);
    parts[1].merge(parts[0]);
    EXPECT_EQ(parts[1].value(), expected);
  }
}

// Whole numbers have a sum that integer arithmetic knows.
TEST(ExactSum, AgreesWithIntegers) {
  std::mt19937_64 random(9);
  ExactSum sum;
  std::int64_t expected = 0;
  for (int i = 0; i < 100000; ++i) {
    const auto n = static_cast<std::int64_t>(random() >> 20) - (std::int64_t{1} << 43);
    sum.add(static_cast<double>(n));
    expected += n;
  }
  EXPECT_EQ(sum.value(), static_cast<double>(expected));
}

}  // namespace
}  // namespace overbuild
