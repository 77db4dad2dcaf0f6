#include "src/engine/worker.hpp"

#include <algorithm>

namespace overbuild {
namespace {

constexpr std::size_t tile_lanes = tile_paths;
// Series of a segment take about this many bytes: with the paths and the histograms they then fit
// a second-level cache of 1 MiB.
constexpr std::size_t segment_bytes = std::size_t{400} * 1024;

int steps_per_segment(const ModelSchema& schema, int steps) {
  const std::size_t step_bytes = schema.series.size() * tile_lanes * sizeof(double);
  return std::clamp(static_cast<int>(segment_bytes / step_bytes), 1, steps);
}

}  // namespace

Worker::Worker(const PreparedRun& run)
    : run_(run), segment_steps_(steps_per_segment(run.schema(), run.context().steps)) {
  const ModelSchema& schema = run.schema();
  const auto steps = static_cast<std::size_t>(segment_steps_);
  parameters_.resize(schema.parameters.size() * tile_lanes);
  workspace_.resize(run.kernel().workspace_bytes(tile_paths) / sizeof(double) + 1);
  series_.resize(schema.series.size() * steps * tile_lanes);
  events_.resize(schema.events.size() * steps * tile_lanes / 8);
  outcomes_.resize(schema.outcomes.size() * tile_lanes);
  if (run.draws()) draws_ = run.draws()->tiles(tile_paths, segment_steps_);
}

/// Calls visit(output, steps) after every segment. When the last step is the run's, leaves the
/// outcomes in outcomes_.
template <class Visitor>
void Worker::simulate(std::uint64_t first_path, int last_step, const Visitor& visit) {
  const RunContext& context = run_.context();
  const ModelKernel& kernel = run_.kernel();
  run_.parameters().sample(context.seed, first_path, tile_paths, parameters_.data());
  if (draws_) draws_->begin(context.seed, first_path);
  TileOutput output{series_.data(), events_.data(), 0, segment_steps_, tile_paths};
  std::fill(events_.begin(), events_.end(), std::uint8_t{0});
  kernel.begin(context, first_path, parameters_.data(), workspace_.data(), output);
  visit(output, 1);
  for (int step = 1; step <= last_step; step += segment_steps_) {
    const int end = std::min(step + segment_steps_, last_step + 1);
    output.first_step = step;
    std::fill(events_.begin(), events_.end(), std::uint8_t{0});
    const double* given = draws_ ? draws_->steps(step, end) : nullptr;
    kernel.advance(context, first_path, workspace_.data(), step, end, output, given);
    visit(output, end - step);
  }
  if (last_step == context.steps)
    kernel.finish(context, workspace_.data(), tile_paths, outcomes_.data());
}

Pivots Worker::pivots(int count) {
  const std::size_t series = run_.schema().series.size();
  const auto times = static_cast<std::size_t>(run_.context().steps + 1);
  Pivots pivots;
  pivots.series.resize(series * times);
  simulate(0, run_.context().steps, [&](const TileOutput& output, int steps) {
    for (std::size_t s = 0; s < series; ++s) {
      for (int k = 0; k < steps; ++k) {
        const std::size_t row = s * static_cast<std::size_t>(output.steps) + std::size_t(k);
        pivots.series[s * times + std::size_t(output.first_step + k)] =
            pivot_of(output.series + row * tile_lanes, count);
      }
    }
  });
  for (std::size_t o = 0; o < run_.schema().outcomes.size(); ++o)
    pivots.outcomes.push_back(pivot_of(outcomes_.data() + o * tile_lanes, count));
  return pivots;
}

void Worker::begin_statistics(const Pivots& pivots) {
  statistics_.emplace(run_.schema(), run_.context().steps, pivots);
}

void Worker::advance(std::uint64_t first_path, int count, KeptOutcomes& kept, PathSink* sink) {
  std::unique_ptr<KeptTile> tile;
  const std::uint64_t keep = std::min(run_.scenario().outputs.paths, run_.scenario().run.paths);
  if (sink && first_path < keep) {
    tile = std::make_unique<KeptTile>();
    tile->first_path = first_path;
    tile->paths =
        static_cast<int>(std::min<std::uint64_t>(std::uint64_t(count), keep - first_path));
    tile->values.resize(run_.scenario().outputs.series.size() * std::size_t(tile->paths) *
                        std::size_t(run_.context().steps + 1));
  }
  simulate(first_path, run_.context().steps, [&](const TileOutput& output, int steps) {
    statistics_->add_steps(output, steps, count, first_path);
    if (tile) keep_steps(output, steps, *tile);
  });
  statistics_->add_outcomes(outcomes_.data(), tile_paths, count, first_path);
  keep_outcomes(first_path, count, kept);
  if (tile) sink->accept(std::move(tile));
}

void Worker::measure(std::uint64_t first_path, int count, int last_step,
                     std::span<TileQuantity> quantities) {
  for (TileQuantity& quantity : quantities) quantity.begin(first_path, count);
  simulate(first_path, last_step, [&](const TileOutput& output, int steps) {
    for (TileQuantity& quantity : quantities) quantity.observe(output, steps);
  });
  if (last_step < run_.context().steps) return;
  for (TileQuantity& quantity : quantities) quantity.finish(outcomes_.data(), tile_paths);
}

/// From the step loop's [series][step][lane] to the file's [series][path][step].
void Worker::keep_steps(const TileOutput& output, int steps, KeptTile& tile) const {
  const auto times = static_cast<std::size_t>(run_.context().steps + 1);
  double* place = tile.values.data() + output.first_step;
  for (const std::size_t s : run_.scenario().outputs.series) {
    const double* values = output.series + s * static_cast<std::size_t>(output.steps) * tile_lanes;
    for (int path = 0; path < tile.paths; ++path, place += times)
      for (int k = 0; k < steps; ++k)
        place[k] = values[std::size_t(k) * tile_lanes + std::size_t(path)];
  }
}

void Worker::keep_outcomes(std::uint64_t first_path, int count, KeptOutcomes& kept) const {
  const std::uint64_t place = first_path - kept.first_path;
  if (place >= kept.paths) return;
  const auto n = std::min(static_cast<std::uint64_t>(count), kept.paths - place);
  const auto copy = [&](const double* row, KeptValues& to) {
    std::copy_n(row, n, to.begin() + static_cast<std::ptrdiff_t>(place));
  };
  for (std::size_t o = 0; o < kept.outcomes.size(); ++o)
    copy(outcomes_.data() + o * tile_lanes, kept.outcomes[o]);
  for (std::size_t i = 0; i < kept.drawn.size(); ++i)
    copy(parameters_.data() + kept.drawn[i] * tile_lanes, kept.parameters[i]);
}

}  // namespace overbuild
