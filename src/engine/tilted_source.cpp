#include "src/engine/tilted_source.hpp"

#include <algorithm>

#include "overbuild/base/error.hpp"

namespace overbuild {

DrawCounts draw_counts(const ModelSchema& schema, std::size_t priors, int last_step) {
  DrawCounts counts{.priors = static_cast<int>(priors), .steps = last_step};
  for (const DrawSpec& draw : schema.draws) {
    if (draw.input == DrawSpec::Input::normal && counts.uniforms > 0)
      throw Error(ExitCode::internal, "a model declares a normal behind its uniforms");
    counts.normals += draw.input == DrawSpec::Input::normal;
    counts.uniforms += draw.input == DrawSpec::Input::uniform;
  }
  return counts;
}

void TiltedParameters::sample(std::uint64_t seed, std::uint64_t first_path, int lanes,
                              double* parameters) const {
  if (!sampler_.priors().empty()) {
    TiltedDraws draws(mixture_, lanes);
    draws.begin(seed, first_path);
    for (std::size_t i = 0; i < sampler_.priors().size(); ++i)
      std::copy_n(draws.priors() + static_cast<std::ptrdiff_t>(i) * lanes, lanes,
                  parameters + static_cast<std::ptrdiff_t>(sampler_.priors()[i].parameter) * lanes);
  }
  sampler_.transform(lanes, parameters);
}

TiltedTileDraws::TiltedTileDraws(const DrawMixture& mixture, int lanes, int segment_steps)
    : counts_(mixture.counts),
      lanes_(lanes),
      draws_(mixture, lanes),
      room_(hwy::AllocateAligned<double>(
          static_cast<std::size_t>(std::max(counts_.normals + counts_.uniforms, 1) * lanes) *
          static_cast<std::size_t>(segment_steps))) {}

void TiltedTileDraws::begin(std::uint64_t seed, std::uint64_t first_path) {
  draws_.begin(seed, first_path);
}

const double* TiltedTileDraws::steps(int first_step, int end_step) {
  double* place = room_.get();
  for (int step = first_step; step < end_step; ++step) {
    double* uniforms = place + static_cast<std::ptrdiff_t>(counts_.normals) * lanes_;
    draws_.step(step, place, uniforms);
    place = uniforms + static_cast<std::ptrdiff_t>(counts_.uniforms) * lanes_;
  }
  return room_.get();
}

}  // namespace overbuild
