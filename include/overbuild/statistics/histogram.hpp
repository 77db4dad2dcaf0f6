// Counts of values in bins of equal relative width: the source of quantiles in constant memory.
#pragma once

#include <bit>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "overbuild/statistics/summary.hpp"

namespace overbuild {

/// Bins per factor of two, a power of two itself. A bin's width is at most 1/128 of its values.
/// More bins would give a tighter bound, but the counters of all series and steps would no longer
/// fit a core's second-level cache.
inline constexpr int bins_per_octave = 128;
inline constexpr int mantissa_bits_dropped = 52 - 7;
/// Number of the bin before that of the smallest normal number.
inline constexpr std::int64_t bins_before_normal = bins_per_octave - 1;

/// Number of the bin of a finite `x`; monotone in x, 0 for zero and numbers below the normal ones.
///
/// The exponent and the first seven mantissa bits of a double are its bin. Source of the idea:
/// Masson, Rim, Lee (2019), DDSketch, VLDB 12; binning by the bits themselves needs no logarithm.
inline std::int64_t bin_of(double x) {
  const auto bits = std::bit_cast<std::uint64_t>(x);
  const auto magnitude =
      static_cast<std::int64_t>((bits & ~(std::uint64_t{1} << 63)) >> mantissa_bits_dropped);
  const std::int64_t bin = magnitude > bins_before_normal ? magnitude - bins_before_normal : 0;
  return bits >> 63 ? -bin : bin;
}

/// A bin that is not empty, by its number.
struct BinCount {
  std::int64_t bin = 0;
  std::uint64_t count = 0;
};

/// Ends of a bin: [lower, upper) for positive, (lower, upper] for negative values, [0, 0] for zero.
HistogramBin bin_limits(std::int64_t bin);

/// Counters of the bins first, first + 1, ...; grows by whole octaves over the range met.
class BinCounters {
 public:
  /// Of a recent count. Two bytes, so that more counters fit the cache.
  using Count = std::uint16_t;

  void make_room(std::int64_t smallest, std::int64_t largest);
  void add(std::int64_t bin, int count) { recent_[index(bin)] += static_cast<Count>(count); }
  void add(const std::int64_t* bins, int count);
  /// Adds any count to one bin, which must have room.
  void add_large(std::int64_t bin, std::uint64_t count);
  void merge(const BinCounters& other);

  /// Carries the small counters over to the large ones before they can overflow.
  void carry();

  /// Counters since the last carry, that of bin `first()` first.
  Count* recent() { return recent_.data(); }
  std::int64_t first() const { return first_; }
  std::int64_t size() const { return static_cast<std::int64_t>(recent_.size()); }
  std::uint64_t count(std::int64_t bin) const {
    return recent_[index(bin)] + (carried_.empty() ? 0 : carried_[index(bin)]);
  }

 private:
  std::size_t index(std::int64_t bin) const { return static_cast<std::size_t>(bin - first_); }

  // A count is the sum of both.
  std::int64_t first_ = 0;
  std::vector<Count> recent_;
  std::vector<std::uint64_t> carried_;  // empty until the first carry
};

/// Quantiles of a histogram whose smallest and largest value are known.
class QuantileTable {
 public:
  /// `bins`: those that are not empty, ascending. Their ends are drawn in to [smallest, largest].
  QuantileTable(std::vector<HistogramBin> bins, double smallest, double largest);

  /// The value below which a share `p` of the values lies, by linear interpolation within its bin:
  /// it lies in the same bin as the sample's quantile, so that it errs by less than 1/128 of it.
  double operator()(double p) const;

 private:
  std::vector<HistogramBin> bins_;
  std::vector<std::uint64_t> up_to_;  // values in this bin and all before it
};

/// Adjacent bins from ascending ones: a gap between two is filled by one empty bin.
std::vector<HistogramBin> with_gaps_filled(const std::vector<HistogramBin>& bins);

/// Where the bins of a tile lie. The room of each sign begins at the bin nearest to zero, since one
/// range across zero would hold all octaves in between.
struct BinRange {
  std::int64_t smallest = 0, largest = 0;
  std::int64_t largest_negative = 0, smallest_positive = 0;  ///< 0 where there is none
};

/// Integer counts: merging in any order gives the same counts.
class Histogram {
 public:
  Histogram() = default;
  /// The histogram with these counts().
  explicit Histogram(std::span<const BinCount> counts);

  /// Adds bins[0..count-1], 1 <= count <= 512, which have that range.
  void add(const std::int64_t* bins, int count, const BinRange& range);
  void merge(const Histogram& other);

  std::uint64_t total() const { return total_; }

  /// All that the histogram holds: the bins that are not empty, ascending.
  std::vector<BinCount> counts() const;

  /// The same with the bins' ends.
  std::vector<HistogramBin> filled_bins() const;

  /// Adjacent bins from the first to the last that is not empty; a gap is filled by one empty bin.
  std::vector<HistogramBin> adjacent_bins() const;

 private:
  void add_to_both_signs(const std::int64_t* bins, int count, const BinRange& range);

  std::uint64_t zeros_ = 0;
  BinCounters positive_, negative_;  // separate, since the many octaves around zero hold little
  std::uint64_t recent_ = 0, total_ = 0;
};

}  // namespace overbuild
