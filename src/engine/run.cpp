#include "overbuild/engine/run.hpp"

#include <algorithm>
#include <cmath>
#include <mutex>

#include "overbuild/statistics/estimates.hpp"
#include "src/engine/worker.hpp"
#include "src/engine/worker_team.hpp"

namespace overbuild {
namespace {

constexpr std::uint64_t tile = tile_paths;

/// Paths a worker takes at a time: whole tiles, small enough to keep all threads busy to the end
/// and to stop within a fraction of a second.
std::uint64_t chunk_paths(const RunSettings& settings, int threads) {
  constexpr std::uint64_t most_path_steps = 1 << 21;
  const std::uint64_t fair_share = settings.paths / (static_cast<std::uint64_t>(threads) * 16);
  const std::uint64_t soon_done = most_path_steps / static_cast<std::uint64_t>(settings.steps());
  const std::uint64_t chosen = std::min(fair_share, soon_done);
  const std::uint64_t wanted =
      settings.chunk > 0 ? std::min(settings.chunk, settings.paths) : chosen;
  return std::max<std::uint64_t>((wanted + tile - 1) / tile, 1) * tile;
}

KeptOutcomes room_for_outcomes(const PreparedRun& prepared) {
  const Scenario& scenario = prepared.scenario();
  KeptOutcomes kept;
  kept.paths = std::min(scenario.outputs.outcomes, scenario.run.paths);
  if (kept.paths == 0) return kept;
  for (const Prior& prior : prepared.sampler().priors()) kept.drawn.push_back(prior.parameter);
  kept.outcomes.assign(prepared.schema().outcomes.size(), std::vector<double>(kept.paths));
  kept.parameters.assign(kept.drawn.size(), std::vector<double>(kept.paths));
  return kept;
}

/// Replaces the histograms' quantiles of the outcomes by those of the kept values.
void use_exact_quantiles(RunSummary& summary, const KeptOutcomes& kept) {
  for (std::size_t o = 0; o < kept.outcomes.size(); ++o) {
    std::vector<double> sorted;
    for (const double x : kept.outcomes[o])
      if (!std::isnan(x)) sorted.push_back(x);
    std::sort(sorted.begin(), sorted.end());
    const auto quantile = [&](double p) { return sorted_quantile(sorted, p); };
    OutcomeSummary& outcome = summary.outcomes[o];
    outcome.exact_quantiles = true;
    for (std::size_t i = 0; i < quantile_levels.size() && !sorted.empty(); ++i)
      outcome.distribution.quantiles[i] =
          quantile_estimate(quantile, quantile_levels[i], sorted.size());
  }
}

/// Hands out chunks of paths in ascending order and gathers the workers' statistics.
class ParallelRun {
 public:
  ParallelRun(const PreparedRun& prepared, const RunControls& controls, int threads)
      : prepared_(prepared),
        controls_(controls),
        paths_(prepared.scenario().run.paths),
        chunk_(chunk_paths(prepared.scenario().run, threads)),
        kept_(room_for_outcomes(prepared)) {
    Worker first(prepared);
    pivots_ = first.pivots(static_cast<int>(std::min(tile, paths_)));
    total_.emplace(prepared.schema(), prepared.context().steps, pivots_);
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
      if (begin >= paths_) break;
      advance_chunk(worker, begin, std::min(begin + chunk_, paths_));
    }
    const std::lock_guard lock(merging_);
    total_->merge(worker.statistics());
  } catch (...) {
    const std::lock_guard lock(merging_);
    failed_ = true;  // the other workers need not finish their chunks
    throw;
  }

  RunResult result() {
    const std::lock_guard lock(merging_);
    RunResult result;
    result.summary = total_->summary(prepared_.context().dt);
    result.summary.complete = result.summary.paths == paths_;
    result.kept = std::move(kept_);
    shorten(result.kept, result.summary.paths);
    if (result.kept.paths == result.summary.paths) use_exact_quantiles(result.summary, result.kept);
    return result;
  }

 private:
  bool stopped() const { return failed_ || (controls_.stop && *controls_.stop); }

  void advance_chunk(Worker& worker, std::uint64_t begin, std::uint64_t end) {
    if (controls_.sink) controls_.sink->check();
    for (std::uint64_t path = begin; path < end; path += tile) {
      if (failed_) return;
      worker.advance(path, static_cast<int>(std::min(tile, end - path)), kept_, controls_.sink);
    }
    const std::uint64_t done = done_.fetch_add(end - begin) + (end - begin);
    if (controls_.progress) controls_.progress(done);
  }

  static void shorten(KeptOutcomes& kept, std::uint64_t paths) {
    kept.paths = std::min(kept.paths, paths);
    for (auto& outcome : kept.outcomes) outcome.resize(kept.paths);
    for (auto& parameter : kept.parameters) parameter.resize(kept.paths);
  }

  const PreparedRun& prepared_;
  const RunControls& controls_;
  const std::uint64_t paths_, chunk_;
  KeptOutcomes kept_;
  Pivots pivots_;
  std::atomic<std::uint64_t> next_ = 0, done_ = 0;
  std::atomic<bool> failed_ = false;
  // TBB orders construction, work, result and destruction by itself. This flag and the lock, the
  // last thing that a worker takes, say so again in a way that ThreadSanitizer sees: Debian's TBB
  // is built without it.
  std::atomic<bool> ready_ = false;
  std::mutex merging_;
  std::optional<RunStatistics> total_;
};

int threads_to_use(const Scenario& scenario, const RunControls& controls) {
  const int asked = controls.threads > 0 ? controls.threads : scenario.run.threads;
  const int wanted = asked > 0 ? asked : available_threads();
  const std::uint64_t tiles = (scenario.run.paths + tile - 1) / tile;
  return static_cast<int>(std::min(static_cast<std::uint64_t>(wanted), tiles));
}

}  // namespace

RunResult run(const Scenario& scenario, const RunControls& controls) {
  const int threads = threads_to_use(scenario, controls);
  const PreparedRun prepared(scenario, controls.prior_maps);
  ParallelRun parallel(prepared, controls, threads);
  run_on_workers(
      threads, [](void* shared) { static_cast<ParallelRun*>(shared)->work(); }, &parallel);
  RunResult result = parallel.result();
  result.threads = threads;
  return result;
}

}  // namespace overbuild
