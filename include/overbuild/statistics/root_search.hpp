// Where a statistic, as a function of a number x, has a given value: roots with confidence
// intervals (docs/reverse_stress.md).
//
// At each x the statistic is known by its distance from the target and the distance's standard
// error if the target were true, from common random numbers. A root is where the distance changes
// its sign; its interval holds the x around it at which a test does not reject the target. Whatever
// the shape of the function, the test at the true root errs with the test's own probability, so
// that the set of all x that are not rejected holds the true root with the interval's probability.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "overbuild/statistics/sample_statistic.hpp"

namespace overbuild {

/// Standard errors within which a distance does not speak against the target: 95%.
inline constexpr double interval_sigmas = 1.959963984540054;

struct RootEvaluation {
  double x = 0;
  TargetDistance at;  ///< distance NaN where the statistic has no value
};

struct Root {
  double x = 0;
  double lower = 0, upper = 0;  ///< of the 95% interval
  /// The interval goes on beyond what was searched, or where the statistic has no value.
  bool lower_open = false, upper_open = false;
  double low = 0, high = 0;  ///< between these the distance changes its sign; the same x where it
                             ///< is hardly anything
  Estimate statistic;        ///< at x
};

struct RootSearch {
  std::vector<RootEvaluation> scan;         ///< at the grid, in its order
  std::vector<RootEvaluation> evaluations;  ///< all of them, by x
  std::vector<Root> roots;                  ///< ascending
};

/// The distance at x.
using DistanceFunction = std::function<TargetDistance(double x)>;

/// Looks for a change of sign between neighbours of `grid`, which ascends and has two values at
/// least, and narrows each by Alefeld, Potra and Shi's algorithm 748 (1995, ACM Transactions on
/// Mathematical Software 21) until the distance is below a hundredth of its standard error or the
/// bracket below 1e-9 of the grid's width. `whole`: of whole numbers only, which are all of the
/// grid; they are bisected. Two changes of sign between the same neighbours are not seen.
/// `distance` is called once for each x. Throws Error(numeric) where the statistic has no value
/// between two points of the grid where it has.
RootSearch find_roots(const DistanceFunction& distance, const std::vector<double>& grid,
                      bool whole = false);

/// Whether the distance speaks against the target. False where there is none.
bool is_rejected(const TargetDistance& at);

/// How far the target is, in standard errors; infinite where the statistic is not random and not
/// the target, NaN where it has no value.
double standardised(const TargetDistance& at);

/// The evaluation of the scan that is nearest to the target; none where all are undefined.
std::optional<RootEvaluation> nearest_of(const std::vector<RootEvaluation>& scan);

/// What a reader has to know of a search: several roots, intervals that overlap or have no end,
/// values at which there is no statistic, and places where the target is neither reached nor
/// rejected. One sentence each.
std::vector<std::string> remarks(const RootSearch& search);

}  // namespace overbuild
