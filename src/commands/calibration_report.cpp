#include "src/commands/calibration_report.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "src/commands/number_text.hpp"
#include "src/commands/text_table.hpp"

namespace overbuild {
namespace {

using Json = nlohmann::ordered_json;

std::string interval_text(const Spread& spread) {
  return fmt::format("[{}, {}]", number_text(spread.low), number_text(spread.high));
}

std::string parameters_table(const ModelSchema& schema, const CalibrationResult& result) {
  using Align = TextTable::Align;
  TextTable table({{"parameter"},
                   {"unit"},
                   {"prior", Align::right},
                   {"90%"},
                   {"posterior", Align::right},
                   {"90%"},
                   {"shrinkage", Align::right},
                   {"R-hat", Align::right},
                   {"ESS", Align::right}});
  for (const ParameterSummary& summary : result.summary) {
    const ParameterSpec& spec = schema.parameters[summary.parameter];
    table.add_row({std::string(spec.name), std::string(spec.unit),
                   number_text(summary.prior.median), interval_text(summary.prior),
                   number_text(summary.posterior.median), interval_text(summary.posterior),
                   fmt::format("{:.0f}%", 100 * summary.shrinkage),
                   fmt::format("{:.3f}", summary.rhat), fmt::format("{:.0f}", summary.ess)});
  }
  return table.text();
}

/// Smallest and largest value of a column over all temperatures of all islands.
template <class Get>
std::pair<double, double> range_of(const CalibrationResult& result, const Get& get) {
  double low = HUGE_VAL, high = -HUGE_VAL;
  for (const Island& island : result.islands)
    for (const TemperatureStep& step : island.history) {
      low = std::min(low, static_cast<double>(get(step)));
      high = std::max(high, static_cast<double>(get(step)));
    }
  return {low, high};
}

std::string data_text(const Scenario& scenario, const ObservedData& data) {
  const CalibrationSettings& settings = *scenario.calibration;
  std::vector<std::string> left_out;
  if (data.before > 0) left_out.push_back(fmt::format("{} before {}", data.before, settings.start));
  if (data.after > 0) left_out.push_back(fmt::format("{} after {}", data.after, settings.until));
  if (data.of_status > 0)
    left_out.push_back(fmt::format("{} {}", data.of_status, fmt::join(settings.leave_out, " or ")));
  return fmt::format("{} observations of {} series{}{}\n", data.observations.size(),
                     settings.observe.size(),
                     left_out.empty() ? "" : "; left out: ", fmt::join(left_out, ", "));
}

std::string diagnostics_text(const CalibrationResult& result) {
  const auto acceptance = range_of(result, [](auto& step) { return 100 * step.acceptance; });
  const auto moves = range_of(result, [](auto& step) { return step.moves; });
  std::size_t temperatures = 0;
  std::uint64_t evaluations = 0;
  for (const Island& island : result.islands) {
    temperatures = std::max(temperatures, island.history.size());
    evaluations += island.evaluations;
  }
  return fmt::format(
      "\nislands: {} of {} particles, {:.0f} effective\n"
      "temperatures: {} at most, with {:.0f} to {:.0f} moves, of which {:.0f}% to {:.0f}% were "
      "accepted\n"
      "likelihoods: {}, the logarithm of each with a noise of {:.2f}\n"
      "log evidence: {:.3f}, standard error {:.3f}\n",
      result.islands.size(), result.islands[0].log_likelihood.size(), result.ess, temperatures,
      moves.first, moves.second, acceptance.first, acceptance.second, grouped(evaluations),
      result.likelihood_noise, result.log_evidence, result.log_evidence_error);
}

Json spread_json(const Spread& spread) {
  return {{"low", spread.low}, {"median", spread.median}, {"high", spread.high}};
}

Json parameter_json(const ParameterSpec& spec, const ParameterSummary& summary) {
  return {{"name", spec.name},
          {"unit", spec.unit},
          {"prior", spread_json(summary.prior)},
          {"posterior", spread_json(summary.posterior)},
          {"mean", {{"value", summary.mean}, {"standard_error", summary.mean_error}}},
          {"sd", summary.sd},
          {"shrinkage", summary.shrinkage},
          {"rhat", summary.rhat},
          {"ess", summary.ess}};
}

Json island_json(const Island& island) {
  Json temperatures = Json::array();
  for (const TemperatureStep& step : island.history)
    temperatures.push_back({{"temperature", step.temperature},
                            {"ess", step.ess},
                            {"log_evidence", step.log_evidence},
                            {"acceptance", step.acceptance},
                            {"correlation", step.correlation},
                            {"moves", step.moves},
                            {"distinct", step.distinct}});
  return {{"evaluations", island.evaluations}, {"temperatures", std::move(temperatures)}};
}

}  // namespace

std::string calibration_text(const Scenario& scenario, const ObservedData& data,
                             const CalibrationResult& result, const TextStyle&) {
  std::string text = fmt::format(
      "{}{}\n{}{}", scenario.title.empty() ? "" : scenario.title + "\n", data_text(scenario, data),
      parameters_table(scenario.model->schema, result), diagnostics_text(result));
  for (const std::string& doubt : doubts(result)) text += fmt::format("warning: {}\n", doubt);
  return text;
}

std::string calibration_json(const Scenario& scenario, const ObservedData& data,
                             const CalibrationResult& result) {
  Json parameters = Json::array(), islands = Json::array();
  for (const ParameterSummary& summary : result.summary)
    parameters.push_back(
        parameter_json(scenario.model->schema.parameters[summary.parameter], summary));
  for (const Island& island : result.islands) islands.push_back(island_json(island));
  const Json json = {
      {"scenario", scenario.name},
      {"observations", data.observations.size()},
      {"rows_before", data.before},
      {"rows_after", data.after},
      {"rows_of_status", data.of_status},
      {"parameters", std::move(parameters)},
      {"log_evidence",
       {{"value", result.log_evidence}, {"standard_error", result.log_evidence_error}}},
      {"likelihood_noise", result.likelihood_noise},
      {"ess", result.ess},
      {"doubts", doubts(result)},
      {"islands", std::move(islands)}};
  return json.dump(2) + '\n';
}

}  // namespace overbuild
