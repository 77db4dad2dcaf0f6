#include "overbuild/base/error.hpp"
#include "src/commands/command_line.hpp"
#include "src/commands/terminal.hpp"

namespace overbuild {
namespace {

int help(const Invocation& invocation) {
  if (invocation.argument.empty())
    print(program_help());
  else
    print(command_help(find_command(invocation.argument)));
  return static_cast<int>(ExitCode::success);
}

}  // namespace

const Command help_command = {"help",
                              "[COMMAND]",
                              "Explain the program or one of its commands",
                              "",
                              [](boost::program_options::options_description&) {},
                              help};

}  // namespace overbuild
