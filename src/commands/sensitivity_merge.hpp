// Puts the shards of a sensitivity analysis together.
#pragma once

#include "src/commands/command.hpp"

namespace overbuild {

/// `overbuild merge` with files of sensitivity analyses; returns the exit code.
int merge_sensitivity_shards(const Invocation& invocation);

}  // namespace overbuild
