// Distribution and independence of the step loop's random numbers.
//
// Each comparison is held to `sigmas` standard errors, or to a probability of 1e-8, so that with
// correct code and a seed chosen at random it fails with probability below 4e-8; no test has more
// than 24 comparisons, so that its false-alarm rate is below 1e-6. The seeds are fixed.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "tests/sampling/random_moments_test.cpp"
#include "hwy/foreach_target.h"  // IWYU pragma: keep

#include "overbuild/sampling/step_random-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace overbuild {
namespace HWY_NAMESPACE {

/// values[4][n]: both normals, the 32-bit and the 52-bit uniform of one draw of the paths 0..n-1.
void fill_draw(std::uint64_t seed, int step, int draw, double* values, int n) {
  for (int i = 0; i < n; i += lanes_per_vector) {
    const StepRandom random(seed, hn::Iota(WordTag(), static_cast<unsigned>(i)), step);
    const RandomBlock block = random.block(draw);
    const RealPair normals = normal_pair(block.word[0], block.word[1]);
    hn::StoreU(normals.first.v, RealTag(), values + i);
    hn::StoreU(normals.second.v, RealTag(), values + n + i);
    hn::StoreU(uniform32(block.word[2]).v, RealTag(), values + 2 * n + i);
    hn::StoreU(uniform52(block.word[2], block.word[3]).v, RealTag(), values + 3 * n + i);
  }
}

/// values[2][n]: Poisson counts, and the sums of as many exponentials as `terms` says.
void fill_jumps(std::uint64_t seed, double mean, double terms, double* values, int n) {
  for (int i = 0; i < n; i += lanes_per_vector) {
    const StepRandom random(seed, hn::Iota(WordTag(), static_cast<unsigned>(i)), 1);
    const Real count = poisson(uniform32(random.block(0).word[0]), mean, exp(Real(-mean)));
    hn::StoreU(count.v, RealTag(), values + i);
    hn::StoreU(exponential_sum(random, 1, terms).v, RealTag(), values + n + i);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace overbuild
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/poisson.hpp>
#include <cmath>
#include <span>
#include <vector>

namespace overbuild {
namespace {

HWY_EXPORT(fill_draw);
HWY_EXPORT(fill_jumps);

constexpr int paths = 1 << 22;
constexpr double sigmas = 5.5;

using Values = std::span<const double>;

/// One draw of all paths.
struct Draw {
  std::vector<double> values;
  Draw(std::uint64_t seed, int step, int draw) : values(std::size_t{4} * paths) {
    HWY_DYNAMIC_DISPATCH(fill_draw)(seed, step, draw, values.data(), paths);
  }
  Values row(std::size_t k) const { return Values(values).subspan(k * paths, paths); }
  Values first() const { return row(0); }
  Values second() const { return row(1); }
  Values uniform32() const { return row(2); }
  Values uniform52() const { return row(3); }
};

struct Jumps {
  std::vector<double> values;
  Jumps(double mean, double terms) : values(std::size_t{2} * paths) {
    HWY_DYNAMIC_DISPATCH(fill_jumps)(11, mean, terms, values.data(), paths);
  }
  Values counts() const { return Values(values).first(paths); }
  Values sums() const { return Values(values).last(paths); }
};

/// Expects the first four raw moments, hence mean, variance, skewness and kurtosis; `moment` are
/// the exact raw moments of orders 0 to 8, of which the last give the standard errors.
void expect_moments(Values values, const double (&moment)[9]) {
  double sum[5] = {};
  for (double x : values) {
    double power = 1;
    for (int k = 1; k <= 4; ++k) sum[k] += power *= x;
  }
  const double n = static_cast<double>(values.size());
  for (int k = 1; k <= 4; ++k) {
    const double error = std::sqrt((moment[2 * k] - moment[k] * moment[k]) / n);
    EXPECT_NEAR(sum[k] / n, moment[k], sigmas * error) << "moment " << k;
  }
}

/// Expects observed frequencies of classes by Pearson's test.
void expect_frequencies(const std::vector<double>& observed, const std::vector<double>& expected) {
  double statistic = 0;
  for (std::size_t i = 0; i < observed.size(); ++i)
    statistic += (observed[i] - expected[i]) * (observed[i] - expected[i]) / expected[i];
  const boost::math::chi_squared chi_squared(static_cast<double>(observed.size() - 1));
  EXPECT_LT(statistic, boost::math::quantile(boost::math::complement(chi_squared, 1e-8)));
  EXPECT_GT(statistic, boost::math::quantile(chi_squared, 1e-8));
}

/// Expects values in (0, 1) to be uniform: in 4096 classes, and by Kolmogorov and Smirnov's test.
void expect_uniform(std::vector<double> values) {
  const double n = static_cast<double>(values.size());
  std::vector<double> observed(4096);
  for (double u : values) observed[static_cast<std::size_t>(u * 4096)] += 1;
  expect_frequencies(observed, std::vector<double>(4096, n / 4096));
  std::sort(values.begin(), values.end());
  double distance = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double below = static_cast<double>(i) / n, up_to = static_cast<double>(i + 1) / n;
    distance = std::max({distance, values[i] - below, up_to - values[i]});
  }
  // P(sqrt(n) D > x) is about 2 exp(-2 x^2), Kolmogorov (1933): 1e-8 at 3.1.
  EXPECT_LT(std::sqrt(n) * distance, 3.1);
}

double normal_share(double z) { return std::erfc(-z / std::sqrt(2)) / 2; }

std::vector<double> shares_of(Values normals) {
  std::vector<double> shares(normals.size());
  std::transform(normals.begin(), normals.end(), shares.begin(), normal_share);
  return shares;
}

/// Expects values x[i] and y[i + lag] of mean 0 and variance 1 to be uncorrelated.
void expect_uncorrelated(Values x, Values y, std::size_t lag = 0) {
  double sum = 0;
  for (std::size_t i = 0; i + lag < x.size(); ++i) sum += x[i] * y[i + lag];
  EXPECT_LT(std::abs(sum) / std::sqrt(static_cast<double>(x.size() - lag)), sigmas);
}

/// Squares of standard normals less their mean, of variance 1.
std::vector<double> squares(Values normals) {
  std::vector<double> result(normals.size());
  std::transform(normals.begin(), normals.end(), result.begin(),
                 [](double z) { return (z * z - 1) / std::sqrt(2); });
  return result;
}

void expect_independent(Values x, Values y, std::size_t lag = 0) {
  expect_uncorrelated(x, y, lag);
  expect_uncorrelated(squares(x), squares(y), lag);
  expect_uncorrelated(squares(x), y, lag);
  expect_uncorrelated(x, squares(y), lag);
}

constexpr double normal_moments[9] = {1, 0, 1, 0, 3, 0, 15, 0, 105};
constexpr double uniform_moments[9] = {1,       1.0 / 2, 1.0 / 3, 1.0 / 4, 1.0 / 5,
                                       1.0 / 6, 1.0 / 7, 1.0 / 8, 1.0 / 9};
constexpr double exponential_moments[9] = {1, 1, 2, 6, 24, 120, 720, 5040, 40320};

TEST(RandomMoments, Normals) {
  const Draw draw(1, 1, 0);
  expect_moments(draw.first(), normal_moments);
  expect_moments(draw.second(), normal_moments);
}

TEST(RandomMoments, NormalsHaveTheirDistribution) {
  const Draw draw(2, 5, 1);
  expect_uniform(shares_of(draw.first()));
  expect_uniform(shares_of(draw.second()));
}

// Counts beyond 4 and 4.5 standard deviations, about 266 and 28, against Poisson's distribution.
TEST(RandomMoments, NormalsHaveTheirTails) {
  const Draw draw(3, 2, 0);
  for (double limit : {4.0, 4.5}) {
    const double expected = 2 * normal_share(-limit) * paths;
    const boost::math::poisson_distribution<double> poisson(expected);
    for (Values values : {draw.first(), draw.second()}) {
      const double found = static_cast<double>(std::count_if(
          values.begin(), values.end(), [limit](double z) { return std::abs(z) > limit; }));
      EXPECT_GT(boost::math::cdf(poisson, found), 1e-8) << found << " of " << expected;
      EXPECT_GT(boost::math::cdf(boost::math::complement(poisson, found - 1)), 1e-8)
          << found << " of " << expected;
    }
  }
}

TEST(RandomMoments, Uniforms) {
  const Draw draw(4, 1, 0);
  expect_moments(draw.uniform32(), uniform_moments);
  expect_moments(draw.uniform52(), uniform_moments);
}

TEST(RandomMoments, UniformsHaveTheirDistribution) {
  const Draw draw(5, 9, 2);
  const Values a = draw.uniform32(), b = draw.uniform52();
  expect_uniform({a.begin(), a.end()});
  expect_uniform({b.begin(), b.end()});
}

// A sum of exponentials has a gamma distribution: raw moments n (n + 1) ... (n + k - 1). The fourth
// moment of one exponential is skewed enough to double the false-alarm rate of its comparison.
TEST(RandomMoments, ExponentialSums) {
  expect_moments(Jumps(1, 1).sums(), exponential_moments);
  double gamma_moments[9] = {1};
  for (int k = 1; k < 9; ++k) gamma_moments[k] = gamma_moments[k - 1] * (7 + k - 1);
  expect_moments(Jumps(1, 7).sums(), gamma_moments);
}

TEST(RandomMoments, PoissonCounts) {
  for (double mean : {0.0875, 0.5, 5.0}) {
    const Jumps jumps(mean, 0);
    const boost::math::poisson_distribution<double> poisson(mean);
    // Classes 0, 1, ... as long as 20 or more counts are expected, and all beyond.
    std::vector<double> expected, observed;
    for (int k = 0; paths * boost::math::pdf(poisson, k) > 20; ++k)
      expected.push_back(paths * boost::math::pdf(poisson, k));
    const double last = static_cast<double>(expected.size()) - 1;
    expected.back() = paths * boost::math::cdf(boost::math::complement(poisson, last - 1));
    observed.resize(expected.size());
    for (double count : jumps.counts())
      observed[static_cast<std::size_t>(std::min(count, last))] += 1;
    expect_frequencies(observed, expected);
  }
}

TEST(RandomMoments, TheNormalsOfAPairAreIndependent) {
  const Draw draw(6, 1, 0);
  expect_independent(draw.first(), draw.second());
}

TEST(RandomMoments, PathsAreIndependent) {
  const Draw draw(7, 1, 0);
  for (std::size_t lag : {1u, 2u, 8u, 512u}) expect_independent(draw.first(), draw.first(), lag);
}

TEST(RandomMoments, StepsAreIndependent) {
  const Draw step1(8, 1, 0), step2(8, 2, 0);
  expect_independent(step1.first(), step2.first());
  expect_independent(step1.second(), step2.first());
}

TEST(RandomMoments, DrawsAreIndependent) {
  const Draw draw0(9, 1, 0), draw1(9, 1, 1);
  expect_independent(draw0.first(), draw1.first());
  expect_independent(draw0.second(), draw1.first());
}

TEST(RandomMoments, SeedsAreIndependent) {
  const Draw seed10(10, 1, 0), seed11(11, 1, 0);
  expect_independent(seed10.first(), seed11.first());
}

}  // namespace
}  // namespace overbuild
#endif  // HWY_ONCE
