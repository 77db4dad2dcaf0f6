// The option --series of commands that show results.
#pragma once

#include <boost/program_options/options_description.hpp>
#include <string>
#include <vector>

#include "overbuild/results/result_file.hpp"
#include "src/commands/command.hpp"

namespace overbuild {

void add_series_option(boost::program_options::options_description& options);

/// Indices of the series asked for, else of the headline series. Throws Error(usage) that begins
/// with `command` and names the nearest series.
std::vector<std::size_t> chosen_series(const std::string& command, const Invocation& invocation,
                                       const std::vector<Quantity>& series);

}  // namespace overbuild
