// Where a reverse stress test looks for a parameter's value.
#pragma once

#include <functional>
#include <vector>

#include "overbuild/config/scenario.hpp"

namespace overbuild {

/// Where to look first, within the parameter's bounds: between the 0.1% and 99.9% quantiles of its
/// prior, the extremes of its posterior, or half and twice its number. An excluded end is left out
/// by a thousandth of the range.
Range first_range(const Scenario& scenario, std::size_t parameter);

/// Widens the range within the bounds while the ends, as `sign` has them (-1, 0, 1, or NaN where
/// there is no statistic), lie on one side, six times at most: fourfold in the ratio of the ends
/// for a parameter that is not negative, else in their distance. At last it is all that is allowed,
/// where the bounds are finite.
Range widened(Range range, const Bounds& bounds, const std::function<double(double)>& sign);

/// `points` values from one end to the other: evenly spaced, by their logarithm where the ends are
/// positive and their ratio above 20; different whole numbers for a parameter of whole numbers.
std::vector<double> search_grid(const Range& range, int points, bool whole);

}  // namespace overbuild
