// Runs a model's kernel over whole paths and keeps all that it writes, by path.
#pragma once

#include <gtest/gtest.h>
#include <tbb/cache_aligned_allocator.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "overbuild/model/model.hpp"
#include "overbuild/sampling/draw_source.hpp"

namespace overbuild {

inline const Model& model_called(std::string_view name) {
  const Model* model = find_model(name);
  if (!model) throw std::invalid_argument("no such model");
  return *model;
}

/// The parameters of some paths, one row per parameter; the defaults until set.
class PathParameters {
 public:
  PathParameters(const ModelSchema& schema, int paths)
      : schema_(schema), paths_(paths), values_(schema.parameters.size() * std::size_t(paths)) {
    for (std::size_t p = 0; p < schema.parameters.size(); ++p)
      for (double& value : row(p)) value = schema.parameters[p].default_value;
  }

  int paths() const { return paths_; }
  std::span<double> row(std::size_t parameter) {
    return std::span(values_).subspan(parameter * std::size_t(paths_), std::size_t(paths_));
  }
  std::span<const double> row(std::size_t parameter) const {
    return std::span(values_).subspan(parameter * std::size_t(paths_), std::size_t(paths_));
  }
  std::span<double> row(std::string_view name) {
    return row(schema_.parameter_index(name).value());
  }
  void set(std::string_view name, double value) {
    for (double& of_path : row(name)) of_path = value;
  }

  std::vector<Range> ranges() const {
    std::vector<Range> ranges;
    for (std::size_t p = 0; p < schema_.parameters.size(); ++p) {
      const auto [low, high] = std::minmax_element(row(p).begin(), row(p).end());
      ranges.push_back({*low, *high});
    }
    return ranges;
  }

 private:
  const ModelSchema& schema_;
  int paths_;
  std::vector<double> values_;
};

/// What the paths of a run share.
struct KernelSettings {
  std::uint64_t seed = 1;
  std::uint64_t first_path = 0;  ///< a multiple of 8
  int steps = 40;
  double dt = 0.25;
  std::vector<double> shock_factor = {};         ///< empty: independent shocks
  std::vector<std::vector<double>> tables = {};  ///< one per table of the model; empty: none
  const DrawSource* draws = nullptr;             ///< of the given draws; none: the generator
};

/// How the work is cut into tiles of lanes and segments of steps; must not change a bit.
struct Cut {
  int lanes = 512;
  int segment = 40;
};

/// All that a kernel writes of its paths.
class KernelPaths {
 public:
  KernelPaths(const Model& model, const KernelSettings& settings, const PathParameters& parameters,
              Cut cut = {})
      : schema_(model.schema),
        paths_(parameters.paths()),
        times_(settings.steps + 1),
        series_(schema_.series.size() * std::size_t(times_ * paths_)),
        events_(schema_.events.size() * std::size_t(times_ * paths_)),
        outcomes_(schema_.outcomes.size() * std::size_t(paths_)) {
    cut.lanes = std::min(cut.lanes, paths_);
    if (paths_ % cut.lanes != 0) throw std::invalid_argument("paths do not fill tiles");
    for (int path = 0; path < paths_; path += cut.lanes)
      run_tile(model.kernel(), settings, parameters, cut, path);
  }

  int paths() const { return paths_; }
  int times() const { return times_; }

  /// Index arguments are enumerators of the model's declaration.
  template <class Series>
  double series(Series s, int step, int path) const {
    return series_[place(std::size_t(s), step, path)];
  }
  template <class Event>
  bool event(Event e, int step, int path) const {
    return events_[place(std::size_t(e), step, path)] != 0;
  }
  template <class Outcome>
  double outcome(Outcome o, int path) const {
    return outcomes_[std::size_t(o) * std::size_t(paths_) + std::size_t(path)];
  }

  /// The values of all paths at one step.
  template <class Series>
  std::span<const double> at_step(Series s, int step) const {
    return std::span(series_).subspan(place(std::size_t(s), step, 0), std::size_t(paths_));
  }
  template <class Outcome>
  std::span<const double> outcomes(Outcome o) const {
    return std::span(outcomes_).subspan(std::size_t(o) * std::size_t(paths_), std::size_t(paths_));
  }
  /// Share of the paths on which the event is true.
  template <class Event>
  double share(Event e, int step) const {
    int count = 0;
    for (int path = 0; path < paths_; ++path) count += event(e, step, path);
    return double(count) / paths_;
  }

 private:
  std::size_t place(std::size_t row, int step, int path) const {
    return (row * std::size_t(times_) + std::size_t(step)) * std::size_t(paths_) +
           std::size_t(path);
  }

  struct Memory {
    std::vector<double, tbb::cache_aligned_allocator<double>> parameters, workspace, series,
        outcomes;
    std::vector<std::uint8_t> events;
  };

  void run_tile(const ModelKernel& kernel, const KernelSettings& settings,
                const PathParameters& parameters, Cut cut, int path) {
    const std::vector<Range> ranges = parameters.ranges();
    std::vector<std::span<const double>> tables(settings.tables.begin(), settings.tables.end());
    tables.resize(schema_.tables.size());
    const RunContext context{.seed = settings.seed,
                             .steps = settings.steps,
                             .dt = settings.dt,
                             .shock_factor = settings.shock_factor,
                             .shocks_independent = settings.shock_factor.empty(),
                             .ranges = ranges,
                             .tables = tables};
    const std::uint64_t first = settings.first_path + std::uint64_t(path);
    Memory memory = memory_of(kernel, cut);
    for (std::size_t p = 0; p < schema_.parameters.size(); ++p)
      std::copy_n(parameters.row(p).begin() + path, cut.lanes,
                  memory.parameters.begin() + std::ptrdiff_t(p) * cut.lanes);
    TileOutput output{memory.series.data(), memory.events.data(), 0, cut.segment, cut.lanes};
    kernel.begin(context, first, memory.parameters.data(), memory.workspace.data(), output);
    keep(memory, output, 1, path);
    std::unique_ptr<TileDraws> draws;
    if (settings.draws) {
      draws = settings.draws->tiles(cut.lanes, cut.segment);
      draws->begin(settings.seed, first);
    }
    for (int step = 1; step <= settings.steps; step += cut.segment) {
      const int end = std::min(step + cut.segment, settings.steps + 1);
      output.first_step = step;
      const double* given = draws ? draws->steps(step, end) : nullptr;
      kernel.advance(context, first, memory.workspace.data(), step, end, output, given);
      keep(memory, output, end - step, path);
    }
    kernel.finish(context, memory.workspace.data(), cut.lanes, memory.outcomes.data());
    for (std::size_t o = 0; o < schema_.outcomes.size(); ++o)
      std::copy_n(memory.outcomes.begin() + std::ptrdiff_t(o) * cut.lanes, cut.lanes,
                  outcomes_.begin() + std::ptrdiff_t(o) * paths_ + path);
  }

  /// Memory full of a number that no model writes, so that what is not written shows.
  Memory memory_of(const ModelKernel& kernel, Cut cut) const {
    constexpr double unwritten = -1.2345e300;
    const std::size_t values = std::size_t(cut.segment * cut.lanes);
    Memory memory;
    memory.parameters.resize(schema_.parameters.size() * std::size_t(cut.lanes));
    memory.workspace.assign(kernel.workspace_bytes(cut.lanes) / sizeof(double) + 1, unwritten);
    memory.series.assign(schema_.series.size() * values, unwritten);
    memory.outcomes.assign(schema_.outcomes.size() * std::size_t(cut.lanes), unwritten);
    memory.events.assign(schema_.events.size() * values / 8, 0);
    return memory;
  }

  /// Copies a segment from the kernel's layout and zeroes the events for the next one.
  void keep(Memory& memory, const TileOutput& output, int steps, int path) {
    const auto row_of = [&](std::size_t index, int k) {
      return (index * std::size_t(output.steps) + std::size_t(k)) * std::size_t(output.lanes);
    };
    for (int k = 0; k < steps; ++k) {
      for (std::size_t s = 0; s < schema_.series.size(); ++s)
        std::copy_n(memory.series.data() + row_of(s, k), output.lanes,
                    series_.data() + place(s, output.first_step + k, path));
      for (std::size_t e = 0; e < schema_.events.size(); ++e)
        for (int lane = 0; lane < output.lanes; ++lane)
          events_[place(e, output.first_step + k, path + lane)] =
              (memory.events[(row_of(e, k) + std::size_t(lane)) / 8] >> lane % 8) & 1;
    }
    std::fill(memory.events.begin(), memory.events.end(), std::uint8_t{0});
  }

  const ModelSchema& schema_;
  int paths_, times_;
  std::vector<double> series_;        // [series][step][path]
  std::vector<std::uint8_t> events_;  // [event][step][path]
  std::vector<double> outcomes_;      // [outcome][path]
};

}  // namespace overbuild
