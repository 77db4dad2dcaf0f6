#include "overbuild/statistics/rare_event.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

namespace overbuild {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t shown_largest = 10;
constexpr double z95 = 1.959963984540054;

/// Standard error of a mean of n values with these sums of values and squares.
double error_of_mean(double n, double sum, double square) {
  const double mean = sum / n;
  return std::sqrt(std::max((square / n - mean * mean) / (n - 1), 0.0));
}

/// Relative standard error of a sample's variance, sqrt((m4 / m2^2 - 1) / n).
double error_of_variance(double n, const std::array<ExactSum, 4>& sums) {
  double raw[4];
  for (std::size_t k = 0; k < 4; ++k) raw[k] = sums[k].value() / n;
  const double m = raw[0], m2 = raw[1] - m * m;
  const double m4 = raw[3] - 4 * m * raw[2] + 6 * m * m * raw[1] - 3 * m * m * m * m;
  return m2 > 0 ? std::sqrt(std::max(m4 / (m2 * m2) - 1, 0.0) / n) : nan;
}

}  // namespace

int RareEventSums::class_of(double weight) {
  int exponent = 0;
  std::frexp(weight, &exponent);  // weight = f 2^exponent with f in [1/2, 1)
  return std::clamp(exponent + 55, 0, classes - 1);
}

void RareEventSums::add(double path_weight, bool hit, bool plain) {
  ++paths;
  plain_paths += plain;
  weight[0].add(path_weight);
  weight[1].add(path_weight * path_weight);
  if (!hit) return;
  ++hits;
  plain_hits += plain;
  double power = 1;
  for (ExactSum& sum : value) sum.add(power *= path_weight);
  ++hits_by_class[static_cast<std::size_t>(class_of(path_weight))];
  if (largest.size() == largest_kept && path_weight <= largest.back()) return;
  largest.insert(std::ranges::upper_bound(largest, path_weight, std::greater<>()), path_weight);
  if (largest.size() > largest_kept) largest.pop_back();
}

void RareEventSums::merge(const RareEventSums& other) {
  paths += other.paths;
  hits += other.hits;
  plain_paths += other.plain_paths;
  plain_hits += other.plain_hits;
  for (std::size_t k = 0; k < value.size(); ++k) value[k].merge(other.value[k]);
  for (std::size_t k = 0; k < weight.size(); ++k) weight[k].merge(other.weight[k]);
  for (std::size_t c = 0; c < classes; ++c) hits_by_class[c] += other.hits_by_class[c];
  largest.insert(largest.end(), other.largest.begin(), other.largest.end());
  std::ranges::sort(largest, std::greater<>());
  largest.resize(std::min(largest.size(), largest_kept));
}

RareEventEstimate rare_event_estimate(const RareEventSums& sums) {
  RareEventEstimate estimate;
  estimate.paths = sums.paths;
  estimate.hits = sums.hits;
  const auto n = static_cast<double>(sums.paths);
  const double x = sums.value[0].value(), x2 = sums.value[1].value();
  const double p = x / n;
  estimate.probability = p;
  estimate.standard_error = n > 1 ? error_of_mean(n, x, x2) : nan;
  estimate.mean_weight = sums.weight[0].value() / n;
  estimate.mean_weight_error =
      n > 1 ? error_of_mean(n, sums.weight[0].value(), sums.weight[1].value()) : nan;
  estimate.plain_hits = static_cast<double>(sums.plain_hits);
  estimate.plain_hits_expected = static_cast<double>(sums.plain_paths) * p;
  estimate.gain = estimate.variance_error = nan;
  estimate.lower = estimate.upper = nan;  // without a hit nothing bounds the weight of one
  if (sums.hits == 0) return estimate;
  // The interval of the logarithm keeps the limits positive. Its function of the C library is the
  // one in long double, which has one code path on all processors.
  const auto spread =
      static_cast<double>(std::exp(static_cast<long double>(z95) * estimate.standard_error / p));
  estimate.lower = p / spread;
  estimate.upper = p * spread;
  estimate.effective_hits = x * x / x2;
  estimate.largest_weight = sums.largest.front();
  ExactSum largest;
  for (std::size_t i = 0; i < std::min(shown_largest, sums.largest.size()); ++i)
    largest.add(sums.largest[i]);
  estimate.share_of_largest = largest.value() / x;
  estimate.variance_error = error_of_variance(n, sums.value);
  estimate.gain = p * (1 - p) / (n * estimate.standard_error * estimate.standard_error);
  return estimate;
}

std::vector<std::string> doubts(const RareEventEstimate& e) {
  std::vector<std::string> found;
  if (e.hits == 0)
    return {
        fmt::format("the event happened on none of {} paths: its probability is not 0, it is "
                    "not known",
                    e.paths)};
  if (!(e.effective_hits >= 100))
    found.push_back(
        fmt::format("the weighted hits count for {:.3g} only; 100 are wanted for the "
                    "standard error to be near the truth",
                    e.effective_hits));
  if (!(e.share_of_largest <= 0.25))
    found.push_back(
        fmt::format("ten hits make {:.0f}% of the estimate: larger weights that no "
                    "path drew may be missing",
                    100 * e.share_of_largest));
  if (!(e.variance_error <= 0.5))
    found.push_back(
        fmt::format("the variance itself is known to {:.0f}% only", 100 * e.variance_error));
  if (!(std::abs(e.mean_weight - 1) <= 5 * e.mean_weight_error))
    found.push_back(fmt::format("the weights' mean is {:.4g}, {:.1f} standard errors from 1",
                                e.mean_weight, std::abs(e.mean_weight - 1) / e.mean_weight_error));
  // The paths from the plain law find ways to the event that the tilt does not know.
  const double expected = e.plain_hits_expected;
  if (e.plain_hits > expected + 4 * std::sqrt(expected) + 4)
    found.push_back(
        fmt::format("{:.0f} paths of the plain law hit, where the estimate lets expect "
                    "{:.3g}: the tilt misses a way to the event",
                    e.plain_hits, expected));
  return found;
}

}  // namespace overbuild
