// A model as the engine sees it: its declaration and the functions that advance its paths.
//
// The engine calls these functions once per tile and segment of steps; the loops over steps and
// lanes are inside them, compiled for each instruction set (see model/tile_kernel-inl.hpp).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "overbuild/model/schema.hpp"

namespace overbuild {

/// Smallest and largest value a parameter takes over the paths of a run.
struct Range {
  double lower = 0, upper = 0;
};

/// What all paths of a run have in common.
struct RunContext {
  std::uint64_t seed = 0;
  int steps = 0;                         ///< T; the series have T + 1 entries
  double dt = 0;                         ///< years
  std::span<const double> shock_factor;  ///< row-major lower Cholesky factor, shocks x shocks
  bool shocks_independent = true;        ///< the factor is the identity
  std::span<const Range> ranges;         ///< one per parameter
  /// One per table: its value by step 0..T, or empty when the config gives none. For a path table
  /// NaN outside of the given times; for impulses the sum of what arrives in (t - dt, t].
  std::span<const std::span<const double>> tables;
};

/// Where a kernel writes a segment of steps of a tile of paths.
struct TileOutput {
  double* series;        ///< [series][step - first_step][lane]
  std::uint8_t* events;  ///< [event][step - first_step][lane / 8], bit lane % 8; zeroed by caller
  int first_step;
  int steps;  ///< room for this many steps
  int lanes;  ///< a multiple of 8
};

/// A model's compiled functions for one instruction set.
struct ModelKernel {
  /// Bytes of state of a tile; the engine aligns it to 64.
  std::size_t (*workspace_bytes)(int lanes);
  /// Start the paths first_path + 0..lanes-1 and write step 0.
  /// `parameters`: [parameter][lane].
  void (*begin)(const RunContext&, std::uint64_t first_path, const double* parameters,
                void* workspace, const TileOutput&);
  /// Advance steps first_step .. end_step - 1 (first_step >= 1) and write them. `given`: the
  /// steps' given draws, [step - first_step][draw][lane], or nullptr for those of draw().
  void (*advance)(const RunContext&, std::uint64_t first_path, void* workspace, int first_step,
                  int end_step, const TileOutput&, const double* given);
  /// Writes the given draws that the generator makes for the steps first_step .. end_step - 1 of
  /// the paths first_path + lane, draws[step - first_step][draw][lane], aligned to 64 bytes.
  void (*draw)(std::uint64_t seed, std::uint64_t first_path, int first_step, int end_step,
               int lanes, double* draws);
  /// Write the outcomes, [outcome][lane].
  void (*finish)(const RunContext&, const void* workspace, int lanes, double* outcomes);
};

struct Model {
  const ModelSchema& schema;
  /// The kernel for the instruction set chosen at run time.
  ModelKernel (*kernel)();
};

/// All models, by name.
std::span<const Model* const> all_models();

/// The model called `name`, or nullptr.
const Model* find_model(std::string_view name);

}  // namespace overbuild
