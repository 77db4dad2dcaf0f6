// The option --shard.
#pragma once

#include <boost/program_options/options_description.hpp>

#include "src/commands/command.hpp"

namespace overbuild {

void add_shard_option(boost::program_options::options_description& options);

/// Reads "I/N" with 1 <= I <= N; without the option both stay as they are. Error(usage) that names
/// the command.
void read_shard_option(const char* command, const Invocation& invocation, int& shard, int& shards);

}  // namespace overbuild
