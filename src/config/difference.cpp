#include "overbuild/config/difference.hpp"

#include <algorithm>
#include <sstream>
#include <string_view>
#include <vector>

#include "overbuild/config/load.hpp"

namespace overbuild {
namespace {

struct Line {
  std::string key, value;
  bool operator==(const Line&) const = default;
};

constexpr std::string_view without_effect[] = {"run.threads", "run.chunk", "outputs.file"};

/// "key = value  # comment" of the section `prefix`.
Line parsed(const std::string& line, std::size_t equals, const std::string& prefix) {
  return {prefix + line.substr(0, equals),
          line.substr(equals + 3, line.rfind("  # ") - equals - 3)};
}

/// A resolved config line by line; headings become part of the keys, comments are cut off. A pair
/// of correlated priors is one line.
std::vector<Line> lines_of(const std::string& config) {
  std::istringstream text(config);
  std::vector<Line> lines;
  std::string prefix, pair;
  for (std::string line; std::getline(text, line);) {
    if (line.starts_with('[')) {
      const std::size_t name = line.find_first_not_of('[');
      prefix = line.substr(name, line.find(']') - name) + ".";
      continue;
    }
    const std::size_t equals = line.find(" = ");
    if (equals == std::string::npos) continue;
    Line found = parsed(line, equals, prefix);
    if (found.key == "prior_correlation.between") {
      pair = found.value;
      continue;
    }
    if (found.key == "prior_correlation.rank") found.key = "prior_correlation " + pair;
    if (std::ranges::find(without_effect, found.key) == std::ranges::end(without_effect))
      lines.push_back(std::move(found));
  }
  return lines;
}

std::string value_in(const std::vector<Line>& lines, const std::string& key) {
  const auto found = std::ranges::find(lines, key, &Line::key);
  return found == lines.end() ? "nothing" : found->value;
}

/// Whether a key has a part in the paths' numbers; the others are kept or shown only.
bool changes_paths(const std::string& key) {
  return !key.starts_with("outputs.") && !key.starts_with("calibration.") && key != "title" &&
         key != "description";
}

}  // namespace

std::optional<Difference> first_difference(const Scenario& first, const Scenario& second) {
  const std::vector<Line> a = lines_of(to_toml(first)), b = lines_of(to_toml(second));
  const auto [x, y] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  if (x == a.end() && y == b.end()) return std::nullopt;
  if (x != a.end() && y != b.end() && x->key == y->key)
    return Difference{x->key, x->value, y->value};
  // A key that is not in both: the one whose partner does not come later.
  const bool only_first = x != a.end() && std::ranges::find(b, x->key, &Line::key) == b.end();
  if (only_first || y == b.end()) return Difference{x->key, x->value, "nothing"};
  return Difference{y->key, "nothing", y->value};
}

std::vector<Difference> differences(const std::string& first, const std::string& second) {
  const std::vector<Line> a = lines_of(first), b = lines_of(second);
  std::vector<Difference> found;
  for (const Line& line : a)
    if (changes_paths(line.key) && value_in(b, line.key) != line.value)
      found.push_back({line.key, line.value, value_in(b, line.key)});
  for (const Line& line : b)
    if (changes_paths(line.key) && std::ranges::find(a, line.key, &Line::key) == a.end())
      found.push_back({line.key, "nothing", line.value});
  return found;
}

}  // namespace overbuild
