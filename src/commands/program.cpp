#include "overbuild/commands/program.hpp"

#include <fmt/format.h>

#include <new>

#include "overbuild/base/error.hpp"
#include "overbuild/base/nearest_name.hpp"
#include "overbuild/base/shell_line.hpp"
#include "src/commands/command_line.hpp"
#include "src/commands/terminal.hpp"
#include "src/commands/version_text.hpp"

namespace overbuild {
namespace {

constexpr int success = static_cast<int>(ExitCode::success);

/// For a word that stands in place of a command and looks like an option.
[[noreturn]] void fail_unknown_option(const std::string& word) {
  const std::vector<std::string> known = {"--help", "--version"};
  std::string nearest = word.starts_with("--") ? nearest_name(word, known) : "";
  if (word == "-v" || word == "-V") nearest = "--version";  // as other programs call it
  throw Error(ExitCode::usage,
              fmt::format("unknown option {}{}; only --help (-h) and --version may stand before a "
                          "command, its own options come after it",
                          word, suggestion_text(", ", nearest)));
}

int dispatch(const std::vector<std::string>& arguments) {
  if (arguments.empty()) {
    print_error(program_help());
    return static_cast<int>(ExitCode::usage);
  }
  std::string name = arguments.front();
  if (name == "--version") {
    print(version_text());
    return success;
  }
  if (name == "--help" || name == "-h") name = help_command.name;
  if (name.starts_with('-')) fail_unknown_option(name);
  const Command& command = find_command(name);
  Invocation invocation = parse(command, {arguments.begin() + 1, arguments.end()});
  if (invocation.has("help")) {
    print(command_help(command));
    return success;
  }
  std::vector<std::string> words = {"overbuild"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  invocation.command_line = shell_line(words);
  return command.run(invocation);
}

int report(ExitCode code, const std::string& message) {
  print_error(fmt::format("overbuild: {}\n", message));
  return static_cast<int>(code);
}

}  // namespace

int run_program(const std::vector<std::string>& arguments) try {
  prepare_standard_streams();
  return dispatch(arguments);
} catch (const ConfigError& error) {
  // Each line begins with file and line, as editors and other tools expect of findings.
  print_error(fmt::format("{}\n", error.what()));
  return static_cast<int>(error.code());
} catch (const Error& error) {
  return report(error.code(), error.what());
} catch (const std::bad_alloc&) {
  return report(ExitCode::internal, "out of memory; fewer kept outcomes or threads need less");
} catch (const std::exception& error) {
  return report(ExitCode::internal, fmt::format("internal error: {}", error.what()));
} catch (...) {
  return report(ExitCode::internal, "internal error of unknown kind");
}

}  // namespace overbuild
