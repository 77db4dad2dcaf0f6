#include "src/commands/duration.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "overbuild/base/error.hpp"

namespace overbuild {
namespace {

/// Seconds of a unit, 0 for an unknown one.
double unit_seconds(std::string_view unit) {
  if (unit.empty() || unit == "s") return 1;
  if (unit == "m") return 60;
  if (unit == "h") return 3600;
  return 0;
}

}  // namespace

double seconds_of(const std::string& text, const std::string& what) {
  const char* end = text.data() + text.size();
  double number = 0;
  const auto read = std::from_chars(text.data(), end, number);
  const double seconds = number * unit_seconds({read.ptr, end});
  if (read.ec != std::errc() || !std::isfinite(seconds) || seconds <= 0)
    throw Error(ExitCode::usage,
                fmt::format("{}: found \"{}\", expected a length of time such as 90s, 5m or 1.5h",
                            what, text));
  return seconds;
}

}  // namespace overbuild
