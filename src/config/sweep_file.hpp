// Scenarios from a file of comma-separated values.
#pragma once

#include <filesystem>

#include "sweep_axes.hpp"

namespace overbuild {

/// Reads a file whose header names full keys and perhaps "scenario"; an empty field leaves the base
/// case as it is. Adds a finding with file and line for each mistake.
/// `asked_for` is the value that names the file.
TableScenarios read_scenario_file(const std::filesystem::path& file, const Value& asked_for,
                                  const Scenario& base, Findings& findings);

}  // namespace overbuild
