// What the commands that analyse a scenario into one file have in common: rare, sensitivity, solve.
#pragma once

#include <string>

#include "src/commands/command.hpp"

namespace overbuild {

/// The part of a job that does not depend on what is asked.
struct AnalysisJob {
  int shard = 1, shards = 1;
  bool force = false, quiet = false;
  std::string config_file, command_line;
};

/// Reads --shard, --force and --quiet; Error(usage) that names the command.
void read_analysis_options(const char* command, const Invocation& invocation, AnalysisJob& job);

}  // namespace overbuild
