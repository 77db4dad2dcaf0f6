// A sweep as TOML.
#include <fmt/format.h>

#include <cmath>

#include "overbuild/config/load.hpp"
#include "overbuild/config/sweep.hpp"
#include "toml_text.hpp"

namespace overbuild {
namespace {

/// "name = [a, b, ...]", broken into lines.
std::string array_text(const std::string& name, const std::vector<std::string>& elements) {
  constexpr std::size_t width = 100;
  std::string text = name + " = [", line;
  for (std::size_t i = 0; i < elements.size(); ++i) {
    const std::string element = elements[i] + (i + 1 < elements.size() ? "," : "");
    if (line.size() + element.size() + 3 > width) {
      text += "\n " + line;
      line.clear();
    }
    line += ' ' + element;
  }
  const bool broken = text.back() != '[';
  return text + (broken ? "\n " + line + "\n" : line.empty() ? "" : line.substr(1)) + "]\n";
}

/// Which keys a scenario has values for.
std::vector<bool> given(const SweepPoint& point) {
  std::vector<bool> flags;
  for (const double value : point.values) flags.push_back(!std::isnan(value));
  return flags;
}

/// Scenarios first .. end - 1, which have values for the same keys, as a list.
std::string list_text(const Sweep& sweep, std::size_t first, std::size_t end) {
  std::vector<std::string> names;
  for (std::size_t i = first; i < end; ++i) names.push_back(toml_string(sweep.points()[i].name));
  std::string text = "\n[[sweep]]\nmethod = \"list\"\n" + array_text("scenario", names);
  for (std::size_t k = 0; k < sweep.keys().size(); ++k) {
    std::vector<std::string> values;
    for (std::size_t i = first; i < end; ++i)
      if (!std::isnan(sweep.points()[i].values[k]))
        values.push_back(float_text(sweep.points()[i].values[k]));
    if (!values.empty()) text += array_text(sweep.keys()[k].key, values);
  }
  return text;
}

}  // namespace

std::string to_toml(const Sweep& sweep) {
  std::string text = to_toml(sweep.base());
  const std::span<const SweepPoint> points = sweep.points();
  for (std::size_t first = 0; first < points.size();) {
    std::size_t end = first + 1;
    while (end < points.size() && given(points[end]) == given(points[first])) ++end;
    text += list_text(sweep, first, end);
    first = end;
  }
  return text;
}

}  // namespace overbuild
