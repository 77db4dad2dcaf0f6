// What `overbuild solve` and `overbuild show` print of a reverse stress test.
#pragma once

#include <string>

#include "overbuild/results/solve_file.hpp"
#include "src/commands/terminal.hpp"

namespace overbuild {

/// The roots with their intervals, what to know of them, and the scan; of a frontier a row for each
/// value.
std::string solve_text(const SolveContents& contents, const TextStyle& style);

/// All numbers as a JSON object; what is undefined is null.
std::string solve_json(const SolveContents& contents);

/// The roots in one line, for a table of scenarios.
std::string solve_line(const SolveContents& contents);

/// Where there is no root at all: that, where it was looked for, and what came nearest; else "".
std::string no_root_text(const SolveContents& contents);

}  // namespace overbuild
