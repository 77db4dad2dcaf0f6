// What `overbuild attribute` and `overbuild show` print of an attribution.
#pragma once

#include <string>

#include "overbuild/results/attribution_file.hpp"
#include "src/commands/terminal.hpp"

namespace overbuild {

/// The statistic of both scenarios, what each change adds, and the changes themselves.
std::string attribution_text(const AttributionContents& contents, const TextStyle& style);

/// The difference and the largest of the changes, a line for each scenario of a sweep.
std::string attribution_line(const AttributionContents& contents, const TextStyle& style);

/// All numbers as a JSON object; what is undefined is null.
std::string attribution_json(const AttributionContents& contents);

}  // namespace overbuild
