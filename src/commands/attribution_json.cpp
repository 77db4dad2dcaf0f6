#include <nlohmann/json.hpp>

#include "src/commands/attribution_report.hpp"

namespace overbuild {
namespace {

using Json = nlohmann::ordered_json;

// JSON has no NaN; the library writes null.
Json estimate(const Estimate& e) {
  return {{"value", e.value}, {"standard_error", e.standard_error}};
}

Json keys(const std::vector<Difference>& differences) {
  Json list = Json::array();
  for (const Difference& key : differences)
    list.push_back({{"key", key.key}, {"first", key.first}, {"second", key.second}});
  return list;
}

Json changes(const AttributionContents& contents) {
  Json list = Json::array();
  for (std::size_t i = 0; i < contents.changes.size(); ++i) {
    const Contribution& part = contents.attribution.parts[i];
    list.push_back({{"name", contents.changes[i].name},
                    {"effect", estimate(part.effect)},
                    {"path_error", part.path_error},
                    {"order_error", part.order_error},
                    {"alone", estimate(part.alone)},
                    {"last", estimate(part.last)},
                    {"keys", keys(contents.changes[i].keys)}});
  }
  return list;
}

Json coalitions(const AttributionContents& contents) {
  Json list = Json::array();
  const ShapleyPlan& plan = contents.attribution.plan;
  for (std::size_t c = 0; c < plan.coalitions.size(); ++c) {
    Json made = Json::array();
    for (std::size_t i = 0; i < contents.changes.size(); ++i)
      if (plan.coalitions[c] >> i & 1) made.push_back(contents.changes[i].name);
    const Estimate& e = contents.attribution.statistics[c];
    list.push_back({{"changes", made}, {"value", e.value}, {"standard_error", e.standard_error}});
  }
  return list;
}

}  // namespace

std::string attribution_json(const AttributionContents& contents) {
  const Attribution& found = contents.attribution;
  const Json json = {{"model", contents.model},
                     {"scenario", contents.scenario},
                     {"title", contents.title},
                     {"second_scenario", contents.second_scenario},
                     {"second_title", contents.second_title},
                     {"statistic", contents.statistic},
                     {"seed", contents.seed},
                     {"paths", contents.paths},
                     {"orders", contents.orders},
                     {"first", estimate(found.first)},
                     {"second", estimate(found.second)},
                     {"total", estimate(found.total)},
                     {"changes", changes(contents)},
                     {"left", keys(contents.left)},
                     {"coalitions", coalitions(contents)}};
  return json.dump(2) + "\n";
}

}  // namespace overbuild
