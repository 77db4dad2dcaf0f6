// Estimates with their Monte Carlo standard errors (docs/statistics.md derives them).
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <span>

#include "overbuild/statistics/summary.hpp"

namespace overbuild {

/// A probability from `successes` of `count` paths.
Estimate probability_estimate(std::uint64_t successes, std::uint64_t count);

/// Fills mean, sd and skew from the sums of (x - pivot)^k, k = 1..6, over summary.count values
/// between summary.smallest and summary.largest. What a moment that left the range of doubles would
/// be needed for stays NaN, and so do the errors of the sd below 3 and of the skew below 4 values.
void summarise_moments(DistributionSummary& summary, double pivot,
                       const std::array<double, 6>& power_sums);

/// A quantile and half the distance between the quantiles one binomial standard deviation either
/// side of it. Source: Woodruff (1952), Confidence intervals for medians and other position
/// measures, JASA 47. `quantile`: p -> value.
template <class Quantile>
Estimate quantile_estimate(const Quantile& quantile, double p, std::uint64_t count) {
  const double spread = std::sqrt(p * (1 - p) / static_cast<double>(count));
  const double lower = quantile(std::fmax(p - spread, 0.0));
  const double upper = quantile(std::fmin(p + spread, 1.0));
  return {quantile(p), count > 1 ? (upper - lower) / 2 : Estimate().standard_error};
}

/// Quantile of a sorted sample: its ceil(p n)-th value, the inverse of the empirical distribution.
double sorted_quantile(std::span<const double> sorted, double p);

}  // namespace overbuild
