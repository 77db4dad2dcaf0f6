#include "src/commands/overrides.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <boost/program_options/value_semantic.hpp>
#include <string>

#include "overbuild/base/error.hpp"
#include "overbuild/config/load.hpp"

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

std::string key_of(const Shorthand& shorthand) { return std::string("run.") + shorthand.name; }

/// The mistakes that come from shorthands, which have the last word on their keys.
std::string shorthand_mistakes(const ConfigError& error, const Invocation& invocation) {
  std::vector<std::string> mistakes;
  for (const Shorthand& shorthand : shorthands)
    for (const Diagnostic& finding : error.diagnostics())
      if (invocation.has(shorthand.name) && finding.source == "--set" &&
          finding.key == key_of(shorthand))
        mistakes.push_back(fmt::format("--{}: {}", shorthand.name, finding.message));
  return fmt::format("{}", fmt::join(mistakes, "; "));
}

/// Calls `load` with all overrides and `more`; a mistake in a shorthand is one of the command line.
template <class Load>
auto in_option_terms(const Invocation& invocation, std::span<const std::string> more,
                     const Load& load) try {
  std::vector<std::string> texts = overrides(invocation);
  texts.insert(texts.end(), more.begin(), more.end());
  return load(texts);
} catch (const ConfigError& error) {
  const std::string mistakes = shorthand_mistakes(error, invocation);
  if (mistakes.empty()) throw;
  throw Error(ExitCode::usage, mistakes);
}

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
      texts.push_back(key_of(shorthand) + "=" + invocation.text(shorthand.name));
  return texts;
}

Scenario load_config(const Invocation& invocation, std::span<const std::string> more) {
  return in_option_terms(invocation, more, [&](const auto& texts) {
    return load_scenario(invocation.argument, texts);
  });
}

Sweep load_sweep_config(const Invocation& invocation, std::span<const std::string> more) {
  return in_option_terms(invocation, more,
                         [&](const auto& texts) { return load_sweep(invocation.argument, texts); });
}

}  // namespace overbuild
