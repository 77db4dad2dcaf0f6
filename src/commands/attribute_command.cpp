#include <fmt/format.h>

#include <algorithm>
#include <boost/program_options/value_semantic.hpp>
#include <cmath>

#include "overbuild/base/error.hpp"
#include "src/commands/attribution_job.hpp"
#include "src/commands/attribution_report.hpp"
#include "src/commands/command.hpp"
#include "src/commands/isa_option.hpp"
#include "src/commands/output_option.hpp"
#include "src/commands/overrides.hpp"
#include "src/commands/shard_option.hpp"
#include "src/commands/stop_signals.hpp"
#include "src/commands/sweep_folder.hpp"

namespace overbuild {
namespace {

namespace po = boost::program_options;
namespace fs = std::filesystem;

void add_options(po::options_description& options) {
  const auto text = [](const char* name) { return po::value<std::string>()->value_name(name); };
  options.add_options()("of", text("STATISTIC"),
                        "the statistic; else the probability of the model's first event within 5 "
                        "years, which is P(bust_begun within 5y) for the overbuild model")(
      "together", po::value<std::vector<std::string>>()->value_name("KEYS"),
      "keys, separated by commas, that are one change; may be repeated")(
      "orders", text("N"),
      "draw N orders of the changes instead of taking all coalitions; 64 for more than 8 changes")(
      "exact", "take all coalitions of up to 12 changes");
  add_set_option(options);
  add_run_shorthands(options);
  options.add_options()("output,o", text("FILE"),
                        "file for the result; else BASE's name with .attribution.h5 in the "
                        "working folder; of a sweep the folder for a file of each scenario")(
      "force,f", "replace an existing result");
  add_isa_option(options);
  options.add_options()("shard", text("I/N"),
                        "of a sweep: only every N-th scenario from the I-th on");
  options.add_options()("json", "print all numbers as JSON")("quiet,q",
                                                             "no progress and no summary");
}

/// The config NEW with the values that BASE's sweep has in one of its scenarios.
Scenario second_of(const Invocation& invocation, const Sweep& sweep, const std::string& name) {
  const SweepPoint& point = *std::ranges::find(sweep.points(), name, &SweepPoint::name);
  std::vector<std::string> swept;
  for (std::size_t k = 0; k < point.values.size(); ++k)
    if (!std::isnan(point.values[k]))
      swept.push_back(fmt::format("{}={}", sweep.keys()[k].key, point.values[k]));
  Invocation second = invocation;
  second.argument = invocation.arguments[1];
  return load_sweep_config(second, swept).base();
}

int stopped(int signal) {
  print_error("overbuild: stopped before all scenarios were done; no result was written\n");
  return 128 + signal;
}

int run_one(const Invocation& invocation, const AttributionJob& job) {
  if (invocation.has("shard"))
    throw Error(ExitCode::usage,
                "attribute: --shard: a part of the scenarios of a sweep, which BASE does not have; "
                "a single attribution is done in one piece");
  const fs::path file =
      output_path("attribute", invocation, job.changes.first().name + ".attribution.h5");
  StopSignals signals;
  const std::optional<AttributionContents> found = carry_out(invocation, job, file, signals);
  if (!found) return stopped(signals.signal());
  print_found(invocation, *found, file, attribution_json, attribution_text);
  return static_cast<int>(ExitCode::success);
}

/// Of the scenarios of BASE's sweep, NEW being given the same swept values.
int run_sweep(const Invocation& invocation, const Sweep& sweep) {
  int shard = 1, shards = 1;
  read_shard_option("attribute", invocation, shard, shards);
  const auto job_of = [&](const Scenario& first) {
    return attribution_job(invocation, first, second_of(invocation, sweep, first.name));
  };
  return analyse_sweep<AttributionContents>(
      invocation, sweep,
      {.command = "attribute",
       .ending = ".attribution.h5",
       .first = static_cast<std::size_t>(shard - 1),
       .every = static_cast<std::size_t>(shards),
       .done_before = [&](auto& file,
                          auto& first) { return done_before(invocation, job_of(first), file); },
       .carry_out =
           [&](auto& first, auto& file, auto& signals) {
             return carry_out(invocation, job_of(first), file, signals);
           },
       .is_complete = [](auto&) { return true; },
       .stopped = [](auto&, auto&, int signal) { return stopped(signal); },
       .line = [](auto& found) { return attribution_line(found, style_of(1)); }});
}

int run_attribute(const Invocation& invocation) {
  const Sweep sweep = load_sweep_config(invocation);
  choose_instruction_set(invocation);
  if (!sweep.points().empty()) return run_sweep(invocation, sweep);
  Invocation second = invocation;
  second.argument = invocation.arguments[1];
  return run_one(invocation,
                 attribution_job(invocation, sweep.base(), load_sweep_config(second).base()));
}

}  // namespace

const Command attribute_command = {
    "attribute",
    "BASE NEW",
    "How much each difference of two configs matters",
    "The difference of a statistic between the configs BASE and NEW is shared out\n"
    "among the changes from one to the other by Shapley values: what a change adds,\n"
    "averaged over all orders in which the changes may be made. All scenarios between\n"
    "the two are run on the same paths, with the seed, paths and times of BASE.\n"
    "docs/attribution.md explains the method and its limits. Options that change\n"
    "configs change both.\n\n"
    "Where BASE has [[sweep]] tables, a file for each scenario, whose swept values\n"
    "NEW is given, too; files that are there already are kept. Ctrl-C, SIGTERM or\n"
    "SIGHUP: nothing is written of what is in work.\n\n",
    add_options,
    run_attribute};

}  // namespace overbuild
