#include "overbuild/config/sweep.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "comments.hpp"
#include "overbuild/config/fixed_parameter.hpp"
#include "overbuild/config/load.hpp"
#include "readers.hpp"
#include "scenario_reader.hpp"
#include "sweep_methods.hpp"

namespace overbuild {
namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

/// A number of a prior by its name; NaN for an end that it does not have.
double number_of(const Distribution& prior, std::string_view member) {
  if (member == "min") return std::isfinite(prior.lower) ? prior.lower : none;
  if (member == "max") return std::isfinite(prior.upper) ? prior.upper : none;
  const std::vector<std::string> names = numbers_of_prior(prior);
  const auto index = static_cast<std::size_t>(std::ranges::find(names, member) - names.begin());
  return index < prior.arguments.size() ? prior.arguments[index] : none;
}

/// A prior with other numbers, by way of its TOML, so that it is checked like any other.
std::optional<Distribution> changed_prior(const Distribution& prior, const ParameterSpec& spec,
                                          const std::map<std::string, double>& changes,
                                          Findings& findings) {
  toml::table document =
      toml::parse(fmt::format("parameters = {{{} = {}}}", spec.name, to_toml(prior)));
  toml::table* members = document["parameters"][spec.name].as_table();
  for (const auto& [member, value] : changes) members->insert_or_assign(member, value);
  const Value setting = *Value(document, findings).member("parameters")->member(spec.name);
  return read_prior(setting, spec.bounds);
}

/// Gives the point's numbers to priors. `findings` holds what is wrong with them, without places.
void change_priors(Scenario& scenario, std::span<const SweptKey> keys, const SweepPoint& point) {
  std::map<std::size_t, std::map<std::string, double>> changes;  // by parameter
  std::map<std::size_t, std::string> origins;
  for (std::size_t k = 0; k < keys.size(); ++k) {
    if (std::isnan(point.values[k]) || keys[k].member.empty()) continue;
    changes[keys[k].parameter][keys[k].member] = point.values[k];
    origins[keys[k].parameter] = point.origins[k];
  }
  std::vector<Diagnostic> mistakes;
  for (const auto& [parameter, numbers] : changes) {
    ParameterSetting& setting = scenario.parameters[parameter];
    const ParameterSpec& spec = scenario.model->schema.parameters[parameter];
    Findings findings;
    const auto prior = changed_prior(*setting.prior, spec, numbers, findings);
    for (const Diagnostic& finding : findings.all())
      mistakes.push_back({origins[parameter], 0, finding.key,
                          fmt::format("{} (scenario {})", finding.message, point.name)});
    if (!prior || !findings.empty()) continue;
    setting.prior = prior;
    setting.origin += ", " + origins[parameter];
    setting.comment.clear();
  }
  if (!mistakes.empty()) throw ConfigError(std::move(mistakes));
}

bool is_name(std::string_view text) {
  constexpr std::size_t longest = 100;  // a file of this name has room for endings
  const auto is_allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.';
  };
  return !text.empty() && text.size() <= longest && text[0] != '.' &&
         std::ranges::all_of(text, is_allowed);
}

/// Puts the scenarios of all tables one after the other.
class SweepBuilder {
 public:
  explicit SweepBuilder(Findings& findings) : findings_(findings) {}

  void add(TableScenarios table) {
    scenarios_ += table.places.size();
    tables_.push_back(std::move(table));
  }

  Sweep build(Scenario base, const Value& tables) {
    if (scenarios_ > most_scenarios) {
      tables.complain(fmt::format("found {} scenarios in all tables, allowed: at most {}",
                                  scenarios_, most_scenarios));
      return {std::move(base), {}, {}};
    }
    for (const TableScenarios& table : tables_)
      for (const Axis& axis : table.axes) column_of(axis.key);
    for (const TableScenarios& table : tables_)
      for (std::size_t i = 0; i < table.places.size(); ++i) add_point(table, i);
    return {std::move(base), std::move(keys_), std::move(points_)};
  }

 private:
  std::size_t column_of(const SweptKey& key) {
    const auto found = std::ranges::find(keys_, key.key, &SweptKey::key);
    const auto index = static_cast<std::size_t>(found - keys_.begin());
    if (found == keys_.end()) keys_.push_back(key);
    return index;
  }

  void add_point(const TableScenarios& table, std::size_t i) {
    SweepPoint point;
    const std::size_t digits = std::max<std::size_t>(fmt::format("{}", scenarios_).size(), 4);
    point.name =
        table.names.empty() ? fmt::format("{:0{}}", points_.size() + 1, digits) : table.names[i];
    check_name(point.name, table.places[i]);
    point.values.assign(keys_.size(), none);
    point.origins.assign(keys_.size(), "");
    for (const Axis& axis : table.axes) {
      if (i >= axis.values.size() || std::isnan(axis.values[i])) continue;  // a mistake, or empty
      const std::size_t column = column_of(axis.key);
      point.values[column] = axis.values[i];
      point.origins[column] = axis.places[i].text();
    }
    points_.push_back(std::move(point));
  }

  void check_name(const std::string& name, const Place& place) {
    std::string complaint;
    if (!is_name(name))
      complaint = fmt::format(
          "found the name \"{}\"; names have letters, digits, - _ and ., begin "
          "with no dot and are at most 100 long",
          name);
    else if (!names_.insert(name).second)
      complaint = fmt::format("another scenario is called \"{}\"", name);
    if (!complaint.empty()) findings_.add({place.source, place.line, "scenario", complaint});
  }

  Findings& findings_;
  std::vector<TableScenarios> tables_;
  std::size_t scenarios_ = 0;
  std::vector<SweptKey> keys_;
  std::vector<SweepPoint> points_;
  std::set<std::string> names_;
};

/// Numbers in priors can be judged only together. Says each mistake once, for its first scenario.
void check_priors(const Sweep& sweep, Findings& findings) {
  std::set<std::string> said;
  for (std::size_t i = 0; i < sweep.points().size(); ++i) {
    try {
      Scenario scenario = sweep.base();
      change_priors(scenario, sweep.keys(), sweep.points()[i]);
    } catch (const ConfigError& error) {
      for (const Diagnostic& finding : error.diagnostics())
        if (said.insert(finding.source + finding.key).second) findings.add(finding);
    }
  }
}

/// `in_files`: whether the document was read from files, which may have comments.
Sweep read_sweep(toml::table document, const std::string& source, bool in_files,
                 Findings& findings) {
  toml::table tables;
  if (toml::node* node = document.get("sweep")) {
    tables.insert_or_assign("sweep", std::move(*node));
    document.erase("sweep");
  }
  Scenario base = read_scenario(document, source, findings);
  if (in_files && base.model) read_comments(document, base);
  const auto list = Value(tables, findings).member("sweep");
  if (!list || !base.model) {
    findings.throw_if_any();
    return {std::move(base), {}, {}};
  }
  SweepBuilder builder(findings);
  for (const Value& table : list->elements("sections [[sweep]]").value_or(std::vector<Value>()))
    builder.add(read_sweep_table(table, base, findings));
  Sweep sweep = builder.build(std::move(base), *list);
  const bool in_priors =
      std::ranges::any_of(sweep.keys(), [](auto& k) { return !k.member.empty(); });
  if (findings.empty() && in_priors) check_priors(sweep, findings);
  findings.throw_if_any();
  return sweep;
}

}  // namespace

Sweep::Sweep(Scenario base, std::vector<SweptKey> keys, std::vector<SweepPoint> points)
    : base_(std::move(base)), keys_(std::move(keys)), points_(std::move(points)) {}

double Sweep::coordinate(std::size_t point, std::size_t key) const {
  const SweepPoint& here = points_[point];
  if (!std::isnan(here.values[key])) return here.values[key];
  const SweptKey& asked = keys_[key];
  const ParameterSetting& setting = base_.parameters[asked.parameter];
  if (asked.member.empty()) return setting.drawn() ? none : setting.value;
  for (std::size_t k = 0; k < keys_.size(); ++k)  // a number in place of the prior
    if (keys_[k].parameter == asked.parameter && keys_[k].member.empty() &&
        !std::isnan(here.values[k]))
      return none;
  return number_of(*setting.prior, asked.member);
}

Scenario Sweep::scenario(std::size_t point) const {
  const SweepPoint& here = points_[point];
  Scenario scenario = base_;
  scenario.name = here.name;
  change_priors(scenario, keys_, here);
  for (std::size_t k = 0; k < keys_.size(); ++k) {
    if (std::isnan(here.values[k]) || !keys_[k].member.empty()) continue;
    fix_parameter(scenario, keys_[k].parameter, here.values[k], here.origins[k]);
  }
  return scenario;
}

Sweep load_sweep(const std::filesystem::path& file, std::span<const std::string> overrides) {
  Findings findings;
  toml::table document = load_document(file, overrides, findings);
  return read_sweep(std::move(document), file.string(), true, findings);
}

Sweep parse_sweep(std::string_view toml, const std::string& source) {
  Findings findings;
  toml::table document = parse_document(toml, source, findings);
  findings.throw_if_any();
  return read_sweep(std::move(document), source, false, findings);
}

void refuse_sweep(const Value& tables, Scenario&) {
  const auto elements = tables.elements("sections [[sweep]]");
  if (elements && !elements->empty())
    elements->front().complain(
        "the config has a sweep of scenarios, which `overbuild batch` runs; --set 'sweep=[]' "
        "leaves "
        "the base case");
}

}  // namespace overbuild
