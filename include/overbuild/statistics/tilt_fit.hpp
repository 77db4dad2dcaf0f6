// Cross-entropy estimate of a tilt: the law of the draws, within the family of DrawTilt, that is
// nearest to the law of weighted paths.
#pragma once

#include <array>
#include <span>
#include <vector>

#include "overbuild/sampling/draw_tilt.hpp"

namespace overbuild {

/// Sums over weighted paths of what the family's exact solution needs: weighted means of the
/// normals and weighted shares of the uniforms by bin, pooled over the steps of a block. Source: de
/// Boer, Kroese, Mannor, Rubinstein (2005), A tutorial on the cross-entropy method, Annals of
/// Operations Research 134, section 3.
///
/// Rows hold one draw per lane; `weight` one weight per lane, 0 for paths that do not count. The
/// sums are in the order of the calls.
class TiltFit {
 public:
  TiltFit(DrawCounts counts, int blocks);

  /// The weights of a tile of paths, whose draws the other functions add.
  void add_paths(std::span<const double> weight);
  void add_prior(int prior, std::span<const double> weight, const double* z);
  void add_normal(int step, int normal, std::span<const double> weight, const double* z);
  void add_uniform(int step, int uniform, std::span<const double> weight, const double* u);

  /// Kish's effective number of paths, (sum w)^2 / sum w^2; 0 without any.
  double effective() const { return square_ > 0 ? total_ * total_ / square_ : 0; }

  /// Densities of uniforms are those of largest likelihood among the ones that never rise, or never
  /// fall: what a hazard or a count asks for is monotone, and the pooling of bins that this means
  /// keeps noise out (Grenander 1956, On the theory of mortality measurement, Skandinavisk
  /// Aktuarietidskrift 39). A shift that lies within three standard errors of none, or a density
  /// whose likelihood is hardly above that of the plain law, is left out: a tilt of noise would
  /// only spread the weights.
  DrawTilt tilt() const;

 private:
  using Masses = std::array<double, tilt_bins>;

  void fit_uniform(int block, int uniform, DrawTilt& tilt) const;

  DrawTilt plain_;
  double total_ = 0, square_ = 0;
  std::vector<double> prior_;   // [prior]: sum of w z
  std::vector<double> normal_;  // [block][normal]: sum of w z
  std::vector<Masses> mass_;    // [block][uniform]: sum of w by bin
};

}  // namespace overbuild
