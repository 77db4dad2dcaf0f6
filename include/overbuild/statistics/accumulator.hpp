// Streaming statistics of one quantity: a fixed amount of memory, whatever the number of paths.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "overbuild/statistics/exact_sum.hpp"
#include "overbuild/statistics/histogram.hpp"
#include "overbuild/statistics/summary.hpp"

namespace overbuild {

/// Room for the bins of a tile while it is added; one per thread.
using BinBuffer = std::array<std::int64_t, 512>;

/// All that an accumulator holds, as plain numbers.
struct AccumulatorState {
  static constexpr int powers = 6;

  double pivot = 0;
  std::uint64_t count = 0;
  double smallest = 0, largest = 0;  ///< 0 when the count is
  std::array<ExactSum::Limbs, powers> power{};
  std::vector<BinCount> bins;
};

/// Moments, extremes and quantiles. Tiles may be added and accumulators merged in any order: within
/// a tile the order of summation is fixed, across tiles sums are exact and counts are integers.
class Accumulator {
 public:
  /// `pivot`: a value near the mean, which power sums are taken about so that none cancels.
  explicit Accumulator(double pivot = 0) : pivot_(pivot) {}
  explicit Accumulator(const AccumulatorState& state);

  /// Adds values[0..count-1], 1 <= count <= 512; aligned to 64 bytes and readable up to the next
  /// multiple of 8. Returns false, and adds nothing, when one of them is not finite.
  bool add_tile(const double* values, int count, BinBuffer& bins);

  void merge(const Accumulator& other);

  /// Standard errors: mean and sd by their sampling variances, skew by the delta method, quantiles
  /// by the spread of neighbouring quantiles (docs/statistics.md).
  DistributionSummary summary() const;

  /// A quantile as the summary has it, of any probability in (0, 1).
  Estimate quantile(double probability) const;

  AccumulatorState state() const;

  const Histogram& histogram() const { return histogram_; }
  std::uint64_t count() const { return count_; }

 private:
  static constexpr int powers = AccumulatorState::powers;

  double pivot_;
  std::uint64_t count_ = 0;
  double smallest_ = 0, largest_ = 0;
  std::array<ExactSum, powers> power_;
  Histogram histogram_;
};

}  // namespace overbuild
