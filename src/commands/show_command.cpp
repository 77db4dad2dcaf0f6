#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/program_options/value_semantic.hpp>
#include <cmath>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "overbuild/base/error.hpp"
#include "overbuild/base/nearest_name.hpp"
#include "overbuild/results/batch_file.hpp"
#include "overbuild/results/posterior_file.hpp"
#include "overbuild/results/rare_file.hpp"
#include "overbuild/results/sensitivity_file.hpp"
#include "src/commands/attribution_report.hpp"
#include "src/commands/batch_table.hpp"
#include "src/commands/calibration_report.hpp"
#include "src/commands/command.hpp"
#include "src/commands/rare_report.hpp"
#include "src/commands/result_summary.hpp"
#include "src/commands/sensitivity_report.hpp"
#include "src/commands/series_choice.hpp"
#include "src/commands/solve_report.hpp"
#include "src/commands/terminal.hpp"

namespace overbuild {
namespace {

namespace fs = std::filesystem;
namespace po = boost::program_options;

void add_options(po::options_description& options) {
  add_series_option(options);
  options.add_options()("scenario", po::value<std::string>()->value_name("NAME"),
                        "of a batch: show this scenario as if it were a result of its own")(
      "json", "print all statistics as JSON");
}

/// The place of a scenario in a batch; Error(usage) with the nearest name when it is not there.
std::size_t scenario_index(const std::string& name, const std::vector<std::string>& names) {
  const auto found = std::ranges::find(names, name);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  constexpr std::size_t few = 50;
  const std::string known =
      names.size() <= few ? fmt::format("; known: {}", fmt::join(names, ", ")) : "";
  throw Error(ExitCode::usage,
              fmt::format("show: unknown scenario \"{}\"{}{}", name,
                          suggestion_text(", ", nearest_name(name, names)), known));
}

void show_result(const Invocation& invocation, const ResultContents& contents) {
  if (invocation.has("json"))
    print(summary_json(contents));
  else
    print(summary_text(contents, chosen_series("show", invocation, contents.series), style_of(1)));
}

void show_batch(const Invocation& invocation) {
  const BatchReader batch(invocation.argument);
  const BatchContents& contents = batch.contents();
  if (invocation.has("scenario")) {
    const std::size_t scenario = scenario_index(invocation.text("scenario"), contents.scenarios);
    ResultContents one = batch.scenario(scenario);
    one.title = scenario_title(one.title, one.scenario);
    for (const SweptCoordinate& swept : contents.swept)
      if (!std::isnan(swept.values[scenario]))
        one.title += fmt::format(", {} = {:.4g}", swept.name, swept.values[scenario]);
    return show_result(invocation, one);
  }
  if (invocation.has("json")) return print(batch_json(batch));
  print(batch_text(batch, chosen_series("show", invocation, contents.series), style_of(1)));
}

/// A file of an analysis has one summary: nothing in it is to be chosen.
void check_no_choice(const Invocation& invocation) {
  for (const char* option : {"series", "scenario"})
    if (invocation.has(option))
      throw Error(ExitCode::usage,
                  fmt::format("show: --{}: {} is not the result of a run or a batch", option,
                              invocation.argument));
}

/// Prints what `read` finds in the file; false for a file of another kind.
template <class IsKind, class Read, class Json, class Text>
bool show_analysis(const Invocation& invocation, IsKind is_kind, Read read, Json json, Text text) {
  if (!is_kind(invocation.argument)) return false;
  check_no_choice(invocation);
  const auto contents = read(invocation.argument);
  print(invocation.has("json") ? json(contents) : text(contents, style_of(1)));
  return true;
}

std::string posterior_json(const PosteriorContents& contents) {
  return calibration_json(contents.scenario, contents.data, contents.result);
}

std::string posterior_text(const PosteriorContents& contents, const TextStyle& style) {
  return calibration_text(contents.scenario, contents.data, contents.result, style);
}

/// False for a file that is none of an analysis.
bool show_if_analysis(const Invocation& invocation) {
  const auto show = [&](auto... kind) { return show_analysis(invocation, kind...); };
  return show(is_posterior_file, read_posterior, posterior_json, posterior_text) ||
         show(is_rare_file, read_rare, rare_json, rare_text) ||
         show(is_sensitivity_file, read_sensitivity, sensitivity_json, sensitivity_text) ||
         show(is_solve_file, read_solve, solve_json, solve_text) ||
         show(is_attribution_file, read_attribution, attribution_json, attribution_text);
}

/// The line that a command prints for a scenario of a sweep; nothing for a file of another kind.
std::optional<std::string> scenario_line(const fs::path& file, const TextStyle& style) {
  if (is_rare_file(file)) return rare_line(read_rare(file), style);
  if (is_sensitivity_file(file)) return sensitivity_line(read_sensitivity(file), style);
  if (is_solve_file(file)) return solve_line(read_solve(file));
  if (is_attribution_file(file)) return attribution_line(read_attribution(file), style);
  return std::nullopt;
}

/// The folder that a command other than batch makes of a sweep: a line for each scenario.
void show_folder(const Invocation& invocation) {
  for (const char* option : {"series", "scenario", "json"})
    if (invocation.has(option))
      throw Error(ExitCode::usage, fmt::format("show: --{}: {} is a folder; show one of its files",
                                               option, invocation.argument));
  std::vector<fs::path> files;
  for (const fs::directory_entry& entry : fs::directory_iterator(invocation.argument))
    if (entry.path().extension() == ".h5") files.push_back(entry.path());
  std::ranges::sort(files);
  std::string lines;
  for (const fs::path& file : files)
    if (const auto line = scenario_line(file, style_of(1))) lines.append(*line).append("\n");
  if (lines.empty())
    throw Error(ExitCode::file,
                fmt::format("cannot read result {}: it is a folder without files of `rare`, "
                            "`sensitivity`, `solve` or `attribute`{}",
                            invocation.argument,
                            files.empty() ? ""
                                          : fmt::format("; show one of its results, e.g. {}",
                                                        files.front().string())));
  print(lines);
}

int show(const Invocation& invocation) {
  if (fs::is_directory(invocation.argument)) {
    show_folder(invocation);
    return static_cast<int>(ExitCode::success);
  }
  if (show_if_analysis(invocation)) return static_cast<int>(ExitCode::success);
  if (is_batch_file(invocation.argument)) {
    show_batch(invocation);
    return static_cast<int>(ExitCode::success);
  }
  const ResultContents contents = read_result(invocation.argument);
  if (invocation.has("scenario"))
    throw Error(ExitCode::usage, fmt::format("show: --scenario: {} is the result of one scenario",
                                             invocation.argument));
  show_result(invocation, contents);
  return static_cast<int>(ExitCode::success);
}

}  // namespace

const Command show_command = {
    "show",
    "FILE",
    "Summarise a result file",
    "Shows the run, the model's first ratio by year with a fan chart (light: 5% to\n"
    "95%, dark: 25% to 75%, solid: median, line: 1), the probability of each event by\n"
    "year and the outcomes of the paths. Of a batch, a table of its scenarios: swept\n"
    "values, medians of the series and probabilities of the events at the horizon.\n"
    "Of the results of other commands, what the command printed; of the folder that\n"
    "they make of a sweep, a line for each scenario.\n"
    "Set NO_UNICODE=1 where a terminal cannot show the chart's characters.\n\n",
    add_options,
    show};

}  // namespace overbuild
