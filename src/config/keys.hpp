// The table of a config's keys: what each is called, how it is read, checked and written.
#pragma once

#include <span>
#include <string>

#include "overbuild/config/load.hpp"
#include "value.hpp"

namespace overbuild {

struct KeyRow {
  ConfigKey key;
  bool needs_model;                       ///< cannot be read before the model is known
  void (*read)(const Value&, Scenario&);  ///< from its value
  std::string (*write)(const Scenario&);  ///< as TOML; nullptr for what to_toml() lays out itself
};

/// In the order in which they are read and written.
std::span<const KeyRow> key_rows();

/// "run" of "run.seed"; "" for keys outside of sections.
std::string_view section_of(std::string_view key);
/// "seed" of "run.seed".
std::string_view leaf_of(std::string_view key);

/// What is wrong with a name that its section does not know: the key it belongs to elsewhere, else
/// unknown_text().
std::string misplaced_text(std::string_view what, std::string_view name,
                           std::span<const std::string> known, const Scenario& scenario);

}  // namespace overbuild
