// Writes the exact statistics of a part of a run, from which parts are put together.
#pragma once

#include "overbuild/statistics/replicates.hpp"
#include "overbuild/statistics/run_statistics.hpp"
#include "src/hdf5/hdf5.hpp"

namespace overbuild {

/// Writes the group /state.
void write_state(hid_t file, const RunStatisticsState& state, const Replicates& replicates);

}  // namespace overbuild
