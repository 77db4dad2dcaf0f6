#include "overbuild/config/observed_data.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>

#include "calendar.hpp"
#include "comma_separated.hpp"
#include "document.hpp"
#include "overbuild/base/nearest_name.hpp"
#include "toml_text.hpp"
#include "value.hpp"

namespace overbuild {
namespace {

using Scale = ObservedSeries::Scale;

const std::vector<std::string> known_columns = {"series",      "date",   "value",  "unit",
                                                "uncertainty", "status", "source", "note"};

class DataFileReader {
 public:
  DataFileReader(const Scenario& scenario, Findings& findings)
      : settings_(*scenario.calibration),
        horizon_(scenario.run.horizon),
        findings_(findings),
        start_(parse_date(settings_.start).value_or(DateSpan{})) {
    if (!settings_.until.empty()) last_day_ = parse_date(settings_.until)->end;
  }

  ObservedData read(std::string_view text) {
    for_each_line(text, [&](int number, std::string_view line) {
      line_ = number;
      header_.empty() ? read_header(fields_of(line)) : read_row(fields_of(line));
    });
    if (header_.empty()) complain("", "the file is empty, expected a line of column names");
    std::ranges::stable_sort(data_.observations, {}, &Observation::time);
    if (findings_.empty()) check_each_series();
    return std::move(data_);
  }

 private:
  void complain(const std::string& column, std::string message) {
    findings_.add({settings_.data, line_, column, std::move(message)});
  }

  void read_header(const std::vector<std::string>& fields) {
    header_ = fields;
    for (const std::string& name : fields) {
      if (std::ranges::find(known_columns, name) == known_columns.end())
        complain(name, unknown_text("column", name, known_columns));
      if (std::ranges::count(fields, name) > 1) complain(name, "the column is there twice");
    }
    for (const char* name : {"series", "date", "value", "uncertainty"})
      if (std::ranges::find(fields, name) == fields.end()) complain(name, "the column is missing");
    usable_ = findings_.empty();
  }

  void read_row(const std::vector<std::string>& fields) {
    if (!usable_) return;
    if (fields.size() != header_.size())
      return complain("",
                      fmt::format("found {} fields, expected {}", fields.size(), header_.size()));
    for (std::size_t i = 0; i < fields.size(); ++i) row_[header_[i]] = fields[i];
    names_.push_back(row_["series"]);
    const auto found = std::ranges::find(settings_.observe, row_["series"], &ObservedSeries::data);
    if (found != settings_.observe.end())
      read_observation(static_cast<std::size_t>(found - settings_.observe.begin()));
  }

  void read_observation(std::size_t observed) {
    const auto date = parse_date(row_["date"]);
    if (!date)
      return complain("date", fmt::format("found {}, expected a date YYYY, YYYY-MM or YYYY-MM-DD",
                                          toml_string(row_["date"])));
    const ObservedSeries& series = settings_.observe[observed];
    const bool linear = series.scale == Scale::linear;
    const auto value = number("value", linear ? any_number() : positive());
    const auto uncertainty = number("uncertainty", non_negative());
    if (!value || !uncertainty) return;
    const double day = date->end - date->begin > 1 ? date->middle() : date->begin;
    const double time = (day - start_.begin) / days_per_year;
    if (time < 0) return void(++data_.before);
    if (date->end > last_day_) return void(++data_.after);
    if (std::ranges::find(settings_.leave_out, row_["status"]) != settings_.leave_out.end())
      return void(++data_.of_status);
    if (time > horizon_)
      return complain("date", fmt::format("{} is {:.2f} years from the start {}, beyond "
                                          "run.horizon, which is {}",
                                          row_["date"], time, settings_.start, horizon_));
    const double deviation = std::hypot(*uncertainty, series.discrepancy);
    if (!(deviation > 0))
      return complain("uncertainty",
                      "is 0; the row, or `discrepancy` of its series in the "
                      "config, needs a positive one");
    data_.observations.push_back({observed, time, *value, deviation, row_["date"], row_["unit"],
                                  row_["status"], row_["source"], line_});
  }

  std::optional<double> number(const char* column, const Bounds& bounds) {
    const std::string& text = row_[column];
    double value = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || read.ec != std::errc() || read.ptr != text.data() + text.size() ||
        !std::isfinite(value)) {
      complain(column, fmt::format("found {}, expected a number", toml_string(text)));
      return std::nullopt;
    }
    if (bounds.contain(value)) return value;
    complain(column, fmt::format("found {}, allowed: {}", value, allowed_text(bounds)));
    return std::nullopt;
  }

  void check_each_series() {
    line_ = 0;
    std::ranges::sort(names_);
    names_.erase(std::unique(names_.begin(), names_.end()), names_.end());
    for (std::size_t i = 0; i < settings_.observe.size(); ++i) {
      const ObservedSeries& series = settings_.observe[i];
      const auto rows = std::ranges::count(data_.observations, i, &Observation::observed);
      const int needed = series.scale == Scale::relative ? 2 : 1;
      if (std::ranges::find(names_, series.data) == names_.end())
        complain("series", unknown_text("series", series.data, names_));
      else if (rows < needed)
        complain("series", fmt::format("{} has {} rows from {} {}, needed: {}{}",
                                       toml_string(series.data), rows, settings_.start,
                                       settings_.until.empty() ? "on" : "to " + settings_.until,
                                       needed, needed > 1 ? ", since only ratios count" : ""));
    }
  }

  const CalibrationSettings& settings_;
  const double horizon_;
  Findings& findings_;
  DateSpan start_;
  double last_day_ = unbounded;
  int line_ = 0;
  bool usable_ = false;
  std::vector<std::string> header_, names_;
  std::map<std::string, std::string> row_;
  ObservedData data_;
};

}  // namespace

ObservedData read_observed_data(const Scenario& scenario) {
  Findings findings;
  const auto missing = [&](const char* key, const char* meaning) {
    findings.add({scenario.name, 0, key, fmt::format("the key is missing: {}", meaning)});
  };
  const CalibrationSettings settings = scenario.calibration.value_or(CalibrationSettings{});
  if (settings.start.empty()) missing("calibration.start", "the date of the run's start");
  if (settings.observe.empty())
    missing("calibration.observe", "which series of the data the model's series stand for");
  if (settings.data.empty()) missing("calibration.data", "the file with the data, or --data FILE");
  findings.throw_if_any();
  std::string why;
  const auto text = read_file(settings.data, why);
  if (!text) findings.add({settings.data, 0, "", why});
  findings.throw_if_any();
  ObservedData data = DataFileReader(scenario, findings).read(*text);
  findings.throw_if_any();
  return data;
}

}  // namespace overbuild
