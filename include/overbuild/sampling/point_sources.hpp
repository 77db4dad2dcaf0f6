// Parameters and given draws of paths from the coordinates of points.
#pragma once

#include <memory>
#include <vector>

#include "overbuild/sampling/draw_source.hpp"
#include "overbuild/sampling/parameter_sampler.hpp"
#include "overbuild/sampling/point_set.hpp"

namespace overbuild {

/// Dimension i of the points is the i-th prior.
class PointParameters : public ParameterSource {
 public:
  /// `sampler` must outlive this.
  PointParameters(const ParameterSampler& sampler, std::shared_ptr<const PointSet> points)
      : sampler_(sampler), points_(std::move(points)) {}

  void sample(std::uint64_t seed, std::uint64_t first_path, int lanes,
              double* parameters) const override;

 private:
  const ParameterSampler& sampler_;
  std::shared_ptr<const PointSet> points_;
};

/// A point of a Brownian path between two that are known: W(at) given W(left) and W(right) is
/// normal about their interpolation.
struct BridgePoint {
  int at, left, right;  ///< steps; at == right: from W(left) alone
  double left_weight, right_weight, deviation;
};

/// The points of a path of so many steps, so that each halves an interval, the longest ones first:
/// the path's end, its middle and so on. Source: Caflisch, Morokoff, Owen (1997), J. Computational
/// Finance 1; Glasserman (2003), 3.1.
std::vector<BridgePoint> brownian_bridge(int steps);

/// Each normal draw of a step is the increment, over one step, of a Brownian path that is built by
/// brownian_bridge(); so the first dimensions decide on the large shape of all shocks. Dimensions,
/// from `first_dimension` on: one for each bridge point and normal draw, the draws of one bridge
/// point together; then one for each step and uniform draw, those of a step together.
class BridgedDraws : public DrawSource {
 public:
  /// `is_normal`: of each given draw of a step, normal or uniform.
  BridgedDraws(std::shared_ptr<const PointSet> points, std::size_t first_dimension,
               std::vector<bool> is_normal, int steps);

  /// Holds the draws of all steps, 8 bytes x steps x draws x lanes.
  std::unique_ptr<TileDraws> tiles(int lanes, int segment_steps) const override;

 private:
  class Tiles;

  std::shared_ptr<const PointSet> points_;
  std::size_t first_dimension_;
  std::vector<std::size_t> normals_, uniforms_;  // draws of a step
  std::vector<BridgePoint> bridge_;
};

}  // namespace overbuild
