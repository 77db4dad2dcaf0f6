// A file for each scenario of a sweep, in one folder: for analyses whose files hold one scenario.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "overbuild/config/sweep.hpp"
#include "src/commands/command.hpp"

namespace overbuild {

/// The option --output, or the file `otherwise`. Error(usage) when it is empty.
std::filesystem::path output_path(const char* command, const Invocation& invocation,
                                  const std::string& otherwise);

/// Calls `one` for each scenario with its file, the scenario's name with `ending`, until one gives
/// another exit code than success; makes the folder. Error(usage) for --json, which is for one
/// scenario.
int for_each_scenario(const char* command, const Invocation& invocation, const Sweep& sweep,
                      const std::string& ending,
                      const std::function<int(const Scenario&, const std::filesystem::path&)>& one);

}  // namespace overbuild
