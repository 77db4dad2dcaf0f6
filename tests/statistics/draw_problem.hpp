// Rare events of draws alone, without a model, for tests of importance sampling against closed
// forms.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "hwy/aligned_allocator.h"
#include "overbuild/sampling/tilted_draws.hpp"
#include "overbuild/statistics/rare_event.hpp"
#include "overbuild/statistics/tilt_fit.hpp"

namespace overbuild {

/// All draws of a tile of paths.
class DrawnTile {
 public:
  static constexpr int lanes = 512;

  DrawnTile(const DrawMixture& mixture, std::uint64_t seed, std::uint64_t first_path)
      : counts_(mixture.counts),
        normals_(room(counts_.normals)),
        uniforms_(room(counts_.uniforms)),
        draws_(mixture, lanes) {
    draws_.begin(seed, first_path);
    for (int step = 1; step <= counts_.steps; ++step)
      draws_.step(step, row(normals_, step, 0, counts_.normals),
                  row(uniforms_, step, 0, counts_.uniforms));
  }

  double prior(int i, int lane) const { return draws_.priors()[i * lanes + lane]; }
  double normal(int step, int i, int lane) const {
    return row(normals_, step, i, counts_.normals)[lane];
  }
  double uniform(int step, int i, int lane) const {
    return row(uniforms_, step, i, counts_.uniforms)[lane];
  }
  double weight(int lane) const { return draws_.weight(lane); }
  bool is_plain(int lane) const { return draws_.is_plain(lane); }

  void add_to(TiltFit& fit, const std::vector<double>& weight) const {
    fit.add_paths(weight);
    for (int i = 0; i < counts_.priors; ++i) fit.add_prior(i, weight, draws_.priors() + i * lanes);
    for (int step = 1; step <= counts_.steps; ++step)
      fit.add_step(step, weight,
                   {lanes, row(normals_, step, 0, counts_.normals),
                    row(uniforms_, step, 0, counts_.uniforms)});
  }

 private:
  using Room = hwy::AlignedFreeUniquePtr<double[]>;
  Room room(int rows) const {
    return hwy::AllocateAligned<double>(std::size_t(counts_.steps * rows * lanes + 1));
  }
  static double* row(const Room& values, int step, int i, int rows) {
    return values.get() + std::size_t((step - 1) * rows + i) * lanes;
  }

  DrawCounts counts_;
  Room normals_, uniforms_;
  TiltedDraws draws_;
};

/// A path hits where happens(tile, lane).
using DrawEvent = std::function<bool(const DrawnTile&, int lane)>;

inline RareEventSums sums_of(const DrawMixture& mixture, std::uint64_t seed, int tiles,
                             const DrawEvent& happens) {
  RareEventSums sums;
  for (int t = 0; t < tiles; ++t) {
    const DrawnTile tile(mixture, seed, std::uint64_t(t) * DrawnTile::lanes);
    for (int lane = 0; lane < DrawnTile::lanes; ++lane)
      sums.add(tile.weight(lane), happens(tile, lane), tile.is_plain(lane));
  }
  return sums;
}

/// The tilt nearest to the law of the paths on which the event happens.
inline DrawTilt fitted(const DrawMixture& mixture, int blocks, std::uint64_t seed, int tiles,
                       const DrawEvent& happens) {
  TiltFit fit(mixture.counts, blocks);
  for (int pass = 0; pass < TiltFit::passes; ++pass) {
    for (int t = 0; t < tiles; ++t) {
      const DrawnTile tile(mixture, seed, std::uint64_t(t) * DrawnTile::lanes);
      std::vector<double> weight(DrawnTile::lanes, 0.0);
      for (int lane = 0; lane < DrawnTile::lanes; ++lane)
        if (happens(tile, lane)) weight[std::size_t(lane)] = tile.weight(lane);
      tile.add_to(fit, weight);
    }
    fit.end_pass();
  }
  return fit.tilt();
}

}  // namespace overbuild
