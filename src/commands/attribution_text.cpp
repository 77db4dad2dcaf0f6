#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "src/commands/attribution_report.hpp"
#include "src/commands/number_text.hpp"
#include "src/commands/text_table.hpp"

namespace overbuild {
namespace {

using Align = TextTable::Align;

/// By the size of what they add.
std::vector<std::size_t> by_effect(const std::vector<Contribution>& parts) {
  std::vector<std::size_t> order(parts.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::greater(),
                           [&](std::size_t i) { return std::abs(parts[i].effect.value); });
  return order;
}

std::string share_text(double part, double total) {
  return total == 0 ? "-" : fmt::format("{:.1f}%", 100 * part / total);
}

std::string totals(const AttributionContents& contents, const TextStyle& style) {
  const Attribution& found = contents.attribution;
  TextTable table({{contents.statistic}, {""}});
  table.add_row({contents.scenario, estimate_text(found.first, style.unicode)});
  table.add_row({contents.second_scenario, estimate_text(found.second, style.unicode)});
  table.add_row({"difference", estimate_text(found.total, style.unicode)});
  return table.text();
}

std::string effects(const AttributionContents& contents, const TextStyle& style) {
  const Attribution& found = contents.attribution;
  TextTable table({{"change"},
                   {"adds", Align::right},
                   {"of difference", Align::right},
                   {"alone", Align::right},
                   {"last", Align::right}});
  for (const std::size_t i : by_effect(found.parts)) {
    const Contribution& part = found.parts[i];
    table.add_row({contents.changes[i].name, estimate_text(part.effect, style.unicode),
                   share_text(part.effect.value, found.total.value),
                   estimate_text(part.alone, style.unicode),
                   estimate_text(part.last, style.unicode)});
  }
  return table.text();
}

std::string keys_table(const std::vector<Difference>& keys, const AttributionContents& contents,
                       const TextStyle& style) {
  TextTable table({{"key"}, {contents.scenario}, {contents.second_scenario}});
  for (const Difference& key : keys) table.add_row({key.key, key.first, key.second});
  return table.text(static_cast<std::size_t>(style.width));
}

std::string method_text(const AttributionContents& contents) {
  const std::size_t scenarios = contents.attribution.plan.coalitions.size();
  if (contents.orders == 0) return fmt::format("exact, from {} scenarios", scenarios);
  const auto largest =
      std::ranges::max_element(contents.attribution.parts, {}, &Contribution::order_error);
  return fmt::format(
      "from {} random orders of the changes, {} scenarios; their choice makes a "
      "standard error of {} at most",
      contents.orders, scenarios, number_text(largest->order_error, 2));
}

}  // namespace

std::string attribution_text(const AttributionContents& contents, const TextStyle& style) {
  std::vector<Difference> keys;
  for (const ScenarioChange& change : contents.changes)
    keys.insert(keys.end(), change.keys.begin(), change.keys.end());
  std::string text = fmt::format(
      "{} {} {}\nmodel {}, seed {}, {} paths, the same for all scenarios\n\n{}\n{}\n{}\n\nwhat "
      "changes\n{}",
      contents.title, style.unicode ? "→" : "->", contents.second_title, contents.model,
      contents.seed, grouped(contents.paths), totals(contents, style), effects(contents, style),
      fmt::format("{}", fmt::join(wrap(method_text(contents), std::size_t(style.width)), "\n")),
      keys_table(keys, contents, style));
  if (!contents.left.empty())
    text += fmt::format("\nleft as in {}, although it differs\n{}", contents.scenario,
                        keys_table(contents.left, contents, style));
  return text;
}

std::string attribution_line(const AttributionContents& contents, const TextStyle& style) {
  constexpr std::size_t most = 3;
  const Attribution& found = contents.attribution;
  std::vector<std::string> largest;
  for (const std::size_t i : by_effect(found.parts))
    if (largest.size() < most)
      largest.push_back(fmt::format("{} {}", contents.changes[i].name,
                                    estimate_text(found.parts[i].effect, style.unicode)));
  return fmt::format("{}: difference {}, of which {}{}", contents.scenario,
                     estimate_text(found.total, style.unicode), fmt::join(largest, ", "),
                     found.parts.size() > most ? ", ..." : "");
}

}  // namespace overbuild
