// Writes what a result is a result of: the run, its parameters and its provenance; and the kept
// outcomes.
#pragma once

#include "overbuild/config/scenario.hpp"
#include "overbuild/results/result_file.hpp"
#include "src/results/hdf5.hpp"

namespace overbuild {

/// The root group's attributes.
void write_run_attributes(hid_t file, const Scenario& scenario, const ResultScope& scope,
                          const RunSummary& summary, const Provenance& provenance);

/// The group /parameters: one scalar per parameter, NaN where there is a prior.
void write_parameters(hid_t file, const Scenario& scenario);

/// The groups /path_outcomes and /path_parameters.
void write_kept_outcomes(hid_t file, const ModelSchema& schema, const KeptOutcomes& kept);

/// The group /provenance.
void write_provenance(hid_t file, const Provenance& provenance);

}  // namespace overbuild
