// Reads configs: TOML files with inheritance and command-line overrides.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "overbuild/config/scenario.hpp"

namespace overbuild {

/// Reads and checks a config file with everything it extends.
/// `overrides` are texts "key=value" from the command line, e.g. "parameters.price_elasticity=0.8";
/// the value is TOML. Throws ConfigError with all findings at once, each with file, line, key, what
/// was found, what is allowed and the nearest known key.
Scenario load_scenario(const std::filesystem::path& file,
                       std::span<const std::string> overrides = {});

/// The same from a text without `extends`; `source` names it in messages.
Scenario parse_scenario(std::string_view toml, const std::string& source);

/// The whole config with every default written out; reading it back gives the same scenario, apart
/// from the origins of its values. Numbers are written so that they are read back to the same bits.
std::string to_toml(const Scenario& scenario);

/// A prior as a config gives it, e.g. {prior = "lognormal", median = 0.7, sigma = 0.5, max = 2.0}.
std::string to_toml(const Distribution& prior);

/// One key of a config; the names in [parameters] and [tables] are the model's. The reader works
/// from the same table.
struct ConfigKey {
  std::string_view key;           ///< dotted, e.g. "run.seed"
  std::string_view type;          ///< what it holds and which values are allowed
  std::string_view default_text;  ///< TOML where there is a default
  std::string_view meaning;
};
std::span<const ConfigKey> config_keys();

/// The config reference of all models in Markdown (docs/config.md is this text).
std::string config_reference();

}  // namespace overbuild
