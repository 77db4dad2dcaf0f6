// What a calibration found, for readers and for programs.
#pragma once

#include <string>

#include "overbuild/calibration/calibration.hpp"
#include "src/commands/terminal.hpp"

namespace overbuild {

/// Prior against posterior, and how far the posterior can be trusted.
std::string calibration_text(const Scenario& scenario, const ObservedData& data,
                             const CalibrationResult& result, const TextStyle& style);

std::string calibration_json(const Scenario& scenario, const ObservedData& data,
                             const CalibrationResult& result);

}  // namespace overbuild
