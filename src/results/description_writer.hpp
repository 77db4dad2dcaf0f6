// Writes what a result is a result of: the run, its parameters and its provenance; and the kept
// outcomes.
#pragma once

#include "overbuild/config/scenario.hpp"
#include "overbuild/results/result_file.hpp"
#include "src/results/variables.hpp"

namespace overbuild {

/// The root group's attributes.
void write_run_attributes(hid_t file, const Scenario& scenario, const ResultScope& scope,
                          const RunSummary& summary, const Provenance& provenance);

/// Those among them that do not depend on how far the run came.
void write_setting_attributes(hid_t file, const Scenario& scenario, const Provenance& provenance);

/// The group /parameters: one scalar per parameter, NaN where there is a prior.
void write_parameters(hid_t file, const Scenario& scenario);

/// One scalar of it.
void write_parameter(hid_t group, const ParameterSpec& spec, const ParameterSetting& setting);

/// What a parameter's variable says of it.
void describe_parameter(hid_t variable, const ParameterSpec& spec, const ParameterSetting& setting);

/// CF's flag_values and flag_meanings on a variable whose values are a code; nothing without codes.
void describe_codes(hid_t variable, std::string_view codes);

template <class Spec>
Label label_of(const Spec& spec) {
  return {std::string(spec.name), std::string(spec.unit), std::string(spec.meaning)};
}

/// The groups /path_outcomes and /path_parameters.
void write_kept_outcomes(hid_t file, const ModelSchema& schema, const KeptOutcomes& kept);

/// The group /provenance.
void write_provenance(hid_t file, const Provenance& provenance);

}  // namespace overbuild
