// The finished statistics of a run: plain numbers, each with its Monte Carlo standard error.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <vector>

namespace overbuild {

inline constexpr std::array<double, 9> quantile_levels = {0.01, 0.05, 0.10, 0.25, 0.50,
                                                          0.75, 0.90, 0.95, 0.99};

/// An estimate and its Monte Carlo standard error; NaN where there is none (too few values).
struct Estimate {
  double value = std::numeric_limits<double>::quiet_NaN();
  double standard_error = std::numeric_limits<double>::quiet_NaN();
};

/// What is known of the distribution of one quantity over the paths. Sources of the standard
/// errors: docs/statistics.md.
struct DistributionSummary {
  std::uint64_t count = 0;  ///< values that went in; those that are NaN are left out
  Estimate mean;
  Estimate sd;    ///< with n - 1
  Estimate skew;  ///< third standardised moment
  double smallest = std::numeric_limits<double>::quiet_NaN();
  double largest = std::numeric_limits<double>::quiet_NaN();
  std::array<Estimate, quantile_levels.size()> quantiles;
};

/// Values in [lower, upper).
struct HistogramBin {
  double lower = 0, upper = 0;
  std::uint64_t count = 0;
};

/// A per-path outcome; it may be undefined (NaN) on some paths.
struct OutcomeSummary {
  Estimate defined;                     ///< share of the paths on which it is defined
  DistributionSummary distribution;     ///< over the paths on which it is defined
  bool exact_quantiles = false;         ///< from kept outcomes, not from the histogram
  std::vector<HistogramBin> histogram;  ///< bins ascending and adjacent, first and last not empty
};

struct RunSummary {
  std::uint64_t paths = 0;   ///< paths 0 .. paths - 1 went in
  bool complete = false;     ///< paths is the number the config asks for
  std::vector<double> time;  ///< years, steps 0..T
  std::vector<std::vector<DistributionSummary>> series;  ///< [series][step]
  std::vector<std::vector<Estimate>> events;             ///< [event][step], probabilities
  std::vector<OutcomeSummary> outcomes;
};

/// Whether all numbers have the same bits; NaN is the same as NaN.
bool same_bits(const DistributionSummary& a, const DistributionSummary& b);
bool same_bits(const RunSummary& a, const RunSummary& b);

}  // namespace overbuild
