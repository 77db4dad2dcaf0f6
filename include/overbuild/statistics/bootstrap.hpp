// Standard errors and intervals of functions of means over independent rows, by the bootstrap.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <vector>

namespace overbuild {

/// NaN where there is none.
struct IntervalEstimate {
  double value = std::numeric_limits<double>::quiet_NaN();
  double standard_error = std::numeric_limits<double>::quiet_NaN();
  double lower = std::numeric_limits<double>::quiet_NaN();  ///< of the 95% interval
  double upper = std::numeric_limits<double>::quiet_NaN();
};

struct BootstrapSettings {
  int resamples = 1000;
  std::uint64_t seed = 1;
};

/// Numbers of each row, [row][column].
struct RowTable {
  std::size_t columns = 0;
  std::vector<double> values;

  std::size_t rows() const { return columns == 0 ? 0 : values.size() / columns; }
};

/// Statistics of the means of the columns over `rows` rows.
using MeansStatistic =
    std::function<std::vector<double>(std::span<const double> means, double rows)>;

/// Rows that are drawn together where there are more of them than this.
inline constexpr std::size_t most_bootstrap_groups = 1024;

/// The statistics, the standard deviation of their resamples and percentile intervals (Efron 1979,
/// Annals of Statistics 7; Efron and Tibshirani 1993, chapter 13). Rows are drawn with
/// replacement; more than 1024 of them in groups of consecutive ones, which are independent, too.
/// Draws are keyed by (seed, resample, draw), sums are taken in the order of the rows, so that the
/// bits depend on table and settings alone. Resamples in which a statistic is not finite are left
/// out of its error and interval. Without two rows there are neither.
std::vector<IntervalEstimate> bootstrap(const RowTable& table, const MeansStatistic& statistic,
                                        const BootstrapSettings& settings);

}  // namespace overbuild
