// Result files that hold some of a run's paths and the exact statistics of them: shards,
// checkpoints and runs that were stopped. Put together they give the bits of the run in one piece.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "overbuild/results/result_file.hpp"

namespace overbuild {

/// What a part says of itself.
struct Part {
  std::filesystem::path file;
  ResultScope scope;
  PathRange paths;
  std::uint64_t paths_asked = 0;  ///< of the whole run
  bool complete = false;          ///< holds all paths of its scope up to the shard's last one
  std::string scenario;           ///< the config's name
  Provenance provenance;
};

/// Throws Error(file) when the file cannot be read, is no result, or has no exact statistics.
Part read_part(const std::filesystem::path& file);

/// Whether a file is a result with exact statistics; false also when there is no such file.
bool is_part(const std::filesystem::path& file);

/// The scenario that the part is of, with the origins its values had.
Scenario scenario_of(const Part& part);

/// What keeps two parts from being put together, e.g. "run.seed is 1 in a.h5 and 2 in b.h5"; ""
/// when they are of the same scenario and program. Threads, chunks and the result's name do not
/// count.
std::string difference(const Part& a, const Part& b);

/// The same between a part and a scenario that is about to be run; `name` names the scenario.
std::string difference(const Part& part, const Scenario& scenario, const std::string& name);

/// The exact statistics and kept outcomes of parts whose paths follow one another, at least one.
/// Throws Error(file) naming the file.
RunPart read_parts(const Simulation& simulation, std::span<const Part> parts);

/// Puts all parts of a run or shard, whose paths must follow one another, together into the file of `writer`, with exact
/// statistics if it is to be a part itself. Its provenance is that of the first part, with
/// `command` and the parts' seconds summed up. Memory does not grow with the number of kept paths
/// and parts. Throws Error(file) naming the file.
void join_parts(const Simulation& simulation, std::span<const Part> parts, bool with_state,
                const std::string& command, ResultWriter& writer);

}  // namespace overbuild
