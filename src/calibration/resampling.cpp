#include "src/calibration/resampling.hpp"

#include <algorithm>
#include <cmath>

namespace overbuild {

// Functions of the C library in long double, where they have one code path on all processors.

double log_mean_exp(std::span<const double> log_values) {
  const double largest = std::ranges::max(log_values);
  if (!std::isfinite(largest)) return largest;
  long double sum = 0;
  for (const double x : log_values) sum += std::exp(static_cast<long double>(x) - largest);
  return static_cast<double>(largest + std::log(sum / log_values.size()));
}

double effective_size(std::span<const double> log_values, double factor) {
  const double largest = std::ranges::max(log_values);
  if (!std::isfinite(largest)) return 0;
  long double sum = 0, squares = 0;
  for (const double x : log_values) {
    const long double weight = std::exp(factor * (static_cast<long double>(x) - largest));
    sum += weight;
    squares += weight * weight;
  }
  return static_cast<double>(sum * sum / squares);
}

std::vector<int> systematic_ancestors(std::span<const double> weights, double uniform) {
  const std::size_t n = weights.size();
  double total = 0;
  for (const double weight : weights) total += weight;
  std::vector<int> ancestors(n);
  double cumulated = weights[0];
  std::size_t from = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const double place = (static_cast<double>(i) + uniform) / static_cast<double>(n) * total;
    while (cumulated < place && from + 1 < n) cumulated += weights[++from];
    ancestors[i] = static_cast<int>(from);
  }
  return ancestors;
}

}  // namespace overbuild
