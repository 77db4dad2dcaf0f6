// Runs a scenario: parallel workers take chunks of paths, advance them tile by tile and add them to
// their statistics.
//
// A result depends on the scenario alone. Workers take chunks in ascending order and a chunk once
// begun is finished, so that a run stopped early holds exactly the paths up to some path n. What is
// known of some paths is exact, so that a run may be done in parts, in other processes and on other
// days, and the parts put together have the bits of the run in one piece.
#pragma once

#include <boost/container/vector.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "overbuild/engine/prepared_run.hpp"
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

/// The functions but the last are called by worker threads, many at once.
struct RunControls {
  int threads = 0;                                         ///< 0: the scenario's
  std::function<bool()> stop = {};                         ///< true: stop after the chunks in work
  std::function<void(std::uint64_t paths)> progress = {};  ///< paths of the range that are done
  PathSink* sink = nullptr;                                ///< needed when the scenario keeps paths
  PriorMaps* prior_maps = nullptr;                         ///< of run(): shared with other runs
  /// Called when the precision was checked, with the run's paths so far and the statistic.
  std::function<void(std::uint64_t paths, const Estimate&)> checked = {};
};

/// The paths begin .. end - 1.
struct PathRange {
  std::uint64_t begin = 0, end = 0;

  std::uint64_t size() const { return end - begin; }
  bool operator==(const PathRange&) const = default;
};

/// Room can be made without writing to it, so that the outcomes of all paths of a long run take
/// memory as they come.
using KeptValues = boost::container::vector<double>;

/// Kept values of the paths first_path .. first_path + paths - 1; undefined outcomes are NaN.
struct KeptOutcomes {
  std::uint64_t first_path = 0, paths = 0;
  std::vector<std::size_t> drawn;      ///< indices of the parameters that have priors
  std::vector<KeptValues> outcomes;    ///< [outcome][path]
  std::vector<KeptValues> parameters;  ///< [drawn parameter][path]
};

/// The paths of shard 1 .. shards: whole tiles, as equal in number as they can be. Throws
/// Error(usage) when there are fewer tiles than shards.
PathRange shard_paths(std::uint64_t paths, int shard, int shards);

/// What is known of some of a run's paths.
struct RunPart {
  PathRange paths;
  RunStatistics statistics;
  KeptOutcomes kept;
};

/// Puts `next`, which must begin where `part` ends, behind it. Throws Error(internal) otherwise.
void append(RunPart& part, RunPart next);

/// The finished numbers of some of a run's paths.
struct RunResult {
  std::uint64_t first_path = 0;  ///< summary.paths from here on
  RunSummary summary;
  KeptOutcomes kept;
  std::optional<RunStatisticsState> state;  ///< of a result that others are to be put behind
  int threads = 0;
};

/// A scenario made ready for its parts to be run.
class Simulation {
 public:
  /// `threads`: 0 for the scenario's. `prior_maps`: those that runs share, or none. `source`: where
  /// the parameters come from, if not from the scenario's priors. `draws`: where the step loop's
  /// given draws come from, if not from its generator. The scenario must outlive this.
  explicit Simulation(const Scenario& scenario, int threads = 0, PriorMaps* prior_maps = nullptr,
                      std::shared_ptr<const ParameterSource> source = nullptr,
                      std::shared_ptr<const DrawSource> draws = nullptr);

  const Scenario& scenario() const { return prepared_.scenario(); }
  int threads() const { return threads_; }

  /// No paths, from `begin` on.
  RunPart nothing(std::uint64_t begin) const;

  /// Runs the paths of `range`, whose ends are multiples of tile_paths or the number of the run's
  /// paths; fewer of them when it is stopped. `controls.threads` is not used. Throws
  /// Error(numeric) naming path, step and series when a value is not finite.
  RunPart run(PathRange range, const RunControls& controls) const;

  /// Puts the paths that follow `part` behind it, up to `end`, or until the scenario's precision is
  /// reached or the controls stop it. Returns whether no more paths are to come. `before`: the
  /// statistics of the run's paths before the part, if there are any.
  bool advance(RunPart& part, std::uint64_t end, const RunControls& controls,
               const RunStatistics* before = nullptr) const;

  /// `complete`: there are no more paths to come.
  RunResult result(RunPart part, bool complete) const;

 private:
  PreparedRun prepared_;
  int threads_;
  Pivots pivots_;
};

/// A whole run in one go.
RunResult run(const Scenario& scenario, const RunControls& controls = {});

}  // namespace overbuild
