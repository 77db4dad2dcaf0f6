#include <nlohmann/json.hpp>

#include "src/commands/solve_report.hpp"

namespace overbuild {
namespace {

using Json = nlohmann::ordered_json;

// JSON has no NaN; the library writes null.
Json parameter(const SolvedParameter& parameter) {
  return {{"name", parameter.name}, {"unit", parameter.unit}, {"setting", parameter.setting}};
}

Json trials(const std::vector<RootEvaluation>& evaluations) {
  Json list = Json::array();
  for (const RootEvaluation& here : evaluations)
    list.push_back({{"x", here.x},
                    {"statistic", here.at.statistic.value},
                    {"standard_error", here.at.statistic.standard_error},
                    {"distance", here.at.distance},
                    {"distance_error", here.at.standard_error}});
  return list;
}

Json roots(const RootSearch& search, const std::vector<double>& prior_shares) {
  Json list = Json::array();
  for (std::size_t r = 0; r < search.roots.size(); ++r) {
    const Root& root = search.roots[r];
    list.push_back({{"x", root.x},
                    {"lower", root.lower},
                    {"upper", root.upper},
                    {"lower_open", root.lower_open},
                    {"upper_open", root.upper_open},
                    {"statistic", root.statistic.value},
                    {"standard_error", root.statistic.standard_error},
                    {"prior_share", prior_shares[r]}});
  }
  return list;
}

}  // namespace

std::string solve_json(const SolveContents& contents) {
  Json json = {{"model", contents.model},   {"scenario", contents.scenario},
               {"title", contents.title},   {"statistic", contents.statistic},
               {"target", contents.target}, {"parameter", parameter(contents.parameter)},
               {"seed", contents.seed},     {"paths", contents.paths}};
  if (contents.is_frontier()) {
    json["against"] = parameter(contents.against);
    json["shard"] = contents.shard;
    json["shards"] = contents.shards;
  }
  Json searches = Json::array();
  for (std::size_t s = 0; s < contents.searches.size(); ++s) {
    const RootSearch& search = contents.searches[s];
    Json one = Json::object();
    if (contents.is_frontier()) one["against"] = contents.values[s];
    one["roots"] = roots(search, contents.prior_shares[s]);
    one["remarks"] = remarks(search);
    one["scan"] = trials(search.scan);
    one["evaluations"] = trials(search.evaluations);
    searches.push_back(std::move(one));
  }
  json["searches"] = std::move(searches);
  return json.dump(2) + "\n";
}

}  // namespace overbuild
