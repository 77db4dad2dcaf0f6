#include "overbuild/statistics/estimates.hpp"

#include <algorithm>

namespace overbuild {

Estimate probability_estimate(std::uint64_t successes, std::uint64_t count) {
  if (count == 0) return {};
  const auto n = static_cast<double>(count);
  const double p = static_cast<double>(successes) / n;
  return {p, std::sqrt(p * (1 - p) / n)};
}

void summarise_moments(DistributionSummary& summary, double pivot,
                       const std::array<double, 6>& power_sums) {
  const auto n = static_cast<double>(summary.count);
  std::array<double, 7> a;  // moments about the pivot
  a[0] = 1;
  for (int k = 1; k <= 6; ++k) a[k] = power_sums[k - 1] / n;
  const double d = a[1];
  summary.mean.value = pivot + d;
  if (summary.count < 2) return;
  // Central moments by the binomial theorem.
  const double m2 = std::max(0.0, a[2] - d * d);
  const double m3 = a[3] - 3 * d * a[2] + 2 * d * d * d;
  const double m4 = a[4] - 4 * d * a[3] + 6 * d * d * a[2] - 3 * d * d * d * d;
  const double m5 =
      a[5] - 5 * d * a[4] + 10 * d * d * a[3] - 10 * d * d * d * a[2] + 4 * d * d * d * d * d;
  const double m6 = a[6] - 6 * d * a[5] + 15 * d * d * a[4] - 20 * d * d * d * a[3] +
                    15 * d * d * d * d * a[2] - 5 * d * d * d * d * d * d;
  const double sd = std::sqrt(m2 * (n / (n - 1)));
  summary.mean.standard_error = sd / std::sqrt(n);
  summary.sd.value = sd;
  if (m2 == 0) {  // all values are the same: the skew is undefined
    summary.sd.standard_error = 0;
    return;
  }
  summary.sd.standard_error = std::sqrt(std::max(0.0, m4 - m2 * m2) / (4 * m2 * n));
  // Influence function of the skew g at z = (x - mean)/sd: z^3 - 3z - g - (3/2) g (z^2 - 1).
  const double s = std::sqrt(m2);
  const double g = m3 / (m2 * s);
  const double b4 = m4 / (m2 * m2), b5 = m5 / (m2 * m2 * s), b6 = m6 / (m2 * m2 * m2);
  const double variance = b6 - 6 * b4 + 9 + g * g * (35 + 9 * b4) / 4 - 3 * g * b5;
  summary.skew = {g, std::sqrt(std::max(0.0, variance) / n)};
}

double sorted_quantile(std::span<const double> sorted, double p) {
  if (sorted.empty()) return std::numeric_limits<double>::quiet_NaN();
  const double rank = std::ceil(p * static_cast<double>(sorted.size()));
  const double last = static_cast<double>(sorted.size() - 1);
  return sorted[static_cast<std::size_t>(std::clamp(rank - 1, 0.0, last))];
}

}  // namespace overbuild
