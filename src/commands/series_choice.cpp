#include "src/commands/series_choice.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/program_options/value_semantic.hpp>
#include <numeric>

#include "overbuild/base/error.hpp"
#include "overbuild/base/nearest_name.hpp"
#include "src/commands/result_summary.hpp"

namespace overbuild {
namespace {

std::size_t series_index(const std::string& command, const std::vector<Quantity>& series,
                         const std::string& name) {
  const auto found = std::ranges::find(series, name, &Quantity::name);
  if (found != series.end()) return static_cast<std::size_t>(found - series.begin());
  std::vector<std::string> names = {"all"};
  for (const Quantity& quantity : series) names.push_back(quantity.name);
  const std::string nearest = nearest_name(name, names);
  throw Error(ExitCode::usage, fmt::format("{}: unknown series \"{}\"{}; known: {}", command, name,
                                           suggestion_text(", ", nearest), fmt::join(names, ", ")));
}

}  // namespace

void add_series_option(boost::program_options::options_description& options) {
  options.add_options()(
      "series", boost::program_options::value<std::vector<std::string>>()->value_name("NAME"),
      "show this series, or `all`, in place of the model's first ratio; may be repeated");
}

std::vector<std::size_t> chosen_series(const std::string& command, const Invocation& invocation,
                                       const std::vector<Quantity>& series) {
  if (!invocation.has("series")) return {headline_series(series)};
  std::vector<std::size_t> wanted;
  for (const std::string& name : invocation.options["series"].as<std::vector<std::string>>()) {
    if (name != "all") {
      wanted.push_back(series_index(command, series, name));
      continue;
    }
    wanted.resize(series.size());
    std::iota(wanted.begin(), wanted.end(), std::size_t{0});
    break;
  }
  return wanted;
}

}  // namespace overbuild
