#include "src/commands/overrides.hpp"

#include <boost/program_options/value_semantic.hpp>
#include <string>

namespace overbuild {
namespace {

namespace po = boost::program_options;

struct Shorthand {
  const char* name;
  const char* meaning;
};

constexpr Shorthand shorthands[] = {
    {"paths", "number of paths (run.paths)"},
    {"seed", "seed of the random numbers (run.seed)"},
    {"threads", "worker threads, 0 for all the machine has (run.threads); never changes a result"},
    {"chunk", "paths a worker takes at a time, 0 to choose (run.chunk); never changes a result"}};

}  // namespace

void add_set_option(po::options_description& options) {
  options.add_options()("set", po::value<std::vector<std::string>>()->value_name("KEY=VALUE"),
                        "give a key of the config another value, e.g. "
                        "parameters.price_elasticity=0.8; may be repeated");
}

void add_run_shorthands(po::options_description& options) {
  for (const Shorthand& shorthand : shorthands)
    options.add_options()(shorthand.name, po::value<std::string>()->value_name("N"),
                          shorthand.meaning);
}

std::vector<std::string> overrides(const Invocation& invocation) {
  std::vector<std::string> texts;
  if (invocation.has("set")) texts = invocation.options["set"].as<std::vector<std::string>>();
  for (const Shorthand& shorthand : shorthands)
    if (invocation.has(shorthand.name))
      texts.push_back(std::string("run.") + shorthand.name + "=" + invocation.text(shorthand.name));
  return texts;
}

}  // namespace overbuild
