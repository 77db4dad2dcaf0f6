// Posteriors of calibrations.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <limits>

#include "overbuild/results/posterior_file.hpp"
#include "src/results/description_writer.hpp"
#include "src/results/format_mark.hpp"
#include "src/results/observation_table.hpp"
#include "src/results/open_result.hpp"
#include "src/results/output_driver.hpp"
#include "src/results/summary_table.hpp"
#include "src/results/temperature_table.hpp"

namespace overbuild {
namespace {

using hdf5::set_attribute;

std::vector<double> row_of(const Eigen::MatrixXd& matrix, std::size_t row) {
  const auto values = matrix.row(static_cast<Eigen::Index>(row));
  return {values.begin(), values.end()};
}

std::vector<std::string> names_of(const ModelSchema& schema, const CalibrationResult& result) {
  std::vector<std::string> names;
  for (const ParameterSummary& summary : result.summary)
    names.emplace_back(schema.parameters[summary.parameter].name);
  return names;
}

void write_particles(hid_t file, const Scenario& scenario, const CalibrationResult& result) {
  const ModelSchema& schema = scenario.model->schema;
  const hdf5::Id group = hdf5::create_group(file, "particles");
  set_attribute(group, "parameters", fmt::format("{}", fmt::join(names_of(schema, result), " ")));
  const Dimension axis =
      write_numbers(group, "particle", "number of the particle", result.log_weights.size());
  for (std::size_t p = 0; p < result.summary.size(); ++p) {
    const std::size_t parameter = result.summary[p].parameter;
    describe_parameter(write_variable(group, label_of(schema.parameters[parameter]),
                                      row_of(result.parameters, p), {&axis}),
                       schema.parameters[parameter], scenario.parameters[parameter]);
  }
  write_variable(group, {"log_weight", "1", "logarithm of the particle's weight, mean weight one"},
                 result.log_weights, {&axis});
  std::vector<std::int64_t> island;
  std::vector<double> likelihood;
  for (const Island& own : result.islands) {
    island.insert(island.end(), own.log_likelihood.size(), own.number);
    likelihood.insert(likelihood.end(), own.log_likelihood.begin(), own.log_likelihood.end());
  }
  write_variable(group, {"island", "1", "repetition that the particle is of"}, island, {&axis});
  write_variable(group, {"log_likelihood", "1", "estimated logarithm of the data's density"},
                 likelihood, {&axis});
}

void write_normals(hid_t file, const Scenario& scenario, const CalibrationResult& result) {
  const hdf5::Id group = hdf5::create_group(file, "normals");
  const Dimension axis =
      write_numbers(group, "particle", "number of the particle", result.log_weights.size());
  for (std::size_t p = 0; p < result.summary.size(); ++p) {
    std::vector<double> values;
    for (const Island& island : result.islands) {
      const std::vector<double> own = row_of(island.normals, p);
      values.insert(values.end(), own.begin(), own.end());
    }
    const ParameterSpec& spec = scenario.model->schema.parameters[result.summary[p].parameter];
    const Label label{
        std::string(spec.name), "1",
        fmt::format("independent standard normal behind the prior of: {}", spec.meaning)};
    write_variable(group, label, values, {&axis});
  }
}

void write_diagnostics(hid_t file, const CalibrationResult& result) {
  const hdf5::Id group = hdf5::create_group(file, "diagnostics");
  set_attribute(group, "log_evidence", result.log_evidence);
  set_attribute(group, "log_evidence_error", result.log_evidence_error);
  set_attribute(group, "likelihood_noise", result.likelihood_noise);
  set_attribute(group, "ess", result.ess);
  set_attribute(group, "doubts", fmt::format("{}", fmt::join(doubts(result), "\n")));
  std::size_t most = 0;
  for (const Island& island : result.islands) most = std::max(most, island.history.size());
  const Dimension islands = write_numbers(group, "island", "repetition", result.islands.size());
  const Dimension stages =
      write_numbers(group, "stage", "number of the temperature; NaN after the last", most);
  std::vector<std::uint64_t> evaluations;
  for (const Island& island : result.islands) evaluations.push_back(island.evaluations);
  write_variable(group, {"evaluations", "1", "likelihoods that were estimated"}, evaluations,
                 {&islands});
  for (const TemperatureColumn& column : temperature_columns) {
    std::vector<double> values;
    for (const Island& island : result.islands) {
      for (const TemperatureStep& step : island.history) values.push_back(column.get(step));
      values.insert(values.end(), most - island.history.size(),
                    std::numeric_limits<double>::quiet_NaN());
    }
    write_variable(group, {column.name, "1", column.meaning}, values, {&islands, &stages});
  }
}

void write_summary(hid_t file, const ModelSchema& schema, const CalibrationResult& result) {
  const hdf5::Id group = hdf5::create_group(file, "summary");
  const Dimension axis = write_numbers(group, "row", "number of the row", result.summary.size());
  const hdf5::Id names = hdf5::write_texts(group, "parameter", names_of(schema, result));
  set_attribute(names, "long_name",
                std::string("name of the parameter, whose unit its numbers have"));
  attach(names, {&axis});
  for (const SummaryColumn& column : summary_columns) {
    std::vector<double> values;
    for (ParameterSummary summary : result.summary) values.push_back(column.field(summary));
    write_variable(group, {column.name, "1", column.meaning}, values, {&axis});
  }
}

void write_attributes(hid_t file, const Scenario& scenario, const ObservedData& data,
                      const Provenance& provenance) {
  set_attribute(file, "Conventions", std::string("CF-1.10"));
  write_format_mark(file, FileKind::posterior);
  set_attribute(file, "model", std::string(scenario.model->schema.name));
  set_attribute(file, "scenario", scenario.name);
  set_attribute(file, "title", scenario.title);
  set_attribute(file, "description", scenario.description);
  set_attribute(file, "rows_before", static_cast<std::int64_t>(data.before));
  set_attribute(file, "rows_of_status", static_cast<std::int64_t>(data.of_status));
  set_attribute(file, "rows_after", static_cast<std::int64_t>(data.after));
  write_setting_attributes(file, scenario, provenance);
}

}  // namespace

void check_posterior_target(const std::filesystem::path& path, bool force) {
  const OutputFile output(path, force);
}

void write_posterior(const std::filesystem::path& path, bool force, const Scenario& scenario,
                     const ObservedData& data, const CalibrationResult& result,
                     const Provenance& provenance) {
  OutputFile output(path, force);
  in_writing_terms(output, [&] {
    const hdf5::Session session;
    hdf5::Id file = hdf5::create_file(output);
    write_attributes(file, scenario, data, provenance);
    write_particles(file, scenario, result);
    write_normals(file, scenario, result);
    write_summary(file, scenario.model->schema, result);
    write_diagnostics(file, result);
    write_observations(file, data.observations);
    write_parameters(file, scenario);
    write_provenance(file, provenance);
    output.throw_if_failed();
    file.close(fmt::format("close {}", output.temporary().string()));
  });
  output.publish();
}

CalibrationCheckpoint read_posterior_origin(const std::filesystem::path& path) {
  return in_reading_terms(path, [&] {
    const hdf5::Id file = open_posterior(path);
    return CalibrationCheckpoint{{}, read_observations(file), read_provenance(file)};
  });
}

}  // namespace overbuild
