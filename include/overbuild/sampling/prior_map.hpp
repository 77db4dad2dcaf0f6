// Priors made ready for sampling: maps from a standard normal to a prior's value.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <variant>
#include <vector>

#include "overbuild/sampling/distribution.hpp"
#include "overbuild/sampling/empirical.hpp"

namespace overbuild {

/// Cubic Hermite interpolation of a smooth function of a standard normal on an even grid that
/// covers |z| <= 8.6; beyond, the value at the end of the grid.
class NormalTable {
 public:
  explicit NormalTable(const std::function<double(double)>& function);

  double operator()(double z) const;

 private:
  struct Node {
    double value, slope;  ///< slope per step of the grid
  };
  std::vector<Node> nodes_;
};

/// Maps a standard normal z to a prior's value x = F^-1(Phi(z)), which lies within the truncation.
///
/// Exact for a normal without truncation. Otherwise x or Phi comes from a table of exact values,
/// fine enough that the error of x within |z| <= 5 stays below 1e-7 of the larger of the
/// distribution's inter-quartile range and |x - median| (for sigma up to 4, shapes from 0.3 and
/// degrees of freedom from 2). No function of the C library is called.
class PriorMap {
 public:
  /// `distribution` must be without complaint.
  explicit PriorMap(const Distribution& distribution);

  double operator()(double z) const;

  /// Maps each of `values` in place.
  void apply(std::span<double> values) const;

 private:
  struct Normal {
    double mean, sd;
    double operator()(double z) const { return mean + sd * z; }
  };
  // The quantile functions of these two have kinks, so that Phi is interpolated and not x.
  struct Triangular {
    const NormalTable& normal_share;
    Truncation share;
    double low, mode, high;
    double operator()(double z) const;
  };
  struct Points {
    const NormalTable& normal_share;
    Truncation share;
    Empirical empirical;
    double operator()(double z) const;
  };
  using Map = std::variant<Normal, Triangular, Points, NormalTable>;
  static Map make_map(const Distribution& distribution);

  double lower_, upper_;
  Map map_;
};

/// Maps that several runs share, since making one takes about as long as simulating some thousand
/// paths. May be used by many threads at once.
class PriorMaps {
 public:
  /// The map of a distribution without complaint. The oldest are dropped where there are many.
  std::shared_ptr<const PriorMap> of(const Distribution& distribution);

 private:
  static constexpr std::size_t most = 256;
  struct Entry {
    Distribution distribution;
    std::shared_ptr<const PriorMap> map;
  };
  std::mutex mutex_;
  std::deque<Entry> entries_;
};

}  // namespace overbuild
