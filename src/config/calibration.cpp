// [calibration]: data that the priors are to be updated by.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "calendar.hpp"
#include "readers.hpp"
#include "toml_text.hpp"

namespace overbuild {
namespace {

using Scale = ObservedSeries::Scale;

const std::array<std::string, 3> scale_names = {"level", "relative", "linear"};

std::optional<ObservedSeries> read_observed(const Value& entry, const ModelSchema& schema) {
  if (!entry.members("a table {data = name, series = name}")) return std::nullopt;
  entry.check_members(std::array<std::string, 5>{"data", "series", "per", "scale", "discrepancy"});
  const auto data = entry.needed_member("data", "the name of a series of the data file");
  const auto series = entry.needed_member("series", "the model's series that the data observe");
  const auto name = data ? data->text() : std::nullopt;
  const auto index = series ? series->choice(names_of(schema.series)) : std::nullopt;
  ObservedSeries observed;
  if (const auto scale = entry.member("scale"))
    if (const auto choice = scale->choice(scale_names)) observed.scale = Scale(*choice);
  if (const auto per = entry.member("per")) observed.per = per->choice(names_of(schema.series));
  if (const auto discrepancy = entry.member("discrepancy"))
    observed.discrepancy = discrepancy->number(non_negative()).value_or(0);
  if (!name || !index) return std::nullopt;
  observed.data = *name;
  observed.series = *index;
  return observed;
}

std::string observed_text(const ObservedSeries& observed, const ModelSchema& schema) {
  const std::string per =
      observed.per ? fmt::format("per = {}, ", toml_string(schema.series[*observed.per].name)) : "";
  return fmt::format("{{data = {}, series = {}, {}scale = {}, discrepancy = {}}}",
                     toml_string(observed.data), toml_string(schema.series[observed.series].name),
                     per, toml_string(scale_names[static_cast<std::size_t>(observed.scale)]),
                     float_text(observed.discrepancy));
}

}  // namespace

CalibrationSettings& calibration_of(Scenario& scenario) {
  if (!scenario.calibration) scenario.calibration.emplace();
  return *scenario.calibration;
}

void read_calibration_date(const Value& value, std::string& date) {
  const auto text = value.date_text();
  if (!text) return;
  if (text->empty() || parse_date(*text))
    date = *text;
  else
    value.complain(
        fmt::format("found {}, expected a date YYYY, YYYY-MM or YYYY-MM-DD", toml_string(*text)));
}

void read_observe(const Value& list, Scenario& scenario) {
  std::vector<ObservedSeries>& all = calibration_of(scenario).observe;
  const auto entries = list.elements("an array of tables {data = name, series = name}");
  for (const Value& entry : entries.value_or(std::vector<Value>())) {
    const auto observed = read_observed(entry, scenario.model->schema);
    if (!observed) continue;
    if (std::ranges::find(all, observed->data, &ObservedSeries::data) != all.end())
      entry.complain(fmt::format("{} is observed already", toml_string(observed->data)));
    all.push_back(*observed);
  }
}

void read_leave_out(const Value& list, Scenario& scenario) {
  const auto entries = list.elements("an array of statuses such as [\"recalled\"]");
  for (const Value& entry : entries.value_or(std::vector<Value>()))
    if (const auto status = entry.text()) calibration_of(scenario).leave_out.push_back(*status);
}

std::string observe_text(const Scenario& scenario) {
  if (!scenario.calibration) return "";
  std::vector<std::string> entries;
  for (const ObservedSeries& observed : scenario.calibration->observe)
    entries.push_back(observed_text(observed, scenario.model->schema));
  return fmt::format("[{}]", fmt::join(entries, ", "));
}

std::string file_beside(const Value& value) {
  const std::string name = value.text().value_or("");
  if (name.empty()) return "";
  const Place place = value.place();
  const std::filesystem::path folder =
      place.is_override() ? "" : std::filesystem::path(place.source).parent_path();
  return std::filesystem::absolute(folder / name).lexically_normal().string();
}

}  // namespace overbuild
