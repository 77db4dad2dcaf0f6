// One value of a config as its reader sees it: where it is, what it holds, and complaints about it.
#pragma once

#include <toml++/toml.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "document.hpp"
#include "findings.hpp"
#include "overbuild/model/schema.hpp"

namespace overbuild {

/// Every function that returns an optional has added a finding when it returns nothing, except
/// member(). The document and the findings must outlive the value.
class Value {
 public:
  /// The whole document.
  Value(const toml::table& document, Findings& findings) : node_(&document), findings_(&findings) {}

  const std::string& key() const { return key_; }    ///< full dotted key
  const std::string& name() const { return name_; }  ///< its last part
  Place place() const { return place_of(*node_); }
  /// "file:line" or "--set"; "file:line, --set" for a table in which an override changed a member.
  std::string origin() const;
  bool is_table() const { return node_->is_table(); }
  bool is_array() const { return node_->is_array(); }
  bool is_text() const { return node_->is_string(); }

  void complain(std::string message) const;
  /// "found ..., expected ...".
  void complain_of_type(std::string_view expected) const;

  /// A finite number, whole or not, within the bounds.
  std::optional<double> number(const Bounds& bounds = any_number(),
                               std::string_view expected = "a number") const;
  /// A TOML integer within [lower, upper].
  std::optional<std::int64_t> whole_number(std::int64_t lower, std::int64_t upper) const;
  std::optional<std::string> text() const;
  /// A date as text: a string, a TOML date, or a whole number that is a year.
  std::optional<std::string> date_text() const;
  /// A string that is one of `names`: its index.
  std::optional<std::size_t> choice(std::span<const std::string> names) const;
  std::optional<std::vector<double>> numbers(const Bounds& bounds = any_number()) const;

  /// Elements of an array, with keys "key[1]", "key[2]", ...
  std::optional<std::vector<Value>> elements(std::string_view expected) const;
  /// Members of a table, by name.
  std::optional<std::vector<Value>> members(std::string_view expected) const;
  /// A member of a table; nothing when it is not there.
  std::optional<Value> member(std::string_view name) const;
  /// The member, or a finding that it is missing. `meaning` says what it should hold.
  std::optional<Value> needed_member(std::string_view name, std::string_view meaning) const;
  /// Adds a finding for each member of this table that is not called one of `known`.
  void check_members(std::span<const std::string> known) const;

 private:
  Value(const Value& parent, const toml::node& node, std::string_view name);

  bool is_changed_table() const;

  const toml::node* node_;
  std::string key_, name_;
  Findings* findings_;
};

/// "unknown key" with the nearest known one, or all known ones where they are few.
std::string unknown_text(std::string_view what, std::string_view name,
                         std::span<const std::string> known);

/// Names of the specs of a schema, in order.
template <class Specs>
std::vector<std::string> names_of(const Specs& specs) {
  std::vector<std::string> names;
  for (const auto& spec : specs) names.emplace_back(spec.name);
  return names;
}

}  // namespace overbuild
