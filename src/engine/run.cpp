#include "overbuild/engine/run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <mutex>

#include "hwy/contrib/sort/vqsort.h"
#include "overbuild/base/error.hpp"
#include "overbuild/statistics/estimates.hpp"
#include "src/engine/chunks.hpp"
#include "src/engine/worker.hpp"
#include "src/engine/worker_team.hpp"

namespace overbuild {
namespace {

constexpr std::uint64_t tile = tile_paths;

KeptOutcomes room_for_outcomes(const PreparedRun& prepared, PathRange range) {
  const std::uint64_t keep = prepared.scenario().outputs.outcomes;
  KeptOutcomes kept;
  kept.first_path = range.begin;
  kept.paths = std::max(std::min(keep, range.end), range.begin) - range.begin;
  if (keep == 0) return kept;
  for (const Prior& prior : prepared.sampler().priors()) kept.drawn.push_back(prior.parameter);
  kept.outcomes.resize(prepared.schema().outcomes.size());
  kept.parameters.resize(kept.drawn.size());
  for (auto* values : {&kept.outcomes, &kept.parameters})
    for (KeptValues& room : *values) room.resize(kept.paths, boost::container::default_init);
  return kept;
}

/// Replaces the histograms' quantiles of the outcomes by those of the kept values.
void use_exact_quantiles(RunSummary& summary, const KeptOutcomes& kept) {
  for (std::size_t o = 0; o < kept.outcomes.size(); ++o) {
    std::vector<double> sorted;
    sorted.reserve(kept.outcomes[o].size());
    for (const double x : kept.outcomes[o])  // adding zero makes -0 the same as 0
      if (!std::isnan(x)) sorted.push_back(x + 0.0);
    hwy::Sorter()(sorted.data(), sorted.size(), hwy::SortAscending());
    const auto quantile = [&](double p) { return sorted_quantile(sorted, p); };
    OutcomeSummary& outcome = summary.outcomes[o];
    outcome.exact_quantiles = true;
    for (std::size_t i = 0; i < quantile_levels.size() && !sorted.empty(); ++i)
      outcome.distribution.quantiles[i] =
          quantile_estimate(quantile, quantile_levels[i], sorted.size());
  }
}

void shorten(KeptOutcomes& kept, std::uint64_t paths) {
  kept.paths = std::min(kept.paths, paths);
  for (auto& outcome : kept.outcomes) outcome.resize(kept.paths);
  for (auto& parameter : kept.parameters) parameter.resize(kept.paths);
}

/// Hands out chunks of a range of paths in ascending order and gathers the workers' statistics.
class ParallelRun {
 public:
  ParallelRun(const PreparedRun& prepared, const Pivots& pivots, PathRange range,
              std::uint64_t chunk, const RunControls& controls)
      : prepared_(prepared),
        pivots_(pivots),
        range_(range),
        chunk_(chunk),
        controls_(controls),
        next_(range.begin),
        kept_(room_for_outcomes(prepared, range)),
        total_(prepared.schema(), prepared.context().steps, pivots) {
    ready_ = true;
  }
  ParallelRun(const ParallelRun&) = delete;
  ParallelRun& operator=(const ParallelRun&) = delete;
  ~ParallelRun() { const std::lock_guard lock(merging_); }

  /// The work of one thread. An exception ends the run of all of them.
  void work() try {
    if (!ready_) return;
    Worker worker(prepared_);
    worker.begin_statistics(pivots_);
    while (!stopped()) {
      const std::uint64_t begin = next_.fetch_add(chunk_);
      if (begin >= range_.end) break;
      advance_chunk(worker, {begin, std::min(begin + chunk_, range_.end)});
    }
    const std::lock_guard lock(merging_);
    total_.merge(worker.statistics());
  } catch (...) {
    const std::lock_guard lock(merging_);
    failed_ = true;  // the other workers need not finish their chunks
    throw;
  }

  RunPart part() {
    const std::lock_guard lock(merging_);
    const std::uint64_t done = total_.paths();
    shorten(kept_, done);
    return {{range_.begin, range_.begin + done}, std::move(total_), std::move(kept_)};
  }

 private:
  bool stopped() const { return failed_ || (controls_.stop && controls_.stop()); }

  void advance_chunk(Worker& worker, PathRange chunk) {
    if (controls_.sink) controls_.sink->check();
    for (std::uint64_t path = chunk.begin; path < chunk.end; path += tile) {
      if (failed_) return;
      const auto count = static_cast<int>(std::min(tile, chunk.end - path));
      worker.advance(path, count, kept_, controls_.sink);
    }
    const std::uint64_t done = done_.fetch_add(chunk.size()) + chunk.size();
    if (controls_.progress) controls_.progress(done);
  }

  const PreparedRun& prepared_;
  const Pivots& pivots_;
  const PathRange range_;
  const std::uint64_t chunk_;
  const RunControls& controls_;
  std::atomic<std::uint64_t> next_, done_ = 0;
  std::atomic<bool> failed_ = false;
  // TBB orders construction, work, result and destruction by itself. This flag and the lock, the
  // last thing that a worker takes, say so again in a way that ThreadSanitizer sees: Debian's TBB
  // is built without it.
  std::atomic<bool> ready_ = false;
  std::mutex merging_;
  KeptOutcomes kept_;
  RunStatistics total_;
};

/// The first number of paths above `paths` at which the precision is checked: a quarter more each
/// time, so that the checks cost little and at most a quarter of the paths is too many.
std::uint64_t next_check(const PrecisionTarget& until, std::uint64_t paths) {
  std::uint64_t check = until.block;
  while (check <= paths) check += std::max(until.block, check / 4 / tile * tile);
  return check;
}

Estimate estimate_of(const PrecisionTarget& target, const RunStatistics& statistics,
                     const RunStatistics* before, double dt) {
  if (!before) return statistics.estimate(target, dt);
  RunStatistics all = *before;
  all.merge(statistics);
  return all.estimate(target, dt);
}

void append(KeptValues& values, const KeptValues& next) {
  values.insert(values.end(), next.begin(), next.end());
}

}  // namespace

PathRange shard_paths(std::uint64_t paths, int shard, int shards) {
  const std::uint64_t tiles = (paths + tile - 1) / tile, n = static_cast<std::uint64_t>(shards);
  if (n > tiles)
    throw Error(ExitCode::usage, fmt::format("{} paths make at most {} shards, since a shard has "
                                             "at least {} paths; found {}",
                                             paths, tiles, tile, shards));
  // The first tiles % n shards have a tile more than the others.
  const auto first_tile = [&](std::uint64_t s) { return s * (tiles / n) + std::min(s, tiles % n); };
  const auto s = static_cast<std::uint64_t>(shard);
  return {first_tile(s - 1) * tile, std::min(first_tile(s) * tile, paths)};
}

void append(RunPart& part, RunPart next) {
  if (next.paths.begin != part.paths.end)
    throw Error(ExitCode::internal, fmt::format("a part of a run ends with path {}, the next one "
                                                "begins with path {}",
                                                part.paths.end, next.paths.begin));
  if (part.paths.size() == 0) {
    part = std::move(next);
    return;
  }
  part.paths.end = next.paths.end;
  part.statistics.merge(next.statistics);
  if (next.kept.paths == 0) return;
  part.kept.paths += next.kept.paths;
  for (std::size_t o = 0; o < next.kept.outcomes.size(); ++o)
    append(part.kept.outcomes[o], next.kept.outcomes[o]);
  for (std::size_t i = 0; i < next.kept.parameters.size(); ++i)
    append(part.kept.parameters[i], next.kept.parameters[i]);
}

Simulation::Simulation(const Scenario& scenario, int threads, PriorMaps* prior_maps,
                       std::shared_ptr<const ParameterSource> source,
                       std::shared_ptr<const DrawSource> draws)
    : prepared_(scenario, prior_maps, std::move(source), std::move(draws)),
      threads_(threads_for(scenario.run.paths, threads_to_use(scenario.run, threads))) {
  Worker first(prepared_);
  pivots_ = first.pivots(static_cast<int>(std::min(tile, scenario.run.paths)));
}

RunPart Simulation::nothing(std::uint64_t begin) const {
  return {{begin, begin},
          RunStatistics(prepared_.schema(), prepared_.context().steps, pivots_),
          room_for_outcomes(prepared_, {begin, begin})};
}

RunPart Simulation::run(PathRange range, const RunControls& controls) const {
  const int threads = threads_for(range.size(), threads_);
  const std::uint64_t chunk = chunk_paths(scenario().run, range.size(), threads);
  ParallelRun parallel(prepared_, pivots_, range, chunk, controls);
  run_on_workers(
      threads, [](void* shared) { static_cast<ParallelRun*>(shared)->work(); }, &parallel);
  return parallel.part();
}

bool Simulation::advance(RunPart& part, std::uint64_t end, const RunControls& controls,
                         const RunStatistics* before) const {
  const std::optional<PrecisionTarget>& until = scenario().run.until;
  const auto is_precise = [&] {
    const Estimate found = estimate_of(*until, part.statistics, before, prepared_.context().dt);
    if (controls.checked) controls.checked(part.paths.end, found);
    return found.standard_error > 0 && found.standard_error <= until->standard_error;
  };
  // A program may have been killed between a check point and its check.
  if (until && before && next_check(*until, part.paths.end - 1) == part.paths.end && is_precise())
    return true;
  while (part.paths.end < end) {
    const std::uint64_t check = until ? std::min(next_check(*until, part.paths.end), end) : end;
    RunControls piece = controls;
    if (controls.progress)
      piece.progress = [&, done = part.paths.size()](std::uint64_t paths) {
        controls.progress(done + paths);
      };
    append(part, run({part.paths.end, check}, piece));
    if (part.paths.end < check) return false;
    if (until && is_precise()) return true;
  }
  return true;
}

RunResult Simulation::result(RunPart part, bool complete) const {
  RunResult result;
  result.first_path = part.paths.begin;
  result.summary = part.statistics.summary(prepared_.context().dt);
  result.summary.complete = complete;
  result.kept = std::move(part.kept);
  result.threads = threads_;
  if (result.kept.paths == result.summary.paths) use_exact_quantiles(result.summary, result.kept);
  return result;
}

RunResult run(const Scenario& scenario, const RunControls& controls) {
  const Simulation simulation(scenario, controls.threads, controls.prior_maps);
  RunPart all = simulation.nothing(0);
  const bool complete = simulation.advance(all, scenario.run.paths, controls);
  return simulation.result(std::move(all), complete);
}

}  // namespace overbuild
