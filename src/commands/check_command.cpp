#include <boost/program_options/value_semantic.hpp>

#include "overbuild/base/error.hpp"
#include "overbuild/config/load.hpp"
#include "src/commands/overrides.hpp"
#include "src/commands/terminal.hpp"

namespace overbuild {
namespace {

namespace po = boost::program_options;

void add_options(po::options_description& options) {
  add_set_option(options);
  options.add_options()("quiet,q", "print nothing when the config is right");
}

int check(const Invocation& invocation) {
  const Scenario scenario = load_config(invocation);
  if (!invocation.has("quiet")) print(to_toml(scenario));
  return static_cast<int>(ExitCode::success);
}

}  // namespace

const Command check_command = {"check",
                               "CONFIG",
                               "Check a config and print it with every default written out",
                               "All mistakes are listed at once on standard error, each as\n"
                               "`file:line: key: message`.\n\n",
                               add_options,
                               check};

}  // namespace overbuild
