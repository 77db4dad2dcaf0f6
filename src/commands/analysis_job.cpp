#include "src/commands/analysis_job.hpp"

#include "src/commands/shard_option.hpp"

namespace overbuild {

void read_analysis_options(const char* command, const Invocation& invocation, AnalysisJob& job) {
  read_shard_option(command, invocation, job.shard, job.shards);
  job.force = invocation.has("force");
  job.quiet = invocation.has("quiet");
  job.config_file = invocation.argument;
  job.command_line = invocation.command_line;
}

}  // namespace overbuild
