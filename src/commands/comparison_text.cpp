#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "src/commands/comparison_report.hpp"
#include "src/commands/number_text.hpp"
#include "src/commands/result_summary.hpp"
#include "src/commands/text_table.hpp"

namespace overbuild {
namespace {

using Align = TextTable::Align;

std::string paragraph(const std::string& text, const TextStyle& style) {
  std::string lines;
  for (const std::string& line : wrap(text, static_cast<std::size_t>(style.width)))
    lines += line + '\n';
  return lines;
}

std::string difference_title(const TextStyle& style) {
  return style.unicode ? "difference ± se  " : "difference +- se  ";
}

/// The difference, with two columns for marks: "~" not paired, "*" clear.
std::string difference_text(const ComparedEstimate& compared, double scale,
                            const TextStyle& style) {
  const DifferenceEstimate& difference = compared.difference;
  const Estimate scaled = {scale * difference.estimate.value,
                           scale * difference.estimate.standard_error};
  if (std::isnan(scaled.value)) return "-  ";
  const bool unknown = difference.pairing == Pairing::unknown;
  return fmt::format("{}{}{}", estimate_text(scaled, style.unicode), unknown ? '~' : ' ',
                     is_clear(difference) ? '*' : ' ');
}

std::string paths_text(const ResultContents& contents) {
  const std::uint64_t first = contents.scope.first_path, paths = contents.summary.paths;
  if (contents.scope.shards > 1 || first > 0)
    return fmt::format("{} to {}", grouped(first), grouped(first + paths - 1));
  if (contents.summary.complete) return grouped(paths);
  return fmt::format("{} of {}", grouped(paths), grouped(contents.paths_asked));
}

std::string results_table(const std::vector<ComparisonReport>& reports, const TextStyle& style) {
  TextTable table({{""},
                   {"result"},
                   {"paths", Align::right},
                   {"seed", Align::right},
                   {"years", Align::right},
                   {"step", Align::right},
                   {"title"}});
  const auto add = [&](const std::string& role, const ComparedResult& result) {
    const std::vector<double>& time = result.contents.summary.time;
    table.add_row(
        {role, result.name, paths_text(result.contents), fmt::format("{}", result.contents.seed),
         time.empty() ? "-" : fmt::format("{:.6g}", time.back()),
         time.size() > 1 ? year_text(time[1] - time[0]) : "-",
         result.contents.title.empty() ? result.contents.scenario : result.contents.title});
  };
  add("base", *reports.front().base);
  for (const ComparisonReport& report : reports) add("", *report.other);
  return table.text(static_cast<std::size_t>(style.width));
}

std::string differences_table(const ComparisonReport& report, const TextStyle& style) {
  if (report.differences.empty()) return "\nThe configs are the same.\n";
  TextTable table({{"key"}, {"base"}, {report.other->name}});
  for (const Difference& difference : report.differences)
    table.add_row({difference.key, difference.first, difference.second});
  return fmt::format("\nWhat differs\n{}", table.text(static_cast<std::size_t>(style.width)));
}

/// What a reader has to know of two results to read their differences.
std::vector<std::string> notes(const ComparisonReport& report) {
  const Comparison& comparison = report.comparison;
  const ResultContents& base = report.base->contents;
  const ResultContents& other = report.other->contents;
  std::vector<std::string> notes;
  if (!comparison.same_seed)
    notes.push_back("The seeds differ: the results are independent, and nothing is paired.");
  else if (comparison.paths.dependent)
    notes.push_back(
        "The seed is the same, and the paths of a result depend on one another (run.sampler): "
        "nothing is paired, and the standard errors, marked ~, are the largest possible ones. "
        "With different seeds they are those of independent results.");
  else if (comparison.paths.common == 0)
    notes.push_back("No path is in both results: they are independent, and nothing is paired.");
  else
    notes.push_back(fmt::format(
        "Random numbers are common to {} paths; both keep the outcomes of {} and series of {}.",
        grouped(comparison.paths.common), grouped(comparison.kept_outcomes),
        grouped(comparison.kept_series)));
  for (const auto& [name, contents] :
       {std::pair{report.base->name, &base}, std::pair{report.other->name, &other}})
    if (!contents->summary.complete)
      notes.push_back(fmt::format("{} is incomplete: it holds {} of {} paths.", name,
                                  grouped(contents->summary.paths),
                                  grouped(contents->paths_asked)));
  if (!comparison.same_times)
    notes.push_back(
        fmt::format("Horizon or step differ: series and events are compared at the {} times that "
                    "both have; outcomes are those of each result's own steps and horizon.",
                    comparison.time.size()));
  if (!comparison.left_out.empty())
    notes.push_back(fmt::format("In one of the results only, and not compared: {}.",
                                fmt::join(comparison.left_out, ", ")));
  return notes;
}

/// How many times smaller pairing makes the standard errors of these differences, or "".
std::string gain_text(const std::vector<ComparedEstimate>& estimates,
                      const std::vector<std::size_t>& rows) {
  double least = 0, most = 0;
  for (const std::size_t row : rows) {
    const DifferenceEstimate& difference = estimates[row].difference;
    const double error = difference.estimate.standard_error;
    if (difference.pairing != Pairing::paired || !(error > 0)) continue;
    const double gain = difference.unpaired_error / error;
    least = most == 0 ? gain : std::fmin(least, gain);
    most = std::fmax(most, gain);
  }
  if (most == 0) return "";
  const std::string low = fmt::format("{:.2g}", least), high = fmt::format("{:.2g}", most);
  return fmt::format("Unpaired, the standard errors of the means would be {} times as large\n",
                     low == high ? low : fmt::format("{} to {}", low, high));
}

std::string series_text(const ComparedSeries& series, const Comparison& comparison,
                        const std::vector<std::size_t>& rows, const TextStyle& style) {
  TextTable table({{"year", Align::right},
                   {"mean: base", Align::right},
                   {"result", Align::right},
                   {difference_title(style), Align::right},
                   {"median: base", Align::right},
                   {"result", Align::right},
                   {difference_title(style), Align::right}});
  for (const std::size_t row : rows) {
    const ComparedEstimate &mean = series.mean[row], &median = series.median[row];
    table.add_row({year_text(comparison.time[row]), number_text(mean.base.value, 4),
                   number_text(mean.other.value, 4), difference_text(mean, 1, style),
                   number_text(median.base.value), number_text(median.other.value),
                   difference_text(median, 1, style)});
  }
  const bool ratio = series.quantity.unit == "1";
  return fmt::format("\n{}{}{}: {}\n{}{}", series.quantity.name, ratio ? "" : ", ",
                     ratio ? "" : series.quantity.unit, series.quantity.meaning, table.text(),
                     gain_text(series.mean, rows));
}

std::string events_text(const Comparison& comparison, const std::vector<std::size_t>& rows,
                        const TextStyle& style) {
  if (comparison.events.empty()) return "";
  std::vector<TextTable::Column> columns = {{"year", Align::right}};
  for (const ComparedEvent& event : comparison.events)
    columns.push_back({event.quantity.name + "  ", Align::right});
  TextTable table(columns);
  for (const std::size_t row : rows) {
    std::vector<std::string> cells = {year_text(comparison.time[row])};
    for (const ComparedEvent& event : comparison.events)
      cells.push_back(difference_text(event.probability[row], 100, style));
    table.add_row(cells);
  }
  return fmt::format("\nProbability of each event by year: differences in percentage points\n{}",
                     table.text());
}

/// An outcome that is a code: the differences of the shares of each.
std::string shares_text(const ComparedOutcome& outcome, const TextStyle& style) {
  std::vector<std::string> shares;
  for (std::size_t code = 0; code < outcome.shares.size(); ++code)
    shares.push_back(fmt::format("{} {}", outcome.quantity.codes[code],
                                 difference_text(outcome.shares[code], 100, style)));
  return fmt::format("{}, percentage points of the paths: {}\n", outcome.quantity.name,
                     fmt::join(shares, ", "));
}

std::string outcomes_text(const Comparison& comparison, const TextStyle& style) {
  if (comparison.outcomes.empty()) return "";
  const std::string sign = style.unicode ? " ± se  " : " +- se  ";
  TextTable table({{"outcome"},
                   {"unit"},
                   {"% of paths" + sign, Align::right},
                   {"mean" + sign, Align::right},
                   {"median" + sign, Align::right}});
  std::string shares;
  for (const ComparedOutcome& outcome : comparison.outcomes) {
    if (!outcome.shares.empty()) {
      shares += shares_text(outcome, style);
      continue;
    }
    table.add_row(
        {outcome.quantity.name, outcome.quantity.unit, difference_text(outcome.defined, 100, style),
         difference_text(outcome.mean, 1, style), difference_text(outcome.median, 1, style)});
  }
  return fmt::format(
      "\nOutcomes: differences of the share of paths on which they are defined, in percentage\n"
      "points, and of mean and median over those paths\n{}{}",
      table.text(), shares);
}

bool any_unknown(const Comparison& comparison) {
  const auto unknown = [](const ComparedEstimate& compared) {
    return compared.difference.pairing == Pairing::unknown;
  };
  return std::ranges::any_of(comparison.series,
                             [&](const ComparedSeries& series) {
                               return std::ranges::any_of(series.mean, unknown) ||
                                      std::ranges::any_of(series.median, unknown);
                             }) ||
         std::ranges::any_of(comparison.events,
                             [&](const ComparedEvent& event) {
                               return std::ranges::any_of(event.probability, unknown);
                             }) ||
         std::ranges::any_of(comparison.outcomes, [&](const ComparedOutcome& outcome) {
           return unknown(outcome.defined) || unknown(outcome.mean) || unknown(outcome.median) ||
                  std::ranges::any_of(outcome.shares, unknown);
         });
}

std::string comparison_section(const ComparisonReport& report, const TextStyle& style) {
  const Comparison& comparison = report.comparison;
  std::string text = fmt::format("\n{} minus {}\n", report.other->name, report.base->name);
  text += differences_table(report, style) + "\n";
  for (const std::string& note : notes(report)) text += paragraph(note, style);
  if (comparison.same_bits)
    return text + "The results are the same: all their statistics have the same bits.\n";
  const std::vector<std::size_t> rows = shown_steps(comparison.time);
  for (const ComparedSeries& series : comparison.series)
    text += series_text(series, comparison, rows, style);
  return text + events_text(comparison, rows, style) + outcomes_text(comparison, style);
}

constexpr char unknown_legend[] =
    "~: unpaired, as if the results were independent; an upper bound if the two move together. "
    "No (or too few) values of common paths are kept that would tell. `overbuild run --set "
    "'outputs.outcomes=\"all\"'` keeps those of outcomes, and of the events that outcomes time; "
    "`--set 'outputs.paths=\"all\"'` keeps series. Nothing keeps other events.";

}  // namespace

std::string comparison_text(const std::vector<ComparisonReport>& reports, const TextStyle& style) {
  std::string text = results_table(reports, style);
  for (const ComparisonReport& report : reports) text += comparison_section(report, style);
  const auto same = [](const ComparisonReport& report) { return report.comparison.same_bits; };
  if (std::ranges::all_of(reports, same)) return text;
  text += '\n';
  text += paragraph(
      "se: standard error of the difference; *: the difference is more than two of them", style);
  if (std::ranges::any_of(reports, [&](const ComparisonReport& report) {
        return !same(report) && any_unknown(report.comparison);
      }))
    text += paragraph(unknown_legend, style);
  return text;
}

}  // namespace overbuild
