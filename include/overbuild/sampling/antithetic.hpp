// Pairs of paths that mirror each other: path 2k + 1 has the normals of path 2k with the opposite
// sign and its uniforms subtracted from one. Source: Hammersley and Morton (1956), Proc. Cambridge
// Philosophical Society 52.
#pragma once

#include <memory>
#include <vector>

#include "overbuild/sampling/draw_source.hpp"
#include "overbuild/sampling/parameter_sampler.hpp"

namespace overbuild {

/// Mirrors the priors' normals before they are correlated.
class AntitheticParameters : public ParameterSource {
 public:
  /// `sampler` must outlive this.
  explicit AntitheticParameters(const ParameterSampler& sampler) : sampler_(sampler) {}

  void sample(std::uint64_t seed, std::uint64_t first_path, int lanes,
              double* parameters) const override;

 private:
  const ParameterSampler& sampler_;
};

/// Mirrors the draws of another source.
class AntitheticDraws : public DrawSource {
 public:
  /// `is_normal`: of each given draw of a step, normal or uniform.
  AntitheticDraws(std::shared_ptr<const DrawSource> source, std::vector<bool> is_normal)
      : source_(std::move(source)), is_normal_(std::move(is_normal)) {}

  std::unique_ptr<TileDraws> tiles(int lanes, int segment_steps) const override;

 private:
  class Tiles;

  std::shared_ptr<const DrawSource> source_;
  std::vector<bool> is_normal_;
};

}  // namespace overbuild
