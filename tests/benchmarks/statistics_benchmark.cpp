// Adding a tile of values to the streaming statistics: moments, extremes, histogram.
#include <cmath>
#include <vector>

#include "overbuild/engine/run.hpp"
#include "overbuild/statistics/accumulator.hpp"
#include "registration.hpp"

namespace overbuild::benchmarks {
namespace {

struct alignas(64) Tile {
  double value[tile_paths];
};

/// Quantiles of a log-logistic distribution, in scattered order: neighbours fall into different
/// bins.
Tile positive_tile() {
  Tile tile;
  for (int i = 0; i < tile_paths; ++i) {
    const double u = (i * 197 % tile_paths + 0.5) / tile_paths;
    tile.value[i] = std::pow(u / (1 - u), 0.55);
  }
  return tile;
}

void time_accumulator(benchmark::State& state) {
  const Tile tile = positive_tile();
  Accumulator accumulator(1.0);
  BinBuffer bins;
  for (auto _ : state) benchmark::DoNotOptimize(accumulator.add_tile(tile.value, tile_paths, bins));
  report_time_per(state, "value", tile_paths);
}

/// As in a run: the accumulators of 12 series x 41 steps take turns, so that they leave the
/// first-level cache in between.
void time_accumulators_of_a_run(benchmark::State& state) {
  const Tile tile = positive_tile();
  std::vector<Accumulator> accumulators(12 * 41, Accumulator(1.0));
  BinBuffer bins;
  for (auto _ : state)
    for (Accumulator& accumulator : accumulators)
      benchmark::DoNotOptimize(accumulator.add_tile(tile.value, tile_paths, bins));
  report_time_per(state, "value", double{tile_paths} * static_cast<double>(accumulators.size()));
}

}  // namespace

void register_statistics_benchmarks() {
  register_for_each_instruction_set("statistics/one_accumulator", time_accumulator);
  register_for_each_instruction_set("statistics/accumulators_of_a_run", time_accumulators_of_a_run);
}

}  // namespace overbuild::benchmarks
