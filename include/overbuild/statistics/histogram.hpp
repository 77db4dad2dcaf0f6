// Counts of values in bins of equal relative width: the source of quantiles in constant memory.
#pragma once

#include <bit>
#include <cstdint>
#include <vector>

#include "overbuild/statistics/summary.hpp"

namespace overbuild {

/// Bins per factor of two, a power of two itself. A bin's width is at most 1/128 of its values.
/// More bins would give a tighter bound, but the counters of all series and steps would no longer
/// fit a core's second-level cache, which costs more time than everything else in the statistics.
inline constexpr int bins_per_octave = 128;
inline constexpr int mantissa_bits_dropped = 52 - 7;
/// Values nearer to zero share one bin, (-2^-40, 2^-40).
inline constexpr int smallest_exponent = -40;

/// Number of the bin of a finite `x`; monotone in x, 0 for the bin around zero.
///
/// The exponent and the first seven mantissa bits of a double are its bin. Source of the idea:
/// Masson, Rim, Lee (2019), DDSketch, VLDB 12; binning by the bits themselves needs no logarithm.
inline std::int64_t bin_of(double x) {
  constexpr std::int64_t first = std::int64_t{1023 + smallest_exponent} * bins_per_octave - 1;
  const auto bits = std::bit_cast<std::uint64_t>(x);
  const auto magnitude =
      static_cast<std::int64_t>((bits & ~(std::uint64_t{1} << 63)) >> mantissa_bits_dropped);
  const std::int64_t bin = magnitude > first ? magnitude - first : 0;
  return bits >> 63 ? -bin : bin;
}

/// Ends of a bin: [lower, upper) for positive, (lower, upper] for negative values.
HistogramBin bin_limits(std::int64_t bin);

/// Share of the values below a bin, made ready for looking up quantiles.
class QuantileTable {
 public:
  QuantileTable(std::int64_t first_bin, std::vector<std::uint64_t> counts);

  /// The value below which a share `p` of the values lies, by linear interpolation within its bin:
  /// it lies in the same bin as the sample's quantile, so that it errs by less than 1/128 of it.
  double operator()(double p) const;

 private:
  std::int64_t first_bin_;
  std::vector<std::uint64_t> up_to_;  // values in this bin and all before it
};

/// Integer counts: merging in any order gives the same counts. Grows with the range of bins met.
class Histogram {
 public:
  /// Adds bins[0..count-1], all of which lie in [smallest, largest].
  void add(const std::int64_t* bins, int count, std::int64_t smallest, std::int64_t largest);
  void merge(const Histogram& other);

  std::uint64_t total() const { return total_; }
  QuantileTable quantiles() const { return {first_, counts()}; }

  /// From the first to the last bin that is not empty.
  std::vector<HistogramBin> bins() const;

 private:
  void make_room(std::int64_t smallest, std::int64_t largest);
  void carry();
  std::vector<std::uint64_t> counts() const;

  // The counts are the sums of both; the small ones take half the cache and are carried over to the
  // large ones before they can overflow.
  std::int64_t first_ = 0;
  std::vector<std::uint32_t> recent_;
  std::vector<std::uint64_t> carried_;  // empty until the first carry
  std::uint64_t recent_total_ = 0, total_ = 0;
};

}  // namespace overbuild
