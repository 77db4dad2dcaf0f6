// The instruction set that the step loop runs with: chosen at run time, the best by default. It
// never changes a bit of a result (docs/decisions/0002-same-bits.md).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace overbuild {

/// Names of the code paths in this program that this machine can run, slowest first, e.g.
/// "x86-64-v2", "x86-64-v3", "x86-64-v4".
std::vector<std::string> available_instruction_sets();

/// The one in use.
std::string instruction_set_in_use();

/// Use the named one, or the best for "auto". Throws Error(usage) for an unknown name or one that
/// this machine lacks. Not while a run is going on.
void use_instruction_set(std::string_view name);

}  // namespace overbuild
