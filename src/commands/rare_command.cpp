#include <fmt/format.h>

#include <boost/program_options/value_semantic.hpp>

#include "overbuild/base/error.hpp"
#include "overbuild/config/load.hpp"
#include "src/commands/command.hpp"
#include "src/commands/isa_option.hpp"
#include "src/commands/number_option.hpp"
#include "src/commands/output_option.hpp"
#include "src/commands/overrides.hpp"
#include "src/commands/rare_job.hpp"
#include "src/commands/rare_report.hpp"
#include "src/commands/shard_option.hpp"
#include "src/commands/sweep_folder.hpp"
#include "src/commands/terminal.hpp"

namespace overbuild {
namespace {

namespace po = boost::program_options;
namespace fs = std::filesystem;

void add_options(po::options_description& options) {
  const auto text = [](const char* name) { return po::value<std::string>()->value_name(name); };
  options.add_options()("event,e", text("CONDITION"),
                        "the event, e.g. \"coverage < 0.05 by 3y\" or \"bust_begun within 1y\"")(
      "guide,g", text("CONDITION"),
      "what leads the pilot to the event, where the event itself does not tell how near a path "
      "came: its series or outcome is followed");
  add_set_option(options);
  add_run_shorthands(options);
  options.add_options()("pilot", text("N"), "paths of each round of the pilot (20480)")(
      "rounds", text("N"), "rounds of the pilot, at most (20)")(
      "level-share", text("SHARE"), "share of a round's paths beyond its level (0.1)")(
      "plain-share", text("SHARE"), "share of the paths that keep the plain law (0.1)")(
      "blocks", text("N"), "blocks of steps with a tilt of their own, at most (8)")(
      "output,o", text("FILE"),
      "file for the result; else the config's name with .rare.h5 in the working folder; of a "
      "sweep the folder for a file of each scenario")("force,f", "replace an existing result");
  add_isa_option(options);
  add_shard_option(options);
  options.add_options()("json", "print all numbers as JSON")("quiet,q",
                                                             "no progress and no summary");
}

RareJob job_of(const Invocation& invocation) {
  RareJob job;
  if (!invocation.has("event"))
    throw Error(ExitCode::usage,
                "rare: --event is needed, such as --event \"coverage < 0.05 by 3y\"; "
                "`overbuild rare --help` explains the command");
  job.event = invocation.text("event");
  if (invocation.has("guide")) job.guide = invocation.text("guide");
  RareEventSettings& settings = job.settings;
  read_number_option<std::uint64_t>("rare", invocation, "pilot", 512, 1'000'000'000,
                                    settings.pilot_paths);
  read_number_option<int>("rare", invocation, "rounds", 1, 1000, settings.rounds);
  read_number_option<double>("rare", invocation, "level-share", 0.001, 0.5, settings.level_share);
  read_number_option<double>("rare", invocation, "plain-share", 0.01, 0.8, settings.plain_share);
  read_number_option<int>("rare", invocation, "blocks", 1, 1000, settings.blocks);
  read_analysis_options("rare", invocation, job);
  return job;
}

std::string ending(const RareJob& job) { return file_ending("rare", job.shard, job.shards); }

int stopped(const std::optional<RareContents>& found, const fs::path& file, int signal) {
  print_error(found ? fmt::format("overbuild: stopped early; {} is marked incomplete, its numbers "
                                  "are those of the paths that were done\n",
                                  file.string())
                    : "overbuild: stopped before any path of the estimate was done; no result was "
                      "written\n");
  return 128 + signal;
}

int run_one(const Invocation& invocation, const Scenario& scenario, const RareJob& job) {
  const fs::path file = output_path("rare", invocation, scenario.name + ending(job));
  StopSignals signals;
  const std::optional<RareContents> found = carry_out(scenario, job, file, signals);
  if (found) print_found(invocation, *found, file, rare_json, rare_text);
  if (!found || !found->complete) return stopped(found, file, signals.signal());
  return static_cast<int>(ExitCode::success);
}

/// What the file holds, if that is all that the job asks for.
std::optional<RareContents> done_before(const fs::path& file, const Scenario& scenario,
                                        const RareJob& job) {
  if (job.force || !is_rare_file(file)) return {};
  RareContents there = read_rare(file);
  const RareEventSettings &a = there.settings, &b = job.settings;
  const bool same = there.complete && there.event == job.event && there.guide == job.guide &&
                    there.scope.shard == job.shard && there.scope.shards == job.shards &&
                    a.pilot_paths == b.pilot_paths && a.rounds == b.rounds &&
                    a.blocks == b.blocks && a.level_share == b.level_share &&
                    there.provenance.config == to_toml(scenario);
  if (!same) return {};
  return there;
}

int run_sweep(const Invocation& invocation, const Sweep& sweep, const RareJob& job) {
  return analyse_sweep<RareContents>(
      invocation, sweep,
      {.command = "rare",
       .ending = ending(job),
       .done_before = [&](auto& file, auto& scenario) { return done_before(file, scenario, job); },
       .carry_out = [&](auto& scenario, auto& file,
                        auto& signals) { return carry_out(scenario, job, file, signals); },
       .is_complete = [](auto& found) { return found.complete; },
       .stopped = stopped,
       .line = [](auto& found) { return rare_line(found, style_of(1)); }});
}

int run_rare(const Invocation& invocation) {
  const RareJob job = job_of(invocation);
  const Sweep sweep = load_sweep_config(invocation);
  choose_instruction_set(invocation);
  if (!sweep.points().empty()) return run_sweep(invocation, sweep, job);
  return run_one(invocation, sweep.base(), job);
}

}  // namespace

const Command rare_command = {
    "rare",
    "CONFIG",
    "Probability of a rare event by importance sampling",
    "A pilot finds laws of the draws under which the event is common; other paths\n"
    "drawn from them are weighted so that the estimate is unbiased.\n"
    "docs/rare_events.md explains the method, what its numbers tell and when it\n"
    "fails. Of a config with [[sweep]] tables, a file for each scenario; those that\n"
    "are there already are kept.\n\n"
    "Progress goes to standard error, the result to standard output. Ctrl-C, SIGTERM\n"
    "or SIGHUP once: the paths that are done make the result, marked incomplete.\n\n",
    add_options,
    run_rare};

}  // namespace overbuild
