// Statistics of values that are known path by path, and of what is made from several of them.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "overbuild/config/expression.hpp"
#include "overbuild/statistics/summary.hpp"

namespace overbuild {

/// The statistic of values[path] with its standard error (docs/statistics.md); values that are NaN
/// are left out. Quantiles are those of the sorted values. Sums are taken in the order of the
/// values, so that the bits depend on them alone.
Estimate sample_statistic(const StatisticExpression& statistic, std::span<const double> values);

/// What each path adds to the statistic, times the number of paths: its influence values, whose
/// mean is 0 up to rounding and whose standard deviation over the root of the number of paths is
/// the standard error. Influence values of statistics of the same paths may be added up, which
/// gives the standard error of sums and differences. Empty where the statistic has no value.
/// Source: Hampel (1974), The influence curve and its role in robust estimation, JASA 69.
std::vector<double> influence_values(const StatisticExpression& statistic,
                                     std::span<const double> values);

/// Standard error of what has these influence values; NaN below two of them.
double standard_error_of(std::span<const double> influence);

/// How far the statistic is from a target, for tests of "it is the target" (Wilson 1927, Probable
/// inference, the law of succession, and statistical inference, JASA 22; for quantiles the sign
/// test).
struct TargetDistance {
  Estimate statistic;
  /// Above 0 where the statistic is above the target. For a quantile it is the difference of
  /// probabilities: that of the quantile less the share of values at or below the target.
  double distance = 0;
  double standard_error = 0;  ///< of the distance if the statistic is the target; 0: not random
};

/// Distance NaN where no path has a value.
TargetDistance distance_from(const StatisticTarget& target, std::span<const double> values);

}  // namespace overbuild
