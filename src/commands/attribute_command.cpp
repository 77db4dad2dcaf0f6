#include <fmt/format.h>

#include <algorithm>
#include <boost/program_options/value_semantic.hpp>
#include <sstream>

#include "overbuild/base/error.hpp"
#include "overbuild/config/load.hpp"
#include "overbuild/results/attribution_file.hpp"
#include "src/commands/attribution_report.hpp"
#include "src/commands/command.hpp"
#include "src/commands/isa_option.hpp"
#include "src/commands/number_option.hpp"
#include "src/commands/output_option.hpp"
#include "src/commands/overrides.hpp"
#include "src/commands/progress.hpp"
#include "src/commands/stop_signals.hpp"

namespace overbuild {
namespace {

namespace po = boost::program_options;
namespace fs = std::filesystem;

constexpr std::size_t most_exact = 8;         // changes, of which all coalitions are run unasked
constexpr std::size_t most_exact_asked = 12;  // with --exact
constexpr std::size_t default_orders = 64;
constexpr double usual_time = 5;  // years, of the event that is asked for unless told

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
                        "working folder")("force,f", "replace an existing result");
  add_isa_option(options);
  options.add_options()("json", "print all numbers as JSON")("quiet,q",
                                                             "no progress and no summary");
}

std::vector<std::string> names_in(const std::string& text) {
  std::vector<std::string> names;
  std::istringstream words(text);
  for (std::string name; std::getline(words, name, ',');)
    if (!name.empty()) names.push_back(name);
  return names;
}

std::string statistic_text(const Invocation& invocation, const Scenario& scenario) {
  if (invocation.has("of")) return invocation.text("of");
  const ModelSchema& schema = scenario.model->schema;
  if (schema.events.empty())
    throw Error(
        ExitCode::usage,
        fmt::format("attribute: --of is needed, as the model {} has no event", schema.name));
  return fmt::format("P({} within {}y)", schema.events.front().name,
                     std::min(usual_time, scenario.run.horizon));
}

ScenarioChanges changes_of(const Invocation& invocation) {
  Invocation second = invocation;
  second.argument = invocation.arguments[1];
  ScenarioChanges changes(load_config(invocation), load_config(second));
  if (invocation.has("together"))
    for (const std::string& text : invocation.options["together"].as<std::vector<std::string>>())
      changes.join(names_in(text), "attribute: --together");
  if (changes.size() == 0)
    throw Error(ExitCode::usage,
                fmt::format("attribute: {} and {} have the same parameters, priors, tables and "
                            "correlations, so that there is nothing to attribute",
                            invocation.arguments[0], invocation.arguments[1]));
  if (changes.size() > most_players)
    throw Error(ExitCode::usage,
                fmt::format("attribute: {} changes, at most {} can be told apart; make fewer of "
                            "them by --together",
                            changes.size(), most_players));
  return changes;
}

ShapleyPlan plan_for(const Invocation& invocation, const ScenarioChanges& changes) {
  std::size_t orders = 0;
  read_number_option<std::size_t>("attribute", invocation, "orders", 4, 1'000'000, orders);
  if (orders % 2 != 0)
    throw Error(ExitCode::usage,
                "attribute: --orders: orders are drawn in pairs of one and its "
                "reverse; give an even number");
  if (invocation.has("exact")) {
    if (orders > 0)
      throw Error(ExitCode::usage, "attribute: --exact and --orders exclude each other");
    if (changes.size() > most_exact_asked)
      throw Error(
          ExitCode::usage,
          fmt::format("attribute: --exact: {} changes have {} coalitions; at most {} changes "
                      "are taken exactly",
                      changes.size(), Coalition{1} << changes.size(), most_exact_asked));
    return exact_shapley(changes.size());
  }
  if (orders == 0 && changes.size() <= most_exact) return exact_shapley(changes.size());
  return sampled_shapley(changes.size(), orders > 0 ? orders : default_orders,
                         changes.first().run.seed);
}

AttributionContents described(const Invocation& invocation, const ScenarioChanges& changes,
                              const StatisticExpression& statistic, const Scenario& second) {
  const Scenario& first = changes.first();
  AttributionContents contents;
  contents.model = first.model->schema.name;
  contents.scenario = first.name;
  contents.title = first.title;
  contents.second_scenario = second.name;
  contents.second_title = second.title;
  contents.second_config = to_toml(second);
  contents.statistic = statistic.text;
  contents.statistic_unit = statistic.unit();
  contents.seed = first.run.seed;
  contents.paths = first.run.paths;
  contents.changes.assign(changes.changes().begin(), changes.changes().end());
  contents.left.assign(changes.left().begin(), changes.left().end());
  contents.provenance = provenance_at_start(first, invocation.argument, invocation.command_line);
  return contents;
}

std::optional<Attribution> carry_out(const ScenarioChanges& changes,
                                     const StatisticExpression& statistic, ShapleyPlan plan,
                                     bool quiet, StopSignals& signals) {
  const std::uint64_t paths = changes.first().run.paths;
  const std::size_t scenarios = plan.coalitions.size();
  std::size_t finished = 0;
  std::optional<Progress> progress;
  RunControls controls;
  controls.stop = [&] { return signals.stop().load(); };
  if (!quiet) {
    progress.emplace(scenarios * paths, is_terminal(2), style_of(2), seconds_now, print_error);
    controls.progress = [&](std::uint64_t done) {
      progress->update(finished * paths + done,
                       fmt::format("{} of {} scenarios", finished, scenarios));
    };
  }
  return attribute(changes, statistic, std::move(plan), controls,
                   [&](std::size_t done) { finished = done; });
}

int run_attribute(const Invocation& invocation) {
  const ScenarioChanges changes = changes_of(invocation);
  const Scenario& first = changes.first();
  const StatisticExpression statistic =
      parse_statistic(statistic_text(invocation, first), first, "attribute: --of");
  ShapleyPlan plan = plan_for(invocation, changes);
  choose_instruction_set(invocation);
  const fs::path file = output_path("attribute", invocation, first.name + ".attribution.h5");
  StopSignals signals;
  AttributionWriter writer(file, invocation.has("force"));
  signals.listen(writer.temporary_path());
  AttributionContents contents = described(invocation, changes, statistic, changes.second());
  contents.orders = plan.orders.size();
  const double started = seconds_now();
  const bool quiet = invocation.has("quiet");
  auto found = carry_out(changes, statistic, std::move(plan), quiet, signals);
  if (!found) {
    print_error("overbuild: stopped before all scenarios were done; no result was written\n");
    return 128 + signals.signal();
  }
  contents.attribution = std::move(*found);
  contents.provenance.finished = utc_now();
  contents.provenance.threads = contents.attribution.threads;
  contents.provenance.wall_seconds = seconds_now() - started;
  writer.write(first, contents);
  if (invocation.has("json"))
    print(attribution_json(contents));
  else if (!quiet)
    print(fmt::format("{}\n{}", attribution_text(contents, style_of(1)),
                      effort_text(contents.provenance, file)));
  return static_cast<int>(ExitCode::success);
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
    "Ctrl-C, SIGTERM or SIGHUP: nothing is written.\n\n",
    add_options,
    run_attribute};

}  // namespace overbuild
