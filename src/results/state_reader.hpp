// Reads the exact statistics of a part of a run.
#pragma once

#include "overbuild/statistics/replicates.hpp"
#include "overbuild/statistics/run_statistics.hpp"
#include "src/hdf5/hdf5.hpp"

namespace overbuild {

bool has_state(hid_t file);

/// All but the number of paths, which is an attribute of the file. Throws hdf5::Failure when
/// something is missing or does not fit together.
RunStatisticsState read_state(hid_t file);

/// The values of `count` replicates.
Replicates read_replicates(hid_t file, std::size_t count);

}  // namespace overbuild
