#include "sweep_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "comma_separated.hpp"
#include "keys.hpp"
#include "toml_text.hpp"

namespace overbuild {
namespace {

class ScenarioFileReader {
 public:
  ScenarioFileReader(const std::filesystem::path& file, const Scenario& base, Findings& findings)
      : source_(file.string()), base_(base), findings_(findings) {}

  TableScenarios read(std::string_view text) {
    for_each_line(text, [&](int number, std::string_view line) {
      line_ = number;
      columns_.empty() ? read_header(fields_of(line)) : read_row(fields_of(line));
    });
    if (columns_.empty()) complain("", "the file is empty, expected a line of keys");
    if (!columns_.empty() && result_.places.empty()) complain("", "found no scenarios");
    return std::move(result_);
  }

 private:
  static constexpr int name_column = -1, unusable_column = -2;

  void complain(const std::string& key, std::string message) {
    findings_.add({source_, line_, key, std::move(message)});
  }

  void read_header(const std::vector<std::string>& fields) {
    header_ = fields;
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (std::ranges::count(fields, fields[i]) > 1 &&
          std::ranges::find(fields, fields[i]) < fields.begin() + static_cast<std::ptrdiff_t>(i))
        complain(fields[i], "the key has a column already");
      columns_.push_back(fields[i] == "scenario" ? name_column : column_of(fields[i]));
    }
    for (const Axis& a : result_.axes)
      for (const Axis& b : result_.axes)
        if (b.key.parameter == a.key.parameter && a.key.member.empty() && !b.key.member.empty())
          complain(b.key.key, fmt::format("{} has a column, too", a.key.key));
  }

  /// The index of the key's axis.
  int column_of(const std::string& key) {
    const std::string_view section = section_of(key);
    const std::string_view rest = leaf_of(key);
    const std::size_t dot = rest.find('.');
    std::string complaint;
    if (section == "parameters") {
      const auto found =
          swept_key(rest.substr(0, dot), dot == std::string_view::npos ? "" : rest.substr(dot + 1),
                    base_, complaint);
      if (found) {
        result_.axes.push_back({*found, found->key, {}, {}});
        return static_cast<int>(result_.axes.size()) - 1;
      }
    } else if (base_.model->schema.parameter_index(key)) {
      complaint = fmt::format("the header holds full keys; did you mean \"parameters.{}\"?", key);
    } else {
      complaint = "expected \"scenario\" or a key parameters.NAME";
    }
    complain(key, complaint);
    return unusable_column;
  }

  void read_row(const std::vector<std::string>& fields) {
    if (fields.size() != header_.size())
      return complain("",
                      fmt::format("found {} fields, expected {}", fields.size(), header_.size()));
    result_.places.push_back({source_, line_, 0});
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (columns_[i] == name_column) result_.names.push_back(fields[i]);
      if (columns_[i] < 0) continue;
      Axis& axis = result_.axes[static_cast<std::size_t>(columns_[i])];
      axis.add(number(fields[i], axis), {source_, line_, 0});
    }
  }

  double number(const std::string& field, const Axis& axis) {
    constexpr double left_out = std::numeric_limits<double>::quiet_NaN();
    if (field.empty()) return left_out;
    double value = 0;
    const char* end = field.data() + field.size();
    const auto read = std::from_chars(field.data(), end, value);
    const Bounds bounds = bounds_of(axis.key, base_);
    if (read.ec != std::errc() || read.ptr != end || !std::isfinite(value))
      complain(axis.key.key, fmt::format("found {}, expected a number", toml_string(field)));
    else if (!bounds.contain(value))
      complain(axis.key.key, fmt::format("found {}, allowed: {}", value, allowed_text(bounds)));
    return value;
  }

  std::string source_;
  const Scenario& base_;
  Findings& findings_;
  int line_ = 0;
  std::vector<std::string> header_;
  std::vector<int> columns_;  ///< index of the axis, or one of the constants above
  TableScenarios result_;
};

}  // namespace

TableScenarios read_scenario_file(const std::filesystem::path& file, const Value& asked_for,
                                  const Scenario& base, Findings& findings) {
  std::string why;
  const std::optional<std::string> text = read_file(file, why);
  if (text) return ScenarioFileReader(file, base, findings).read(*text);
  asked_for.complain(fmt::format("\"{}\" {}", file.string(), why));
  return {};
}

}  // namespace overbuild
