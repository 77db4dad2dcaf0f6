// A small result with a different number in every field, for tests of the file format.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "overbuild/engine/run.hpp"
#include "overbuild/results/provenance.hpp"

namespace overbuild::example {

inline constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

/// Hands out 0.5, 1.5, 2.5, ...: no two fields of a result are equal.
class Numbers {
 public:
  double next() { return 0.5 + static_cast<double>(used_++); }
  Estimate estimate() {
    const double value = next();
    return {value, next()};
  }
  std::uint64_t count() { return static_cast<std::uint64_t>(next()); }

 private:
  int used_ = 0;
};

inline Scenario scenario() {
  Scenario scenario;
  scenario.model = find_model("gbm");
  scenario.name = "example";
  scenario.title = "Überbau, an example";  // not ASCII
  scenario.description = "Two lines,\nall numbers made up";
  scenario.run = {.seed = 18446744073709551615u, .paths = 1300, .horizon = 2, .step = 0.25};
  scenario.outputs.series = {0, 1};
  for (const ParameterSpec& spec : scenario.model->schema.parameters)
    scenario.parameters.push_back({spec.default_value, std::nullopt, "default"});
  scenario.parameters[1].origin = "example.toml:7";
  scenario.parameters[1].prior = Distribution{.kind = Distribution::Kind::normal,
                                              .arguments = {0.05, 0.01},
                                              .points = {},
                                              .weights = {},
                                              .lower = 0,
                                              .upper = std::numeric_limits<double>::infinity()};
  scenario.shock_correlation = Eigen::MatrixXd::Identity(1, 1);
  return scenario;
}

inline DistributionSummary distribution(Numbers& numbers) {
  DistributionSummary summary;
  summary.count = numbers.count();
  summary.mean = numbers.estimate();
  summary.sd = numbers.estimate();
  summary.skew = {numbers.next(), not_a_number};
  summary.smallest = numbers.next();
  summary.largest = numbers.next();
  for (Estimate& quantile : summary.quantiles) quantile = numbers.estimate();
  return summary;
}

/// The last outcome is defined on no path: no numbers and no histogram.
inline std::vector<OutcomeSummary> outcomes(Numbers& numbers, std::size_t count) {
  std::vector<OutcomeSummary> result(count);
  for (std::size_t i = 0; i + 1 < count; ++i) {
    result[i].defined = numbers.estimate();
    result[i].distribution = distribution(numbers);
    result[i].exact_quantiles = i % 2 == 0;
    for (int bin = 0; bin < 3; ++bin)
      result[i].histogram.push_back({1.0 + bin, 2.0 + bin, numbers.count()});
  }
  result.back().defined = {0, 0};
  return result;
}

inline RunSummary summary(const Scenario& scenario) {
  Numbers numbers;
  RunSummary summary;
  summary.paths = scenario.run.paths;
  summary.complete = true;
  for (int step = 0; step <= scenario.run.steps(); ++step)
    summary.time.push_back(step * scenario.run.step);
  const ModelSchema& schema = scenario.model->schema;
  summary.series.resize(schema.series.size());
  summary.events.resize(schema.events.size());
  for (std::size_t step = 0; step < summary.time.size(); ++step) {
    for (auto& series : summary.series) series.push_back(distribution(numbers));
    for (auto& event : summary.events) event.push_back(numbers.estimate());
  }
  summary.outcomes = outcomes(numbers, schema.outcomes.size());
  return summary;
}

/// Value of an outcome or drawn parameter on a path.
inline double kept_value(std::size_t quantity, std::uint64_t path) {
  return static_cast<double>(quantity * 10000 + path) + 0.25;
}

inline KeptOutcomes kept_outcomes(const Scenario& scenario, std::uint64_t paths) {
  KeptOutcomes kept;
  kept.paths = paths;
  kept.drawn = {1};
  kept.outcomes.resize(scenario.model->schema.outcomes.size());
  kept.parameters.resize(1);
  for (std::uint64_t path = 0; path < paths; ++path) {
    for (std::size_t i = 0; i < kept.outcomes.size(); ++i)
      kept.outcomes[i].push_back(kept_value(i, path));
    kept.parameters[0].push_back(kept_value(9, path));
  }
  kept.outcomes[0][0] = not_a_number;
  return kept;
}

inline RunResult result(const Scenario& scenario) {
  RunResult result;
  result.summary = summary(scenario);
  result.threads = 3;
  return result;
}

/// Value of a kept series; exact in single precision.
inline double series_value(std::size_t series, std::uint64_t path, std::size_t step) {
  return static_cast<double>(series) * 0.5 + static_cast<double>(path) +
         static_cast<double>(step) / 1024;
}

/// The kept tile that starts at `first_path`, of paths 0 .. paths - 1.
inline std::unique_ptr<KeptTile> tile(const Scenario& scenario, std::uint64_t first_path,
                                      std::uint64_t paths) {
  auto tile = std::make_unique<KeptTile>();
  tile->first_path = first_path;
  tile->paths = static_cast<int>(std::min<std::uint64_t>(tile_paths, paths - first_path));
  for (const std::size_t series : scenario.outputs.series)
    for (int path = 0; path < tile->paths; ++path)
      for (int step = 0; step <= scenario.run.steps(); ++step)
        tile->values.push_back(
            series_value(series, first_path + static_cast<std::uint64_t>(path), step));
  return tile;
}

inline Provenance provenance() {
  Provenance provenance;
  provenance.config = "[run]\nseed = 1\n# " + std::string(200000, 'x');  // above 64 KiB
  provenance.config_file = "configs/example.toml";
  provenance.command = "overbuild run configs/example.toml";
  provenance.program_version = "1.2.3";
  provenance.git_revision = "0123456789ab";
  provenance.build_type = "Release";
  provenance.compiler = "g++ 12.2.0";
  provenance.libraries = "HDF5 1.10.8";
  provenance.instruction_set = "x86-64-v3";
  provenance.host = "host";
  provenance.started = "2024-05-06T07:08:09Z";
  provenance.finished = "2024-05-06T07:08:10Z";
  provenance.host_threads = 16;
  provenance.threads = 3;
  provenance.wall_seconds = 1.25;
  return provenance;
}

}  // namespace overbuild::example
