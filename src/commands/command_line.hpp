// Between the words of the command line and an Invocation.
#pragma once

#include <string>
#include <vector>

#include "src/commands/command.hpp"

namespace overbuild {

/// Parses what follows the command's name. Throws Error(usage), with the nearest known option.
/// With --help among the options, a missing argument is no error.
Invocation parse(const Command& command, const std::vector<std::string>& words);

/// What `overbuild help` prints.
std::string program_help();

/// What `overbuild COMMAND --help` prints.
std::string command_help(const Command& command);

}  // namespace overbuild
