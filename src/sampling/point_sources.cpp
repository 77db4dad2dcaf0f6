#include "overbuild/sampling/point_sources.hpp"

#include <tbb/cache_aligned_allocator.h>

#include <cmath>
#include <cstddef>
#include <deque>

namespace overbuild {

void PointParameters::sample(std::uint64_t seed, std::uint64_t first_path, int lanes,
                             double* parameters) const {
  for (std::size_t i = 0; i < sampler_.priors().size(); ++i) {
    double* row = parameters + sampler_.priors()[i].parameter * static_cast<std::size_t>(lanes);
    points_->fill(seed, first_path, lanes, i, row);
    uniforms_to_normals(row, lanes);
  }
  sampler_.transform(lanes, parameters);
}

std::vector<BridgePoint> brownian_bridge(int steps) {
  std::vector<BridgePoint> points = {{steps, 0, steps, 1, 0, std::sqrt(double(steps))}};
  std::deque<std::pair<int, int>> intervals = {{0, steps}};
  while (!intervals.empty()) {
    const auto [left, right] = intervals.front();
    intervals.pop_front();
    if (right - left < 2) continue;
    const int middle = (left + right) / 2;
    const double length = right - left, before = middle - left, after = right - middle;
    points.push_back(
        {middle, left, right, after / length, before / length, std::sqrt(before * after / length)});
    intervals.emplace_back(left, middle);
    intervals.emplace_back(middle, right);
  }
  return points;
}

BridgedDraws::BridgedDraws(std::shared_ptr<const PointSet> points, std::size_t first_dimension,
                           std::vector<bool> is_normal, int steps)
    : points_(std::move(points)),
      first_dimension_(first_dimension),
      bridge_(brownian_bridge(steps)) {
  for (std::size_t i = 0; i < is_normal.size(); ++i)
    (is_normal[i] ? normals_ : uniforms_).push_back(i);
}

class BridgedDraws::Tiles : public TileDraws {
 public:
  Tiles(const BridgedDraws& source, int lanes)
      : source_(source),
        lanes_(static_cast<std::size_t>(lanes)),
        draws_(source.normals_.size() + source.uniforms_.size()),
        origin_(lanes_),
        normals_(lanes_),
        values_(source.bridge_.size() * draws_ * lanes_) {}

  void begin(std::uint64_t seed, std::uint64_t first_path) override {
    std::size_t dimension = source_.first_dimension_;
    const auto fill = [&](double* uniforms) {
      source_.points_->fill(seed, first_path, static_cast<int>(lanes_), dimension++, uniforms);
    };
    for (const BridgePoint& point : source_.bridge_) {
      for (const std::size_t draw : source_.normals_) {
        fill(normals_.data());
        uniforms_to_normals(normals_.data(), static_cast<int>(lanes_));
        add_to_path(point, draw);
      }
    }
    for (const std::size_t draw : source_.normals_) take_increments(draw);
    for (int step = 1; step <= steps(); ++step)
      for (const std::size_t draw : source_.uniforms_) fill(row(step, draw));
  }

  const double* steps(int first_step, int) override { return row(first_step, 0); }

 private:
  int steps() const { return static_cast<int>(source_.bridge_.size()); }

  /// The draw, or the path before its increments are taken, at steps from 1 on.
  double* row(int step, std::size_t draw) {
    return &values_[((static_cast<std::size_t>(step) - 1) * draws_ + draw) * lanes_];
  }
  const double* path(int step, std::size_t draw) {
    return step == 0 ? origin_.data() : row(step, draw);
  }

  void add_to_path(const BridgePoint& point, std::size_t draw) {
    const double* left = path(point.left, draw);
    // The path's end has no known point to its right, whose weight is 0.
    const double* right = point.at == point.right ? origin_.data() : path(point.right, draw);
    double* to = row(point.at, draw);
    for (std::size_t lane = 0; lane < lanes_; ++lane)
      to[lane] = point.left_weight * left[lane] + point.right_weight * right[lane] +
                 point.deviation * normals_[lane];
  }

  void take_increments(std::size_t draw) {
    for (int step = steps(); step > 1; --step) {
      const double* before = row(step - 1, draw);
      double* to = row(step, draw);
      for (std::size_t lane = 0; lane < lanes_; ++lane) to[lane] -= before[lane];
    }
  }

  const BridgedDraws& source_;
  std::size_t lanes_, draws_;
  std::vector<double, tbb::cache_aligned_allocator<double>> origin_, normals_, values_;
};

std::unique_ptr<TileDraws> BridgedDraws::tiles(int lanes, int) const {
  return std::make_unique<Tiles>(*this, lanes);
}

}  // namespace overbuild
