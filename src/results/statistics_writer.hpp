// Writes the statistics of a run.
#pragma once

#include "overbuild/model/schema.hpp"
#include "overbuild/statistics/summary.hpp"
#include "src/results/hdf5.hpp"

namespace overbuild {

/// Writes the groups /series, /events, /outcomes and /outcome_histograms.
void write_statistics(hid_t file, const ModelSchema& schema, const RunSummary& summary);

}  // namespace overbuild
