#include "value.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "overbuild/base/nearest_name.hpp"
#include "toml_text.hpp"

namespace overbuild {
namespace {

/// A key as it is written in TOML.
std::string key_text(std::string_view name) {
  const auto is_bare = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  };
  return !name.empty() && std::ranges::all_of(name, is_bare) ? std::string(name)
                                                             : toml_string(name);
}

}  // namespace

Value::Value(const Value& parent, const toml::node& node, std::string_view name)
    : node_(&node), name_(name), findings_(parent.findings_) {
  key_ = parent.key_.empty() ? key_text(name) : parent.key_ + "." + key_text(name);
}

/// Whether this table was written in a file and one of its members given by an override.
bool Value::is_changed_table() const {
  const toml::table* table = node_->as_table();
  if (!table || place().is_override()) return false;
  for (auto&& [name, member] : *table)
    if (place_of(member).is_override()) return true;
  return false;
}

std::string Value::origin() const {
  return is_changed_table() ? fmt::format("{}, {}", place().text(), override_source)
                            : place().text();
}

void Value::complain(std::string message) const {
  if (is_changed_table()) return findings_->add({origin(), 0, key_, std::move(message)});
  const Place at = place();
  findings_->add({at.source, at.line, key_, std::move(message)});
}

void Value::complain_of_type(std::string_view expected) const {
  complain(fmt::format("found {}, expected {}", description(*node_), expected));
}

std::optional<double> Value::number(const Bounds& bounds, std::string_view expected) const {
  double value = 0;
  if (const auto* whole = node_->as_integer())
    value = static_cast<double>(whole->get());
  else if (const auto* real = node_->as_floating_point())
    value = real->get();
  else
    return complain_of_type(expected), std::nullopt;
  if (!std::isfinite(value)) return complain_of_type("a finite number"), std::nullopt;
  if (bounds.contain(value)) return value;
  complain(fmt::format("found {}, allowed: {}", value, allowed_text(bounds)));
  return std::nullopt;
}

std::optional<std::int64_t> Value::whole_number(std::int64_t lower, std::int64_t upper) const {
  const auto* whole = node_->as_integer();
  if (!whole) return complain_of_type("a whole number without point or exponent"), std::nullopt;
  if (whole->get() >= lower && whole->get() <= upper) return whole->get();
  complain(fmt::format("found {}, allowed: whole numbers, [{}, {}]", whole->get(), lower, upper));
  return std::nullopt;
}

std::optional<std::string> Value::text() const {
  if (const auto* text = node_->as_string()) return text->get();
  return complain_of_type("a string"), std::nullopt;
}

std::optional<std::string> Value::date_text() const {
  if (const auto* text = node_->as_string()) return text->get();
  if (const auto* year = node_->as_integer()) return fmt::format("{}", year->get());
  if (const auto* date = node_->as_date())
    return fmt::format("{:04}-{:02}-{:02}", int{date->get().year}, int{date->get().month},
                       int{date->get().day});
  return complain_of_type("a date YYYY, YYYY-MM or YYYY-MM-DD"), std::nullopt;
}

std::optional<std::size_t> Value::choice(std::span<const std::string> names) const {
  const auto* text = node_->as_string();
  if (!text) {
    complain_of_type(fmt::format("one of the names {}", fmt::join(names, ", ")));
    return std::nullopt;
  }
  const auto found = std::ranges::find(names, text->get());
  if (found != names.end()) return found - names.begin();
  complain(unknown_text("name", text->get(), names));
  return std::nullopt;
}

std::optional<std::vector<double>> Value::numbers(const Bounds& bounds) const {
  const auto all = elements("an array of numbers");
  if (!all) return std::nullopt;
  std::vector<double> values;
  for (const Value& element : *all)
    if (const auto value = element.number(bounds)) values.push_back(*value);
  if (values.size() < all->size()) return std::nullopt;
  return values;
}

std::optional<std::vector<Value>> Value::elements(std::string_view expected) const {
  const toml::array* array = node_->as_array();
  if (!array) return complain_of_type(expected), std::nullopt;
  std::vector<Value> values;
  for (const toml::node& element : *array) {
    Value& value = values.emplace_back(*this);
    value.node_ = &element;
    value.key_ += fmt::format("[{}]", values.size());
  }
  return values;
}

std::optional<std::vector<Value>> Value::members(std::string_view expected) const {
  const toml::table* table = node_->as_table();
  if (!table) return complain_of_type(expected), std::nullopt;
  std::vector<Value> values;
  for (auto&& [name, node] : *table) values.push_back(Value(*this, node, name.str()));
  return values;
}

std::optional<Value> Value::member(std::string_view name) const {
  const toml::table* table = node_->as_table();
  const toml::node* node = table ? table->get(name) : nullptr;
  if (!node) return std::nullopt;
  return Value(*this, *node, name);
}

std::optional<Value> Value::needed_member(std::string_view name, std::string_view meaning) const {
  std::optional<Value> found = member(name);
  if (!found) complain(fmt::format("\"{}\" is missing: {}", name, meaning));
  return found;
}

void Value::check_members(std::span<const std::string> known) const {
  const auto all = members("a table");
  if (!all) return;
  for (const Value& value : *all)
    if (std::ranges::find(known, value.name()) == known.end())
      value.complain(unknown_text("key", value.name(), known));
}

std::string unknown_text(std::string_view what, std::string_view name,
                         std::span<const std::string> known) {
  std::string text = fmt::format("unknown {} {}", what, toml_string(name));
  const std::string nearest = nearest_name(name, known);
  if (!nearest.empty()) return text + suggestion_text("; ", nearest);
  constexpr std::size_t few = 12;
  if (known.size() <= few) return fmt::format("{}; known: {}", text, fmt::join(known, ", "));
  return text;
}

}  // namespace overbuild
