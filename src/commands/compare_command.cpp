#include <fmt/format.h>

#include <boost/program_options/value_semantic.hpp>

#include "overbuild/base/error.hpp"
#include "src/commands/command.hpp"
#include "src/commands/comparison_report.hpp"
#include "src/commands/result_summary.hpp"
#include "src/commands/series_choice.hpp"
#include "src/commands/terminal.hpp"

namespace overbuild {
namespace {

namespace po = boost::program_options;

void add_options(po::options_description& options) {
  add_series_option(options);
  options.add_options()("json", "print all numbers as JSON, of all series unless some are given");
}

std::vector<ComparedResult> read_all(const Invocation& invocation) {
  if (invocation.arguments.size() < 2)
    throw Error(ExitCode::usage,
                "compare: a base and at least one other result are needed, found one file; "
                "`overbuild compare --help` explains the command");
  std::vector<ComparedResult> results;
  for (const std::string& file : invocation.arguments)
    results.push_back({file, read_result(file), KeptReader(file)});
  return results;
}

std::vector<std::string> compared_series(const Invocation& invocation, const ResultContents& base) {
  std::vector<std::string> names;
  if (invocation.has("json") && !invocation.has("series"))
    for (const Quantity& quantity : base.series) names.push_back(quantity.name);
  else
    for (const std::size_t series : chosen_series("compare", invocation, base.series))
      names.push_back(base.series[series].name);
  return names;
}

std::vector<Difference> differences_of(const Provenance& base, const Provenance& other) {
  std::vector<Difference> found = differences(base.config, other.config);
  const auto program = [](const Provenance& provenance) {
    return fmt::format("{} ({})", provenance.program_version, provenance.git_revision);
  };
  if (program(base) != program(other))
    found.push_back({"program version", program(base), program(other)});
  return found;
}

int compare_results(const Invocation& invocation) {
  const std::vector<ComparedResult> results = read_all(invocation);
  const ComparedResult& base = results.front();
  const std::vector<std::string> series = compared_series(invocation, base.contents);
  std::vector<ComparisonReport> reports;
  for (std::size_t i = 1; i < results.size(); ++i)
    reports.push_back({&base, &results[i],
                       differences_of(base.contents.provenance, results[i].contents.provenance),
                       compare(base, results[i], series)});
  print(invocation.has("json") ? comparison_json(reports) : comparison_text(reports, style_of(1)));
  return static_cast<int>(ExitCode::success);
}

}  // namespace

const Command compare_command = {
    "compare",
    "RESULT...",
    "Show the differences of results",
    "The first result is the base; each other one is compared with it: the keys in\n"
    "which their configs differ, the model's first ratio and the events by year, and\n"
    "the outcomes. Results of the same seed share their random numbers path by path,\n"
    "and where both keep values of the same paths the standard errors of differences\n"
    "make use of it; they are often many times smaller. To keep values, run with\n"
    "  --set 'outputs.outcomes=\"all\"' --set 'outputs.paths=\"all\"'\n\n",
    add_options,
    compare_results};

}  // namespace overbuild
