#include "overbuild/sampling/empirical.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace overbuild {

Empirical::Empirical(const Distribution& distribution)
    : points_(distribution.points), middles_(distribution.weights) {
  if (middles_.empty()) middles_.assign(points_.size(), 1.0);
  const double total = std::accumulate(middles_.begin(), middles_.end(), 0.0);
  double cumulated = 0;
  for (double& middle : middles_) {
    const double weight = middle;
    middle = (cumulated + weight / 2) / total;
    cumulated += weight;
  }
}

double Empirical::quantile(double p) const {
  const auto above = std::upper_bound(middles_.begin(), middles_.end(), p);
  if (above == middles_.begin()) return points_.front();
  if (above == middles_.end()) return points_.back();
  const std::size_t next = static_cast<std::size_t>(above - middles_.begin());
  const double position = (p - middles_[next - 1]) / (middles_[next] - middles_[next - 1]);
  return points_[next - 1] + position * (points_[next] - points_[next - 1]);
}

double Empirical::share_below(double x) const {
  const auto not_below = std::lower_bound(points_.begin(), points_.end(), x);
  return share_between(static_cast<std::size_t>(not_below - points_.begin()), x);
}

double Empirical::share_up_to(double x) const {
  const auto above = std::upper_bound(points_.begin(), points_.end(), x);
  return share_between(static_cast<std::size_t>(above - points_.begin()), x);
}

/// The share at x, which lies between the points `next` - 1 and `next`.
double Empirical::share_between(std::size_t next, double x) const {
  if (next == 0) return 0;
  if (next == points_.size()) return 1;
  const double position = (x - points_[next - 1]) / (points_[next] - points_[next - 1]);
  return middles_[next - 1] + position * (middles_[next] - middles_[next - 1]);
}

}  // namespace overbuild
