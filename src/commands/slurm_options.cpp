#include "src/commands/slurm_options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/program_options/value_semantic.hpp>
#include <string_view>

#include "overbuild/base/error.hpp"

namespace overbuild {
namespace {

namespace po = boost::program_options;

struct HandedOn {
  const char* name;    ///< here
  const char* sbatch;  ///< of sbatch
  const char* value;
  const char* meaning;
};

constexpr HandedOn handed_on[] = {
    {"partition", "partition", "NAME", "partition of the jobs"},
    {"time", "time", "TIME", "time limit of each job, e.g. 30 (minutes) or 2:00:00"},
    {"memory", "mem", "SIZE", "memory of each job, e.g. 2G"},
    {"account", "account", "NAME", "account that is charged"},
    {"qos", "qos", "NAME", "quality of service"},
    {"constraint", "constraint", "LIST", "features that the nodes must have"}};

/// Options of sbatch that this program sets itself, or that would keep it from finding what the
/// jobs do: long and short name.
constexpr std::array<std::pair<std::string_view, std::string_view>, 10> own = {
    {{"--array", "-a"},
     {"--dependency", "-d"},
     {"--chdir", "-D"},
     {"--output", "-o"},
     {"--error", "-e"},
     {"--clusters", "-M"},
     {"--wait", "-W"},
     {"--wrap", "--wrap"},
     {"--parsable", "--parsable"},
     {"--test-only", "--test-only"}}};

bool has_line_break(const std::string& text) { return text.find_first_of("\r\n") != text.npos; }

[[noreturn]] void fail(const std::string& command, const std::string& message) {
  throw Error(ExitCode::usage, fmt::format("{}: {}", command, message));
}

void check_further_option(const std::string& option, const std::string& command) {
  if (!option.starts_with('-') || option == "-" || option == "--" || has_line_break(option))
    fail(command, fmt::format("--sbatch: found \"{}\", expected one option of sbatch, e.g. "
                              "--sbatch=--exclude=node7",
                              option));
  for (const auto& [name, short_name] : own) {
    const bool is_long = option == name || option.starts_with(fmt::format("{}=", name));
    const bool is_short =
        short_name.size() == 2 && option.starts_with(short_name) && !option.starts_with("--");
    if (is_long || is_short)
      fail(command, fmt::format("--sbatch: {} is set by overbuild itself", name));
  }
}

}  // namespace

void add_slurm_options(po::options_description& options) {
  for (const HandedOn& option : handed_on)
    options.add_options()(option.name, po::value<std::string>()->value_name(option.value),
                          option.meaning);
  options.add_options()("sbatch", po::value<std::vector<std::string>>()->value_name("OPTION"),
                        "any other option of sbatch, e.g. --sbatch=--exclude=node7; may be "
                        "repeated");
}

std::vector<std::string> slurm_options(const Invocation& invocation, const std::string& command) {
  std::vector<std::string> options;
  for (const HandedOn& option : handed_on) {
    if (!invocation.has(option.name)) continue;
    const std::string value = invocation.text(option.name);
    if (value.empty() || has_line_break(value))
      fail(command, fmt::format("--{}: found \"{}\", expected what sbatch takes after --{}=",
                                option.name, value, option.sbatch));
    options.push_back(fmt::format("--{}={}", option.sbatch, value));
  }
  if (!invocation.has("sbatch")) return options;
  for (const auto& option : invocation.options["sbatch"].as<std::vector<std::string>>()) {
    check_further_option(option, command);
    options.push_back(option);
  }
  return options;
}

}  // namespace overbuild
