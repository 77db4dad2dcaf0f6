#include <fmt/format.h>

#include <boost/program_options/value_semantic.hpp>

#include "overbuild/base/error.hpp"
#include "src/commands/duration.hpp"
#include "src/commands/isa_option.hpp"
#include "src/commands/overrides.hpp"
#include "src/commands/resume.hpp"
#include "src/commands/run_job.hpp"
#include "src/commands/shard_option.hpp"

namespace overbuild {
namespace {

namespace po = boost::program_options;

void add_options(po::options_description& options) {
  add_set_option(options);
  add_run_shorthands(options);
  const auto text = [](const char* name) { return po::value<std::string>()->value_name(name); };
  options.add_options()("output,o", text("FILE"),
                        "result file; else outputs.file of the config, else the config's name "
                        "with .h5 in the working folder")(
      "force,f", "replace an existing result, never another file");
  add_isa_option(options);
  options.add_options()("quiet,q", "no progress and no summary");
  add_shard_option(options);
  options.add_options()("checkpoint-every", text("TIME"),
                        "keep what is done in FILE.parts every so often, e.g. 90s, 5m or 1h")(
      "resume",
      "go on from what FILE.parts, or an incomplete FILE, holds; start at the beginning where "
      "there is neither");
}

std::filesystem::path output_path(const Invocation& invocation, const Scenario& scenario,
                                  const RunJob& job) {
  if (invocation.has("output")) {
    if (invocation.text("output").empty())
      throw Error(ExitCode::usage, "run: --output: the name of the file is empty");
    return invocation.text("output");
  }
  if (job.shards == 1 && !scenario.outputs.file.empty()) return scenario.outputs.file;
  if (job.shards == 1) return scenario.name + ".h5";
  return fmt::format("{}.shard-{}-of-{}.h5", scenario.name, job.shard, job.shards);
}

int run_scenario(const Invocation& invocation) {
  const Scenario scenario = load_config(invocation);
  choose_instruction_set(invocation);
  RunJob job;
  read_shard_option("run", invocation, job.shard, job.shards);
  if (invocation.has("shard") && scenario.run.until)
    throw Error(ExitCode::usage,
                "run: --shard: how many paths the run has is known only when the "
                "precision of [run.until] is reached; such a run has no shards");
  job.file = output_path(invocation, scenario, job);
  job.force = invocation.has("force");
  job.quiet = invocation.has("quiet");
  job.config_file = invocation.argument;
  job.command_line = invocation.command_line;
  if (invocation.has("checkpoint-every"))
    job.checkpoint_seconds =
        seconds_of(invocation.text("checkpoint-every"), "run: --checkpoint-every");
  if (!invocation.has("resume")) {
    refuse_earlier_parts(job);
    return carry_out(scenario, job, {});
  }
  return resume(scenario, job);
}

}  // namespace

const Command run_command = {
    "run",
    "CONFIG",
    "Run a config and write its result to an HDF5 file",
    "Ctrl-C, SIGTERM or SIGHUP once: the paths in work are finished and the result is\n"
    "written, marked incomplete; its numbers are those of a run with that many paths.\n"
    "With --checkpoint-every they are kept in FILE.parts instead; `overbuild resume\n"
    "FILE` goes on from either. Twice: the program ends at once and writes no result.\n"
    "Progress goes to standard error, the summary to standard output.\n\n"
    "Shards, checkpoints and resuming change no bit of the result.\n\n",
    add_options,
    run_scenario};

}  // namespace overbuild
