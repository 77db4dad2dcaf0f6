#include "src/commands/command.hpp"

#include <fmt/format.h>

#include <array>

#include "overbuild/base/error.hpp"
#include "overbuild/base/nearest_name.hpp"

namespace overbuild {

std::span<const Command* const> all_commands() {
  static constexpr std::array commands = {
      &run_command,    &resume_command,      &merge_command, &batch_command,     &calibrate_command,
      &rare_command,   &sensitivity_command, &solve_command, &attribute_command, &submit_command,
      &status_command, &resubmit_command,    &check_command, &show_command,      &compare_command,
      &models_command, &describe_command,    &help_command};
  return commands;
}

const Command& find_command(const std::string& name) {
  std::vector<std::string> names;
  for (const Command* command : all_commands()) {
    if (command->name == name) return *command;
    names.emplace_back(command->name);
  }
  const std::string nearest = nearest_name(name, names);
  throw Error(ExitCode::usage,
              fmt::format("unknown command \"{}\"{}; `overbuild help` lists the commands", name,
                          suggestion_text(", ", nearest)));
}

}  // namespace overbuild
