#include <nlohmann/json.hpp>

#include "src/commands/comparison_report.hpp"

namespace overbuild {
namespace {

using Json = nlohmann::ordered_json;

Json estimate(const Estimate& estimate) {
  // JSON has no NaN; the library writes null.
  return {{"value", estimate.value}, {"standard_error", estimate.standard_error}};
}

const char* pairing_name(Pairing pairing) {
  switch (pairing) {
    case Pairing::independent:
      return "independent";
    case Pairing::paired:
      return "paired";
    case Pairing::unknown:
      break;
  }
  return "unpaired";
}

Json compared(const ComparedEstimate& compared) {
  Json difference = estimate(compared.difference.estimate);
  difference["standard_error_is"] = pairing_name(compared.difference.pairing);
  difference["unpaired_standard_error"] = compared.difference.unpaired_error;
  difference["resolution"] = compared.difference.resolution;
  difference["exceeds_two_standard_errors"] = is_clear(compared.difference);
  return {{"base", estimate(compared.base)},
          {"result", estimate(compared.other)},
          {"difference", std::move(difference)}};
}

Json by_time(const std::vector<ComparedEstimate>& estimates) {
  Json list = Json::array();
  for (const ComparedEstimate& at_time : estimates) list.push_back(compared(at_time));
  return list;
}

Json named(const Quantity& quantity) {
  return {{"name", quantity.name}, {"unit", quantity.unit}, {"meaning", quantity.meaning}};
}

Json all_series(const Comparison& comparison) {
  Json list = Json::array();
  for (const ComparedSeries& series : comparison.series) {
    Json entry = named(series.quantity);
    entry["mean_by_time"] = by_time(series.mean);
    entry["median_by_time"] = by_time(series.median);
    list.push_back(std::move(entry));
  }
  return list;
}

Json all_events(const Comparison& comparison) {
  Json list = Json::array();
  for (const ComparedEvent& event : comparison.events) {
    Json entry = named(event.quantity);
    entry["probability_by_time"] = by_time(event.probability);
    list.push_back(std::move(entry));
  }
  return list;
}

Json all_outcomes(const Comparison& comparison) {
  Json list = Json::array();
  for (const ComparedOutcome& outcome : comparison.outcomes) {
    Json entry = named(outcome.quantity);
    entry["share_defined"] = compared(outcome.defined);
    entry["mean"] = compared(outcome.mean);
    entry["median"] = compared(outcome.median);
    for (std::size_t code = 0; code < outcome.shares.size(); ++code)
      entry["shares"][outcome.quantity.codes[code]] = compared(outcome.shares[code]);
    list.push_back(std::move(entry));
  }
  return list;
}

Json described(const ComparedResult& result) {
  const ResultContents& contents = result.contents;
  return {{"name", result.name},
          {"model", contents.model},
          {"scenario", contents.scenario},
          {"title", contents.title},
          {"seed", contents.seed},
          {"sampler", contents.sampler},
          {"replicates", contents.replicates},
          {"first_path", contents.scope.first_path},
          {"paths", contents.summary.paths},
          {"paths_asked", contents.paths_asked},
          {"complete", contents.summary.complete}};
}

Json compared_with_base(const ComparisonReport& report) {
  const Comparison& comparison = report.comparison;
  Json keys = Json::array();
  for (const Difference& difference : report.differences)
    keys.push_back(
        {{"key", difference.key}, {"base", difference.first}, {"result", difference.second}});
  return {{"result", described(*report.other)},
          {"differing_keys", std::move(keys)},
          {"same_bits", comparison.same_bits},
          {"same_seed", comparison.same_seed},
          {"common_paths", comparison.paths.common},
          {"kept_outcome_pairs", comparison.kept_outcomes},
          {"kept_series_pairs", comparison.kept_series},
          {"only_in_one_result", comparison.left_out},
          {"time", comparison.time},
          {"series", all_series(comparison)},
          {"events", all_events(comparison)},
          {"outcomes", all_outcomes(comparison)}};
}

}  // namespace

std::string comparison_json(const std::vector<ComparisonReport>& reports) {
  Json comparisons = Json::array();
  for (const ComparisonReport& report : reports) comparisons.push_back(compared_with_base(report));
  const Json result = {{"base", described(*reports.front().base)},
                       {"comparisons", std::move(comparisons)}};
  // A title that is not UTF-8 cannot stand in JSON; its broken bytes become U+FFFD.
  return result.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace overbuild
