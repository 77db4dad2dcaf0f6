// Lengths of time on the command line.
#pragma once

#include <string>

namespace overbuild {

/// Seconds of e.g. "90s", "5m", "1.5h" or "90", which are seconds. Throws Error(usage) that begins
/// with `what` unless they are positive.
double seconds_of(const std::string& text, const std::string& what);

}  // namespace overbuild
