#include "src/commands/attribution_job.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/algorithm/string/trim.hpp>
#include <sstream>

#include "overbuild/base/error.hpp"
#include "overbuild/config/load.hpp"
#include "src/commands/number_option.hpp"
#include "src/commands/progress.hpp"
#include "src/commands/terminal.hpp"

namespace overbuild {
namespace {

constexpr std::size_t most_exact = 8;         // changes, of which all coalitions are run unasked
constexpr std::size_t most_exact_asked = 12;  // with --exact
constexpr std::size_t default_orders = 64;
constexpr double usual_time = 5;  // years, of the event that is asked for unless told

std::vector<std::string> names_in(const std::string& text) {
  std::vector<std::string> names;
  std::istringstream words(text);
  for (std::string name; std::getline(words, name, ',');) {
    boost::algorithm::trim(name);
    if (!name.empty()) names.push_back(name);
  }
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

ScenarioChanges changes_of(const Invocation& invocation, Scenario first, Scenario second) {
  ScenarioChanges changes(std::move(first), std::move(second));
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
                              const StatisticExpression& statistic, const ShapleyPlan& plan) {
  const Scenario &first = changes.first(), &second = changes.second();
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
  contents.orders = plan.orders.size();
  contents.provenance = provenance_at_start(first, invocation.argument, invocation.command_line);
  return contents;
}

std::optional<Attribution> computed(const AttributionJob& job, bool quiet, StopSignals& signals) {
  const ScenarioChanges& changes = job.changes;
  const std::uint64_t paths = changes.first().run.paths;
  const std::size_t scenarios = job.plan.coalitions.size();
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
  return attribute(changes, job.statistic, job.plan, controls,
                   [&](std::size_t done) { finished = done; });
}

/// Whether two changes are of the same keys with the same values.
bool same(const ScenarioChange& a, const ScenarioChange& b) {
  return std::ranges::equal(a.keys, b.keys, [](const Difference& x, const Difference& y) {
    return x.key == y.key && x.first == y.first && x.second == y.second;
  });
}

}  // namespace

AttributionJob attribution_job(const Invocation& invocation, Scenario first, Scenario second) {
  ScenarioChanges changes = changes_of(invocation, std::move(first), std::move(second));
  StatisticExpression statistic = parse_statistic(statistic_text(invocation, changes.first()),
                                                  changes.first(), "attribute: --of");
  ShapleyPlan plan = plan_for(invocation, changes);
  return {std::move(changes), std::move(statistic), std::move(plan)};
}

std::optional<AttributionContents> carry_out(const Invocation& invocation,
                                             const AttributionJob& job,
                                             const std::filesystem::path& file,
                                             StopSignals& signals) {
  AttributionWriter writer(file, invocation.has("force"));
  signals.listen(writer.temporary_path());
  AttributionContents contents = described(invocation, job.changes, job.statistic, job.plan);
  const double started = seconds_now();
  auto found = computed(job, invocation.has("quiet"), signals);
  if (!found) return {};
  contents.attribution = std::move(*found);
  provenance_at_end(contents.provenance, contents.attribution.threads, seconds_now() - started);
  writer.write(job.changes.first(), contents);
  return contents;
}

std::optional<AttributionContents> done_before(const Invocation& invocation,
                                               const AttributionJob& job,
                                               const std::filesystem::path& file) {
  if (invocation.has("force") || !is_attribution_file(file)) return {};
  AttributionContents there = read_attribution(file);
  const ScenarioChanges& changes = job.changes;
  const bool same_question = there.statistic == job.statistic.text &&
                             there.provenance.config == to_toml(changes.first()) &&
                             there.second_config == to_toml(changes.second()) &&
                             there.orders == job.plan.orders.size() &&
                             there.attribution.plan.coalitions == job.plan.coalitions &&
                             std::ranges::equal(there.changes, changes.changes(), same);
  if (!same_question) return {};
  return there;
}

}  // namespace overbuild
