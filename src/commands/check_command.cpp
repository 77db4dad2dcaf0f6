#include <boost/program_options/value_semantic.hpp>

#include "overbuild/base/error.hpp"
#include "overbuild/config/load.hpp"
#include "src/commands/batch_table.hpp"
#include "src/commands/overrides.hpp"
#include "src/commands/terminal.hpp"

namespace overbuild {
namespace {

namespace po = boost::program_options;

void add_options(po::options_description& options) {
  add_set_option(options);
  options.add_options()("quiet,q", "print nothing when the config is right");
}

/// The lines as comments of a config.
std::string commented(const std::string& lines) {
  std::string text;
  for (std::size_t begin = 0; begin < lines.size();) {
    const std::size_t end = lines.find('\n', begin);
    text += "# " + lines.substr(begin, end - begin) + '\n';
    begin = end + 1;
  }
  return text;
}

int check(const Invocation& invocation) {
  const Sweep sweep = load_sweep_config(invocation);
  if (invocation.has("quiet")) return static_cast<int>(ExitCode::success);
  print(to_toml(sweep));
  if (sweep.points().empty()) return static_cast<int>(ExitCode::success);
  print('\n' + commented(scenarios_text(sweep, style_of(1))));
  if (sweep.base().outputs.paths > 0)
    print("# outputs.paths: `batch` keeps paths with --separate only; else set it to 0\n");
  return static_cast<int>(ExitCode::success);
}

}  // namespace

const Command check_command = {"check",
                               "CONFIG",
                               "Check a config and print it with all defaults written out",
                               "All mistakes are listed at once on standard error, each as\n"
                               "`file:line: key: message`. Of a config with [[sweep]] tables all\n"
                               "scenarios are checked, and printed as lists.\n\n",
                               add_options,
                               check};

}  // namespace overbuild
