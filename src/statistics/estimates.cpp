#include "overbuild/statistics/estimates.hpp"

#include <algorithm>

namespace overbuild {

Estimate probability_estimate(std::uint64_t successes, std::uint64_t count) {
  if (count == 0) return {};
  const auto n = static_cast<double>(count);
  const double p = static_cast<double>(successes) / n;
  return {p, count > 1 ? std::sqrt(p * (1 - p) / n) : Estimate().standard_error};
}

namespace {

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();

/// Whether an even moment of values that differ can be trusted: it has not left the range of
/// numbers at either end.
bool usable(double moment) { return std::isfinite(moment) && moment > 0; }

/// Square root of a variance that rounding may have made slightly negative; NaN stays NaN.
double root_of_variance(double variance) { return std::sqrt(variance < 0 ? 0 : variance); }

/// Central moments of order 0 to 6 from those about a pivot, by the binomial theorem.
std::array<double, 7> central_moments(const std::array<double, 7>& a) {
  const double d = a[1], d2 = d * d;
  return {1,
          0,
          a[2] - d2,
          a[3] - 3 * d * a[2] + 2 * d * d2,
          a[4] - 4 * d * a[3] + 6 * d2 * a[2] - 3 * d2 * d2,
          a[5] - 5 * d * a[4] + 10 * d2 * a[3] - 10 * d * d2 * a[2] + 4 * d * d2 * d2,
          a[6] - 6 * d * a[5] + 15 * d2 * a[4] - 20 * d * d2 * a[3] + 15 * d2 * d2 * a[2] -
              5 * d2 * d2 * d2};
}

/// sqrt((m4 - m2^2)/(4 m2 n)); two values always give zero, which says nothing.
double sd_standard_error(const std::array<double, 7>& m, double n) {
  if (n < 3 || !usable(m[4])) return undefined;
  return root_of_variance((m[4] - m[2] * m[2]) / (4 * m[2] * n));
}

/// By the delta method: the influence function of the skew g at z = (x - mean)/sd is
/// z^3 - 3z - g - (3/2) g (z^2 - 1).
Estimate skew_estimate(const std::array<double, 7>& m, double n) {
  const double s = std::sqrt(m[2]);
  if (!usable(m[4]) || !usable(m[2] * s)) return {};
  const double g = m[3] / (m[2] * s);
  if (n < 4 || !usable(m[6]) || !usable(m[2] * m[2] * m[2])) return {g, undefined};
  const double b4 = m[4] / (m[2] * m[2]), b5 = m[5] / (m[2] * m[2] * s);
  const double b6 = m[6] / (m[2] * m[2] * m[2]);
  const double variance = b6 - 6 * b4 + 9 + g * g * (35 + 9 * b4) / 4 - 3 * g * b5;
  return {g, root_of_variance(variance / n)};
}

}  // namespace

void summarise_moments(DistributionSummary& summary, double pivot,
                       const std::array<double, 6>& power_sums) {
  const auto n = static_cast<double>(summary.count);
  std::array<double, 7> about_pivot = {1};
  for (std::size_t k = 1; k <= 6; ++k) about_pivot[k] = power_sums[k - 1] / n;
  summary.mean.value = pivot + about_pivot[1];
  if (summary.count < 2) return;
  if (summary.smallest == summary.largest) {  // no spread, and hence no skew
    summary.mean.standard_error = summary.sd.value = summary.sd.standard_error = 0;
    return;
  }
  const std::array<double, 7> m = central_moments(about_pivot);
  if (!usable(m[2])) return;
  summary.sd.value = std::sqrt(m[2] * (n / (n - 1)));
  summary.mean.standard_error = summary.sd.value / std::sqrt(n);
  summary.sd.standard_error = sd_standard_error(m, n);
  summary.skew = skew_estimate(m, n);
}

double sorted_quantile(std::span<const double> sorted, double p) {
  if (sorted.empty()) return std::numeric_limits<double>::quiet_NaN();
  const double rank = std::ceil(p * static_cast<double>(sorted.size()));
  const double last = static_cast<double>(sorted.size() - 1);
  return sorted[static_cast<std::size_t>(std::clamp(rank - 1, 0.0, last))];
}

}  // namespace overbuild
