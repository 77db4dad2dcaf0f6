#include "overbuild/results/part_file.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "overbuild/base/error.hpp"
#include "overbuild/base/version.hpp"
#include "overbuild/config/difference.hpp"
#include "overbuild/config/load.hpp"
#include "overbuild/results/kept_reader.hpp"
#include "src/results/open_result.hpp"
#include "src/results/state_reader.hpp"
#include "src/results/statistics_layout.hpp"

namespace overbuild {
namespace {

using layout::in_group;

/// Calls read(file) with the opened part; what is wrong with it names the file.
template <class Read>
auto reading(const std::filesystem::path& path, Read read) {
  return in_reading_terms(path, [&] {
    const hdf5::Id file = open_result(path);
    if (!has_state(file))
      fail_to_read(path,
                   "it is a finished result, without the exact statistics that shards and "
                   "checkpoints have; it can be neither merged nor resumed");
    return read(file);
  });
}

std::string difference(const Scenario& a, const std::string& a_name, const Scenario& b,
                       const std::string& b_name) {
  const auto found = first_difference(a, b);
  if (!found) return "";
  return fmt::format("{} is {} in {} and {} in {}", found->key, found->first, a_name, found->second,
                     b_name);
}

std::string program_of(const std::string& version, const std::string& revision) {
  return fmt::format("overbuild {} ({})", version, revision);
}

std::string program_of(const Part& part) {
  return program_of(part.provenance.program_version, part.provenance.git_revision);
}

std::string program_difference(const std::string& a, const std::string& a_name,
                               const std::string& b, const std::string& b_name) {
  if (a == b) return "";
  return fmt::format("{} is of {} and {} of {}; other versions may give other numbers", a_name, a,
                     b_name, b);
}

/// The values of kept outcomes or parameters, each of the part's kept paths.
KeptValues read_kept(hid_t file, const char* group, std::string_view name, std::uint64_t paths) {
  const std::string path = in_group(group, name);
  const auto values = hdf5::expect_count(hdf5::read_doubles(file, path), paths, path);
  return {values.begin(), values.end()};
}

/// Room for the kept values that a part must have is in `kept` already.
void read_kept_outcomes(hid_t file, const ModelSchema& schema, KeptOutcomes& kept) {
  for (std::size_t o = 0; o < kept.outcomes.size(); ++o)
    kept.outcomes[o] =
        read_kept(file, layout::path_outcomes_group, schema.outcomes[o].name, kept.paths);
  for (std::size_t i = 0; i < kept.drawn.size(); ++i)
    kept.parameters[i] = read_kept(file, layout::path_parameters_group,
                                   schema.parameters[kept.drawn[i]].name, kept.paths);
}

RunPart read_run_part(hid_t file, const Simulation& simulation, const Part& part) {
  const Scenario& scenario = simulation.scenario();
  const ModelSchema& schema = scenario.model->schema;
  RunStatisticsState state = read_state(file);
  state.paths = part.paths.size();
  RunPart result = simulation.nothing(part.paths.begin);
  result.paths = part.paths;
  result.statistics = RunStatistics(schema, scenario.run.steps(), state);
  if (scenario.run.has_replicates())
    result.replicates = read_replicates(file, part.paths.size() / scenario.run.replicate_paths());
  const std::uint64_t keep = std::min(scenario.outputs.outcomes, part.paths.end);
  if (keep <= part.paths.begin) return result;
  result.kept.paths = keep - part.paths.begin;
  read_kept_outcomes(file, schema, result.kept);
  return result;
}

/// Hands the kept series of a part to `sink`, tile by tile.
void send_kept_paths(const Scenario& scenario, const Part& part, PathSink& sink) {
  const std::uint64_t end = std::min(scenario.outputs.paths, part.paths.end);
  if (end <= part.paths.begin) return;
  const KeptReader kept(part.file);
  const auto times = static_cast<std::size_t>(scenario.run.steps() + 1);
  for (std::uint64_t path = part.paths.begin; path < end; path += tile_paths) {
    const PathRange range{path, std::min<std::uint64_t>(path + tile_paths, end)};
    auto tile = std::make_unique<KeptTile>();
    tile->first_path = range.begin;
    tile->paths = static_cast<int>(range.size());
    for (const std::size_t series : scenario.outputs.series) {
      const std::string name(scenario.model->schema.series[series].name);
      const std::vector<double> values = kept.series(name, range, 0, times);
      tile->values.insert(tile->values.end(), values.begin(), values.end());
    }
    sink.accept(std::move(tile));
  }
}

/// The time now is the end of it.
Provenance provenance_of(std::span<const Part> parts, const std::string& command) {
  Provenance provenance = parts.front().provenance;
  provenance.command = command;
  provenance.finished = utc_now();
  provenance.wall_seconds = 0;
  provenance.threads = 0;
  for (const Part& part : parts) {
    provenance.wall_seconds += part.provenance.wall_seconds;
    provenance.threads = std::max(provenance.threads, part.provenance.threads);
  }
  return provenance;
}

}  // namespace

Part read_part(const std::filesystem::path& path) {
  return reading(path, [&](hid_t file) {
    Part part;
    part.file = path;
    part.scope = read_scope(file);
    const std::uint64_t paths = hdf5::unsigned_attribute(file, "/", "paths");
    part.paths = {part.scope.first_path, part.scope.first_path + paths};
    part.paths_asked = hdf5::unsigned_attribute(file, "/", "paths_asked");
    part.complete = hdf5::integer_attribute(file, "/", "complete") != 0;
    part.scenario = hdf5::text_attribute(file, "/", "scenario");
    part.provenance = read_provenance(file);
    return part;
  });
}

bool is_part(const std::filesystem::path& path) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) return false;
  const hdf5::Session session;
  try {
    return has_state(open_result(path));
  } catch (const hdf5::Failure&) {
    return false;
  } catch (const Error&) {
    return false;
  }
}

Scenario scenario_of(const Part& part) {
  return reading(part.file, [&](hid_t file) {
    return read_described_scenario(file, part.provenance.config, part.scenario, part.file);
  });
}

std::string difference(const Part& a, const Part& b) {
  const std::string a_name = a.file.string(), b_name = b.file.string();
  const std::string program = program_difference(program_of(a), a_name, program_of(b), b_name);
  if (!program.empty()) return program;
  if (a.provenance.config == b.provenance.config) return "";
  return difference(scenario_of(a), a_name, scenario_of(b), b_name);
}

std::string difference(const Part& part, const Scenario& scenario, const std::string& name) {
  const std::string part_name = part.file.string();
  const std::string program = program_difference(
      program_of(part), part_name, program_of(program_version(), git_revision()), "this program");
  if (!program.empty()) return program;
  return difference(scenario_of(part), part_name, scenario, name);
}

RunPart read_parts(const Simulation& simulation, std::span<const Part> parts) {
  RunPart all = simulation.nothing(parts.front().paths.begin);
  for (const Part& part : parts)
    append(all,
           reading(part.file, [&](hid_t file) { return read_run_part(file, simulation, part); }));
  return all;
}

void join_parts(const Simulation& simulation, std::span<const Part> parts, bool with_state,
                const std::string& command, ResultWriter& writer) {
  for (const Part& part : parts) send_kept_paths(simulation.scenario(), part, writer);
  RunPart all = read_parts(simulation, parts);
  std::optional<RunStatisticsState> state;
  if (with_state) state = all.statistics.state();
  RunResult result = simulation.result(std::move(all), true);
  result.state = std::move(state);
  writer.finish(result, provenance_of(parts, command));
}

}  // namespace overbuild
