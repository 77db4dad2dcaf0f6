// A change of the law of a path's draws under which a rare event is common, and its likelihood
// ratio: importance sampling at the level of the draws, the same for every model.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
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
using TiltMasses = std::array<double, tilt_bins>;
/// The tilt_bins + 1 ends of the bins, ascending from 0 to 1.
const std::array<double, tilt_bins + 1>& tilt_bin_edges();
double tilt_bin_width(std::size_t bin);
/// The bin of a number in (0, 1).
std::size_t tilt_bin_at(double u);

/// Density of one uniform: of bin b, `mass[b]` over the bin's width.
struct UniformTilt {
  TiltMasses mass, cumulated;  ///< cumulated: of the bins before
  TiltMasses log_density;
  std::array<std::uint8_t, 64> first_bin;  ///< in which u = i/64 falls, where map() begins

  /// `masses`: positive; they are scaled so that they add up to one.
  explicit UniformTilt(const TiltMasses& masses);

  /// Maps a uniform to a draw from the tilted law, by inversion; within (0, 1).
  double map(double u) const;
  double log_density_at(double u) const { return log_density[tilt_bin_at(u)]; }
};

/// Law of the independent draws of a step: shifted normals, and uniforms with a density that is
/// constant on bins.
struct StepLaw {
  std::vector<double> shift;                        ///< [normal]
  std::vector<std::optional<UniformTilt>> uniform;  ///< none: the plain law

  bool is_plain() const;
};

/// The law of a prior's normal.
struct PriorLaw {
  double mean = 0, deviation = 1;

  bool operator==(const PriorLaw&) const = default;
};

/// The draws of a step of a tile of paths, normals[row][lane] and uniforms[row][lane].
struct StepDraws {
  int lanes = 0;
  double* normals = nullptr;
  double* uniforms = nullptr;
};

/// Each step has one of two laws, the ordinary one or, with a small probability, that of a burst:
/// a jump, or a leap with the bust that it sets off, happens in one of many steps, and asks for
/// several draws of that step at once. Both laws are the same for all steps of a block, so that
/// they can be estimated from few paths. The priors' normals are shifted and drawn together.
class DrawTilt {
 public:
  struct Block {
    double burst_share = 0;
    StepLaw law[2];  ///< ordinary, burst
  };

  /// No tilt. The steps are divided into `blocks` blocks, as equal as they can be; at most one per
  /// step.
  DrawTilt(DrawCounts counts, int blocks);

  const DrawCounts& counts() const { return counts_; }
  int blocks() const { return static_cast<int>(block_.size()); }
  int block_of(int step) const { return (step - 1) * blocks() / counts_.steps; }  ///< of step >= 1
  int steps_of(int block) const;

  Block& block(int index) { return block_[static_cast<std::size_t>(index)]; }
  const Block& block(int index) const { return block_[static_cast<std::size_t>(index)]; }
  std::vector<PriorLaw>& priors() { return prior_; }
  const std::vector<PriorLaw>& priors() const { return prior_; }

  // move_*() turn independent draws from the plain law into draws from the tilted law where
  // `chosen` is 1 (not 0); `pick`: uniforms that choose between the two laws of a step.
  // add_*_ratio() add the logarithm of tilted over plain density at the draws, however these were
  // made.
  void move_prior(int prior, std::span<const double> chosen, double* z) const;
  void move_step(int step, std::span<const double> chosen, const double* pick,
                 const StepDraws& draws) const;
  void add_prior_ratio(int prior, const double* z, std::span<double> log_ratio) const;
  void add_step_ratio(int step, const StepDraws& draws, std::span<double> log_ratio) const;

  /// Probability that a step with these draws had the burst's law, one per lane.
  void burst_probability(int step, const StepDraws& draws, std::span<double> probability) const;

 private:
  DrawCounts counts_;
  std::vector<PriorLaw> prior_;
  std::vector<Block> block_;
};

/// A tilt that tries everything: in each step each uniform is, with probability 1/steps (at most
/// 1/2), spread evenly over the bins, so that hazards of any size are met in a few thousand paths.
DrawTilt exploring_tilt(DrawCounts counts);

}  // namespace overbuild
