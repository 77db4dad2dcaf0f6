#include "src/commands/batch_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "src/commands/number_text.hpp"
#include "src/commands/text_table.hpp"

namespace overbuild {
namespace {

constexpr std::size_t most_rows = 30;

/// A column made when it is known to fit.
struct Column {
  std::string title;
  std::vector<std::string> cells;
  bool is_text = false;
};

/// The columns as a table; those at the end that would make it wider than the style allows are left
/// out, but the first two stay. Says how many were left out.
std::string fitted(std::vector<Column> columns, const TextStyle& style, std::size_t& left_out) {
  for (left_out = 0;; ++left_out) {
    std::vector<TextTable::Column> titles;
    for (const Column& column : columns)
      titles.push_back(
          {column.title, column.is_text ? TextTable::Align::left : TextTable::Align::right});
    TextTable table(titles);
    for (std::size_t row = 0; row < columns.front().cells.size(); ++row) {
      std::vector<std::string> cells;
      for (const Column& column : columns) cells.push_back(column.cells[row]);
      table.add_row(cells);
    }
    std::string text = table.text();
    const std::size_t width = display_width(text.substr(0, text.find('\n')));
    if (columns.size() <= 2 || width <= static_cast<std::size_t>(style.width)) return text;
    columns.pop_back();
  }
}

std::size_t shown_rows(std::size_t scenarios) { return std::min(scenarios, most_rows); }

std::string coordinate_text(double value) {
  return std::isnan(value) ? "-" : fmt::format("{:.4g}", value);
}

/// "... 170 more scenarios and 2 more columns", or "" when all are shown.
std::string rest_text(std::size_t scenarios, std::size_t columns) {
  std::string text;
  const std::size_t rows = scenarios - shown_rows(scenarios);
  if (rows > 0) text = fmt::format("{} more scenario{}", grouped(rows), rows == 1 ? "" : "s");
  if (columns > 0)
    text += fmt::format("{}{} more column{}", text.empty() ? "" : " and ", columns,
                        columns == 1 ? "" : "s");
  return text;
}

Column names_column(std::size_t scenarios, const std::function<std::string(std::size_t)>& name) {
  Column column{"scenario", {}, true};
  for (std::size_t i = 0; i < shown_rows(scenarios); ++i) column.cells.push_back(name(i));
  return column;
}

template <class Values, class Text>
Column numbers_column(const std::string& title, const Values& values, std::size_t scenarios,
                      const Text& text) {
  Column column{title, {}};
  for (std::size_t i = 0; i < shown_rows(scenarios); ++i) column.cells.push_back(text(values(i)));
  return column;
}

std::string header(const BatchContents& contents, const TextStyle& style) {
  const char* dot = style.unicode ? " · " : " | ";
  std::string text = contents.title.empty() ? contents.batch : contents.title;
  text += fmt::format("{0}{1}{0}{2} scenarios of {3} paths{0}seed {4}{0}{5:.6g} years", dot,
                      contents.model, grouped(contents.scenarios.size()), grouped(contents.paths),
                      contents.seed, contents.time.back());
  std::string lines;
  for (const std::string& line : wrap(text, static_cast<std::size_t>(style.width)))
    lines += line + '\n';
  return lines;
}

}  // namespace

std::string scenario_title(const std::string& title, const std::string& scenario) {
  return fmt::format("{}{}scenario {}", title, title.empty() ? "" : ", ", scenario);
}

std::string scenarios_text(const Sweep& sweep, const TextStyle& style) {
  const std::size_t scenarios = sweep.points().size();
  std::vector<Column> columns = {
      names_column(scenarios, [&](std::size_t i) { return sweep.points()[i].name; })};
  for (std::size_t k = 0; k < sweep.keys().size(); ++k)
    columns.push_back(numbers_column(
        sweep.keys()[k].name, [&](std::size_t i) { return sweep.coordinate(i, k); }, scenarios,
        coordinate_text));
  std::size_t left_out = 0;
  std::string text = fmt::format("{} scenario{}; -: drawn from the prior\n", grouped(scenarios),
                                 scenarios == 1 ? "" : "s");
  text += fitted(std::move(columns), style, left_out);
  const std::string rest = rest_text(scenarios, left_out);
  return rest.empty() ? text : text + fmt::format(" ... {}\n", rest);
}

std::string batch_text(const BatchReader& batch, std::span<const std::size_t> series,
                       const TextStyle& style) {
  const BatchContents& contents = batch.contents();
  const std::size_t scenarios = contents.scenarios.size();
  std::vector<Column> columns = {
      names_column(scenarios, [&](std::size_t i) { return contents.scenarios[i]; })};
  for (const SweptCoordinate& swept : contents.swept)
    columns.push_back(numbers_column(
        swept.name, [&](std::size_t i) { return swept.values[i]; }, scenarios, coordinate_text));
  for (const std::size_t s : series) {
    const std::vector<Estimate> median = batch.final_median(s);
    columns.push_back(numbers_column(
        contents.series[s].name + " 50%", [&](std::size_t i) { return median[i]; }, scenarios,
        [&](const Estimate& e) { return estimate_text(e, style.unicode); }));
  }
  for (std::size_t e = 0; e < contents.events.size(); ++e) {
    const std::vector<Estimate> probability = batch.final_event(e);
    columns.push_back(numbers_column(
        contents.events[e].name + " %", [&](std::size_t i) { return probability[i]; }, scenarios,
        [&](const Estimate& p) { return percent_text(p, style.unicode); }));
  }
  std::size_t left_out = 0;
  std::string text = header(contents, style) +
                     fmt::format("\nAt year {:.6g}: medians, and probabilities of events in %\n",
                                 contents.time.back()) +
                     fitted(std::move(columns), style, left_out);
  const std::string rest = rest_text(scenarios, left_out);
  if (!rest.empty()) text += fmt::format(" ... and {} in the file\n", rest);
  return text + fmt::format(
                    "\n{} Monte Carlo standard error; `overbuild show FILE --scenario NAME` "
                    "shows one scenario\n",
                    style.unicode ? "±" : "+-");
}

}  // namespace overbuild
