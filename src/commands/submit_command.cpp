#include <fmt/format.h>

#include <boost/program_options/value_semantic.hpp>
#include <numeric>

#include "overbuild/base/error.hpp"
#include "overbuild/base/shell_line.hpp"
#include "overbuild/results/result_file.hpp"
#include "src/commands/command.hpp"
#include "src/commands/duration.hpp"
#include "src/commands/number_text.hpp"
#include "src/commands/overrides.hpp"
#include "src/commands/slurm_options.hpp"
#include "src/commands/submission.hpp"
#include "src/commands/terminal.hpp"

namespace overbuild {
namespace {

namespace fs = std::filesystem;
namespace po = boost::program_options;

constexpr auto default_checkpoint = "5m";

void add_options(po::options_description& options) {
  options.add_options()("shards", po::value<int>()->value_name("N"),
                        "number of shards, at least 2, each a task of the job array; needed");
  add_set_option(options);
  const auto text = [](const char* name) { return po::value<std::string>()->value_name(name); };
  options.add_options()("folder", text("DIR"),
                        "folder for config, scripts, shards and logs; else the config's name with "
                        ".jobs in the working folder")(
      "output,o", text("FILE"),
      "the merged result; else outputs.file of the config, else the config's name with .h5 in the "
      "working folder")("cpus", po::value<int>()->value_name("N")->default_value(1),
                        "CPUs of each shard; never changes a result")(
      "checkpoint-every", text("TIME"),
      "keep what a shard has done every so often, e.g. 90s, 5m (the default) or 1h");
  add_slurm_options(options);
  options.add_options()("program", text("FILE"),
                        "overbuild as the nodes are to run it; else this very file")(
      "dry-run", "print scripts and commands, write and submit nothing")(
      "prepare", "write the folder, submit nothing; `overbuild resubmit DIR` does");
}

/// A whole number of an option.
int count_of(const Invocation& invocation, const char* option, int least, int most) {
  const int count = invocation.options[option].as<int>();
  if (count < least || count > most)
    throw Error(ExitCode::usage, fmt::format("submit: --{}: found {}, allowed: {} to {}", option,
                                             count, least, most));
  return count;
}

int shards_of(const Invocation& invocation, const Scenario& scenario) {
  if (scenario.run.until)
    throw Error(ExitCode::usage,
                "submit: how many paths the run has is known only when the precision of "
                "[run.until] is reached; such a run has no shards");
  if (!invocation.has("shards"))
    throw Error(ExitCode::usage, "submit: --shards N is missing: the number of shards");
  // One shard would be the run itself, without the statistics that a merge needs.
  const int shards = count_of(invocation, "shards", 2, 1'000'000);
  shard_paths(scenario.run, 1, shards);  // throws when there are too few paths
  return shards;
}

fs::path program_file(const Invocation& invocation) {
  if (!invocation.has("program")) return fs::read_symlink("/proc/self/exe");
  const fs::path program = invocation.text("program");
  if (!program.is_absolute())
    throw Error(ExitCode::usage,
                fmt::format("submit: --program: found \"{}\", expected an absolute path",
                            program.string()));
  return program;
}

fs::path result_file(const Invocation& invocation, const Scenario& scenario) {
  if (invocation.has("output")) return fs::absolute(invocation.text("output"));
  if (!scenario.outputs.file.empty()) return fs::absolute(scenario.outputs.file);
  return fs::absolute(scenario.name + ".h5");
}

/// Slurm puts other text in place of %a and the like in the names of log files, and the names are
/// lines of a script.
void check_folder_name(const fs::path& folder) {
  const std::string name = fs::absolute(folder).string();
  if (name.find_first_of("%\n\r") == std::string::npos) return;
  throw Error(ExitCode::usage,
              fmt::format("submit: --folder: found \"{}\"; Slurm cannot write logs into a folder "
                          "with % or a line break in its name",
                          name));
}

JobSettings settings_of(const Invocation& invocation, const Scenario& scenario) {
  JobSettings settings;
  settings.name = scenario.name;
  settings.config = scenario.name + ".toml";
  settings.program = program_file(invocation);
  settings.result = result_file(invocation, scenario);
  settings.shards = shards_of(invocation, scenario);
  settings.cpus = count_of(invocation, "cpus", 1, 4096);
  settings.checkpoint_every = default_checkpoint;
  if (invocation.has("checkpoint-every")) {
    settings.checkpoint_every = invocation.text("checkpoint-every");
    seconds_of(settings.checkpoint_every, "submit: --checkpoint-every");
  }
  settings.options = slurm_options(invocation, "submit");
  return settings;
}

std::string heading(const Scenario& scenario, const JobSettings& settings) {
  return fmt::format("{}: {} paths in {} shards\n", settings.name, grouped(scenario.run.paths),
                     settings.shards);
}

SubmissionPlan plan_of(const JobSettings& settings) {
  SubmissionPlan plan;
  plan.shards.resize(static_cast<std::size_t>(settings.shards));
  std::iota(plan.shards.begin(), plan.shards.end(), 1);
  return plan;
}

void print_dry_run(const Scenario& scenario, const JobSettings& settings, const fs::path& folder) {
  const SubmissionPlan plan = plan_of(settings);
  print(fmt::format(
      "{}\nIn the folder {}:\n\n{}\n{}\n\n---- {} ----\n{}\n---- {} ----\n{}",
      heading(scenario, settings), folder.string(), shell_line(sbatch_words(array_request(plan))),
      shell_line(sbatch_words(merge_request(plan, {"ARRAY_JOB"}))), JobFolder::shard_script_name,
      shard_script(settings), JobFolder::merge_script_name, merge_script(settings)));
}

int submit_run(const Invocation& invocation) {
  const Scenario scenario = load_config(invocation);
  const JobSettings settings = settings_of(invocation, scenario);
  const fs::path path =
      invocation.has("folder") ? invocation.text("folder") : scenario.name + ".jobs";
  check_folder_name(path);
  ResultWriter(settings.result, scenario, false);  // fails now rather than after hours
  if (invocation.has("dry-run")) {
    print_dry_run(scenario, settings, path);
    return static_cast<int>(ExitCode::success);
  }
  const JobFolder folder(path);
  folder.create(scenario, settings);
  std::string text = heading(scenario, settings);
  if (invocation.has("prepare")) {
    print(text +
          fmt::format("folder: {0}\n`overbuild resubmit {0}` submits the jobs\n", path.string()));
    return static_cast<int>(ExitCode::success);
  }
  const SubmissionPlan plan = plan_of(settings);
  JobRecord record = folder.read_record();
  submit(plan, folder, record);
  text += submitted_text(plan, record);
  print(text + fmt::format("folder: {0}\nresult: {1}\n`overbuild status {0}` says how far it is\n",
                           path.string(), settings.result.string()));
  return static_cast<int>(ExitCode::success);
}

}  // namespace

const Command submit_command = {
    "submit",
    "CONFIG",
    "Run a config in shards on a Slurm cluster",
    "Writes a folder with the whole config and the scripts of the jobs, an array of\n"
    "shards and their merge, and submits them. Shards that Slurm preempts, requeues\n"
    "or stops at the time limit go on from what they have done. The result has the\n"
    "same bits as that of `overbuild run`.\n\n"
    "`overbuild status DIR` says how far the jobs are, `overbuild resubmit DIR`\n"
    "submits what has failed, `scancel JOB` cancels. docs/cluster.md is a\n"
    "walk-through.\n\n",
    add_options,
    submit_run};

}  // namespace overbuild
