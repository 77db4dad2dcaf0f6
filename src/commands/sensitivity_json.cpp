#include <nlohmann/json.hpp>

#include "src/commands/sensitivity_report.hpp"

namespace overbuild {
namespace {

using Json = nlohmann::ordered_json;

// JSON has no NaN; the library writes null.
Json estimate(const IntervalEstimate& e) {
  return {{"value", e.value},
          {"standard_error", e.standard_error},
          {"lower", e.lower},
          {"upper", e.upper}};
}

Json indices(const SensitivityContents& contents, const SensitivityEstimates& estimates) {
  Json by_input;
  for (std::size_t i = 0; i < contents.inputs.size(); ++i)
    for (const SensitivityIndex& index : estimates.indices)
      by_input[contents.inputs[i]][std::string(index.name)] = estimate(index.by_input[i]);
  return by_input;
}

}  // namespace

std::string sensitivity_json(const SensitivityContents& contents) {
  Json json = {{"model", contents.model},
               {"scenario", contents.scenario},
               {"title", contents.title},
               {"method", name_of(contents.settings.method)},
               {"all_orders", contents.settings.orders == InputOrders::all},
               {"correlated", contents.correlated},
               {"seed", contents.seed},
               {"rows", contents.rows.size()},
               {"first_row", contents.rows.begin},
               {"rows_asked", contents.rows_asked},
               {"points", contents.points},
               {"repeats", contents.settings.repeats},
               {"resamples", contents.resamples},
               {"shard", contents.shard},
               {"shards", contents.shards},
               {"complete", contents.complete},
               {"quantities", Json::array()}};
  for (std::size_t q = 0; q < contents.quantities.size(); ++q) {
    const SensitivityEstimates& e = contents.estimates[q];
    json["quantities"].push_back({{"quantity", contents.quantities[q]},
                                  {"unit", contents.units[q]},
                                  {"mean", estimate(e.mean)},
                                  {"variance", estimate(e.variance)},
                                  {"input_variance", estimate(e.input_variance)},
                                  {"noise_share", estimate(e.noise_share)},
                                  {"first_order_sum", estimate(e.first_order_sum)},
                                  {"doubts", doubts(e)},
                                  {"priors", indices(contents, e)}});
  }
  return json.dump(2) + "\n";
}

}  // namespace overbuild
