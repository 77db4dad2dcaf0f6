// Cross-entropy estimate of a tilt: the law of the draws, within the family of DrawTilt, that is
// nearest to the law of weighted paths.
#pragma once

#include <span>
#include <vector>

#include "overbuild/sampling/draw_tilt.hpp"

namespace overbuild {

/// Sums over weighted paths of what the family's solution needs: weighted means of the normals and
/// weighted shares of the uniforms by bin, pooled over the steps of a block, for each of the two
/// laws of a step. Which of the two a step had is not known: its weight is divided between them as
/// the tilt before would (the EM algorithm), so that a fit takes a few passes over the same paths.
/// Sources: de Boer, Kroese, Mannor, Rubinstein (2005), A tutorial on the cross-entropy method,
/// Annals of Operations Research 134, section 3; Dempster, Laird, Rubin (1977), Maximum likelihood
/// from incomplete data via the EM algorithm, JRSS B 39.
///
/// Rows hold one value per lane; `weight` one weight per lane, 0 for paths that do not count. The
/// sums are in the order of the calls.
class TiltFit {
 public:
  static constexpr int passes = 8;

  TiltFit(DrawCounts counts, int blocks);

  /// The weights of a tile of paths, whose draws the other functions add.
  void add_paths(std::span<const double> weight);
  void add_prior(int prior, std::span<const double> weight, const double* z);
  void add_step(int step, std::span<const double> weight, const StepDraws& draws);

  /// Fits the tilt to what was added and begins another pass.
  ///
  /// Densities of uniforms are those of largest likelihood among the ones that never rise, or never
  /// fall: what a hazard or a count asks for is monotone, and the pooling of bins that this means
  /// keeps noise out (Grenander 1956, On the theory of mortality measurement, Skandinavisk
  /// Aktuarietidskrift 39). A shift that lies within three standard errors of none, or a density
  /// whose likelihood is hardly above that of the plain law, is left out: a tilt of noise would
  /// only spread the weights.
  void end_pass();

  const DrawTilt& tilt() const { return tilt_; }

 private:
  /// Sums for one law of a block.
  struct LawSums {
    double total = 0, square = 0;  // of the weights of steps
    std::vector<double> normal;    // [normal]: sum of w z
    std::vector<double> tail[2];   // [normal]: sum of w where z is below -2, above 2
    std::vector<TiltMasses> mass;  // [uniform]: sum of w by bin

    LawSums(const DrawCounts& counts);
    /// Kish's effective number of steps.
    double draws() const { return square > 0 ? total * total / square : 0; }
  };

  PriorLaw fitted_prior(std::size_t prior) const;
  static StepLaw fitted(const LawSums& sums);
  void fit_block(int block);
  static void begin_burst(DrawTilt::Block& block, const LawSums& sums);
  void clear();

  DrawCounts counts_;
  DrawTilt tilt_;
  bool first_pass_ = true;
  double total_ = 0, square_ = 0;             // of the paths' weights
  std::vector<double> prior_, prior_square_;  // [prior]: sum of w z, w z^2
  std::vector<LawSums> sums_;                 // [block][law]
  std::vector<double> share_[2];              // [lane]: weight of a step for each law
};

}  // namespace overbuild
