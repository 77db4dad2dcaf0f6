// Differences of estimates from two runs, with standard errors that know of the random numbers the
// runs share (docs/statistics.md derives the formulas).
#pragma once

#include <array>
#include <cstdint>
#include <limits>

#include "overbuild/statistics/summary.hpp"

namespace overbuild {

/// How alike two estimates move, from the paths of which both runs' values are known.
struct PairCorrelation {
  /// 1 minus the correlation of the two estimates' influence values; NaN where one of them has no
  /// spread. Kept instead of the correlation, which would lose all digits near 1.
  double decorrelation = std::numeric_limits<double>::quiet_NaN();
  std::uint64_t pairs = 0;      ///< paths it is from
  std::uint64_t differing = 0;  ///< of those, the paths on which the runs differ
};

/// The values of one quantity in two runs, path by path, in constant memory.
///
/// The influence value of a path on an estimate is what the path adds to it, times the number of
/// paths: for the mean over the paths with a value it is (x - mean) / share, or 0 on a path without
/// a value; for a quantile (p - [x <= quantile]) / (share density). Their correlation over the
/// paths is that of the estimates. Source: Hampel (1974), The influence curve and its role in
/// robust estimation, JASA 69.
class PairedSample {
 public:
  /// Where influence values are taken about. The mean need only be near the sample's.
  struct Centre {
    double mean = 0, median = 0;
  };

  PairedSample(Centre first, Centre second) : centre_{first, second} {}

  /// The values of one path; NaN where one is undefined.
  void add(double first, double second);

  PairCorrelation means() const;
  /// Of the quantiles given as Centre::median.
  PairCorrelation medians() const;
  /// Of the shares of paths on which the value is defined.
  PairCorrelation shares() const;

 private:
  enum Cell { undefined, below, above };  // "below": at most the median

  static Cell cell_of(double value, double median) {
    return value != value ? undefined : value <= median ? below : above;
  }
  /// Correlation of influence values that depend on the cells alone.
  PairCorrelation of_cells(const std::array<double, 3>& first,
                           const std::array<double, 3>& second) const;
  std::uint64_t pairs() const;

  std::array<Centre, 2> centre_;
  std::array<std::array<std::uint64_t, 3>, 3> cells_{};  // [cell of first][cell of second]
  std::uint64_t differing_ = 0;
  // Of z = x - centre, or 0 where undefined: sums, sums over the paths defined in both, squares.
  std::array<double, 2> sum_{}, sum_both_{}, squares_{};
  double squared_distance_ = 0;  // sum of (z_first - z_second)^2
};

/// Whether an event holds in each of two runs, path by path.
class PairedEvent {
 public:
  void add(bool first, bool second) { ++counts_[first][second]; }
  PairCorrelation probabilities() const;

 private:
  std::array<std::array<std::uint64_t, 2>, 2> counts_{};
};

/// Numbers of paths behind two estimates of the same seed.
struct PathOverlap {
  std::uint64_t first = 0, second = 0;  ///< paths of each run
  std::uint64_t common = 0;             ///< paths of both; 0 also where the seeds differ
  /// The seeds are the same, and the paths of a run depend on one another: the correlation of the
  /// estimates is then not that of the paths.
  bool dependent = false;
};

/// What is known of the correlation that a difference's standard error depends on.
enum class Pairing {
  independent,  ///< there is none: no path is common
  paired,       ///< known, from common paths or because it does not matter
  unknown       ///< the standard error is that of independent runs, which may be far too large; of
                ///< dependent paths the largest that there can be
};

struct DifferenceEstimate {
  Estimate estimate;  ///< second minus first
  Pairing pairing = Pairing::independent;
  double unpaired_error = std::numeric_limits<double>::quiet_NaN();  ///< as if independent
  double resolution = 0;  ///< what a histogram's bins alone may make of equal values
};

/// A correlation is used when it is from all common paths, or from at least so many of which so
/// many differ: its error then changes the standard error by little.
inline constexpr std::uint64_t least_pairs = 100, least_differing = 20;

/// The difference of two estimates whose standard errors are over overlap.first and .second paths.
///
/// With m common of n1 and n2 paths and the correlation r of influence values the variance is
/// se1^2 + se2^2 - 2 r se1 se2 m / sqrt(n1 n2). Of dependent paths the standard error is se1 + se2.
DifferenceEstimate difference_of(const Estimate& first, const Estimate& second,
                                 const PathOverlap& overlap, const PairCorrelation& correlation);

/// Whether a difference is more than its resolution and two of its standard errors from zero; false
/// where it has no standard error or 0, which is no measure of the noise.
bool is_clear(const DifferenceEstimate& difference);

}  // namespace overbuild
