// Streaming statistics of a whole run: every series and event at every step, and every outcome.
#pragma once

#include <cstdint>
#include <vector>

#include "overbuild/config/scenario.hpp"
#include "overbuild/model/model.hpp"
#include "overbuild/statistics/accumulator.hpp"
#include "overbuild/statistics/summary.hpp"

namespace overbuild {

/// Values the power sums are taken about, one for each accumulator; they depend on the first tile
/// of paths alone.
struct Pivots {
  std::vector<double> series;    ///< [series][step]
  std::vector<double> outcomes;  ///< [outcome]
};

/// Means of the finite values among values[0..count-1], 0 where there are none.
double pivot_of(const double* values, int count);

/// All that the statistics of a run hold, as plain numbers.
struct RunStatisticsState {
  std::uint64_t paths = 0;
  std::vector<AccumulatorState> series;  ///< [series][step]
  std::vector<std::uint64_t> events;     ///< [event][step], paths on which it is true
  std::vector<AccumulatorState> outcomes;
};

class RunStatistics {
 public:
  RunStatistics(const ModelSchema& schema, int steps, const Pivots& pivots);
  /// Throws Error(internal) when the state is not one of the model and the number of steps.
  RunStatistics(const ModelSchema& schema, int steps, const RunStatisticsState& state);

  /// Adds the first `count` lanes of a segment of steps. Throws Error(numeric) for a value that is
  /// not finite; `first_path` is for its message.
  void add_steps(const TileOutput& output, int steps, int count, std::uint64_t first_path);

  /// Adds outcomes[outcome][lane] of the first `count` lanes; NaN stands for an undefined outcome.
  void add_outcomes(const double* outcomes, int lanes, int count, std::uint64_t first_path);

  /// Exact: statistics of the same paths have the same bits, however they were parted. Both must
  /// have the same pivots.
  void merge(const RunStatistics& other);

  /// The statistic that a precision target names, for time steps of `dt` years.
  Estimate estimate(const PrecisionTarget& target, double dt) const;

  RunStatisticsState state() const;
  std::uint64_t paths() const { return paths_; }

  /// All but `complete`, for time steps of `dt` years.
  RunSummary summary(double dt) const;

 private:
  Accumulator& series_at(std::size_t series, int step) {
    return series_[series * static_cast<std::size_t>(steps_ + 1) + static_cast<std::size_t>(step)];
  }

  const ModelSchema* schema_;
  int steps_;
  std::uint64_t paths_ = 0;
  std::vector<Accumulator> series_;    // [series][step]
  std::vector<std::uint64_t> events_;  // [event][step], paths on which it is true
  std::vector<Accumulator> outcomes_;
  alignas(64) BinBuffer bins_{};
};

}  // namespace overbuild
