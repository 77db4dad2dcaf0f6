// A mixture of tilted laws as the source of a run's parameters and of its step loop's draws.
#pragma once

#include <memory>

#include "overbuild/config/scenario.hpp"
#include "overbuild/sampling/draw_source.hpp"
#include "overbuild/sampling/parameter_sampler.hpp"
#include "overbuild/sampling/tilted_draws.hpp"

namespace overbuild {

/// The draws that a tilt may change: the priors' normals, and in each of the steps 1..last_step the
/// model's given normals and uniforms. Throws Error(internal) unless a model declares its normals
/// before its uniforms.
DrawCounts draw_counts(const ModelSchema& schema, std::size_t priors, int last_step);

/// Parameters whose priors' normals are those of TiltedDraws. The mixture must outlive it.
class TiltedParameters : public ParameterSource {
 public:
  TiltedParameters(const DrawMixture& mixture, ParameterSampler sampler)
      : mixture_(mixture), sampler_(std::move(sampler)) {}

  void sample(std::uint64_t seed, std::uint64_t first_path, int lanes,
              double* parameters) const override;

 private:
  const DrawMixture& mixture_;
  ParameterSampler sampler_;
};

/// The draws of one thread; the weights of the tile's paths are known when its last step was drawn.
class TiltedTileDraws : public TileDraws {
 public:
  TiltedTileDraws(const DrawMixture& mixture, int lanes, int segment_steps);

  void begin(std::uint64_t seed, std::uint64_t first_path) override;
  const double* steps(int first_step, int end_step) override;

  const TiltedDraws& drawn() const { return draws_; }

 private:
  const DrawCounts counts_;
  const int lanes_;
  TiltedDraws draws_;
  hwy::AlignedFreeUniquePtr<double[]> room_;
};

/// The mixture must outlive it.
class TiltedSource : public DrawSource {
 public:
  explicit TiltedSource(const DrawMixture& mixture) : mixture_(mixture) {}

  std::unique_ptr<TileDraws> tiles(int lanes, int segment_steps) const override {
    return std::make_unique<TiltedTileDraws>(mixture_, lanes, segment_steps);
  }

 private:
  const DrawMixture& mixture_;
};

}  // namespace overbuild
