#include <nlohmann/json.hpp>

#include "src/commands/batch_table.hpp"
#include "src/commands/result_summary.hpp"

namespace overbuild {
namespace {

using Json = nlohmann::ordered_json;

/// Its result as `show --scenario` gives it, without what is the same in all scenarios.
Json scenario_object(const BatchReader& batch, std::size_t scenario) {
  Json swept = Json::object();
  for (const SweptCoordinate& coordinate : batch.contents().swept)
    swept[coordinate.key] = coordinate.values[scenario];
  Json result = summary_object(batch.scenario(scenario));
  for (const char* shared : {"model", "title", "description", "seed", "provenance"})
    result.erase(shared);
  result["swept"] = std::move(swept);
  return result;
}

}  // namespace

std::string batch_json(const BatchReader& batch) {
  const BatchContents& contents = batch.contents();
  Json scenarios = Json::array();
  for (std::size_t i = 0; i < contents.scenarios.size(); ++i)
    scenarios.push_back(scenario_object(batch, i));
  const Json provenance = summary_object(batch.scenario(0))["provenance"];
  return json_text({{"model", contents.model},
                    {"batch", contents.batch},
                    {"title", contents.title},
                    {"description", contents.description},
                    {"seed", contents.seed},
                    {"paths", contents.paths},
                    {"scenarios", std::move(scenarios)},
                    {"provenance", provenance}});
}

}  // namespace overbuild
