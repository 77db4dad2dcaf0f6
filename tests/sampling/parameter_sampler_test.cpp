// The sampled parameters of paths: their distributions, correlation, layout and independence.
//
// Statistical comparisons allow 6 standard errors (false alarm 2e-9 each); no test makes more than
// 63 (seven distributions, seven quantiles and two moments each), so below 1.3e-7 a test. The seeds
// are fixed.
#include "overbuild/sampling/parameter_sampler.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "overbuild/base/error.hpp"
#include "overbuild/sampling/correlation.hpp"
#include "tests/sampling/every_instruction_set.hpp"

namespace overbuild {
namespace {

using Kind = Distribution::Kind;
constexpr int paths = 1 << 18;
constexpr double sigmas = 6;

Distribution standard_normal() { return {.kind = Kind::normal, .arguments = {0, 1}}; }

Eigen::MatrixXd identity(std::size_t n) { return Eigen::MatrixXd::Identity(n, n); }

std::vector<double> sample(const ParameterSampler& sampler, std::size_t parameters,
                           int lanes = paths, std::uint64_t first_path = 0,
                           std::uint64_t seed = 42) {
  std::vector<double> values(parameters * lanes);
  sampler.sample(seed, first_path, lanes, values.data());
  return values;
}

/// The parameter's values of all lanes.
std::vector<double> row(const std::vector<double>& values, std::size_t parameter,
                        std::size_t lanes = paths) {
  const auto first = values.begin() + static_cast<std::ptrdiff_t>(parameter * lanes);
  return {first, first + static_cast<std::ptrdiff_t>(lanes)};
}

std::vector<double> sample_one(const Distribution& distribution, bool whole_number = false) {
  const ParameterSampler sampler({0}, {{0, distribution, whole_number}}, identity(1));
  return sample(sampler, 1);
}

/// Expects the share of values up to each of some quantiles, and the mean and variance that follow
/// from the quantile function by numerical integration.
void expect_distribution(const Distribution& distribution) {
  ASSERT_EQ(distribution.complaint(), "");
  const std::vector<double> values = sample_one(distribution);
  for (double p : {0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99}) {
    const double limit = distribution.quantile(p, 1 - p);
    const double found = static_cast<double>(
        std::count_if(values.begin(), values.end(), [limit](double x) { return x <= limit; }));
    EXPECT_NEAR(found / paths, p, sigmas * std::sqrt(p * (1 - p) / paths)) << "p = " << p;
  }
  constexpr int cells = 20000;
  double moment[5] = {};
  for (int i = 0; i < cells; ++i) {
    const double p = (i + 0.5) / cells;
    for (int k = 1; k <= 4; ++k) moment[k] += std::pow(distribution.quantile(p, 1 - p), k) / cells;
  }
  for (int k : {1, 2}) {
    double sum = 0;
    for (double x : values) sum += std::pow(x, k);
    const double error = std::sqrt((moment[2 * k] - moment[k] * moment[k]) / paths);
    EXPECT_NEAR(sum / paths, moment[k], sigmas * error) << "moment " << k;
  }
}

TEST(ParameterSampler, EveryKindHasItsDistribution) {
  const Distribution distributions[] = {
      {.kind = Kind::normal, .arguments = {1, 2}},
      {.kind = Kind::lognormal, .arguments = {3, 0.4}},
      {.kind = Kind::uniform, .arguments = {-1, 3}},
      {.kind = Kind::triangular, .arguments = {0, 1, 4}},
      {.kind = Kind::beta, .arguments = {2, 3, -1, 1}},
      {.kind = Kind::gamma, .arguments = {2.5, 0.4}},
      {.kind = Kind::student_t, .arguments = {1, 2, 12}},
  };
  for (const Distribution& distribution : distributions) {
    SCOPED_TRACE(distribution_kinds()[static_cast<std::size_t>(distribution.kind)].name);
    expect_distribution(distribution);
  }
}

TEST(ParameterSampler, TruncatedKindsHaveTheirDistribution) {
  expect_distribution({.kind = Kind::normal, .arguments = {0, 1}, .lower = 0.5, .upper = 2});
  expect_distribution({.kind = Kind::lognormal, .arguments = {1, 1}, .upper = 2});
  expect_distribution({.kind = Kind::student_t, .arguments = {0, 1, 2}, .lower = -3, .upper = 3});
}

// Half of the first and last weights are atoms; the frequencies of the rest follow the quantiles.
TEST(ParameterSampler, EmpiricalPointsHaveTheirShares) {
  const Distribution distribution{
      .kind = Kind::empirical, .points = {1, 2, 3, 10}, .weights = {2, 1, 1, 4}};
  const std::vector<double> values = sample_one(distribution);
  auto expect_share = [&](double wanted, auto condition) {
    const double found =
        static_cast<double>(std::count_if(values.begin(), values.end(), condition)) / paths;
    EXPECT_NEAR(found, wanted, sigmas * std::sqrt(wanted * (1 - wanted) / paths));
  };
  expect_share(1.0 / 8, [](double x) { return x == 1; });
  expect_share(2.0 / 8, [](double x) { return x == 10; });
  expect_share(2.5 / 8, [](double x) { return x <= 2; });
  expect_share(3.5 / 8, [](double x) { return x <= 3; });
}

TEST(ParameterSampler, ParametersWithoutPriorAreFixed) {
  const ParameterSampler sampler({1.5, 2.5, 3.5}, {{1, standard_normal()}}, identity(1));
  const std::vector<double> values = sample(sampler, 3, 64);
  EXPECT_EQ(row(values, 0, 64), std::vector<double>(64, 1.5));
  EXPECT_EQ(row(values, 2, 64), std::vector<double>(64, 3.5));
  const std::vector<double> drawn = row(values, 1, 64);
  EXPECT_EQ(std::count(drawn.begin(), drawn.end(), 2.5), 0);
}

TEST(ParameterSampler, ADrawDoesNotDependOnWhichOthersAreDrawn) {
  std::vector<Prior> all;
  for (std::size_t parameter = 0; parameter < 11; ++parameter)
    all.push_back({parameter, standard_normal()});
  const std::vector<double> zeros(11);
  const std::vector<double> together = sample(ParameterSampler(zeros, all, identity(11)), 11, 64);
  for (std::size_t parameter = 0; parameter < 11; ++parameter) {
    const ParameterSampler alone(zeros, {all[parameter]}, identity(1));
    EXPECT_EQ(row(sample(alone, 11, 64), parameter, 64), row(together, parameter, 64));
    for (std::size_t other = 0; other < parameter; ++other)
      EXPECT_NE(row(together, parameter, 64), row(together, other, 64));
  }
  std::vector<Prior> reversed(all.rbegin(), all.rend());
  EXPECT_EQ(sample(ParameterSampler(zeros, reversed, identity(11)), 11, 64), together);
}

TEST(ParameterSampler, ADrawDoesNotDependOnTheTile) {
  const Eigen::MatrixXd factor = (Eigen::MatrixXd(2, 2) << 1, 0, 0.6, 0.8).finished();
  const ParameterSampler sampler(
      {0, 0, 0, 0, 0}, {{1, {.kind = Kind::gamma, .arguments = {2, 1}}}, {4, standard_normal()}},
      factor);
  const std::vector<double> whole = sample(sampler, 5, 64, 1000);
  for (std::uint64_t lane = 0; lane < 64; lane += 8) {
    const std::vector<double> part = sample(sampler, 5, 8, 1000 + lane);
    for (std::size_t parameter = 0; parameter < 5; ++parameter)
      for (std::size_t i = 0; i < 8; ++i)
        ASSERT_EQ(part[parameter * 8 + i], whole[parameter * 64 + lane + i]);
  }
}

TEST(ParameterSampler, SeedsGiveDifferentDraws) {
  const ParameterSampler sampler({0}, {{0, standard_normal()}}, identity(1));
  EXPECT_EQ(sample(sampler, 1, 64, 0, 1), sample(sampler, 1, 64, 0, 1));
  EXPECT_NE(sample(sampler, 1, 64, 0, 1), sample(sampler, 1, 64, 0, 2));
  EXPECT_NE(sample(sampler, 1, 64, 0, 1), sample(sampler, 1, 64, 64, 1));
}

double correlation(const std::vector<double>& x, const std::vector<double>& y) {
  const double n = static_cast<double>(x.size());
  const double mean_x = std::accumulate(x.begin(), x.end(), 0.0) / n;
  const double mean_y = std::accumulate(y.begin(), y.end(), 0.0) / n;
  double xy = 0, xx = 0, yy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    xy += (x[i] - mean_x) * (y[i] - mean_y);
    xx += (x[i] - mean_x) * (x[i] - mean_x);
    yy += (y[i] - mean_y) * (y[i] - mean_y);
  }
  return xy / std::sqrt(xx * yy);
}

std::vector<double> ranks(const std::vector<double>& values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  std::vector<double> result(values.size());
  for (std::size_t i = 0; i < order.size(); ++i) result[order[i]] = static_cast<double>(i);
  return result;
}

TEST(ParameterSampler, TheCopulaHasTheRankCorrelationAskedFor) {
  const double wanted[3][3] = {{1, 0.7, -0.4}, {0.7, 1, 0.1}, {-0.4, 0.1, 1}};
  Eigen::MatrixXd normal(3, 3);
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 3; ++j)
      normal(i, j) = i == j ? 1 : normal_correlation_of_spearman(wanted[i][j]);
  std::string complaint;
  const auto factor = correlation_factor(normal, complaint);
  ASSERT_TRUE(factor) << complaint;
  const std::vector<Prior> priors = {
      {0, {.kind = Kind::lognormal, .arguments = {1, 2}}},
      {2, {.kind = Kind::uniform, .arguments = {0, 1}}},
      {5, {.kind = Kind::beta, .arguments = {0.5, 0.5, 0, 1}}},
  };
  const ParameterSampler sampler(std::vector<double>(6), priors, *factor);
  const std::vector<double> values = sample(sampler, 6);
  std::vector<std::vector<double>> rank;
  for (const Prior& prior : priors) rank.push_back(ranks(row(values, prior.parameter)));
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < i; ++j)
      // The standard error of Spearman's rho is at most that without correlation, 1 / sqrt(n).
      EXPECT_NEAR(correlation(rank[i], rank[j]), wanted[i][j], sigmas / std::sqrt(paths));
}

TEST(ParameterSampler, UncorrelatedPriorsAreIndependent) {
  std::vector<Prior> priors;
  for (std::size_t parameter = 0; parameter < 6; ++parameter)
    priors.push_back({parameter, standard_normal()});
  const std::vector<double> values =
      sample(ParameterSampler(std::vector<double>(6), priors, identity(6)), 6);
  for (std::size_t i = 0; i < 6; ++i)
    for (std::size_t j = 0; j < i; ++j)
      EXPECT_LT(std::abs(correlation(row(values, i), row(values, j))), sigmas / std::sqrt(paths));
}

TEST(ParameterSampler, WholeNumbersAreTheNearestWithinTheTruncation) {
  const Distribution distribution{
      .kind = Kind::normal, .arguments = {4, 2}, .lower = 0.6, .upper = 7.9};
  const std::vector<double> exact = sample_one(distribution),
                            whole = sample_one(distribution, true);
  for (std::size_t i = 0; i < whole.size(); ++i)
    ASSERT_EQ(whole[i], std::clamp(std::nearbyint(exact[i]), 1.0, 7.0));
  EXPECT_EQ(*std::min_element(whole.begin(), whole.end()), 1);
  EXPECT_EQ(*std::max_element(whole.begin(), whole.end()), 7);
}

TEST(ParameterSampler, RefusesWholeNumbersWhereThereAreNone) {
  const Distribution distribution{
      .kind = Kind::uniform, .arguments = {0, 1}, .lower = 0.2, .upper = 0.8};
  try {
    const ParameterSampler sampler({0}, {{0, distribution, true}}, identity(1));
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::config);
    EXPECT_STREQ(error.what(), "there is no whole number between 0.2 and 0.8");
  }
}

TEST(ParameterSampler, EveryInstructionSetGivesTheSameBits) {
  const Eigen::MatrixXd factor = (Eigen::MatrixXd(2, 2) << 1, 0, 0.6, 0.8).finished();
  const ParameterSampler sampler({0, 0, 0},
                                 {{0, {.kind = Kind::lognormal, .arguments = {1, 0.3}}},
                                  {2, {.kind = Kind::triangular, .arguments = {0, 1, 4}}}},
                                 factor);
  expect_same_bits(0x90C24573A30E2993, [&] { return sample(sampler, 3, 4096); });
}

}  // namespace
}  // namespace overbuild
