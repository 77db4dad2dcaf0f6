#include "toml_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <sstream>
#include <vector>

namespace overbuild {
namespace {

std::string shortened(const std::string& text) {
  std::size_t length = 60;
  if (text.size() <= length) return text;
  const auto continues = [&] { return (static_cast<unsigned char>(text[length]) & 0xc0) == 0x80; };
  while (length > 0 && continues()) --length;  // no UTF-8 sequence is cut
  return text.substr(0, length) + "...";
}

/// A character of a basic string.
std::string escaped(char character) {
  const auto code = static_cast<unsigned char>(character);
  if (character == '"' || character == '\\') return {'\\', character};
  if (code < 0x20 || code == 0x7f) return fmt::format("\\u{:04x}", code);
  return {character};
}

}  // namespace

std::string float_text(double value) {
  std::string text = fmt::format("{}", value);
  const bool looks_whole = text.find_first_of(".einf") == std::string::npos;
  return looks_whole ? text + ".0" : text;
}

std::string float_array(std::span<const double> values) {
  std::vector<std::string> texts;
  for (const double value : values) texts.push_back(float_text(value));
  return fmt::format("[{}]", fmt::join(texts, ", "));
}

std::string toml_string(std::string_view text) {
  std::string result = "\"";
  for (const char character : text) result += escaped(character);
  return result + '"';
}

std::string toml_text(std::string_view text) {
  if (text.find('\n') == std::string_view::npos) return toml_string(text);
  std::string result = "\"\"\"\n";  // TOML drops a line's end right after the quotes
  bool quoted = false;              // two quotes in a row are escaped: three would end the string
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool plain_quote = text[i] == '"' && !quoted && i + 1 < text.size();
    result += plain_quote || text[i] == '\n' ? std::string(1, text[i]) : escaped(text[i]);
    quoted = plain_quote;
  }
  return result + "\"\"\"";
}

std::string string_array(std::span<const std::string> texts) {
  std::vector<std::string> all;
  for (const std::string& text : texts) all.push_back(toml_string(text));
  return fmt::format("[{}]", fmt::join(all, ", "));
}

std::string description(const toml::node& node) {
  if (node.is_table()) return "a table";
  if (node.is_array()) return "an array";
  if (const auto* text = node.as_string())
    return fmt::format("the string {}", toml_string(shortened(text->get())));
  if (const auto* whole = node.as_integer()) return fmt::format("{}", whole->get());
  if (const auto* real = node.as_floating_point()) return float_text(real->get());
  if (const auto* truth = node.as_boolean()) return truth->get() ? "true" : "false";
  return "a date or time";
}

std::string allowed_text(const Bounds& bounds) {
  const bool below = std::isfinite(bounds.lower), above = std::isfinite(bounds.upper);
  if (!below && !above) return bounds.integer ? "any whole number" : "any number";
  std::string range;
  if (below && above)
    range = fmt::format("{}{}, {}{}", bounds.lower_excluded ? '(' : '[', bounds.lower, bounds.upper,
                        bounds.upper_excluded ? ')' : ']');
  else if (below)
    range = fmt::format("{} {}", bounds.lower_excluded ? ">" : ">=", bounds.lower);
  else
    range = fmt::format("{} {}", bounds.upper_excluded ? "<" : "<=", bounds.upper);
  return bounds.integer ? "whole numbers, " + range : range;
}

}  // namespace overbuild
