#include "sweep_methods.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "readers.hpp"
#include "sweep_file.hpp"

namespace overbuild {
namespace {

constexpr double as_in_base = std::numeric_limits<double>::quiet_NaN();
constexpr std::int64_t largest_seed = std::numeric_limits<std::int64_t>::max();

/// Whether so many scenarios are allowed; a finding if not.
bool is_allowed(const Value& table, double scenarios) {
  if (scenarios <= static_cast<double>(most_scenarios)) return true;
  table.complain(
      fmt::format("found {:.0f} scenarios, allowed: at most {}", scenarios, most_scenarios));
  return false;
}

/// An axis without values, for scenarios that are made from another one's.
Axis empty_copy(const Axis& axis) { return {axis.key, axis.written, {}, {}}; }

TableScenarios all_at(const Place& place, std::size_t scenarios, std::vector<Axis> axes) {
  return {{}, std::move(axes), std::vector<Place>(scenarios, place)};
}

/// Every combination; the last key changes fastest.
TableScenarios combinations(const Value& table, const std::vector<Axis>& axes) {
  double count = 1;
  for (const Axis& axis : axes) count *= static_cast<double>(axis.values.size());
  if (!is_allowed(table, count)) return {};
  const auto scenarios = static_cast<std::size_t>(count);
  std::vector<Axis> crossed;
  std::size_t repeat = scenarios;
  for (const Axis& axis : axes) {
    if (scenarios == 0) break;  // what is wrong with the empty axis is said already
    repeat /= axis.values.size();
    Axis& all = crossed.emplace_back(empty_copy(axis));
    for (std::size_t i = 0; i < scenarios; ++i) {
      const std::size_t value = i / repeat % axis.values.size();
      all.add(axis.values[value], axis.places[value]);
    }
  }
  return all_at(table.place(), scenarios, std::move(crossed));
}

/// The base case, and then each value of each key alone.
TableScenarios each_alone(const Value& table, const std::vector<Axis>& axes) {
  std::size_t scenarios = 1;
  for (const Axis& axis : axes) scenarios += axis.values.size();
  if (!is_allowed(table, static_cast<double>(scenarios))) return {};
  std::vector<Axis> alone;
  std::size_t before = 1;
  for (const Axis& axis : axes) {
    Axis& own = alone.emplace_back(empty_copy(axis));
    own.values.assign(scenarios, as_in_base);
    own.places.assign(scenarios, table.place());
    std::ranges::copy(axis.values, own.values.begin() + static_cast<std::ptrdiff_t>(before));
    std::ranges::copy(axis.places, own.places.begin() + static_cast<std::ptrdiff_t>(before));
    before += axis.values.size();
  }
  return all_at(table.place(), scenarios, std::move(alone));
}

TableScenarios read_grid(const Value& table, const Scenario& base, Findings&) {
  return combinations(table, read_axes(table, base, read_grid_values));
}

TableScenarios read_one_at_a_time(const Value& table, const Scenario& base, Findings&) {
  return each_alone(table, read_axes(table, base, read_grid_values));
}

TableScenarios read_latin_hypercube(const Value& table, const Scenario& base, Findings&) {
  const auto points = table.needed_member("points", "the number of scenarios");
  const auto seed = table.member("seed");
  const auto n = points ? points->whole_number(1, most_scenarios) : std::nullopt;
  const auto key = seed ? seed->whole_number(0, largest_seed) : std::optional<std::int64_t>(1);
  // With a mistake in either, the keys are read for theirs.
  std::vector<Axis> axes =
      read_axes(table, base, [&](const Value& value, const Bounds& bounds, Axis& axis) {
        read_stratified_values(value, bounds, n.value_or(1), key.value_or(1), axis);
      });
  return all_at(table.place(), static_cast<std::size_t>(n.value_or(0)), std::move(axes));
}

std::vector<std::string> read_names(const Value& list) {
  std::vector<std::string> names;
  const auto elements = list.elements("an array of names");
  if (!elements) return names;
  for (const Value& element : *elements) names.push_back(element.text().value_or(""));
  return names;
}

TableScenarios read_listed_file(const Value& table, const Value& file, const Scenario& base,
                                Findings& findings) {
  for (const char* other : {"parameters", "scenario"})
    if (const auto value = table.member(other))
      value->complain("the file holds the scenarios; give it or values here, not both");
  const auto name = file.text();
  if (!name) return {};
  const std::filesystem::path folder =
      file.place().is_override() ? "" : std::filesystem::path(file.place().source).parent_path();
  TableScenarios listed =
      read_scenario_file((folder / *name).lexically_normal(), file, base, findings);
  if (!is_allowed(table, static_cast<double>(listed.places.size()))) return {};
  return listed;
}

TableScenarios read_list(const Value& table, const Scenario& base, Findings& findings) {
  if (const auto file = table.member("file")) return read_listed_file(table, *file, base, findings);
  TableScenarios listed;
  if (const auto names = table.member("scenario")) listed.names = read_names(*names);
  listed.axes = read_axes(table, base, read_listed_values);
  if (listed.names.empty() && listed.axes.empty()) {
    table.complain("found no scenarios, expected \"file\" or arrays of values");
    return {};
  }
  const std::size_t count =
      listed.names.empty() ? listed.axes.front().values.size() : listed.names.size();
  for (const Axis& axis : listed.axes)
    if (axis.values.size() != count) {
      table.complain(fmt::format("{} has {} values, expected one for each of {} scenarios",
                                 axis.key.key, axis.values.size(), count));
      return {};
    }
  if (!is_allowed(table, static_cast<double>(count))) return {};
  listed.places.assign(count, table.place());
  return listed;
}

struct Method {
  std::string_view name;
  std::vector<std::string> members;  ///< beside `method`
  bool needs_keys;
  TableScenarios (*read)(const Value& table, const Scenario& base, Findings& findings);
};

const std::array<Method, 4>& methods() {
  static const std::array<Method, 4> all = {
      {{"grid", {"parameters"}, true, read_grid},
       {"one_at_a_time", {"parameters"}, true, read_one_at_a_time},
       {"latin_hypercube", {"points", "seed", "parameters"}, true, read_latin_hypercube},
       {"list", {"file", "scenario", "parameters"}, false, read_list}}};
  return all;
}

/// Why a key of a scenario cannot be swept, or "".
std::string refusal(std::string_view section, std::string_view name) {
  if (section == "run" && name == "seed")
    return "the seed is the same in all scenarios, so that their paths have common random numbers";
  if (section == "run" && name == "paths")
    return "all scenarios have the same paths, so that they can be compared path by path";
  if (section == "run" && (name == "horizon" || name == "step"))
    return "all scenarios have the same times, which are a dimension of the result";
  return fmt::format("{}.{} cannot be swept; only numbers under \"parameters\" can", section, name);
}

/// Complains of members that the method does not know.
void check_members(const Value& table, const Method& method) {
  std::vector<std::string> known = method.members;
  known.emplace_back("method");
  const auto members = table.members("a section [[sweep]]");
  for (const Value& value : *members) {
    if (std::ranges::find(known, value.name()) != known.end()) continue;
    const bool is_section =
        value.name() == "run" || value.name() == "outputs" || value.name() == "tables";
    const auto keys = is_section ? value.members("a section") : std::nullopt;
    if (!keys) {
      value.complain(unknown_text("key", value.name(), known));
      continue;
    }
    for (const Value& key : *keys) key.complain(refusal(value.name(), key.name()));
  }
}

}  // namespace

TableScenarios read_sweep_table(const Value& table, const Scenario& base, Findings& findings) {
  if (!table.is_table()) {
    table.complain_of_type("a section [[sweep]]");
    return {};
  }
  const std::vector<std::string> names = names_of(methods());
  const auto name = table.needed_member("method", fmt::format("one of {}", fmt::join(names, ", ")));
  const auto index = name ? name->choice(names) : std::nullopt;
  if (!index) return {};
  const Method& method = methods()[*index];
  check_members(table, method);
  if (method.needs_keys && !table.member("parameters")) {
    table.complain("found no keys to sweep, e.g. parameters.NAME = [1, 2]");
    return {};
  }
  return method.read(table, base, findings);
}

std::string sweep_reference() {
  return R"(
## Sweeps

Each table `[[sweep]]` makes scenarios that differ from the config, the base case, in the values of
some parameters; `overbuild batch` runs the scenarios of all tables, one table after the other
([sweeps.md](sweeps.md)).

```toml
[[sweep]]
method = "grid"
parameters.price_elasticity = [0.8, 1.0, 1.2]
parameters.shock_rate = {from = 0.1, to = 0.8, count = 4, scale = "log"}

[[sweep]]
method = "latin_hypercube"
points = 50
parameters.wacc = {from = 0.07, to = 0.13}
parameters.bust_hazard = {prior = "lognormal", median = 0.03, sigma = 0.5, max = 1}
```

| method | its keys | scenarios |
| --- | --- | --- |
| `grid` | `parameters.NAME` | every combination of the values; the last key in the file changes fastest |
| `one_at_a_time` | `parameters.NAME` | the base case, and then each value of each key alone |
| `latin_hypercube` | `points`, `seed` (1), `parameters.NAME` | `points` scenarios; the range of each key is cut into so many parts of equal probability and each part is met once, in random order (McKay, Beckman, Conover 1979) |
| `list` | `file`, or `scenario` and `parameters.NAME` | the rows of a file, or arrays of equal length, the n-th values together |

**Values.** For `grid` and `one_at_a_time` an array of numbers, or `{from = 1, to = 2, count = 5}`, ends
included; with `scale = "log"` the ratio of neighbours is constant, not their difference. For
`latin_hypercube` either `{from, to}`, with or without `scale`, or a prior, whose quantiles are used.
For `list` an array of numbers.

**Keys.** Any parameter, and any number of a prior that the base case gives to a parameter:
`parameters.shock_rate.sigma = [0.3, 0.5]`. A number in place of a prior ends its rank
correlations, as with `--set`. Seed, paths, horizon and step are the same in all scenarios: paths with
the same number then have the same random numbers in all of them.

**Files** of a `list` are comma-separated values; their names are relative to the folder of the config
that names them. The header holds full keys, such as `parameters.wacc`; a column `scenario` holds
names. An empty field leaves the base case as it is. Empty lines and lines that begin with `#` are
skipped.

**Names.** Scenarios are called 0001, 0002, ... by their place in all tables, unless a list names them.
A name has letters, digits, `-`, `_` and `.`, and begins with no dot.

**Inheritance.** The tables of a config replace all that it inherits; `sweep = []` above the first
section, or `--set 'sweep=[]'`, drops them.
)";
}

}  // namespace overbuild
