#include "overbuild/sampling/prior_map.hpp"

#include <gtest/gtest.h>

#include <boost/math/distributions/normal.hpp>
#include <cmath>

namespace overbuild {
namespace {

using Kind = Distribution::Kind;
constexpr double inf = std::numeric_limits<double>::infinity();

Distribution make(Kind kind, std::vector<double> arguments, double lower = -inf,
                  double upper = inf) {
  Distribution distribution{.kind = kind, .arguments = std::move(arguments)};
  distribution.lower = lower;
  distribution.upper = upper;
  return distribution;
}

Distribution empirical(double lower = -inf, double upper = inf) {
  return {.kind = Kind::empirical,
          .points = {-3, 0, 0, 1, 7.5, 8},
          .weights = {1, 2, 3, 1, 0.5, 4},
          .lower = lower,
          .upper = upper};
}

double share(double z) { return boost::math::cdf(boost::math::normal(), z); }

double exact(const Distribution& distribution, double z) {
  return distribution.quantile(share(z), share(-z));
}

/// Expects the map's errors for |z| <= 5 below 1e-7 of the larger of the inter-quartile range and
/// the distance from the median.
void expect_exact(const Distribution& distribution) {
  ASSERT_EQ(distribution.complaint(), "");
  const PriorMap map(distribution);
  const double median = exact(distribution, 0);
  const double range = distribution.quantile(0.75, 0.25) - distribution.quantile(0.25, 0.75);
  for (double z = -5; z <= 5; z += 0.00731) {
    const double wanted = exact(distribution, z);
    const double scale = std::max(range, std::abs(wanted - median));
    ASSERT_NEAR(map(z), wanted, 1e-7 * scale) << "z = " << z;
  }
}

TEST(PriorMap, NormalIsLinear) {
  const PriorMap map(make(Kind::normal, {2, 3}));
  EXPECT_EQ(map(0), 2);
  EXPECT_EQ(map(1.25), 2 + 3 * 1.25);
  EXPECT_EQ(map(-7.5), 2 - 3 * 7.5);
}

TEST(PriorMap, NormalTruncated) {
  expect_exact(make(Kind::normal, {0, 1}, 0));
  expect_exact(make(Kind::normal, {0, 1}, -1, 2));
  expect_exact(make(Kind::normal, {0, 1}, 5));
}

TEST(PriorMap, Lognormal) {
  for (double sigma : {0.01, 0.5, 1.0, 4.0}) expect_exact(make(Kind::lognormal, {2, sigma}));
  expect_exact(make(Kind::lognormal, {1, 1}, 0.5, 3));
}

TEST(PriorMap, Uniform) {
  expect_exact(make(Kind::uniform, {-1, 5}));
  expect_exact(make(Kind::uniform, {-1, 5}, 0, 1));
}

TEST(PriorMap, TriangularWithItsKink) {
  for (double mode : {0.0, 0.2, 0.9, 1.0}) expect_exact(make(Kind::triangular, {0, mode, 1}));
  expect_exact(make(Kind::triangular, {0, 0.2, 1}, 0.1, 0.6));
  expect_exact(make(Kind::triangular, {0, 0.2, 1}, 0.3, 0.6));
}

TEST(PriorMap, Beta) {
  for (double shape : {0.3, 1.0, 2.0, 50.0}) expect_exact(make(Kind::beta, {shape, 2, 1, 3}));
  expect_exact(make(Kind::beta, {2, 5, 0, 1}, 0.1, 0.5));
}

TEST(PriorMap, Gamma) {
  for (double shape : {0.3, 1.0, 2.5, 300.0}) expect_exact(make(Kind::gamma, {shape, 2}));
  expect_exact(make(Kind::gamma, {2, 1}, 1, 8));
}

TEST(PriorMap, StudentT) {
  for (double degrees : {2.0, 3.5, 30.0}) expect_exact(make(Kind::student_t, {1, 2, degrees}));
  expect_exact(make(Kind::student_t, {0, 1, 3}, 0, 9));
}

TEST(PriorMap, Empirical) {
  expect_exact(empirical());
  expect_exact(empirical(-1, 7.75));
}

TEST(PriorMap, StaysWithinTheTruncationAndAscendsForAnyNormal) {
  const Distribution distributions[] = {
      make(Kind::normal, {0, 1}, -1, 2),   make(Kind::lognormal, {1, 2}, 0.5, 3),
      make(Kind::uniform, {0, 1}),         make(Kind::triangular, {0, 0.2, 1}, 0.1, 0.6),
      make(Kind::beta, {0.5, 0.5, 0, 1}),  make(Kind::gamma, {0.3, 1}, 1e-6),
      make(Kind::student_t, {0, 1, 2}, 0), empirical(-1, 7.75)};
  for (const Distribution& distribution : distributions) {
    const PriorMap map(distribution);
    double previous = -inf;
    for (double z = -12; z <= 12; z += 0.0037) {
      const double x = map(z);
      ASSERT_GE(x, distribution.lower);
      ASSERT_LE(x, distribution.upper);
      ASSERT_GE(x, previous - 1e-12);
      previous = x;
    }
  }
}

TEST(NormalTable, InterpolatesASmoothFunction) {
  const NormalTable table([](double z) { return std::sin(z); });
  for (double z = -8.6; z <= 8.6; z += 0.0123) ASSERT_NEAR(table(z), std::sin(z), 2e-10);
  EXPECT_EQ(table(100), table(8.7));
  EXPECT_EQ(table(-100), table(-8.7));
}

TEST(PriorMaps, GiveOneMapForEachDistribution) {
  PriorMaps maps;
  const Distribution first = make(Kind::gamma, {2, 1}), second = make(Kind::gamma, {3, 1});
  const auto map = maps.of(first);
  EXPECT_EQ(maps.of(first), map);
  EXPECT_NE(maps.of(second), map);
  EXPECT_EQ((*maps.of(second))(0.3), PriorMap(second)(0.3));
  EXPECT_NE((*maps.of(second))(0.3), (*map)(0.3));
  // A map that is in use outlives its place in the list.
  for (int i = 0; i < 300; ++i) maps.of(make(Kind::normal, {double(i), 1}));
  EXPECT_EQ((*map)(0.3), PriorMap(first)(0.3));
  EXPECT_NE(maps.of(first), map);
}

}  // namespace
}  // namespace overbuild
