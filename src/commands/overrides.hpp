// Options that change values of a config: --set, and shorthands of it.
#pragma once

#include <boost/program_options/options_description.hpp>
#include <span>
#include <string>
#include <vector>

#include "overbuild/config/scenario.hpp"
#include "overbuild/config/sweep.hpp"
#include "src/commands/command.hpp"

namespace overbuild {

void add_set_option(boost::program_options::options_description& options);

/// --paths, --seed, --threads and --chunk, which stand for --set run.paths=... and so on.
void add_run_shorthands(boost::program_options::options_description& options);

/// Loads the config that is the command's argument. A mistake in a shorthand is one of the command
/// line: Error(usage) that names the option.
/// `more`: further texts "key=value".
Scenario load_config(const Invocation& invocation, std::span<const std::string> more = {});

/// The same for a config with a sweep.
Sweep load_sweep_config(const Invocation& invocation, std::span<const std::string> more = {});

/// All of them as texts "key=value"; the shorthands come last and so have the last word.
std::vector<std::string> overrides(const Invocation& invocation);

}  // namespace overbuild
