#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/program_options/value_semantic.hpp>
#include <numeric>

#include "overbuild/base/error.hpp"
#include "overbuild/base/nearest_name.hpp"
#include "src/commands/command.hpp"
#include "src/commands/result_summary.hpp"
#include "src/commands/terminal.hpp"

namespace overbuild {
namespace {

namespace po = boost::program_options;

void add_options(po::options_description& options) {
  options.add_options()("series", po::value<std::vector<std::string>>()->value_name("NAME"),
                        "show this series, or `all`, in place of the model's first ratio; may be "
                        "repeated")("json", "print all statistics as JSON");
}

std::size_t series_index(const ResultContents& contents, const std::string& name) {
  const auto found = std::ranges::find(contents.series, name, &Quantity::name);
  if (found != contents.series.end())
    return static_cast<std::size_t>(found - contents.series.begin());
  std::vector<std::string> names = {"all"};
  for (const Quantity& quantity : contents.series) names.push_back(quantity.name);
  const std::string nearest = nearest_name(name, names);
  throw Error(ExitCode::usage, fmt::format("show: unknown series \"{}\"{}; known: {}", name,
                                           suggestion_text(", ", nearest), fmt::join(names, ", ")));
}

std::vector<std::size_t> wanted_series(const Invocation& invocation,
                                       const ResultContents& contents) {
  if (!invocation.has("series")) return {headline_series(contents)};
  std::vector<std::size_t> wanted;
  for (const std::string& name : invocation.options["series"].as<std::vector<std::string>>()) {
    if (name != "all") {
      wanted.push_back(series_index(contents, name));
      continue;
    }
    wanted.resize(contents.series.size());
    std::iota(wanted.begin(), wanted.end(), std::size_t{0});
    break;
  }
  return wanted;
}

int show(const Invocation& invocation) {
  const ResultContents contents = read_result(invocation.argument);
  if (invocation.has("json"))
    print(summary_json(contents));
  else
    print(summary_text(contents, wanted_series(invocation, contents), style_of(1)));
  return static_cast<int>(ExitCode::success);
}

}  // namespace

const Command show_command = {
    "show",
    "FILE",
    "Summarise a result file",
    "Shows the run, the model's first ratio by year with a fan chart (light: 5% to\n"
    "95%, dark: 25% to 75%, solid: median, line: 1), the probability of each event by\n"
    "year and the outcomes of the paths. Set NO_UNICODE=1 where a terminal cannot\n"
    "show the chart's characters.\n\n",
    add_options,
    show};

}  // namespace overbuild
