// Options of the command line that are handed on to sbatch.
#pragma once

#include <boost/program_options/options_description.hpp>
#include <string>
#include <vector>

#include "src/commands/command.hpp"

namespace overbuild {

void add_slurm_options(boost::program_options::options_description& options);

/// As sbatch takes them, e.g. "--mem=4G"; what is given with --sbatch comes last. Throws
/// Error(usage) that begins with the command's name for what cannot be an option, and for those
/// that are set by this program.
std::vector<std::string> slurm_options(const Invocation& invocation, const std::string& command);

}  // namespace overbuild
