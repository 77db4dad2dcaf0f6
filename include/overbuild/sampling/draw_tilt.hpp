// A change of the law of a path's draws under which a rare event is common, and its likelihood
// ratio: importance sampling at the level of the draws, the same for every model.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

namespace overbuild {

/// How many draws a path has: normals of its priors, and normals and uniforms of each of its steps
/// 1..steps.
struct DrawCounts {
  int priors = 0, normals = 0, uniforms = 0, steps = 0;

  bool operator==(const DrawCounts&) const = default;
};

/// Bins of (0, 1) on which a tilted uniform has a constant density: they halve towards 0 and
/// towards 1, down to 2^-30, since a hazard asks for uniforms below a small probability and a
/// Poisson count for uniforms near 1.
inline constexpr int tilt_bins = 60;
/// The tilt_bins + 1 ends of the bins, ascending from 0 to 1.
const std::array<double, tilt_bins + 1>& tilt_bin_edges();
/// The bin of a number in (0, 1).
std::size_t tilt_bin_at(double u);

/// Density of one uniform: of bin b, `mass[b]` over the bin's width.
struct UniformTilt {
  std::array<double, tilt_bins> mass, cumulated;  ///< cumulated: of the bins before
  std::array<double, tilt_bins> log_density;

  /// `masses`: positive; they are scaled so that they add up to one.
  explicit UniformTilt(std::span<const double> masses);

  /// Maps a uniform to a draw from the tilted law, by inversion; within (0, 1).
  double map(double u) const;
  double log_density_at(double u) const;
};

/// Normals are shifted, uniforms get a density that is constant on bins. Both are the same for all
/// steps of a block, so that they can be estimated from few paths. Draws that are not tilted keep
/// their plain law.
class DrawTilt {
 public:
  /// No tilt. The steps are divided into `blocks` blocks, as equal as they can be; at most one per
  /// step.
  DrawTilt(DrawCounts counts, int blocks);

  const DrawCounts& counts() const { return counts_; }
  int blocks() const { return blocks_; }
  int block_of(int step) const { return (step - 1) * blocks_ / counts_.steps; }  ///< of step >= 1
  int steps_of(int block) const;

  void set_prior_shift(int prior, double shift);
  void set_shift(int block, int normal, double shift);
  void set_masses(int block, int uniform, std::span<const double> masses);

  double prior_shift(int prior) const { return prior_shift_[std::size_t(prior)]; }
  double shift(int block, int normal) const {
    return shift_[place(block, normal, counts_.normals)];
  }
  /// Null where the uniform keeps its plain law.
  const UniformTilt* uniform(int block, int uniform) const;
  bool is_plain() const;

  // The functions below take a row of draws, one per lane. move_*() turn independent draws from the
  // plain law into draws from the tilted law where `chosen` is 1 (not 0); add_*_ratio() add the
  // logarithm of tilted over plain density at the draws, however these were made.
  void move_prior(int prior, std::span<const double> chosen, double* z) const;
  void move_normal(int step, int normal, std::span<const double> chosen, double* z) const;
  void move_uniform(int step, int uniform, std::span<const double> chosen, double* u) const;
  void add_prior_ratio(int prior, const double* z, std::span<double> log_ratio) const;
  void add_normal_ratio(int step, int normal, const double* z, std::span<double> log_ratio) const;
  void add_uniform_ratio(int step, int uniform, const double* u, std::span<double> log_ratio) const;

 private:
  static std::size_t place(int block, int draw, int draws) {
    return static_cast<std::size_t>(block * draws + draw);
  }

  DrawCounts counts_;
  int blocks_;
  std::vector<double> prior_shift_;
  std::vector<double> shift_;       // [block][normal]
  std::vector<int> uniform_place_;  // [block][uniform]: in uniforms_, or -1
  std::vector<UniformTilt> uniform_tilts_;
};

/// A tilt that tries everything: in each step each uniform is, with probability 1/steps (at most
/// 1/2), spread evenly over the bins, so that hazards of any size are met in a few thousand paths.
DrawTilt exploring_tilt(DrawCounts counts, int blocks);

}  // namespace overbuild
