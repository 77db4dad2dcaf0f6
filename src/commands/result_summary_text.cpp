#include "src/commands/result_summary.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "src/commands/fan_chart.hpp"
#include "src/commands/number_text.hpp"
#include "src/commands/text_table.hpp"

namespace overbuild {
namespace {

using Align = TextTable::Align;

constexpr std::size_t most_rows = 12, fewest_rows = 4;
constexpr std::size_t chart_gap = 2;
constexpr int narrowest_chart = 20, widest_chart = 60;
constexpr double marked_ratio = 1;  // e.g. revenue equals required revenue

std::string mean_title(const TextStyle& style) {
  return style.unicode ? "mean ± se" : "mean +- se";
}

std::vector<std::size_t> steps_at_multiples(std::span<const double> time, double years) {
  std::vector<std::size_t> steps;
  for (std::size_t step = 0; step < time.size(); ++step) {
    const double multiple = time[step] / years;
    if (std::abs(multiple - std::nearbyint(multiple)) < 1e-6) steps.push_back(step);
  }
  return steps;
}

/// Steps at equal distances, up to ten of them.
std::vector<std::size_t> even_steps(std::size_t count) {
  std::vector<std::size_t> steps;
  const std::size_t stride = (count + 9) / 10;
  for (std::size_t step = 0; step < count; step += stride) steps.push_back(step);
  return steps;
}

std::string paths_text(const ResultContents& contents) {
  const RunSummary& summary = contents.summary;
  const ResultScope& scope = contents.scope;
  std::string text;
  if (scope.shards > 1) text = fmt::format("shard {} of {}: ", scope.shard, scope.shards);
  if (!summary.complete) text += "INCOMPLETE: ";
  if (scope.first_path > 0 || scope.shards > 1)
    return text + fmt::format("paths {} to {} of {}", grouped(scope.first_path),
                              grouped(scope.first_path + summary.paths - 1),
                              grouped(contents.paths_asked));
  if (summary.complete) return grouped(summary.paths) + " paths";
  return text +
         fmt::format("{} of {} paths", grouped(summary.paths), grouped(contents.paths_asked));
}

std::string header(const ResultContents& contents, const TextStyle& style) {
  const char* dot = style.unicode ? " · " : " | ";
  const std::vector<double>& time = contents.summary.time;
  std::string text = contents.title.empty() ? contents.scenario : contents.title;
  text += fmt::format("{0}{1}{0}{2}{0}seed {3}", dot, contents.model, paths_text(contents),
                      contents.seed);
  if (contents.replicates > 0)
    text += fmt::format("{}{}, {} replicates", dot, contents.sampler, contents.replicates);
  if (time.size() > 1)
    text += fmt::format("{}{:.6g} years in steps of {:.4g}", dot, time.back(), time[1] - time[0]);
  std::string lines;
  for (const std::string& line : wrap(text, static_cast<std::size_t>(style.width)))
    lines += line + '\n';
  return lines;
}

/// Mean and quantiles of a series by year.
TextTable series_table(const ResultContents& contents, std::size_t series,
                       std::span<const std::size_t> steps, const TextStyle& style) {
  TextTable table({{"year", Align::right},
                   {mean_title(style), Align::right},
                   {"5%", Align::right},
                   {"25%", Align::right},
                   {"50%", Align::right},
                   {"75%", Align::right},
                   {"95%", Align::right}});
  for (const std::size_t step : steps) {
    const DistributionSummary& distribution = contents.summary.series[series][step];
    const Fan fan = fan_of(distribution);
    table.add_row({year_text(contents.summary.time[step]),
                   estimate_text(distribution.mean, style.unicode), number_text(fan.p5),
                   number_text(fan.p25), number_text(fan.p50), number_text(fan.p75),
                   number_text(fan.p95)});
  }
  return table;
}

std::vector<Fan> fans_of(const ResultContents& contents, std::size_t series,
                         std::span<const std::size_t> steps) {
  std::vector<Fan> fans;
  for (const std::size_t step : steps)
    fans.push_back(fan_of(contents.summary.series[series][step]));
  return fans;
}

/// Puts the chart at the right of a table's lines, the axis beside the titles.
void add_chart(std::vector<std::string>& lines, std::span<const Fan> fans, const FanAxis& axis,
               double mark, bool unicode) {
  std::size_t width = 0;
  for (const std::string& line : lines) width = std::max(width, display_width(line));
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string row =
        i == 0 ? fan_axis_text(axis, mark) : fan_row(fans[i - 1], axis, mark, unicode);
    lines[i] = pad_right(lines[i], width + chart_gap) + row;
    lines[i].erase(lines[i].find_last_not_of(' ') + 1);
  }
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = text.find('\n', begin);
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

/// The table with the fan chart at its right, or alone where the chart does not fit.
std::string series_text(const ResultContents& contents, std::size_t series,
                        std::span<const std::size_t> steps, const TextStyle& style) {
  const Quantity& quantity = contents.series[series];
  const bool ratio = quantity.unit == "1";
  const double mark = ratio ? marked_ratio : std::numeric_limits<double>::quiet_NaN();
  std::vector<std::string> lines = lines_of(series_table(contents, series, steps, style).text());
  const int room = style.width - static_cast<int>(display_width(lines.front()) + chart_gap);
  std::string title = fmt::format("{}{}{}: {}", quantity.name, ratio ? "" : ", ",
                                  ratio ? "" : quantity.unit, quantity.meaning);
  if (room >= narrowest_chart) {
    const std::vector<Fan> fans = fans_of(contents, series, steps);
    const FanAxis axis(fans, std::min(room, widest_chart));
    if (axis.logarithmic()) title += " (chart: logarithmic axis)";
    add_chart(lines, fans, axis, mark, style.unicode);
  }
  return fmt::format("\n{}\n{}\n", title, fmt::join(lines, "\n"));
}

std::string events_text(const ResultContents& contents, std::span<const std::size_t> steps,
                        const TextStyle& style) {
  if (contents.events.empty()) return "";
  std::vector<TextTable::Column> columns = {{"year", Align::right}};
  for (const Quantity& event : contents.events) columns.push_back({event.name, Align::right});
  TextTable table(columns);
  for (const std::size_t step : steps) {
    std::vector<std::string> cells = {year_text(contents.summary.time[step])};
    for (const auto& probability : contents.summary.events)
      cells.push_back(percent_text(probability[step], style.unicode));
    table.add_row(cells);
  }
  return fmt::format("\nProbability of each event by year, %\n{}", table.text());
}

/// An outcome that is a code: the share of each.
std::string shares_text(const Quantity& quantity, const OutcomeSummary& outcome,
                        const TextStyle& style) {
  std::vector<std::string> shares;
  for (std::size_t code = 0; code < quantity.codes.size(); ++code)
    shares.push_back(fmt::format("{} {}", quantity.codes[code],
                                 percent_text(share_of_code(outcome, code), style.unicode)));
  return fmt::format("{}, % of paths: {}\n", quantity.name, fmt::join(shares, ", "));
}

std::string outcomes_text(const ResultContents& contents, const TextStyle& style) {
  if (contents.outcomes.empty()) return "";
  TextTable table({{"outcome"},
                   {"unit"},
                   {"% of paths", Align::right},
                   {mean_title(style), Align::right},
                   {"5%", Align::right},
                   {"50%", Align::right},
                   {"95%", Align::right}});
  std::string shares;
  for (std::size_t i = 0; i < contents.outcomes.size(); ++i) {
    const OutcomeSummary& outcome = contents.summary.outcomes[i];
    if (!contents.outcomes[i].codes.empty()) {
      shares += shares_text(contents.outcomes[i], outcome, style);
      continue;
    }
    const Fan fan = fan_of(outcome.distribution);
    table.add_row({contents.outcomes[i].name, contents.outcomes[i].unit,
                   percent_text(outcome.defined, style.unicode),
                   estimate_text(outcome.distribution.mean, style.unicode), number_text(fan.p5),
                   number_text(fan.p50), number_text(fan.p95)});
  }
  return fmt::format("\nOutcomes of the paths on which they are defined\n{}{}", table.text(),
                     shares);
}

}  // namespace

std::vector<std::size_t> shown_steps(std::span<const double> time) {
  std::vector<std::size_t> best;
  for (const double years : {0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0,
                             100.0, 200.0, 500.0, 1000.0, 2000.0, 5000.0}) {
    std::vector<std::size_t> steps = steps_at_multiples(time, years);
    if (steps.size() <= most_rows && steps.size() > best.size()) best = std::move(steps);
  }
  if (best.size() < fewest_rows) best = even_steps(time.size());  // odd or very long steps
  if (!time.empty() && (best.empty() || best.back() + 1 != time.size()))
    best.push_back(time.size() - 1);
  return best;
}

std::size_t headline_series(const std::vector<Quantity>& series) {
  const auto ratio = std::ranges::find(series, "1", &Quantity::unit);
  return ratio == series.end() ? 0 : static_cast<std::size_t>(ratio - series.begin());
}

std::string summary_text(const ResultContents& contents, std::span<const std::size_t> series,
                         const TextStyle& style) {
  const std::vector<std::size_t> steps = shown_steps(contents.summary.time);
  std::string text = header(contents, style);
  for (const std::size_t s : series) text += series_text(contents, s, steps, style);
  text += events_text(contents, steps, style) + outcomes_text(contents, style);
  return text + fmt::format(
                    "\nse: Monte Carlo standard error; `overbuild describe {}` explains "
                    "the names\n",
                    contents.model);
}

}  // namespace overbuild
