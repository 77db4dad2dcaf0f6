// Observations in a file of a calibration.
#pragma once

#include <string>
#include <vector>

#include "overbuild/config/observed_data.hpp"
#include "src/results/variables.hpp"

namespace overbuild {

/// The group /data: what was observed, by observation.
void write_observations(hid_t file, const std::vector<Observation>& observations);

std::vector<Observation> read_observations(hid_t file);

}  // namespace overbuild
