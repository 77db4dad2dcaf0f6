// What `overbuild rare` and `overbuild show` print of a rare event.
#pragma once

#include <string>

#include "overbuild/results/rare_file.hpp"
#include "src/commands/terminal.hpp"

namespace overbuild {

/// The probability with its error, what tells whether to trust it, the pilot and the tilt.
std::string rare_text(const RareContents& contents, const TextStyle& style);

/// All numbers as a JSON object; what is undefined is null.
std::string rare_json(const RareContents& contents);

/// "P(event)" with error, gain and doubts in one line, for a table of scenarios.
std::string rare_line(const RareContents& contents, const TextStyle& style);

}  // namespace overbuild
