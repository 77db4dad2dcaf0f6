#include "src/engine/search_grid.hpp"

#include <algorithm>
#include <cmath>

namespace overbuild {
namespace {

constexpr double excluded_share = 1e-3;  // of the range, beside an excluded end
constexpr double prior_tail = 1e-3;
constexpr double logarithmic_ratio = 20;
constexpr int most_widenings = 6;
constexpr double widening = 4;

bool finite(const Bounds& bounds) {
  return std::isfinite(bounds.lower) && std::isfinite(bounds.upper);
}

Range within(const Bounds& bounds) {
  const double margin = excluded_share * (bounds.upper - bounds.lower);
  return {bounds.lower_excluded ? bounds.lower + margin : bounds.lower,
          bounds.upper_excluded ? bounds.upper - margin : bounds.upper};
}

Range of_posterior(const Scenario& scenario, std::size_t row) {
  const auto [low, high] = std::ranges::minmax(scenario.posterior->draws->values(row));
  return {low, high};
}

Range around(double value, const Bounds& bounds) {
  if (value > 0 && bounds.lower >= 0) return {value / 2, value * 2};
  const double half = std::max(std::abs(value), 1.0);
  return {value - half, value + half};
}

/// Cut to the bounds; an excluded end stays out, since values tend to it and never reach it.
Range cut(Range range, const Bounds& bounds) {
  if (!bounds.contain(range.lower)) range.lower = std::max(range.lower, bounds.lower);
  if (!bounds.contain(range.upper)) range.upper = std::min(range.upper, bounds.upper);
  const double margin = excluded_share * (range.upper - range.lower);
  if (!bounds.contain(range.lower)) range.lower += margin;
  if (!bounds.contain(range.upper)) range.upper -= margin;
  return range;
}

/// `low` or `high` moved away from the other one.
Range stretched(const Range& range, const Bounds& bounds, bool low, bool high) {
  Range wider = range;
  if (bounds.lower >= 0 && range.lower > 0) {
    if (low) wider.lower /= widening;
    if (high) wider.upper *= widening;
  } else {
    const double step = (widening - 1) / 2 * (range.upper - range.lower);
    if (low) wider.lower -= step;
    if (high) wider.upper += step;
  }
  return cut(wider, bounds);
}

}  // namespace

Range first_range(const Scenario& scenario, std::size_t parameter) {
  const Bounds& bounds = scenario.model->schema.parameters[parameter].bounds;
  const ParameterSetting& setting = scenario.parameters[parameter];
  Range range;
  if (setting.prior)
    range = {setting.prior->quantile(prior_tail, 1 - prior_tail),
             setting.prior->quantile(1 - prior_tail, prior_tail)};
  else if (setting.posterior_row)
    range = of_posterior(scenario, *setting.posterior_row);
  else
    range = around(setting.value, bounds);
  if (!(range.lower < range.upper)) range = around(range.lower, bounds);  // a prior of one point
  return cut(range, bounds);
}

Range widened(Range range, const Bounds& bounds, const std::function<double(double)>& sign) {
  double low = sign(range.lower), high = sign(range.upper);
  for (int i = 0; i < most_widenings && low * high > 0; ++i) {
    const Range wider = stretched(range, bounds, true, true);
    const double next_low = wider.lower < range.lower ? sign(wider.lower) : low,
                 next_high = wider.upper > range.upper ? sign(wider.upper) : high;
    // Where there is no statistic any more the range ends.
    if (!std::isnan(next_low)) range.lower = wider.lower, low = next_low;
    if (!std::isnan(next_high)) range.upper = wider.upper, high = next_high;
    if (std::isnan(next_low) && std::isnan(next_high)) return range;
  }
  return low * high > 0 && finite(bounds) ? within(bounds) : range;
}

std::vector<double> search_grid(const Range& range, int points, bool whole) {
  const bool logarithmic = range.lower > 0 && range.upper / range.lower > logarithmic_ratio;
  std::vector<double> grid;
  for (int i = 0; i < points; ++i) {
    const double share = i / (points - 1.0);
    double x = logarithmic ? range.lower * std::pow(range.upper / range.lower, share)
                           : range.lower + share * (range.upper - range.lower);
    if (i == 0) x = range.lower;
    if (i == points - 1) x = range.upper;
    if (whole) x = std::nearbyint(x);
    if (grid.empty() || x > grid.back()) grid.push_back(x);
  }
  return grid;
}

}  // namespace overbuild
