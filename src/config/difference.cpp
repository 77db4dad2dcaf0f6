#include "overbuild/config/difference.hpp"

#include <algorithm>
#include <sstream>
#include <vector>

#include "overbuild/config/load.hpp"

namespace overbuild {
namespace {

struct Line {
  std::string key, value;
  bool operator==(const Line&) const = default;
};

/// The resolved config line by line; headings become part of the keys, comments are cut off.
std::vector<Line> lines_of(Scenario& scenario) {
  scenario.run.threads = 0;
  scenario.run.chunk = 0;
  scenario.outputs.file.clear();
  for (ParameterSetting& parameter : scenario.parameters) parameter.origin.clear();
  std::istringstream text(to_toml(scenario));
  std::vector<Line> lines;
  std::string section;
  for (std::string line; std::getline(text, line);) {
    if (line.starts_with('[')) section = line.substr(0, line.find_last_of(']') + 1);
    const std::size_t equals = line.find(" = ");
    if (line.starts_with('[') || equals == std::string::npos) continue;
    const std::size_t name = section.find_first_not_of('[');
    const std::string prefix =
        section.empty() ? "" : section.substr(name, section.find(']') - name) + ".";
    lines.push_back({prefix + line.substr(0, equals),
                     line.substr(equals + 3, line.rfind("  # ") - equals - 3)});
  }
  return lines;
}

}  // namespace

std::optional<Difference> first_difference(Scenario first, Scenario second) {
  const std::vector<Line> a = lines_of(first), b = lines_of(second);
  const auto [x, y] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  if (x == a.end() && y == b.end()) return std::nullopt;
  if (x != a.end() && y != b.end() && x->key == y->key)
    return Difference{x->key, x->value, y->value};
  // A key that is not in both: the one whose partner does not come later.
  const bool only_first = x != a.end() && std::ranges::find(b, x->key, &Line::key) == b.end();
  if (only_first || y == b.end()) return Difference{x->key, x->value, "nothing"};
  return Difference{y->key, "nothing", y->value};
}

}  // namespace overbuild
