#include "src/results/description_writer.hpp"

#include <fmt/format.h>

#include <limits>

#include "overbuild/config/load.hpp"
#include "src/results/format_mark.hpp"
#include "src/results/provenance_fields.hpp"
#include "src/results/statistics_layout.hpp"

namespace overbuild {
namespace {

using hdf5::set_attribute;

}  // namespace

void describe_codes(hid_t variable, std::string_view codes) {
  if (codes.empty()) return;
  std::vector<double> values(1, 0.0);  // names are separated by blanks
  for (const char c : codes)
    if (c == ' ') values.push_back(values.back() + 1);
  set_attribute(variable, layout::code_values_attribute, values);
  set_attribute(variable, layout::code_names_attribute, std::string(codes));
}

void write_setting_attributes(hid_t file, const Scenario& scenario, const Provenance& provenance) {
  const RunSettings& run = scenario.run;
  set_attribute(file, "seed", run.seed);
  set_attribute(file, "sampler", std::string(name_of(run.sampler)));
  set_attribute(file, "replicates", run.has_replicates() ? run.replicates : std::uint64_t{0});
  set_attribute(file, "paths_asked", static_cast<std::int64_t>(scenario.run.paths));
  set_attribute(file, "horizon", scenario.run.horizon);
  set_attribute(file, "step", scenario.run.step);
  set_attribute(file, "source",
                fmt::format("overbuild {} ({}), model {}", provenance.program_version,
                            provenance.git_revision, scenario.model->schema.name));
  set_attribute(file, "history", fmt::format("{}: {}", provenance.started, provenance.command));
}

void write_run_attributes(hid_t file, const Scenario& scenario, const ResultScope& scope,
                          const RunSummary& summary, const Provenance& provenance) {
  set_attribute(file, "Conventions", "CF-1.10");
  write_format_mark(file);
  set_attribute(file, "model", std::string(scenario.model->schema.name));
  set_attribute(file, "scenario", scenario.name);
  set_attribute(file, "title", scenario.title);
  set_attribute(file, "description", scenario.description);
  set_attribute(file, "paths", static_cast<std::int64_t>(summary.paths));
  set_attribute(file, "first_path", static_cast<std::int64_t>(scope.first_path));
  set_attribute(file, "shard", std::int64_t{scope.shard});
  set_attribute(file, "shards", std::int64_t{scope.shards});
  set_attribute(file, "complete", std::int64_t{summary.complete});
  write_setting_attributes(file, scenario, provenance);
}

void describe_parameter(hid_t variable, const ParameterSpec& spec,
                        const ParameterSetting& setting) {
  set_attribute(variable, "symbol", std::string(spec.symbol));
  set_attribute(variable, "source", std::string(spec.source));
  set_attribute(variable, "origin", setting.origin);
  if (!setting.comment.empty()) set_attribute(variable, "comment", setting.comment);
  if (setting.prior) set_attribute(variable, "prior", to_toml(*setting.prior));
  if (setting.posterior_row) set_attribute(variable, "prior", std::string("posterior"));
}

void write_parameter(hid_t group, const ParameterSpec& spec, const ParameterSetting& setting) {
  const double value = setting.drawn() ? std::numeric_limits<double>::quiet_NaN() : setting.value;
  describe_parameter(write_variable(group, label_of(spec), std::vector{value}, {}), spec, setting);
}

void write_parameters(hid_t file, const Scenario& scenario) {
  const hdf5::Id group = hdf5::create_group(file, layout::parameters_group);
  for (std::size_t i = 0; i < scenario.parameters.size(); ++i)
    write_parameter(group, scenario.model->schema.parameters[i], scenario.parameters[i]);
}

void write_kept_outcomes(hid_t file, const ModelSchema& schema, const KeptOutcomes& kept) {
  const hdf5::Id outcomes = hdf5::create_group(file, layout::path_outcomes_group);
  const Dimension outcome_path = write_paths(outcomes, kept.first_path, kept.paths);
  for (std::size_t i = 0; i < kept.outcomes.size(); ++i)
    describe_codes(
        write_variable(outcomes, label_of(schema.outcomes[i]), kept.outcomes[i], {&outcome_path}),
        schema.outcomes[i].codes);
  if (kept.drawn.empty()) return;
  const hdf5::Id parameters = hdf5::create_group(file, layout::path_parameters_group);
  const Dimension parameter_path = write_paths(parameters, kept.first_path, kept.paths);
  for (std::size_t i = 0; i < kept.drawn.size(); ++i)
    write_variable(parameters, label_of(schema.parameters[kept.drawn[i]]), kept.parameters[i],
                   {&parameter_path});
}

void write_provenance(hid_t file, const Provenance& provenance) {
  const hdf5::Id group = hdf5::create_group(file, layout::provenance_group);
  for (const ProvenanceText& field : provenance_texts)
    set_attribute(group, field.name, provenance.*field.member);
  for (const ProvenanceCount& field : provenance_counts)
    set_attribute(group, field.name, std::int64_t{provenance.*field.member});
  set_attribute(group, "wall_seconds", provenance.wall_seconds);
  // A dataset, because an attribute may not exceed 64 KiB.
  hdf5::write_text(group, "config", provenance.config);
}

}  // namespace overbuild
