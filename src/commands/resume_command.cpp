#include <fmt/format.h>

#include <boost/program_options/value_semantic.hpp>

#include "overbuild/base/error.hpp"
#include "overbuild/results/part_folder.hpp"
#include "src/commands/command.hpp"
#include "src/commands/duration.hpp"
#include "src/commands/resume.hpp"

namespace overbuild {
namespace {

namespace po = boost::program_options;

constexpr double default_checkpoint_seconds = 300;

void add_options(po::options_description& options) {
  options.add_options()("threads", po::value<int>()->value_name("N"),
                        "worker threads, 0 for all the machine has; never changes a result")(
      "checkpoint-every", po::value<std::string>()->value_name("TIME"),
      "keep what is done every so often, e.g. 90s, 5m (the default) or 1h")(
      "quiet,q", "no progress and no summary");
}

RunJob job_of(const Invocation& invocation) {
  RunJob job;
  job.file = invocation.argument;
  job.quiet = invocation.has("quiet");
  job.command_line = invocation.command_line;
  job.checkpoint_seconds = default_checkpoint_seconds;
  if (invocation.has("checkpoint-every"))
    job.checkpoint_seconds =
        seconds_of(invocation.text("checkpoint-every"), "resume: --checkpoint-every");
  if (!invocation.has("threads")) return job;
  job.threads = invocation.options["threads"].as<int>();
  if (job.threads < 0 || job.threads > 4096)
    throw Error(ExitCode::usage,
                fmt::format("resume: --threads: found {}, allowed: 0 to 4096", job.threads));
  return job;
}

int resume_result(const Invocation& invocation) {
  RunJob job = job_of(invocation);
  const PartFolder folder(job.file);
  const std::vector<Part> parts = folder.all_parts();
  if (parts.empty() && std::filesystem::exists(job.file) && read_result(job.file).summary.complete)
    return report_finished(job);
  if (parts.empty())
    throw Error(ExitCode::file, fmt::format("cannot resume {}: there is neither an incomplete "
                                            "result of that name nor a part in {}",
                                            job.file.string(), folder.folder().string()));
  const Part& first = parts.front();
  job.shard = first.scope.shard;
  job.shards = first.scope.shards;
  job.config_file = first.provenance.config_file;
  return resume(scenario_of(first), job);
}

}  // namespace

const Command resume_command = {
    "resume",
    "FILE",
    "Go on with a run that was stopped or killed",
    "FILE is the result that the run was to end in: an incomplete result, or one of\n"
    "which the folder FILE.parts holds checkpoints. The config is in them. The result\n"
    "has the same bits as that of a run that was never interrupted.\n\n",
    add_options,
    resume_result};

}  // namespace overbuild
