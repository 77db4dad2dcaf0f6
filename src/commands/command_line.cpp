#include "src/commands/command_line.hpp"

#include <fmt/format.h>

#include <boost/program_options/parsers.hpp>
#include <boost/program_options/positional_options.hpp>
#include <sstream>

#include "overbuild/base/error.hpp"
#include "overbuild/base/nearest_name.hpp"
#include "src/commands/text_table.hpp"

namespace overbuild {
namespace {

namespace po = boost::program_options;

constexpr unsigned help_width = 80;

constexpr std::string_view exit_codes = R"(
Exit codes:
  0    success
  1    a defect of the program
  2    the command line is wrong
  3    a config is wrong or cannot be read
  4    a result cannot be read or written, or exists already; or standard output
       cannot be written
  5    a path left the range of finite numbers; or the pilot of a rare event did
       not reach it; or no value of a parameter gives what `solve` asks
  6    Slurm is missing or refused a job
  7    status: not finished; what is missing waits or runs
  8    status: not finished; `overbuild resubmit` is needed
  129, 130, 143    a run ended early by SIGHUP, Ctrl-C (SIGINT), SIGTERM
)";

po::options_description visible_options(const Command& command) {
  po::options_description options("Options", help_width, help_width / 2);
  command.add_options(options);
  options.add_options()("help,h", "show this help");
  return options;
}

std::vector<std::string> argument_names(const Command& command) {
  std::istringstream words{std::string(command.argument)};
  std::vector<std::string> names;
  for (std::string name; words >> name;) names.push_back(name);
  return names;
}

bool argument_required(const Command& command) {
  return !command.argument.empty() && command.argument.front() != '[';
}

[[noreturn]] void fail(const Command& command, const std::string& message) {
  throw Error(ExitCode::usage, fmt::format("{0}: {1}; `overbuild {0} --help` lists the options",
                                           command.name, message));
}

[[noreturn]] void fail_unknown(const Command& command, const std::string& option) {
  std::vector<std::string> names;
  const po::options_description visible = visible_options(command);
  for (const auto& known : visible.options())
    names.push_back(fmt::format("--{}", known->long_name()));
  const std::string nearest = nearest_name(option, names);
  fail(command, fmt::format("unknown option {}{}", option, suggestion_text(", ", nearest)));
}

void read_options(const Command& command, const std::vector<std::string>& words,
                  po::variables_map& options) {
  po::options_description all = visible_options(command);
  all.add_options()("argument", po::value<std::vector<std::string>>());
  po::positional_options_description positional;
  positional.add("argument", -1);
  // Options are not to be shortened: a shortened name may become ambiguous in a later version.
  const int style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
  const po::parsed_options parsed =
      po::command_line_parser(words).options(all).positional(positional).style(style).run();
  for (const po::option& option : parsed.options)
    if (option.string_key == "argument" && option.position_key < 0)
      throw po::unknown_option("--argument");  // the name is ours, not the user's
  po::store(parsed, options);
}

void read_argument(const Command& command, Invocation& invocation) {
  std::vector<std::string> given;
  if (invocation.has("argument"))
    given = invocation.options["argument"].as<std::vector<std::string>>();
  if (invocation.has("help")) return;
  const std::vector<std::string> names = argument_names(command);
  const std::size_t allowed = names.size();
  if (given.size() > allowed && !command.argument.ends_with("..."))
    fail(command, fmt::format("unexpected argument \"{}\"", given[allowed]));
  if (given.size() < allowed && argument_required(command))
    fail(command, fmt::format("the argument {} is missing", names[given.size()]));
  if (!given.empty()) invocation.argument = given.front();
  for (const std::string& argument : given)
    if (argument.empty()) fail(command, fmt::format("the argument {} is empty", command.argument));
  invocation.arguments = std::move(given);
}

}  // namespace

Invocation parse(const Command& command, const std::vector<std::string>& words) try {
  Invocation invocation;
  read_options(command, words, invocation.options);
  read_argument(command, invocation);
  return invocation;
} catch (const po::unknown_option& error) {
  fail_unknown(command, error.get_option_name());
} catch (const po::error& error) {
  fail(command, error.what());
}

std::string program_help() {
  TextTable commands({{"Commands:"}, {""}});
  for (const Command* command : all_commands())
    commands.add_row(
        {fmt::format("  {} {}", command->name, command->argument), std::string(command->meaning)});
  return fmt::format(
      "Overbuild: Monte Carlo scenarios of AI-investment bubbles\n\n"
      "Usage: overbuild COMMAND [ARGUMENT] [OPTION]...\n"
      "       overbuild --version\n\n{}\n"
      "`overbuild help COMMAND` or `overbuild COMMAND --help` says more of a command.\n{}",
      commands.text(help_width), exit_codes);
}

std::string command_help(const Command& command) {
  std::ostringstream options;
  options << visible_options(command);
  return fmt::format("{}\n\nUsage: overbuild {}{}{} [OPTION]...\n\n{}{}{}", command.meaning,
                     command.name, command.argument.empty() ? "" : " ", command.argument,
                     command.details, options.str(), exit_codes);
}

}  // namespace overbuild
