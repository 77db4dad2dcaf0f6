#include "overbuild/engine/run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>

#include "hwy/contrib/sort/vqsort.h"
#include "overbuild/base/error.hpp"
#include "overbuild/statistics/estimates.hpp"
#include "src/engine/chunks.hpp"
#include "src/engine/tile_team.hpp"
#include "src/engine/worker.hpp"

namespace overbuild {
namespace {

constexpr std::uint64_t tile = tile_paths;

KeptOutcomes room_for_outcomes(const PreparedRun& prepared, PathRange range) {
  const std::uint64_t keep = prepared.scenario().outputs.outcomes;
  KeptOutcomes kept;
  kept.first_path = range.begin;
  kept.paths = std::max(std::min(keep, range.end), range.begin) - range.begin;
  if (keep == 0) return kept;
  kept.drawn = prepared.drawn_parameters();
  kept.outcomes.resize(prepared.schema().outcomes.size());
  kept.parameters.resize(kept.drawn.size());
  for (auto* values : {&kept.outcomes, &kept.parameters})
    for (KeptValues& room : *values) room.resize(kept.paths, boost::container::default_init);
  return kept;
}

std::vector<double> sorted_values(std::span<const double> kept) {
  std::vector<double> sorted;
  sorted.reserve(kept.size());
  for (const double x : kept)  // adding zero makes -0 the same as 0
    if (!std::isnan(x)) sorted.push_back(x + 0.0);
  hwy::Sorter()(sorted.data(), sorted.size(), hwy::SortAscending());
  return sorted;
}

/// Replaces the histograms' quantiles of the outcomes by those of the kept values.
void use_exact_quantiles(RunSummary& summary, const KeptOutcomes& kept) {
  for (std::size_t o = 0; o < kept.outcomes.size(); ++o) {
    const std::vector<double> sorted =
        sorted_values({kept.outcomes[o].data(), kept.outcomes[o].size()});
    const auto quantile = [&](double p) { return sorted_quantile(sorted, p); };
    OutcomeSummary& outcome = summary.outcomes[o];
    outcome.exact_quantiles = true;
    for (std::size_t i = 0; i < quantile_levels.size() && !sorted.empty(); ++i)
      outcome.distribution.quantiles[i] =
          quantile_estimate(quantile, quantile_levels[i], sorted.size());
  }
}

/// The standard errors of exact quantiles, from the exact ones of each replicate's kept values.
void use_exact_quantile_errors(RunSummary& summary, const KeptOutcomes& kept,
                               std::size_t replicates) {
  for (std::size_t o = 0; o < kept.outcomes.size(); ++o) {
    const std::size_t paths = kept.outcomes[o].size() / replicates;
    std::vector<double> values;  // [replicate][quantile]
    for (std::size_t r = 0; r < replicates; ++r) {
      const auto sorted = sorted_values({kept.outcomes[o].data() + r * paths, paths});
      for (const double p : quantile_levels) values.push_back(sorted_quantile(sorted, p));
    }
    for (std::size_t i = 0; i < quantile_levels.size(); ++i)
      summary.outcomes[o].distribution.quantiles[i].standard_error =
          standard_error_between(values, replicates, quantile_levels.size(), i);
  }
}

void shorten(KeptOutcomes& kept, std::uint64_t paths) {
  kept.paths = std::min(kept.paths, paths);
  for (auto& outcome : kept.outcomes) outcome.resize(kept.paths);
  for (auto& parameter : kept.parameters) parameter.resize(kept.paths);
}

/// Adds the paths of one thread to statistics.
class StatisticsMember {
 public:
  struct Shared {
    const PreparedRun& prepared;
    const Pivots& pivots;
    PathSink* sink;
    KeptOutcomes kept;  // each tile has its own place
    RunStatistics total;
  };

  explicit StatisticsMember(Shared& shared) : shared_(shared), worker_(shared.prepared) {
    worker_.begin_statistics(shared.pivots);
  }

  void advance(std::uint64_t first_path, int count) {
    if (shared_.sink) shared_.sink->check();
    worker_.advance(first_path, count, shared_.kept, shared_.sink);
  }
  void end() { shared_.total.merge(worker_.statistics()); }

 private:
  Shared& shared_;
  Worker worker_;
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

/// Controls of a piece that comes behind a part: its progress counts the part's paths, too.
RunControls behind(const RunControls& controls, const RunPart& part) {
  RunControls piece = controls;
  if (controls.progress)
    piece.progress = [&controls, done = part.paths.size()](std::uint64_t paths) {
      controls.progress(done + paths);
    };
  return piece;
}

void append(KeptValues& values, const KeptValues& next) {
  values.insert(values.end(), next.begin(), next.end());
}

}  // namespace

PathRange shard_paths(const RunSettings& run, int shard, int shards) {
  const std::uint64_t unit = run.has_replicates() ? run.replicate_paths() : tile;
  const std::uint64_t units = (run.paths + unit - 1) / unit, n = static_cast<std::uint64_t>(shards);
  if (n > units)
    throw Error(ExitCode::usage,
                fmt::format("{} paths make at most {} shards, since a shard has at least {}{} "
                            "paths; found {}",
                            run.paths, units, run.has_replicates() ? "one replicate of " : "", unit,
                            shards));
  // The first units % n shards have a unit more than the others.
  const auto first_unit = [&](std::uint64_t s) { return s * (units / n) + std::min(s, units % n); };
  const auto s = static_cast<std::uint64_t>(shard);
  return {first_unit(s - 1) * unit, std::min(first_unit(s) * unit, run.paths)};
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
  part.replicates.append(next.replicates);
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
          {},
          room_for_outcomes(prepared_, {begin, begin})};
}

RunPart Simulation::run(PathRange range, const RunControls& controls) const {
  const int threads = threads_for(range.size(), threads_);
  const std::uint64_t chunk = chunk_paths(scenario().run, range.size(), threads);
  StatisticsMember::Shared shared{
      prepared_, pivots_, controls.sink, room_for_outcomes(prepared_, range),
      RunStatistics(prepared_.schema(), prepared_.context().steps, pivots_)};
  const std::uint64_t done =
      TileTeam<StatisticsMember, StatisticsMember::Shared>(shared, range, chunk, controls)
          .run(threads);
  shorten(shared.kept, done);
  return {{range.begin, range.begin + done}, std::move(shared.total), {}, std::move(shared.kept)};
}

bool Simulation::advance(RunPart& part, std::uint64_t end, const RunControls& controls,
                         const RunStatistics* before) const {
  if (scenario().run.has_replicates()) return advance_replicates(part, end, controls);
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
    append(part, run({part.paths.end, check}, behind(controls, part)));
    if (part.paths.end < check) return false;
    if (until && is_precise()) return true;
  }
  return true;
}

bool Simulation::advance_replicates(RunPart& part, std::uint64_t end,
                                    const RunControls& controls) const {
  while (part.paths.end < end) {
    const std::uint64_t next = part.paths.end + scenario().run.replicate_paths();
    RunControls piece = behind(controls, part);
    piece.pause = {};
    RunPart replicate = run({part.paths.end, next}, piece);
    if (replicate.paths.end < next) return false;
    replicate.replicates.add(replicate.statistics.summary(prepared_.context().dt));
    append(part, std::move(replicate));
    if (part.paths.end < end && controls.pause && controls.pause()) return false;
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
  const bool all_kept = result.kept.paths == result.summary.paths;
  if (all_kept) use_exact_quantiles(result.summary, result.kept);
  if (!scenario().run.has_replicates()) return result;
  if (part.replicates.count() * scenario().run.replicate_paths() == result.summary.paths)
    result.replicates = std::move(part.replicates);
  result.replicates.set_standard_errors(result.summary);
  if (all_kept && result.replicates.count() > 0)
    use_exact_quantile_errors(result.summary, result.kept, result.replicates.count());
  return result;
}

RunResult run(const Scenario& scenario, const RunControls& controls) {
  const Simulation simulation(scenario, controls.threads, controls.prior_maps);
  RunPart all = simulation.nothing(0);
  const bool complete = simulation.advance(all, scenario.run.paths, controls);
  return simulation.result(std::move(all), complete);
}

}  // namespace overbuild
