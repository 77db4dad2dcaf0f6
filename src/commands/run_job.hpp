// Carries out a run that is to end in one result file, in one go or in parts.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "overbuild/results/part_file.hpp"

namespace overbuild {

struct RunJob {
  std::filesystem::path file;  ///< the result
  int shard = 1, shards = 1;
  bool force = false;  ///< replace an existing result
  bool quiet = false;  ///< no progress and no summary
  int threads = 0;     ///< 0: the scenario's
  std::optional<double> checkpoint_seconds;
  std::string config_file;   ///< as given
  std::string command_line;  ///< for the provenance
};

/// Runs the paths that come after `done`, parts that begin with the job's first path, and returns
/// the exit code.
///
/// With checkpoints, or when there are earlier parts, the paths go into parts beside the result,
/// which are put together at the end. Otherwise they go into the result itself; a stop then makes
/// it an incomplete one, which can be resumed.
int carry_out(const Scenario& scenario, const RunJob& job, std::vector<Part> done);

}  // namespace overbuild
