#include <fmt/format.h>

#include <algorithm>
#include <boost/program_options/value_semantic.hpp>

#include "overbuild/base/error.hpp"
#include "overbuild/config/load.hpp"
#include "src/commands/command.hpp"
#include "src/commands/isa_option.hpp"
#include "src/commands/number_option.hpp"
#include "src/commands/output_option.hpp"
#include "src/commands/overrides.hpp"
#include "src/commands/solve_job.hpp"
#include "src/commands/solve_report.hpp"
#include "src/commands/sweep_folder.hpp"
#include "src/commands/terminal.hpp"

namespace overbuild {
namespace {

namespace po = boost::program_options;
namespace fs = std::filesystem;

void add_options(po::options_description& options) {
  const auto text = [](const char* name) { return po::value<std::string>()->value_name(name); };
  options.add_options()("for", text("PARAMETER"), "the parameter whose value is looked for")(
      "such-that,t", text("TARGET"),
      "a statistic and its target, e.g. \"P(bust within 5y) = 0.5\"")(
      "between", text("LOW,HIGH"),
      "where to look; else around the parameter's prior or number, in wider ranges while there is "
      "no root")("grid", text("N"), "values of the scan before the search (25)")(
      "against", text("PARAMETER"), "a frontier: the root for each value of this parameter")(
      "values", text("LIST"), "its values, as 0.5,1,2 or FROM:TO:COUNT");
  add_set_option(options);
  add_run_shorthands(options);
  options.add_options()(
      "output,o", text("FILE"),
      "file for the result; else the config's name with .solve.h5 in the working folder; of a "
      "sweep the folder for a file of each scenario")("force,f", "replace an existing result");
  add_isa_option(options);
  options.add_options()("shard", text("I/N"),
                        "only the I-th of N parts of a frontier's values, which `overbuild merge` "
                        "puts together, or of a sweep's scenarios");
  options.add_options()("json", "print all numbers as JSON")("quiet,q",
                                                             "no progress and no summary");
}

std::string needed(const Invocation& invocation, const char* option, const char* example) {
  if (invocation.has(option)) return invocation.text(option);
  throw Error(ExitCode::usage, fmt::format("solve: --{0} is needed, such as --{0} {1}; `overbuild "
                                           "solve --help` explains the command",
                                           option, example));
}

Range read_between(const std::string& text) {
  const std::vector<double> ends = read_number_list("solve: --between", text);
  if (ends.size() == 2) return {ends[0], ends[1]};
  throw Error(ExitCode::usage,
              fmt::format("solve: --between: found \"{}\", expected two numbers LOW,HIGH", text));
}

SolveJob job_of(const Invocation& invocation) {
  SolveJob job;
  job.parameter = needed(invocation, "for", "price_elasticity");
  job.such_that = needed(invocation, "such-that", "\"P(bust within 5y) = 0.5\"");
  if (invocation.has("between")) job.between = read_between(invocation.text("between"));
  read_number_option<int>("solve", invocation, "grid", 2, 10000, job.grid);
  if (invocation.has("against") != invocation.has("values"))
    throw Error(ExitCode::usage,
                "solve: --against PARAMETER and --values LIST belong together: a frontier is the "
                "root for each value of a second parameter");
  if (invocation.has("against")) {
    job.against = invocation.text("against");
    job.values = read_number_list("solve: --values", invocation.text("values"));
  }
  read_analysis_options("solve", invocation, job);
  return job;
}

std::string ending(const SolveJob& job) { return file_ending("solve", job.shard, job.shards); }

int stopped(int signal) {
  print_error("overbuild: stopped before the search was done; no result was written\n");
  return 128 + signal;
}

int run_one(const Invocation& invocation, const Scenario& scenario, const SolveJob& job) {
  if (job.shards > 1 && job.against.empty())
    throw Error(ExitCode::usage,
                "solve: --shard: parts of the values of a frontier (--against) or of the scenarios "
                "of a sweep; a single search is done in one piece");
  const fs::path file = output_path("solve", invocation, scenario.name + ending(job));
  StopSignals signals;
  const std::optional<SolveContents> found = carry_out(scenario, job, file, signals);
  if (!found) return stopped(signals.signal());
  print_found(invocation, *found, file, solve_json, solve_text);
  if (found->has_roots()) return static_cast<int>(ExitCode::success);
  print_error(fmt::format("overbuild: {}\n", no_root_text(*found)));
  return static_cast<int>(ExitCode::numeric);
}

void check_sweep(const Sweep& sweep, const SolveJob& job) {
  const ReverseStressQuestion question = question_of(sweep.base(), job);
  const auto& specs = sweep.base().model->schema.parameters;
  for (const SweptKey& key : sweep.keys())
    if (key.parameter == question.parameter || question.against == key.parameter)
      throw Error(ExitCode::usage,
                  fmt::format("solve: --{}: the config's sweep gives {} values of its own ({})",
                              key.parameter == question.parameter ? "for" : "against",
                              specs[key.parameter].name, key.key));
}

/// Exit code 5 where no scenario has a root. A shard takes every N-th scenario from the I-th on.
int run_sweep(const Invocation& invocation, const Sweep& sweep, SolveJob job) {
  check_sweep(sweep, job);
  const auto first = static_cast<std::size_t>(job.shard - 1),
             every = static_cast<std::size_t>(job.shards);
  job.shard = job.shards = 1;
  bool any_root = false;
  const int code = analyse_sweep<SolveContents>(
      invocation, sweep,
      {.command = "solve",
       .ending = ending(job),
       .first = first,
       .every = every,
       .done_before = [&](auto& file, auto& scenario) { return done_before(file, scenario, job); },
       .carry_out = [&](auto& scenario, auto& file,
                        auto& signals) { return carry_out(scenario, job, file, signals); },
       .is_complete = [](auto&) { return true; },
       .stopped = [](auto&, auto&, int signal) { return stopped(signal); },
       .line =
           [&](auto& found) {
             any_root = any_root || found.has_roots();
             return solve_line(found);
           }});
  return code == 0 && !any_root ? static_cast<int>(ExitCode::numeric) : code;
}

int run_solve(const Invocation& invocation) {
  const SolveJob job = job_of(invocation);
  const Sweep sweep = load_sweep_config(invocation);
  choose_instruction_set(invocation);
  if (!sweep.points().empty()) return run_sweep(invocation, sweep, job);
  return run_one(invocation, sweep.base(), job);
}

}  // namespace

const Command solve_command = {
    "solve",
    "CONFIG",
    "Parameter value at which a statistic is as asked",
    "A reverse stress test: the root of the statistic in the parameter, whose prior\n"
    "it replaces, with the 95% interval of values that a test on the paths does not\n"
    "reject. All values are tried on the same paths. A scan tells whether there are\n"
    "several roots or none. With --against the root for each value of a second\n"
    "parameter. docs/reverse_stress.md explains method and limits.\n\n"
    "Of a config with [[sweep]] tables, a file for each scenario; those that are\n"
    "there already are kept. Exit code 5: there is no root; what was tried is written\n"
    "all the same. Ctrl-C, SIGTERM or SIGHUP: nothing is written of what is in work.\n\n",
    add_options,
    run_solve};

}  // namespace overbuild
