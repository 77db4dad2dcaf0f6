#include <fmt/format.h>

#include <algorithm>

#include "keys.hpp"
#include "readers.hpp"
#include "toml_text.hpp"

namespace overbuild {
namespace {

/// Times must ascend within the run. An impulse at time 0 would be lost: steps begin after it.
void check_times(const Value& given, const std::vector<double>& time, TableSpec::Kind kind,
                 double horizon) {
  const bool impulse = kind == TableSpec::Kind::impulse;
  const Bounds within_run{0, horizon, impulse, false, false};
  for (std::size_t i = 0; i < time.size(); ++i) {
    if (!within_run.contain(time[i]))
      given.complain(fmt::format("entry {} is {}, allowed: {} (the run's time)", i + 1, time[i],
                                 allowed_text(within_run)));
    if (i > 0 && time[i] <= time[i - 1])
      given.complain(
          fmt::format("entry {} is {} after {}; times must ascend", i + 1, time[i], time[i - 1]));
  }
}

TableSetting read_table(const Value& value, const TableSpec& spec, double horizon) {
  if (!value.is_table()) {
    value.complain_of_type("a table such as {time = [0, 1], value = [1, 2]}");
    return {};
  }
  value.check_members(std::vector<std::string>{"time", "value"});
  const auto times = value.needed_member("time", "an array of times in years");
  const auto values = value.needed_member("value", "an array of values, one for each time");
  const auto time = times ? times->numbers() : std::nullopt;
  const auto level = values ? values->numbers(spec.bounds) : std::nullopt;
  if (time) check_times(*times, *time, spec.kind, horizon);
  if (!time || !level) return {};
  const std::size_t least = spec.kind == TableSpec::Kind::path ? 2 : 1;
  if (time->size() != level->size())
    value.complain(fmt::format("found {} times and {} values", time->size(), level->size()));
  else if (time->size() < least)
    value.complain(fmt::format("found {} points, expected at least {}", time->size(), least));
  return {*time, *level};
}

}  // namespace

void read_tables(const Value& section, Scenario& scenario) {
  const auto members = section.members("a section [tables]");
  if (!members) return;
  const auto& specs = scenario.model->schema.tables;
  const std::vector<std::string> names = names_of(specs);
  for (const Value& value : *members) {
    const auto name = std::ranges::find(names, value.name());
    if (name == names.end()) {
      value.complain(names.empty() ? "this model takes no tables"
                                   : misplaced_text("table", value.name(), names, scenario));
      continue;
    }
    const std::size_t index = name - names.begin();
    scenario.tables[index] = read_table(value, specs[index], scenario.run.horizon);
  }
}

}  // namespace overbuild
