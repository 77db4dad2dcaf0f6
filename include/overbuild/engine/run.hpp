// Runs a scenario: parallel workers take chunks of paths, advance them tile by tile and add them to
// their statistics.
//
// A result depends on the scenario alone. Workers take chunks in ascending order and a chunk once
// begun is finished, so that a run stopped early holds exactly the paths 0 .. n - 1.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "overbuild/config/scenario.hpp"
#include "overbuild/sampling/prior_map.hpp"
#include "overbuild/statistics/summary.hpp"

namespace overbuild {

/// Paths advanced together, and the unit in which sums are formed: path p belongs to tile
/// p / tile_paths, whatever the threads and chunks.
inline constexpr int tile_paths = 512;

/// The kept series of the paths first_path .. first_path + paths - 1.
struct KeptTile {
  std::uint64_t first_path = 0;
  int paths = 0;
  std::vector<double> values;  ///< [kept series][path][step 0..T]
};

/// Takes kept tiles away from the workers. Called by many threads at once, in any order of tiles.
class PathSink {
 public:
  virtual ~PathSink() = default;
  /// May block until there is room. An exception ends the run and reaches run()'s caller.
  virtual void accept(std::unique_ptr<KeptTile> tile) = 0;
  /// Throws when an earlier tile could not be kept; called often, also when no more tiles come.
  virtual void check() {}
};

struct RunControls {
  int threads = 0;                                         ///< 0: the scenario's
  const std::atomic<bool>* stop = nullptr;                 ///< set to stop after the chunks in work
  std::function<void(std::uint64_t paths)> progress = {};  ///< paths done; called by worker threads
  PathSink* sink = nullptr;                                ///< needed when the scenario keeps paths
  PriorMaps* prior_maps = nullptr;                         ///< shared with other runs
};

/// Kept values of the paths 0 .. paths - 1; undefined outcomes are NaN.
struct KeptOutcomes {
  std::uint64_t paths = 0;
  std::vector<std::size_t> drawn;               ///< indices of the parameters that have priors
  std::vector<std::vector<double>> outcomes;    ///< [outcome][path]
  std::vector<std::vector<double>> parameters;  ///< [drawn parameter][path]
};

struct RunResult {
  RunSummary summary;
  KeptOutcomes kept;
  int threads = 0;
};

/// Throws Error(numeric) naming path, step and series when a value is not finite.
RunResult run(const Scenario& scenario, const RunControls& controls = {});

}  // namespace overbuild
