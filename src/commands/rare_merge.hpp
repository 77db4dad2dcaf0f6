// Puts the shards of a rare event together.
#pragma once

#include "src/commands/command.hpp"

namespace overbuild {

/// `overbuild merge` with files of rare events; returns the exit code.
int merge_rare_shards(const Invocation& invocation);

}  // namespace overbuild
