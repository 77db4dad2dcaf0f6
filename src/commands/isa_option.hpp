// The option --isa.
#pragma once

#include <boost/program_options/options_description.hpp>

#include "src/commands/command.hpp"

namespace overbuild {

void add_isa_option(boost::program_options::options_description& options);

/// Uses the instruction set that was asked for; Error(usage) when there is none of that name.
void choose_instruction_set(const Invocation& invocation);

}  // namespace overbuild
