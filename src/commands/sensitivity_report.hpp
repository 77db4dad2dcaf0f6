// What `overbuild sensitivity` and `overbuild show` print of a sensitivity analysis.
#pragma once

#include <string>

#include "overbuild/results/sensitivity_file.hpp"
#include "src/commands/terminal.hpp"

namespace overbuild {

/// For each quantity its mean and variance, the noise's share, and a table of the priors, sorted by
/// the method's main index, with bars.
std::string sensitivity_text(const SensitivityContents& contents, const TextStyle& style);

/// All estimates as a JSON object; what is undefined is null.
std::string sensitivity_json(const SensitivityContents& contents);

/// The three priors that matter most for the first quantity in one line, for a table of scenarios.
std::string sensitivity_line(const SensitivityContents& contents, const TextStyle& style);

}  // namespace overbuild
