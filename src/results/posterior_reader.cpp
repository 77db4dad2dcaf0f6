// Reads back what `overbuild calibrate` found, for `overbuild show`.
#include <cmath>
#include <sstream>

#include "overbuild/config/load.hpp"
#include "overbuild/results/posterior_file.hpp"
#include "src/results/format_mark.hpp"
#include "src/results/observation_table.hpp"
#include "src/results/open_result.hpp"
#include "src/results/summary_table.hpp"
#include "src/results/temperature_table.hpp"

namespace overbuild {
namespace {

/// The particles without their values: likelihoods and history of each island.
std::vector<Island> read_islands(hid_t file) {
  const auto evaluations = hdf5::read_integers(file, "/diagnostics/evaluations");
  std::vector<Island> islands(evaluations.size());
  for (std::size_t k = 0; k < islands.size(); ++k) {
    islands[k].number = static_cast<int>(k);
    islands[k].evaluations = static_cast<std::uint64_t>(evaluations[k]);
  }
  const auto island_of = hdf5::read_integers(file, "/particles/island");
  const auto likelihoods = hdf5::read_doubles(file, "/particles/log_likelihood");
  for (std::size_t i = 0; i < likelihoods.size(); ++i)
    islands.at(static_cast<std::size_t>(island_of.at(i))).log_likelihood.push_back(likelihoods[i]);
  const auto temperatures = hdf5::read_doubles(file, "/diagnostics/temperature");
  const std::size_t stages = islands.empty() ? 0 : temperatures.size() / islands.size();
  for (const TemperatureColumn& column : temperature_columns) {
    const auto values = hdf5::read_doubles(file, std::string("/diagnostics/") + column.name);
    for (std::size_t k = 0; k < islands.size(); ++k)
      for (std::size_t s = 0; s < stages && !std::isnan(values.at(k * stages + s)); ++s) {
        islands[k].history.resize(std::max(islands[k].history.size(), s + 1));
        column.set(islands[k].history[s], values[k * stages + s]);
      }
  }
  return islands;
}

std::vector<ParameterSummary> read_summary(hid_t file, const ModelSchema& schema) {
  std::vector<ParameterSummary> summary;
  for (const std::string& name : hdf5::read_texts(file, "/summary/parameter")) {
    const auto parameter = schema.parameter_index(name);
    if (!parameter) throw hdf5::Failure("the model has no parameter " + name);
    summary.emplace_back().parameter = *parameter;
  }
  for (const SummaryColumn& column : summary_columns) {
    const auto values = hdf5::read_doubles(file, std::string("/summary/") + column.name);
    for (std::size_t i = 0; i < summary.size(); ++i) column.field(summary[i]) = values.at(i);
  }
  return summary;
}

ObservedData read_data(hid_t file) {
  const auto rows = [&](const char* name) {
    return static_cast<std::size_t>(hdf5::unsigned_attribute(file, "/", name));
  };
  return {read_observations(file), rows("rows_before"), rows("rows_after"), rows("rows_of_status")};
}

}  // namespace

PosteriorContents read_posterior(const std::filesystem::path& path) {
  return in_reading_terms(path, [&] {
    const hdf5::Id file = open_posterior(path);
    const auto diagnostic = [&](const char* name) {
      return hdf5::double_attribute(file, "/diagnostics", name);
    };
    PosteriorContents contents{
        parse_scenario(read_provenance(file).config, path.string()), read_data(file), {}};
    contents.scenario.name = hdf5::text_attribute(file, "/", "scenario");
    CalibrationResult& result = contents.result;
    result.islands = read_islands(file);
    result.log_weights = hdf5::read_doubles(file, "/particles/log_weight");
    result.log_evidence = diagnostic("log_evidence");
    result.log_evidence_error = diagnostic("log_evidence_error");
    result.likelihood_noise = diagnostic("likelihood_noise");
    result.ess = diagnostic("ess");
    result.summary = read_summary(file, contents.scenario.model->schema);
    return contents;
  });
}

bool is_posterior_file(const std::filesystem::path& path) {
  return is_file_of_kind(path, FileKind::posterior);
}

}  // namespace overbuild
