// Probability of a rare event from weighted paths, with its error and what tells whether the error
// can be trusted.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "overbuild/statistics/exact_sum.hpp"

namespace overbuild {

/// Sums over independent paths from a mixture of the plain and the tilted law. A path's weight is
/// plain over mixture density; its value x is the weight where the event happened, else 0.
///
/// Everything is exact, so that paths may be added in any order and in parts.
struct RareEventSums {
  static constexpr std::size_t largest_kept = 100;
  static constexpr int classes = 64;  ///< of weights, by power of two

  std::uint64_t paths = 0, hits = 0;              ///< a hit is a path on which the event happened
  std::uint64_t plain_paths = 0, plain_hits = 0;  ///< among those: drawn from the plain law
  std::array<ExactSum, 4> value;                  ///< x, x^2, x^3, x^4
  std::array<ExactSum, 2> weight;                 ///< w, w^2, over all paths
  std::array<std::uint64_t, classes> hits_by_class{};  ///< see class_of()
  std::vector<double> largest;                         ///< x of the largest hits, descending

  /// Class c holds the weights from 2^(c - 56) on and below 2^(c - 55); the first and the last also
  /// those beyond.
  static int class_of(double weight);

  void add(double weight, bool hit, bool plain);
  void merge(const RareEventSums& other);
};

struct RareEventEstimate {
  std::uint64_t paths = 0, hits = 0;
  double probability = 0;
  double standard_error = 0;
  double lower = 0, upper = 0;     ///< 95% interval, normal for the logarithm
  double effective_hits = 0;       ///< Kish: (sum x)^2 / sum x^2
  double largest_weight = 0;       ///< of a hit
  double share_of_largest = 0;     ///< of the estimate: what the ten largest hits contribute
  double variance_error = 0;       ///< relative standard error of standard_error^2
  double gain = 0;                 ///< variance of plain sampling with as many paths over this one
  double mean_weight = 0;          ///< 1 but for its error
  double mean_weight_error = 0;    ///< standard error of it
  double plain_hits = 0;           ///< hits among the paths from the plain law
  double plain_hits_expected = 0;  ///< as many as the estimate lets expect
};

/// Fewer than two paths have no error: NaN. Without hits the probability and its error are 0 and
/// nothing is known but that no path hit.
RareEventEstimate rare_event_estimate(const RareEventSums& sums);

/// Reasons not to trust the estimate's standard error; none where there is nothing to say against
/// it. Each is a sentence.
std::vector<std::string> doubts(const RareEventEstimate& estimate);

}  // namespace overbuild
