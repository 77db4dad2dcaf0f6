// From a config's document to its scenario, in two steps: a sweep is read between them.
#pragma once

#include "document.hpp"
#include "overbuild/config/scenario.hpp"

namespace overbuild {

/// The file merged with what it extends and the overrides. Throws ConfigError when a file cannot be
/// read; mistakes in overrides are findings.
toml::table load_document(const std::filesystem::path& file, std::span<const std::string> overrides,
                          Findings& findings);

/// `source` is the name of the file. With findings the scenario is not to be used, and its model
/// may be missing.
Scenario read_scenario(const toml::table& document, const std::string& source, Findings& findings);

}  // namespace overbuild
