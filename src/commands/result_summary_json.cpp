#include <nlohmann/json.hpp>

#include "src/commands/result_summary.hpp"

namespace overbuild {
namespace {

using Json = nlohmann::ordered_json;

Json estimate(const Estimate& estimate) {
  // JSON has no NaN; the library writes null.
  return {{"value", estimate.value}, {"standard_error", estimate.standard_error}};
}

Json distribution(const DistributionSummary& summary) {
  Json quantiles = Json::array();
  for (std::size_t i = 0; i < quantile_levels.size(); ++i) {
    Json quantile = estimate(summary.quantiles[i]);
    quantile["level"] = quantile_levels[i];
    quantiles.push_back(std::move(quantile));
  }
  return {{"count", summary.count},           {"mean", estimate(summary.mean)},
          {"sd", estimate(summary.sd)},       {"skew", estimate(summary.skew)},
          {"smallest", summary.smallest},     {"largest", summary.largest},
          {"quantiles", std::move(quantiles)}};
}

Json named(const Quantity& quantity) {
  return {{"name", quantity.name}, {"unit", quantity.unit}, {"meaning", quantity.meaning}};
}

Json all_series(const ResultContents& contents) {
  Json list = Json::array();
  for (std::size_t i = 0; i < contents.series.size(); ++i) {
    Json series = named(contents.series[i]);
    for (const DistributionSummary& step : contents.summary.series[i])
      series["by_time"].push_back(distribution(step));
    list.push_back(std::move(series));
  }
  return list;
}

Json all_events(const ResultContents& contents) {
  Json list = Json::array();
  for (std::size_t i = 0; i < contents.events.size(); ++i) {
    Json event = named(contents.events[i]);
    for (const Estimate& step : contents.summary.events[i])
      event["probability_by_time"].push_back(estimate(step));
    list.push_back(std::move(event));
  }
  return list;
}

Json all_outcomes(const ResultContents& contents) {
  Json list = Json::array();
  for (std::size_t i = 0; i < contents.outcomes.size(); ++i) {
    const OutcomeSummary& summary = contents.summary.outcomes[i];
    Json outcome = named(contents.outcomes[i]);
    outcome["share_defined"] = estimate(summary.defined);
    outcome["exact_quantiles"] = summary.exact_quantiles;
    outcome["distribution"] = distribution(summary.distribution);
    for (std::size_t code = 0; code < contents.outcomes[i].codes.size(); ++code)
      outcome["shares"][contents.outcomes[i].codes[code]] = estimate(share_of_code(summary, code));
    list.push_back(std::move(outcome));
  }
  return list;
}

Json origin(const Provenance& provenance) {
  return {{"command", provenance.command},
          {"config_file", provenance.config_file},
          {"program_version", provenance.program_version},
          {"git_revision", provenance.git_revision},
          {"started", provenance.started},
          {"finished", provenance.finished},
          {"wall_seconds", provenance.wall_seconds},
          {"config", provenance.config}};
}

}  // namespace

Json summary_object(const ResultContents& contents) {
  const RunSummary& summary = contents.summary;
  return {{"model", contents.model},
          {"scenario", contents.scenario},
          {"title", contents.title},
          {"description", contents.description},
          {"seed", contents.seed},
          {"sampler", contents.sampler},
          {"replicates", contents.replicates},
          {"first_path", contents.scope.first_path},
          {"shard", contents.scope.shard},
          {"shards", contents.scope.shards},
          {"paths", summary.paths},
          {"paths_asked", contents.paths_asked},
          {"complete", summary.complete},
          {"time", summary.time},
          {"series", all_series(contents)},
          {"events", all_events(contents)},
          {"outcomes", all_outcomes(contents)},
          {"provenance", origin(contents.provenance)}};
}

std::string json_text(const Json& json) {
  // A title that is not UTF-8 cannot stand in JSON; its broken bytes become U+FFFD.
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

std::string summary_json(const ResultContents& contents) {
  return json_text(summary_object(contents));
}

}  // namespace overbuild
