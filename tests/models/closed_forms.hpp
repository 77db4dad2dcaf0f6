// Estimates from many paths against exact values, at a stated false-alarm rate.
//
// Each comparison is held to `sigmas` standard errors, which are exact themselves: with correct
// code and a seed chosen at random it fails with probability 2e-9 if the estimate is normal.
// Estimates from 2^18 values of skewness up to 40 (fourth powers of rare jumps) fail with
// probability 4e-8 at most, by the first term of the Edgeworth expansion. No test has more than 24
// comparisons, so that its false-alarm rate is below 1e-6. The seeds are fixed.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <span>
#include <vector>

#include "tests/models/kernel_paths.hpp"

namespace overbuild {

inline constexpr int many_paths = 1 << 18;
inline constexpr double sigmas = 6;

/// A suite of tests of the same paths, which are simulated once.
template <KernelPaths (*simulate)()>
class SimulatedOnce : public testing::Test {
 protected:
  static void SetUpTestSuite() { paths = new KernelPaths(simulate()); }
  static void TearDownTestSuite() {
    delete paths;
    paths = nullptr;
  }
  inline static KernelPaths* paths = nullptr;
};

inline double normal_probability(double x) { return std::erfc(-x / std::numbers::sqrt2) / 2; }

/// Mean over the paths of f(x).
template <class Function>
double mean_of(std::span<const double> values, Function f) {
  double sum = 0;
  for (const double x : values) sum += f(x);
  return sum / double(values.size());
}

inline double mean_of(std::span<const double> values) {
  return mean_of(values, [](double x) { return x; });
}

/// Mean over the paths of f(x, y).
template <class Function>
double mean_of(std::span<const double> x, std::span<const double> y, Function f) {
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) sum += f(x[i], y[i]);
  return sum / double(x.size());
}

/// `variance`: of one value's contribution to the mean of n values that was estimated.
inline void expect_mean(double estimate, double exact, double variance, double n = many_paths) {
  EXPECT_NEAR(estimate, exact, sigmas * std::sqrt(variance / n));
}

/// The binomial's normal limit: expects a thousand cases either way at least.
inline void expect_probability(double estimate, double exact) {
  ASSERT_GT(std::min(exact, 1 - exact) * many_paths, 1000);
  expect_mean(estimate, exact, exact * (1 - exact));
}

/// Kolmogorov and Smirnov's test at a false-alarm rate of 1e-8: 2 exp(-2 x^2) for sqrt(n) D > x.
template <class Distribution>
void expect_distribution(std::span<const double> values, Distribution distribution) {
  std::vector<double> sorted(values.begin(), values.end());
  std::sort(sorted.begin(), sorted.end());
  const double n = double(sorted.size());
  double distance = 0;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    const double p = distribution(sorted[i]);
    distance = std::max({distance, p - double(i) / n, double(i + 1) / n - p});
  }
  EXPECT_LT(std::sqrt(n) * distance, std::sqrt(std::log(2e8) / 2));
}

/// Central moments 0..8 of a distribution with these cumulants 1..8 (entry 0 is not read).
/// Source: Smith (1995), A recursive formulation of the old problem of obtaining moments from
/// cumulants and vice versa, The American Statistician 49.
inline std::vector<double> central_moments(const std::vector<double>& cumulant) {
  std::vector<double> moment{1, 0};
  for (std::size_t n = 2; n <= 8; ++n) {
    double sum = 0, binomial = double(n - 1);  // (n - 1 choose k - 1); the first cumulant is 0
    for (std::size_t k = 2; k <= n; ++k) {
      sum += binomial * cumulant[k] * moment[n - k];
      binomial *= double(n - k) / double(k);
    }
    moment.push_back(sum);
  }
  return moment;
}

/// Expects mean, variance, third and fourth cumulant of the values.
inline void expect_cumulants(std::span<const double> values, const std::vector<double>& cumulant) {
  const std::vector<double> m = central_moments(cumulant);
  const auto central = [&](int k) {
    return mean_of(values, [&](double x) { return std::pow(x - cumulant[1], k); });
  };
  const double n = double(values.size());
  expect_mean(mean_of(values), cumulant[1], m[2], n);
  expect_mean(central(2), cumulant[2], m[4] - m[2] * m[2], n);
  expect_mean(central(3), cumulant[3], m[6] - m[3] * m[3], n);
  // y^4 - 6 m2 y^2 + 3 m2^2 has mean m4 - 3 m2^2, the fourth cumulant; its variance follows.
  const double fourth = mean_of(values, [&](double x) {
    const double y2 = (x - cumulant[1]) * (x - cumulant[1]);
    return y2 * y2 - 6 * m[2] * y2 + 3 * m[2] * m[2];
  });
  const double variance = m[8] - m[4] * m[4] - 12 * m[2] * (m[6] - m[4] * m[2]) +
                          36 * m[2] * m[2] * (m[4] - m[2] * m[2]);
  expect_mean(fourth, cumulant[4], variance, n);
}

}  // namespace overbuild
