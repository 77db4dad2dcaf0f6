#include "src/commands/number_option.hpp"

#include <algorithm>
#include <cmath>

namespace overbuild {
namespace {

constexpr int most_values = 1000;

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == separator)
      parts.emplace_back();
    else if (c != ' ')
      parts.back() += c;
  }
  return parts;
}

[[noreturn]] void fail(const std::string& what, const std::string& found,
                       const std::string& expected) {
  throw Error(ExitCode::usage, fmt::format("{}: found \"{}\", expected {}", what, found, expected));
}

std::vector<double> spaced(const std::string& what, const std::string& text) {
  const std::vector<std::string> parts = split(text, ':');
  double from = 0, to = 0;
  int count = 0;
  if (parts.size() != 3 || !read_number(parts[0], from) || !read_number(parts[1], to) ||
      !read_number(parts[2], count) || !std::isfinite(from) || !std::isfinite(to) || from >= to ||
      count < 2 || count > most_values)
    fail(what, text,
         fmt::format("FROM:TO:COUNT with FROM below TO and a COUNT from 2 to {}, such as 0.5:2:7",
                     most_values));
  std::vector<double> values;
  for (int i = 0; i < count; ++i)
    values.push_back(i == count - 1 ? to : from + i / (count - 1.0) * (to - from));
  return values;
}

}  // namespace

std::vector<double> read_number_list(const std::string& what, const std::string& text) {
  if (text.find(':') != std::string::npos) return spaced(what, text);
  std::vector<double> values;
  for (const std::string& part : split(text, ',')) {
    double value = 0;
    if (!read_number(part, value) || !std::isfinite(value))
      fail(what, text,
           fmt::format("numbers separated by commas or FROM:TO:COUNT; \"{}\" is no number", part));
    values.push_back(value);
  }
  std::ranges::sort(values);
  if (std::ranges::adjacent_find(values) != values.end()) fail(what, text, "different numbers");
  if (values.size() > most_values) fail(what, text, fmt::format("at most {} numbers", most_values));
  return values;
}

}  // namespace overbuild
