#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "src/commands/number_text.hpp"
#include "src/commands/solve_report.hpp"
#include "src/commands/text_table.hpp"

namespace overbuild {
namespace {

using Align = TextTable::Align;

std::string question_text(const SolveContents& contents) {
  return fmt::format("{} = {}", contents.statistic, contents.target);
}

/// A value that was given or is one of a grid.
std::string value_text(double x) { return fmt::format("{:.4g}", x); }

/// A number of a root, to two digits of half of its interval; whole numbers as they are.
std::string number_of(const SolveContents& contents, const Root& root, double x) {
  if (contents.parameter.whole) return fmt::format("{}", x);
  const double half = (root.upper - root.lower) / 2;
  if (!(half > 0)) return number_text(x, 6);
  const int decimals = 1 - static_cast<int>(std::floor(std::log10(half)));
  return fmt::format("{:.{}f}", x, std::clamp(decimals, 0, 12));
}

std::string root_number(const SolveContents& contents, const Root& root) {
  return number_of(contents, root, root.x);
}

std::string interval_text(const SolveContents& contents, const Root& root) {
  return fmt::format("{}{} to {}{}", number_of(contents, root, root.lower),
                     root.lower_open ? " or less" : "", number_of(contents, root, root.upper),
                     root.upper_open ? " or more" : "");
}

std::string share_text(double share) {
  return std::isnan(share) ? "-" : fmt::format("{:.1f}%", 100 * share);
}

std::string roots_table(const SolveContents& contents, const TextStyle& style) {
  const RootSearch& search = contents.searches.front();
  const std::vector<double>& shares = contents.prior_shares.front();
  const bool has_prior =
      std::ranges::any_of(shares, [](double share) { return !std::isnan(share); });
  std::vector<TextTable::Column> columns = {
      {contents.parameter.name, Align::right}, {"95% interval"}, {contents.statistic + " there"}};
  if (has_prior) columns.push_back({"of the prior below", Align::right});
  TextTable table(columns);
  for (std::size_t r = 0; r < search.roots.size(); ++r) {
    const Root& root = search.roots[r];
    std::vector<std::string> row = {root_number(contents, root), interval_text(contents, root),
                                    estimate_text(root.statistic, style.unicode)};
    if (has_prior) row.push_back(share_text(shares[r]));
    table.add_row(row);
  }
  return table.text();
}

std::string off_text(const TargetDistance& at) {
  const double off = standardised(at);
  if (std::isnan(off)) return "no value";
  return std::isinf(off) ? (off > 0 ? "above" : "below") : fmt::format("{:+.1f}", off);
}

std::string scan_table(const SolveContents& contents, const TextStyle& style) {
  TextTable table({{contents.parameter.name, Align::right},
                   {contents.statistic, Align::right},
                   {"off target by (se)", Align::right}});
  for (const RootEvaluation& here : contents.searches.front().scan)
    table.add_row(
        {value_text(here.x), estimate_text(here.at.statistic, style.unicode), off_text(here.at)});
  return table.text();
}

std::string frontier_table(const SolveContents& contents) {
  TextTable table({{contents.against.name, Align::right},
                   {contents.parameter.name, Align::right},
                   {"95% interval"},
                   {"remarks"}});
  for (std::size_t s = 0; s < contents.searches.size(); ++s) {
    const RootSearch& search = contents.searches[s];
    const std::string value = value_text(contents.values[s]);
    const std::vector<std::string> said = remarks(search);
    if (search.roots.empty())
      table.add_row({value, "none", "", fmt::format("{}", fmt::join(said, "; "))});
    for (std::size_t r = 0; r < search.roots.size(); ++r)
      table.add_row({r == 0 ? value : "", root_number(contents, search.roots[r]),
                     interval_text(contents, search.roots[r]),
                     r == 0 ? fmt::format("{}", fmt::join(said, "; ")) : ""});
  }
  return table.text();
}

std::string setting_text(const SolvedParameter& parameter) {
  return fmt::format("{}: {}{} in the config", parameter.name, parameter.setting,
                     parameter.unit == "1" ? "" : fmt::format(" {}", parameter.unit));
}

std::string nearest_text(const SolveContents& contents) {
  const auto nearest = nearest_of(contents.searches.front().scan);
  if (!nearest) return "it has no value anywhere";
  const double off = nearest->at.statistic.value - contents.target;
  return fmt::format("it comes nearest at {}, where it is {}{}", value_text(nearest->x),
                     estimate_text(nearest->at.statistic, false),
                     std::isfinite(off)
                         ? fmt::format(", {} {} the target", number_text(std::abs(off), 3),
                                       off > 0 ? "above" : "below")
                         : "");
}

std::string paragraph(const std::string& text, const TextStyle& style) {
  return fmt::format("\n{}\n", fmt::join(wrap(text, static_cast<std::size_t>(style.width)), "\n"));
}

/// Whether a root's interval rests on a handful of paths: the test of a probability is a normal
/// approximation (docs/reverse_stress.md). n p (1 - p) is (p (1 - p) / se)^2.
bool has_rough_test(const SolveContents& contents) {
  constexpr double least = 10;
  if (!contents.statistic.starts_with("P(")) return false;
  return std::ranges::any_of(contents.searches.front().roots, [](const Root& root) {
    const double p = root.statistic.value, q = p * (1 - p);
    return !(q * q >= least * std::pow(root.statistic.standard_error, 2));
  });
}

}  // namespace

std::string no_root_text(const SolveContents& contents) {
  if (contents.has_roots()) return "";
  const std::string where =
      fmt::format("{} was not met or crossed by the {} values of {} from {} to {}",
                  question_text(contents), contents.grid.size(), contents.parameter.name,
                  value_text(contents.grid.front()), value_text(contents.grid.back()));
  if (contents.is_frontier())
    return fmt::format("{}, for none of the {} values of {}", where, contents.values.size(),
                       contents.against.name);
  return fmt::format("{}; {}", where, nearest_text(contents));
}

std::string solve_text(const SolveContents& contents, const TextStyle& style) {
  std::string text =
      fmt::format("{}\n{} by {}\nmodel {}, seed {}, {} paths for each value\n{}\n", contents.title,
                  question_text(contents), contents.parameter.name, contents.model, contents.seed,
                  grouped(contents.paths), setting_text(contents.parameter));
  if (contents.is_frontier()) text += setting_text(contents.against) + "\n";
  if (contents.shards > 1)
    text += fmt::format("shard {} of {}: {} of {} values\n", contents.shard, contents.shards,
                        contents.values.size(), contents.all_values.size());
  const std::string none = no_root_text(contents);
  if (!none.empty()) text += paragraph(fmt::format("NO ROOT: {}", none), style);
  if (contents.is_frontier()) return fmt::format("{}\n{}", text, frontier_table(contents));
  if (none.empty()) text += fmt::format("\n{}", roots_table(contents, style));
  if (has_rough_test(contents))
    text += paragraph(
        "NOT TO BE TRUSTED: so few paths are on one side of the event that the interval's "
        "test is rough (n p (1 - p) below 10); give more paths",
        style);
  for (const std::string& remark : remarks(contents.searches.front()))
    text += paragraph(fmt::format("NOTE: {}", remark), style);
  return fmt::format("{}\nscan\n{}", text, scan_table(contents, style));
}

std::string solve_line(const SolveContents& contents) {
  std::vector<std::string> roots;
  std::size_t found = 0;
  for (const RootSearch& search : contents.searches) {
    if (!search.roots.empty()) ++found;
    for (const Root& root : search.roots)
      roots.push_back(
          fmt::format("{} ({})", root_number(contents, root), interval_text(contents, root)));
  }
  if (contents.is_frontier())
    return fmt::format("{}: roots for {} of {} values", contents.scenario, found,
                       contents.searches.size());
  return fmt::format("{}: {}", contents.scenario,
                     roots.empty() ? "no root" : fmt::format("{}", fmt::join(roots, ", ")));
}

}  // namespace overbuild
