// The bootstrap against the normal law of a mean. With correct code and a seed chosen at random a
// comparison, held to 6.5 of its own standard errors, fails with probability below 1e-9.
#include "overbuild/statistics/bootstrap.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "hwy/aligned_allocator.h"
#include "overbuild/sampling/independent_draws.hpp"

namespace overbuild {
namespace {

constexpr double sigmas = 6.5;

TEST(Bootstrap, OfAMeanHasItsStandardErrorAndInterval) {
  RowTable table{1, std::vector<double>(4000)};
  const auto normals = hwy::AllocateAligned<double>(4000);
  independent_normals({12, 0, 1}, 1000, 4, normals.get());
  std::copy_n(normals.get(), 4000, table.values.begin());
  const auto mean = [](std::span<const double> means, double rows) {
    EXPECT_GT(rows, 3000);
    return std::vector<double>{means[0]};
  };
  const IntervalEstimate found = bootstrap(table, mean, {.resamples = 40000}).at(0);
  // 1024 groups give the error to 2.2% and with it the interval's ends; 40,000 resamples add 1.3%
  // of the error to these.
  const double error = 1 / std::sqrt(4000.0);
  EXPECT_NEAR(found.standard_error, error, sigmas * 0.023 * error);
  EXPECT_NEAR(found.value - found.lower, 1.96 * error, sigmas * 0.046 * error);
  EXPECT_NEAR(found.upper - found.value, 1.96 * error, sigmas * 0.046 * error);
  const IntervalEstimate again = bootstrap(table, mean, {.resamples = 40000}).at(0);
  EXPECT_EQ(found.lower, again.lower);
  EXPECT_NE(bootstrap(table, mean, {.resamples = 40000, .seed = 2}).at(0).lower, found.lower);
  table.values.resize(1);
  const IntervalEstimate one =
      bootstrap(table, [](auto means, double) { return std::vector{means[0]}; }, {}).at(0);
  EXPECT_EQ(one.value, table.values[0]);
  EXPECT_TRUE(std::isnan(one.standard_error));
}

}  // namespace
}  // namespace overbuild
