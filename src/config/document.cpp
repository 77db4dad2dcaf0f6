#include "document.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <fstream>
#include <iterator>
#include <system_error>
#include <vector>

#include "readers.hpp"
#include "toml_text.hpp"

namespace overbuild {
namespace {

namespace fs = std::filesystem;

std::string reason(int error) { return std::generic_category().message(error); }

/// Whether an entry of [[prior_correlation]] names the parameter; any other shape is left to the
/// reader's complaints.
bool correlates(const toml::node& entry, std::string_view parameter) {
  const toml::table* pair = entry.as_table();
  const toml::array* between = pair ? (*pair)["between"].as_array() : nullptr;
  return between && std::ranges::any_of(*between, [&](const toml::node& name) {
           return name.value<std::string_view>() == parameter;
         });
}

/// A parameter that a later layer fixes as a number has no prior that could be correlated: its
/// inherited correlations end there.
void end_correlations_of_fixed(const toml::table& later, toml::table& base) {
  const toml::table* fixed = later["parameters"].as_table();
  toml::array* pairs = base["prior_correlation"].as_array();
  if (!fixed || !pairs) return;
  for (auto&& [name, value] : *fixed) {
    if (!value.is_number()) continue;
    const std::string_view parameter = name;
    for (std::size_t i = pairs->size(); i-- > 0;)
      if (correlates((*pairs)[i], parameter))
        pairs->erase(pairs->begin() + static_cast<std::ptrdiff_t>(i));
  }
}

/// Drops the values of `base` that the posterior which `later` names has draws of: it replaces them
/// and the correlations of their priors.
void end_settings_of_posterior(const toml::table& later, toml::table& base) {
  const toml::node* file = later["posterior"]["file"].node();
  toml::table* parameters = base["parameters"].as_table();
  if (!file || !file->is_string() || !parameters) return;
  const Place place = place_of(*file);
  const fs::path folder = place.is_override() ? fs::path() : fs::path(place.source).parent_path();
  toml::array* pairs = base["prior_correlation"].as_array();
  for (const std::string& name : posterior_parameters(folder / file->as_string()->get())) {
    parameters->erase(name);
    for (std::size_t i = pairs ? pairs->size() : 0; i-- > 0;)
      if (correlates((*pairs)[i], name))
        pairs->erase(pairs->begin() + static_cast<std::ptrdiff_t>(i));
  }
}

/// Sections merge key by key; anything in them is replaced whole.
void merge(toml::table& base, toml::table&& derived) {
  end_correlations_of_fixed(derived, base);
  end_settings_of_posterior(derived, base);
  for (auto&& [name, node] : derived) {
    toml::table* section = base[name].as_table();
    toml::table* changes = node.as_table();
    if (section && changes) {
      for (auto&& [key, value] : *changes) section->insert_or_assign(key, std::move(value));
    } else {
      base.insert_or_assign(name, std::move(node));
    }
  }
}

/// Follows a chain of `extends`.
class ChainReader {
 public:
  explicit ChainReader(Findings& findings) : findings_(findings) {}

  /// `asked_at`: where a mistake in the file's name is to be found.
  toml::table read(const fs::path& file, const Diagnostic& asked_at) {
    if (std::ranges::find(chain_, canonical(file)) != chain_.end()) {
      complain(asked_at, fmt::format("the files extend each other in a circle: {} -> {}",
                                     fmt::join(shown_, " -> "), file.string()));
      return {};
    }
    std::string why;
    const std::optional<std::string> text = read_file(file, why);
    if (!text) {
      complain(asked_at, asked_at.key.empty() ? why : fmt::format("\"{}\" {}", file.string(), why));
      return {};
    }
    chain_.push_back(canonical(file));
    shown_.push_back(file.string());
    return with_parent(file, parse_document(*text, file.string(), findings_));
  }

 private:
  static fs::path canonical(const fs::path& file) {
    std::error_code ignored;  // what is wrong with the file is said when it is read
    return fs::weakly_canonical(file, ignored);
  }

  toml::table with_parent(const fs::path& file, toml::table own) {
    const toml::node* extends = own.get("extends");
    if (!extends) return own;
    const Place place = place_of(*extends);
    const Diagnostic asked_at{place.source, place.line, "extends", ""};
    if (!extends->is_string()) {
      complain(asked_at, fmt::format("found {}, expected a file name", description(*extends)));
      return own;
    }
    const fs::path parent = file.parent_path() / extends->as_string()->get();
    toml::table merged = read(parent.lexically_normal(), asked_at);
    own.erase("extends");
    merge(merged, std::move(own));
    return merged;
  }

  void complain(Diagnostic at, std::string message) {
    at.message = std::move(message);
    findings_.add(std::move(at));
  }

  Findings& findings_;
  std::vector<fs::path> chain_;     // canonical names
  std::vector<std::string> shown_;  // the same, as they were written
};

/// Puts what `change` holds into the document: it is a chain of one-key tables down to the value.
void put(toml::table& document, toml::table&& change) {
  toml::table* into = &document;
  toml::table* from = &change;
  while (true) {
    const auto only = from->begin();
    toml::table* deeper = only->second.as_table();
    toml::table* existing = (*into)[only->first].as_table();
    if (!deeper || deeper->is_inline() || !existing) {
      into->insert_or_assign(only->first, std::move(only->second));
      return;
    }
    from = deeper;
    into = existing;
  }
}

bool is_chain(const toml::table& table) {
  if (table.size() != 1) return false;
  const auto only = table.begin();
  const toml::table* deeper = only->second.as_table();
  return !deeper || deeper->is_inline() || is_chain(*deeper);
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// The override as a TOML table. A value that is no TOML is a string, unless it begins like TOML.
toml::table parse_override(std::string_view key, std::string_view value) {
  try {
    return toml::parse(fmt::format("{} = {}", key, value), override_source);
  } catch (const toml::parse_error&) {
    if (value.find_first_of("\"'[{") == 0) throw;
    return toml::parse(fmt::format("{} = {}", key, toml_string(value)), override_source);
  }
}

/// A decimal number that no TOML integer can hold.
bool is_out_of_range(std::string_view value) {
  if (value.starts_with('+')) value.remove_prefix(1);
  const char* end = value.data() + value.size();
  std::int64_t number = 0;
  const auto read = std::from_chars(value.data(), end, number);
  return read.ec == std::errc::result_out_of_range && read.ptr == end;
}

void apply_override(std::string_view text, toml::table& document, Findings& findings) {
  const auto complain = [&](std::string_view key, std::string message) {
    findings.add({std::string(override_source), 0, std::string(key), std::move(message)});
  };
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos)
    return complain("", fmt::format("found \"{}\", expected key=value", text));
  const std::string_view key = trimmed(text.substr(0, equals));
  const std::string_view value = trimmed(text.substr(equals + 1));
  if (is_out_of_range(value))
    return complain(key, fmt::format("found {}, out of the range of whole numbers, [-2^63, "
                                     "2^63 - 1]",
                                     value));
  try {
    toml::table change = parse_override(key, value);
    if (!is_chain(change)) return complain(key, "found several keys, expected key=value");
    end_correlations_of_fixed(change, document);
    end_settings_of_posterior(change, document);
    put(document, std::move(change));
  } catch (const toml::parse_error& error) {
    complain(key, fmt::format("not valid TOML: {}", error.description()));
  }
}

}  // namespace

std::optional<std::string> read_file(const fs::path& file, std::string& why) {
  std::error_code ignored;
  if (fs::is_directory(file, ignored)) {
    why = "is a folder";
    return std::nullopt;
  }
  errno = 0;
  std::ifstream stream(file, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(stream), {}};
  if (stream.is_open() && !stream.bad()) return text;
  why = "cannot be read: " + reason(errno);
  return std::nullopt;
}

std::string Place::text() const { return line > 0 ? fmt::format("{}:{}", source, line) : source; }

Place place_of(const toml::node& node) {
  const toml::source_region& region = node.source();
  if (!region.path || *region.path == override_source) return {std::string(override_source), 0};
  return {*region.path, static_cast<int>(region.begin.line), static_cast<int>(region.begin.column)};
}

toml::table read_document(const fs::path& file, Findings& findings) {
  return ChainReader(findings).read(file, {file.string(), 0, "", ""});
}

toml::table parse_document(std::string_view text, const std::string& source, Findings& findings) {
  try {
    return toml::parse(text, source);
  } catch (const toml::parse_error& error) {
    findings.add({source, static_cast<int>(error.source().begin.line), "",
                  fmt::format("not valid TOML: {}", error.description())});
    return {};
  }
}

void apply_overrides(std::span<const std::string> overrides, toml::table& document,
                     Findings& findings) {
  for (const std::string& text : overrides) apply_override(text, document, findings);
}

}  // namespace overbuild
