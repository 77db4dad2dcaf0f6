// What a command is, and the table of all commands.
#pragma once

#include <boost/program_options/options_description.hpp>
#include <boost/program_options/variables_map.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace overbuild {

/// A parsed command line of one command.
struct Invocation {
  std::string argument;                ///< the first argument that is not an option, or ""
  std::vector<std::string> arguments;  ///< all of them, for commands that take several
  boost::program_options::variables_map options;
  std::string command_line;  ///< the whole command, quoted for a shell

  bool has(const char* option) const { return options.count(option) > 0; }
  /// The value of an option that was given.
  std::string text(const char* option) const { return options[option].as<std::string>(); }
};

struct Command {
  std::string_view name;
  std::string_view argument;  ///< e.g. "CONFIG", or several names with blanks between them; in
                              ///< brackets if it may be left out; "FILE..." for one or more; or ""
  std::string_view meaning;   ///< one line
  std::string_view details;   ///< what else its help says
  void (*add_options)(boost::program_options::options_description&);
  int (*run)(const Invocation&);  ///< returns the exit code; may throw
};

extern const Command run_command, resume_command, merge_command, batch_command, calibrate_command,
    rare_command, sensitivity_command, solve_command, attribute_command, submit_command,
    status_command, resubmit_command, check_command, show_command, compare_command, models_command,
    describe_command, help_command;

/// In the order in which help lists them.
std::span<const Command* const> all_commands();

/// Throws Error(usage) that names the nearest command.
const Command& find_command(const std::string& name);

}  // namespace overbuild
