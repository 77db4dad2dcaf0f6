// Options whose value is a number within limits.
#pragma once

#include <fmt/format.h>

#include <charconv>
#include <string>
#include <type_traits>

#include "overbuild/base/error.hpp"
#include "src/commands/command.hpp"

namespace overbuild {

/// Reads the option's number, or leaves `value` as it is without the option. Error(usage) that
/// names the command.
template <class Number>
void read_number_option(const char* command, const Invocation& invocation, const char* option,
                        Number least, Number most, Number& value) {
  if (!invocation.has(option)) return;
  const std::string text = invocation.text(option);
  const char* end = text.data() + text.size();
  Number found{};
  const auto result = std::from_chars(text.data(), end, found);
  if (result.ec != std::errc() || result.ptr != end || !(found >= least && found <= most))
    throw Error(
        ExitCode::usage,
        fmt::format("{}: --{}: found \"{}\", expected a {} from {} to {}", command, option, text,
                    std::is_integral_v<Number> ? "whole number" : "number", least, most));
  value = found;
}

}  // namespace overbuild
