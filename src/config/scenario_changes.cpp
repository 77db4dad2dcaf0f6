#include "overbuild/config/scenario_changes.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "overbuild/base/error.hpp"
#include "overbuild/base/nearest_name.hpp"
#include "overbuild/config/load.hpp"
#include "readers.hpp"

namespace overbuild {
namespace {

constexpr std::string_view parameters_section = "parameters.", tables_section = "tables.",
                           pairs = "prior_correlation", posterior_section = "posterior";

bool same_pair(const PriorCorrelation& a, const PriorCorrelation& b) {
  return (a.first == b.first && a.second == b.second) ||
         (a.first == b.second && a.second == b.first);
}

bool holds(const std::vector<PriorCorrelation>& list, const PriorCorrelation& pair) {
  return std::ranges::any_of(list, [&](const PriorCorrelation& other) {
    return same_pair(other, pair) && other.rank_correlation == pair.rank_correlation;
  });
}

template <class Specs>
std::size_t index_of(std::string_view name, const Specs& specs) {
  const auto found = std::ranges::find_if(specs, [&](auto& spec) { return spec.name == name; });
  return static_cast<std::size_t>(found - specs.begin());
}

}  // namespace

ScenarioChanges::ScenarioChanges(Scenario first, Scenario second)
    : first_(std::move(first)), second_(std::move(second)) {
  if (first_.model != second_.model)
    throw Error(ExitCode::usage,
                fmt::format("{} is of the model {} and {} of {}; only configs of one model can be "
                            "told apart change by change",
                            first_.name, first_.model->schema.name, second_.name,
                            second_.model->schema.name));
  for (const Difference& difference : differences(to_toml(first_), to_toml(second_)))
    add(difference);
  check_tables();
}

bool ScenarioChanges::is_posterior(std::size_t parameter) const {
  return first_.parameters[parameter].posterior_row || second_.parameters[parameter].posterior_row;
}

bool ScenarioChanges::is_shared(const PriorCorrelation& pair) const {
  const auto has_prior = [&](std::size_t parameter) {
    return first_.parameters[parameter].prior && second_.parameters[parameter].prior;
  };
  return has_prior(pair.first) && has_prior(pair.second);
}

bool ScenarioChanges::shared_pairs_differ() const {
  const auto lacks = [&](const Scenario& one, const Scenario& other) {
    return std::ranges::any_of(one.prior_correlations, [&](const PriorCorrelation& pair) {
      return is_shared(pair) && !holds(other.prior_correlations, pair);
    });
  };
  return lacks(first_, second_) || lacks(second_, first_);
}

void ScenarioChanges::add(const Difference& difference) {
  const ModelSchema& schema = first_.model->schema;
  const std::string& key = difference.key;
  const auto below = [&](std::string_view section) { return key.substr(section.size()); };
  if (key == fmt::format("{}{}", parameters_section, shock_correlation_name))
    return add(below(parameters_section), difference, {Kind::shock_correlation});
  if (key.starts_with(pairs)) {
    if (shared_pairs_differ()) add(std::string(pairs), difference, {Kind::prior_correlation});
    return;
  }
  if (key.starts_with(posterior_section))
    return add(std::string(posterior_section), difference, {Kind::posterior});
  if (key.starts_with(tables_section))
    return add(key, difference, {Kind::table, index_of(below(tables_section), schema.tables)});
  if (!key.starts_with(parameters_section)) return left_.push_back(difference);
  const std::size_t parameter = index_of(below(parameters_section), schema.parameters);
  if (is_posterior(parameter))
    return add(std::string(posterior_section), difference, {Kind::posterior});
  add(below(parameters_section), difference, {Kind::parameter, parameter});
}

void ScenarioChanges::add(const std::string& name, const Difference& difference, Part part) {
  const auto found = std::ranges::find(changes_, name, &ScenarioChange::name);
  if (found != changes_.end()) return found->keys.push_back(difference);
  changes_.push_back({name, {difference}});
  parts_.push_back({part});
}

/// Amounts that arrive after the end have no step to arrive at.
void ScenarioChanges::check_tables() const {
  const auto& specs = first_.model->schema.tables;
  for (std::size_t i = 0; i < specs.size(); ++i) {
    const auto& table = second_.tables[i];
    if (!table || specs[i].kind != TableSpec::Kind::impulse || table->time.empty()) continue;
    if (table->time.back() > first_.run.horizon)
      throw Error(ExitCode::usage,
                  fmt::format("{}: tables.{} goes on to {} years, beyond the horizon of {}, {} "
                              "years; give both configs one by --set run.horizon=...",
                              second_.name, specs[i].name, table->time.back(), first_.name,
                              first_.run.horizon));
  }
}

void ScenarioChanges::join(const std::vector<std::string>& names, const std::string& what) {
  std::vector<std::string> known;
  for (const ScenarioChange& change : changes_) known.push_back(change.name);
  std::vector<std::size_t> joined;
  for (std::string name : names) {
    if (name.starts_with(parameters_section)) name.erase(0, parameters_section.size());
    const auto found = std::ranges::find(known, name);
    if (found == known.end())
      throw Error(
          ExitCode::usage,
          fmt::format("{}: \"{}\" is no change{}; the changes are: {}", what, name,
                      suggestion_text(", ", nearest_name(name, known)), fmt::join(known, ", ")));
    joined.push_back(static_cast<std::size_t>(found - known.begin()));
  }
  std::ranges::sort(joined);
  joined.erase(std::unique(joined.begin(), joined.end()), joined.end());
  for (std::size_t i = joined.size(); i-- > 1;) {
    const auto place = static_cast<std::ptrdiff_t>(joined[i]);
    ScenarioChange& to = changes_[joined.front()];
    const ScenarioChange& from = changes_[joined[i]];
    to.keys.insert(to.keys.end(), from.keys.begin(), from.keys.end());
    auto& parts = parts_[joined.front()];
    parts.insert(parts.end(), parts_[joined[i]].begin(), parts_[joined[i]].end());
    changes_.erase(changes_.begin() + place);
    parts_.erase(parts_.begin() + place);
  }
  if (joined.empty()) return;
  std::vector<std::string> together;
  for (const std::size_t i : joined) together.push_back(known[i]);
  changes_[joined.front()].name = fmt::format("{}", fmt::join(together, " + "));
}

void ScenarioChanges::apply(const Part& part, Scenario& scenario) const {
  switch (part.kind) {
    case Kind::parameter:
      scenario.parameters[part.index] = second_.parameters[part.index];
      break;
    case Kind::table:
      scenario.tables[part.index] = second_.tables[part.index];
      break;
    case Kind::shock_correlation:
      scenario.shock_correlation = second_.shock_correlation;
      break;
    case Kind::posterior:
      scenario.posterior = second_.posterior;
      for (std::size_t i = 0; i < scenario.parameters.size(); ++i)
        if (is_posterior(i)) scenario.parameters[i] = second_.parameters[i];
      break;
    case Kind::prior_correlation:
      break;  // correlate_priors()
  }
}

/// Rank correlations that both scenarios could have are those of one of them; the others are there
/// where both of their parameters have priors.
void ScenarioChanges::correlate_priors(Scenario& scenario, bool of_second) const {
  scenario.prior_correlations.clear();
  const auto take = [&](const Scenario& from, bool shared) {
    for (const PriorCorrelation& pair : from.prior_correlations) {
      const bool drawn =
          scenario.parameters[pair.first].prior && scenario.parameters[pair.second].prior;
      if (is_shared(pair) ? shared : drawn) scenario.prior_correlations.push_back(pair);
    }
  };
  take(first_, !of_second);
  take(second_, of_second);
}

Scenario ScenarioChanges::with(std::uint64_t members) const {
  Scenario scenario = first_;
  bool second_pairs = false;
  for (std::size_t i = 0; i < changes_.size(); ++i) {
    if (!(members >> i & 1)) continue;
    for (const Part& part : parts_[i]) {
      apply(part, scenario);
      second_pairs = second_pairs || part.kind == Kind::prior_correlation;
    }
  }
  correlate_priors(scenario, second_pairs);
  return scenario;
}

}  // namespace overbuild
