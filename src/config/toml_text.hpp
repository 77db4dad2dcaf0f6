// Values as text: as TOML that is read back to the same value, and as words for messages.
#pragma once

#include <toml++/toml.h>

#include <span>
#include <string>
#include <string_view>

#include "overbuild/model/schema.hpp"

namespace overbuild {

/// The shortest TOML float that is read back to the same bits.
std::string float_text(double value);
std::string float_array(std::span<const double> values);  ///< "[1.0, 2.0]"

/// A TOML basic string on one line.
std::string toml_string(std::string_view text);
/// The same, or a multi-line basic string where the text has several lines.
std::string toml_text(std::string_view text);
std::string string_array(std::span<const std::string> texts);

/// What a value is, for "found ...": e.g. `the string "abc"`, "2.5", "a table".
std::string description(const toml::node& node);

/// The allowed values, for messages and the reference: e.g. "> 0", "[0, 1]", "whole, [1, 24]".
std::string allowed_text(const Bounds& bounds);

}  // namespace overbuild
