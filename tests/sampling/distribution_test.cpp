#include "overbuild/sampling/distribution.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/gamma.hpp>
#include <boost/math/distributions/lognormal.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <boost/math/distributions/triangular.hpp>
#include <cmath>

namespace overbuild {
namespace {

using Kind = Distribution::Kind;
using testing::HasSubstr;
constexpr double inf = std::numeric_limits<double>::infinity();

Distribution make(Kind kind, std::vector<double> arguments, double lower = -inf,
                  double upper = inf) {
  Distribution distribution{.kind = kind, .arguments = std::move(arguments)};
  distribution.lower = lower;
  distribution.upper = upper;
  return distribution;
}

Distribution empirical(std::vector<double> points, std::vector<double> weights = {}) {
  return {.kind = Kind::empirical, .points = std::move(points), .weights = std::move(weights)};
}

/// One of every kind but empirical.
std::vector<Distribution> continuous_distributions() {
  return {make(Kind::normal, {1, 2}),        make(Kind::lognormal, {3, 0.5}),
          make(Kind::uniform, {-1, 3}),      make(Kind::triangular, {0, 1, 4}),
          make(Kind::beta, {2, 3, -1, 1}),   make(Kind::gamma, {2.5, 0.4}),
          make(Kind::student_t, {1, 2, 3.5})};
}

// The arguments' meaning: Boost's distributions with their own arguments.
TEST(Distribution, QuantilesAreThoseOfTheNamedDistribution) {
  namespace bm = boost::math;
  const std::vector<Distribution> d = continuous_distributions();
  for (double p : {1e-6, 0.05, 0.5, 0.8, 0.999}) {
    EXPECT_NEAR(d[0].quantile(p, 1 - p), bm::quantile(bm::normal(1, 2), p), 1e-12);
    EXPECT_NEAR(d[1].quantile(p, 1 - p), bm::quantile(bm::lognormal(std::log(3), 0.5), p), 1e-11);
    EXPECT_NEAR(d[2].quantile(p, 1 - p), -1 + 4 * p, 1e-14);
    EXPECT_NEAR(d[3].quantile(p, 1 - p), bm::quantile(bm::triangular(0, 1, 4), p), 1e-12);
    EXPECT_NEAR(d[4].quantile(p, 1 - p), -1 + 2 * bm::quantile(bm::beta_distribution<>(2, 3), p),
                1e-12);
    EXPECT_NEAR(d[5].quantile(p, 1 - p), bm::quantile(bm::gamma_distribution<>(2.5, 0.4), p),
                1e-12);
    EXPECT_NEAR(d[6].quantile(p, 1 - p), 1 + 2 * bm::quantile(bm::students_t(3.5), p), 1e-9);
  }
}

TEST(Distribution, CdfInvertsTheQuantile) {
  for (const Distribution& distribution : continuous_distributions())
    for (double p : {1e-9, 0.01, 0.3, 0.5, 0.7, 0.99}) {
      const double x = distribution.quantile(p, 1 - p), y = distribution.quantile(1 - p, p);
      EXPECT_NEAR(distribution.cdf(x) / p, 1, 1e-7);
      EXPECT_NEAR(distribution.cdf_complement(y) / p, 1, 1e-5);
      EXPECT_NEAR(distribution.cdf(x) + distribution.cdf_complement(x), 1, 1e-15);
    }
}

TEST(Distribution, CdfOutsideOfTheSupport) {
  for (const Distribution& distribution : continuous_distributions()) {
    EXPECT_EQ(distribution.cdf(-inf), 0);
    EXPECT_EQ(distribution.cdf(inf), 1);
    EXPECT_EQ(distribution.cdf_complement(-inf), 1);
    EXPECT_EQ(distribution.cdf_complement(inf), 0);
  }
  for (Kind kind : {Kind::lognormal, Kind::gamma}) {
    EXPECT_EQ(make(kind, {1, 1}).cdf(-3), 0);
    EXPECT_EQ(make(kind, {1, 1}).cdf(0), 0);
  }
  EXPECT_EQ(make(Kind::beta, {2, 2, 0, 1}).cdf(1.5), 1);
  EXPECT_EQ(make(Kind::triangular, {0, 1, 2}).cdf_complement(2), 0);
}

TEST(Distribution, BothTailsKeepFullPrecision) {
  const Distribution normal = make(Kind::normal, {0, 1});
  EXPECT_NEAR(normal.quantile(1e-17, 1), -8.4937932241095980, 1e-12);
  EXPECT_NEAR(normal.quantile(1, 1e-17), 8.4937932241095980, 1e-12);
}

TEST(Distribution, TruncationKeepsTheShapeWithin) {
  for (Distribution distribution : continuous_distributions()) {
    const Distribution whole = distribution;
    distribution.lower = whole.quantile(0.2, 0.8);
    distribution.upper = whole.quantile(0.7, 0.3);
    const Truncation truncation = distribution.truncation();
    EXPECT_NEAR(truncation.below, 0.2, 1e-12);
    EXPECT_NEAR(truncation.kept, 0.5, 1e-12);
    EXPECT_NEAR(truncation.above, 0.3, 1e-12);
    for (double p : {0.001, 0.3, 0.9})
      EXPECT_NEAR(distribution.quantile(p, 1 - p),
                  whole.quantile(0.2 + 0.5 * p, 0.3 + 0.5 * (1 - p)), 1e-11);
    EXPECT_GE(distribution.quantile(1e-300, 1), distribution.lower);
    EXPECT_LE(distribution.quantile(1, 1e-300), distribution.upper);
    EXPECT_EQ(distribution.complaint(), "");
  }
}

// Above a the normal's tail is nearly exponential: the median's distance from a is ln 2 / a at
// most.
TEST(Distribution, TruncationToATailLosesNoDigits) {
  const Distribution tail = make(Kind::normal, {0, 1}, 5);
  const boost::math::normal normal;
  const double share = boost::math::cdf(boost::math::complement(normal, 5.0));
  const double wanted = boost::math::quantile(boost::math::complement(normal, share / 2));
  EXPECT_NEAR(tail.quantile(0.5, 0.5), wanted, 1e-13);
  EXPECT_NEAR(make(Kind::normal, {0, 1}, -inf, -5).quantile(0.5, 0.5), -wanted, 1e-13);
}

TEST(Distribution, EmpiricalQuantilesAreLinearThroughTheMiddlesOfTheWeights) {
  const Distribution equal = empirical({1, 2, 4, 8});  // middles 1/8, 3/8, 5/8, 7/8
  EXPECT_EQ(equal.quantile(0.01, 0.99), 1);
  EXPECT_EQ(equal.quantile(0.125, 0.875), 1);
  EXPECT_NEAR(equal.quantile(0.25, 0.75), 1.5, 1e-15);
  EXPECT_NEAR(equal.quantile(0.5, 0.5), 3, 1e-15);
  EXPECT_NEAR(equal.quantile(0.75, 0.25), 6, 1e-15);
  EXPECT_EQ(equal.quantile(0.99, 0.01), 8);
  const Distribution weighted = empirical({0, 10}, {3, 1});  // middles 3/8, 7/8
  EXPECT_NEAR(weighted.quantile(0.625, 0.375), 5, 1e-15);
  EXPECT_EQ(weighted.quantile(0.3, 0.7), 0);
}

TEST(Distribution, EmpiricalSharesCountAtomsAtTheEndsAndAtRepeatedPoints) {
  const Distribution d = empirical({1, 2, 2, 4});
  EXPECT_EQ(d.cdf(0.999), 0);
  EXPECT_NEAR(d.cdf(1), 0.125, 1e-15);
  EXPECT_NEAR(d.cdf(1.5), 0.25, 1e-15);
  EXPECT_NEAR(d.cdf(2), 0.625, 1e-15);
  EXPECT_EQ(d.cdf(4), 1);
  EXPECT_EQ(d.cdf_complement(4), 0);
}

TEST(Distribution, EmpiricalTruncationKeepsThePointsAtItsEnds) {
  Distribution d = empirical({1, 2, 2, 4});
  d.lower = 2;
  const Truncation truncation = d.truncation();
  EXPECT_NEAR(truncation.below, 0.375, 1e-15);
  EXPECT_NEAR(truncation.kept, 0.625, 1e-15);
  EXPECT_EQ(truncation.above, 0);
  EXPECT_EQ(d.quantile(0.39, 0.61), 2);  // the atom at 2 holds (0.625 - 0.375) / 0.625
  EXPECT_GT(d.quantile(0.41, 0.59), 2);
}

TEST(Distribution, KindsAreInTheOrderOfTheirEnumeration) {
  const std::vector<DistributionKind>& kinds = distribution_kinds();
  ASSERT_EQ(kinds.size(), 8u);
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    EXPECT_EQ(static_cast<std::size_t>(kinds[i].kind), i);
    for (const DistributionArgument& argument : kinds[i].arguments)
      EXPECT_FALSE(argument.name.empty() || argument.meaning.empty());
  }
}

TEST(Distribution, GoodOnesDrawNoComplaint) {
  for (const Distribution& distribution : continuous_distributions())
    EXPECT_EQ(distribution.complaint(), "");
  EXPECT_EQ(empirical({1, 2}).complaint(), "");
  EXPECT_EQ(empirical({1, 1, 2}, {1, 2, 0.5}).complaint(), "");
  EXPECT_EQ(make(Kind::triangular, {0, 0, 1}).complaint(), "");
}

TEST(Distribution, ComplaintsNameTheArgumentAndItsValue) {
  const struct {
    Distribution distribution;
    const char* complaint;
  } cases[] = {
      {make(Kind::normal, {1}), "normal takes 2 arguments (mean, sd), found 1"},
      {make(Kind::normal, {1, -2}), "sd is -2; it must be above 0"},
      {make(Kind::normal, {NAN, 1}), "mean is nan; it must be a finite number"},
      {make(Kind::lognormal, {0, 1}), "median is 0; it must be above 0"},
      {make(Kind::lognormal, {1, inf}), "sigma is inf; it must be a finite number"},
      {make(Kind::uniform, {3, 1}), "low is 3 and high is 1; low must be below high"},
      {make(Kind::triangular, {0, 5, 1}), "mode is 5; it must be between low (0) and high (1)"},
      {make(Kind::triangular, {1, 1, 1}), "low is 1 and high is 1; low must be below high"},
      {make(Kind::beta, {0, 1, 0, 1}), "alpha is 0; it must be above 0"},
      {make(Kind::beta, {1, 1, 2, 1}), "low is 2 and high is 1; low must be below high"},
      {make(Kind::gamma, {1, -1}), "scale is -1; it must be above 0"},
      {make(Kind::student_t, {0, 1, 0}), "degrees is 0; it must be above 0"},
      {make(Kind::student_t, {0, 1, 0.02}), "the tails of this student_t exceed the range"},
      {empirical({1}), "found 1 points; 2 or more are needed"},
      {empirical({2, 1}), "points must ascend, but 2 comes before 1"},
      {empirical({1, inf}), "a point is inf; points must be finite"},
      {empirical({1, 2}, {1}), "found 1 weights for 2 points; each point needs one"},
      {empirical({1, 2}, {1, 0}), "a weight is 0; weights must be above 0 and finite"},
      {make(Kind::normal, {0, 1}, 2, 1), "lower is 2 and upper is 1; lower must be below upper"},
      {make(Kind::normal, {0, 1}, NAN), "lower must be below upper"},
      {make(Kind::normal, {0, 1}, 8, 9), "keeps a share of 6.22e-16 of the distribution"},
      {make(Kind::uniform, {0, 1}, 2, 3), "keeps a share of 0 of the distribution"},
      {{.kind = Kind::normal, .arguments = {0, 1}, .points = {1}}, "points and weights belong to"},
  };
  for (const auto& [distribution, complaint] : cases)
    EXPECT_THAT(distribution.complaint(), HasSubstr(complaint));
}

}  // namespace
}  // namespace overbuild
