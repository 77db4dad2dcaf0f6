// Empirical distributions given by points and weights.
#pragma once

#include <vector>

#include "overbuild/sampling/distribution.hpp"

namespace overbuild {

/// Quantile function that is piecewise linear through the points at the middles of their cumulated
/// weights and constant beyond. Half of the first point's weight lies at the first point itself,
/// half of the last one's at the last; repeated points hold all that lies between their middles.
class Empirical {
 public:
  explicit Empirical(const Distribution& distribution);

  double quantile(double p) const;
  double share_below(double x) const;  ///< probability of values < x
  double share_up_to(double x) const;  ///< probability of values <= x

 private:
  double share_between(std::size_t next, double x) const;

  std::vector<double> points_;
  std::vector<double> middles_;  ///< of the cumulated weights, as shares of their total
};

}  // namespace overbuild
