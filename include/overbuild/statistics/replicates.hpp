// Standard errors of estimates from paths that depend on one another within independent replicates.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "overbuild/statistics/summary.hpp"

namespace overbuild {

/// The values of all estimates of a summary in each of several replicates: independent, equally
/// large groups of the run's paths.
///
/// The estimate from all paths has, to first order, the error of the mean of the replicates' own
/// estimates, s / sqrt(r), where s is the standard deviation between the r replicates. Source:
/// Asmussen and Glynn (2007), Stochastic Simulation, III.5b; Owen (1997), Annals of Statistics 25.
class Replicates {
 public:
  Replicates() = default;
  /// The replicates with these values().
  Replicates(std::size_t count, std::vector<double> values)
      : count_(count), values_(std::move(values)) {}

  /// Adds a replicate by the summary of its paths. All are of one model and number of steps.
  void add(const RunSummary& replicate);

  /// Puts other replicates behind these.
  void append(const Replicates& next);

  std::size_t count() const { return count_; }
  /// [replicate][estimate], in an order that the summary's sizes fix.
  const std::vector<double>& values() const { return values_; }

  /// Replaces every standard error of the summary of all replicates' paths. It becomes NaN with
  /// fewer than two replicates, and where the estimate is undefined in one of them.
  void set_standard_errors(RunSummary& summary) const;

 private:
  std::size_t count_ = 0;
  std::vector<double> values_;
};

/// The standard error of the mean of count values, values[first], values[first + stride], ...; NaN
/// below two and where one is NaN.
double standard_error_between(std::span<const double> values, std::size_t count, std::size_t stride,
                              std::size_t first = 0);

/// Number of estimates in a summary.
std::size_t count_estimates(const RunSummary& summary);

}  // namespace overbuild
