// Draws of tiles of paths from a mixture of the plain law and a tilted one, with their weights.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "hwy/aligned_allocator.h"
#include "overbuild/sampling/draw_tilt.hpp"

namespace overbuild {

/// A mixture of the plain law and of tilted ones.
struct DrawMixture {
  DrawCounts counts;
  std::vector<DrawTilt> tilts;  ///< of these counts
  std::vector<double> shares;   ///< one per tilt, positive

  /// What the tilts leave; positive, so that no path has a weight above one over it.
  double plain_share() const;
  /// Plain over mixture density of a path with these ln(tilted over plain density), one per tilt.
  /// Source: Owen and Zhou (2000), Safe and effective importance sampling, JASA 95.
  double weight(std::span<const double> log_ratios) const;
};

/// Makes the draws of one tile at a time, step after step. Each path belongs to the plain or to a
/// tilted law by a uniform of its own, so that paths are independent and any number of them may be
/// drawn. Draws depend on (seed, path, step, row) and the mixture alone.
class TiltedDraws {
 public:
  /// `lanes`: a multiple of 8. The mixture must outlive this.
  TiltedDraws(const DrawMixture& mixture, int lanes);

  /// Begins the paths first_path .. and draws their priors' normals.
  void begin(std::uint64_t seed, std::uint64_t first_path);
  /// Draws step >= 1 into normals[row][lane] and uniforms[row][lane], aligned to 64 bytes.
  void step(int step, double* normals, double* uniforms);

  /// Independent normals of the priors, [prior][lane].
  const double* priors() const { return priors_.get(); }
  bool is_plain(int lane) const { return plain_[static_cast<std::size_t>(lane)]; }
  /// The path's weight for the steps drawn so far: plain over mixture density.
  double weight(int lane) const;

 private:
  const DrawMixture& mixture_;
  const int lanes_;
  std::uint64_t seed_ = 0, first_path_ = 0;
  hwy::AlignedFreeUniquePtr<double[]> priors_, choice_, pick_;
  std::vector<bool> plain_;
  std::vector<std::vector<double>> chosen_;     // [tilt][lane]: 1 where the path has its law
  std::vector<std::vector<double>> log_ratio_;  // [tilt][lane]
};

}  // namespace overbuild
