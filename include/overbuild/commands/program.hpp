// The command line `overbuild`; docs/commands.md describes it to users.
#pragma once

#include <string>
#include <vector>

namespace overbuild {

/// Runs one command and returns the program's exit code (ExitCode of base/error.hpp, or 128 + the
/// number of the signal that ended a run). `arguments` come without the program's name. Errors are
/// reported on standard error; nothing is thrown.
int run_program(const std::vector<std::string>& arguments);

}  // namespace overbuild
