// Puts the shards of a frontier together.
#pragma once

#include "src/commands/command.hpp"

namespace overbuild {

/// `overbuild merge` with files of reverse stress tests; returns the exit code.
int merge_solve_shards(const Invocation& invocation);

}  // namespace overbuild
