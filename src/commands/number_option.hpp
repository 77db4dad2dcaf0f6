// Options whose values are numbers.
#pragma once

#include <fmt/format.h>

#include <charconv>
#include <string>
#include <type_traits>
#include <vector>

#include "overbuild/base/error.hpp"
#include "src/commands/command.hpp"

namespace overbuild {

/// A whole text as a number; false when it is none.
template <class Number>
bool read_number(std::string_view text, Number& value) {
  const char* end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, value);
  return !text.empty() && result.ec == std::errc() && result.ptr == end;
}

/// Replaces `value` by that of an option, where it was given. Throws Error(usage).
template <class Number>
void read_number_option(const char* command, const Invocation& invocation, const char* option,
                        Number least, Number most, Number& value) {
  if (!invocation.has(option)) return;
  const std::string text = invocation.text(option);
  Number found{};
  if (!read_number(text, found) || !(found >= least && found <= most))
    throw Error(
        ExitCode::usage,
        fmt::format("{}: --{}: found \"{}\", expected a {} from {} to {}", command, option, text,
                    std::is_integral_v<Number> ? "whole number" : "number", least, most));
  value = found;
}

/// Finite numbers separated by commas, or FROM:TO:COUNT, evenly spaced with both ends; ascending
/// and different. `what` names the option in the Error(usage).
std::vector<double> read_number_list(const std::string& what, const std::string& text);

}  // namespace overbuild
