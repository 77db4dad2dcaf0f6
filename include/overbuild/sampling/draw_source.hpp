// Where the step loop's standard normals and uniforms come from, if not from its own generator.
#pragma once

#include <cstdint>
#include <memory>

namespace overbuild {

/// The draws of one tile of paths after the other; used by one thread.
class TileDraws {
 public:
  virtual ~TileDraws() = default;

  /// The tile of the paths first_path + lane comes next.
  virtual void begin(std::uint64_t seed, std::uint64_t first_path) = 0;

  /// The tile's draws of the steps first_step .. end_step - 1, [step - first_step][draw][lane]:
  /// the model's given draws in the order of their declaration, finite normals before the shocks'
  /// correlation and uniforms in (0, 1). Aligned to 64 bytes and valid until the next call. Called
  /// for segments of steps in ascending order, from step 1 to the last one.
  virtual const double* steps(int first_step, int end_step) = 0;
};

/// Replaces the given draws (DrawSpec::Input) of a model in the step loop. The other ones come from
/// the generator as ever, keyed by the same path numbers.
class DrawSource {
 public:
  virtual ~DrawSource() = default;

  /// Draws of tiles of `lanes` paths, a multiple of 8, asked for in segments of at most
  /// `segment_steps` steps. It takes all its memory here and must not outlive the source. Called by
  /// many threads at once.
  virtual std::unique_ptr<TileDraws> tiles(int lanes, int segment_steps) const = 0;
};

}  // namespace overbuild
