// The TOML behind a config: one table merged from a file, what it extends, and overrides. Every
// value keeps the file and line it came from (toml++'s source regions, which survive moves).
#pragma once

#include <toml++/toml.h>

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "findings.hpp"

namespace overbuild {

/// The source of values from the command line.
inline constexpr std::string_view override_source = "--set";

/// Where a value was written.
struct Place {
  std::string source;  ///< file name, or "--set"
  int line = 0;        ///< 0 for "--set"
  int column = 0;

  bool is_override() const { return line == 0; }
  std::string text() const;  ///< "file:line", or "--set"
};

Place place_of(const toml::node& node);

/// A file's bytes; nothing when it cannot be read, and `why`, as the rest of a sentence about it.
std::optional<std::string> read_file(const std::filesystem::path& file, std::string& why);

/// Reads a file with everything it extends. Files that cannot be read, that are not TOML or that
/// extend each other in a circle are added to `findings`; the returned table is then incomplete.
toml::table read_document(const std::filesystem::path& file, Findings& findings);

/// The same from a text; `extends` is left in place.
toml::table parse_document(std::string_view text, const std::string& source, Findings& findings);

/// Applies "key=value" overrides in their order.
void apply_overrides(std::span<const std::string> overrides, toml::table& document,
                     Findings& findings);

}  // namespace overbuild
