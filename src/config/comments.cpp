#include "comments.hpp"

#include <fmt/format.h>

#include <map>
#include <sstream>
#include <vector>

#include "document.hpp"
#include "value.hpp"

namespace overbuild {
namespace {

constexpr auto blanks = " \t\r";

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string::npos) return "";
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

/// Where the comment of a line begins, which no string holds; npos without one.
std::size_t comment_begin(const std::string& line) {
  char quote = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quote == 0 && c == '#') return i;
    if (quote == 0 && (c == '"' || c == '\''))
      quote = c;
    else if (quote == '"' && c == '\\')
      ++i;
    else if (quote == c)
      quote = 0;
  }
  return std::string::npos;
}

/// Text from the first character that is no '#', with single blanks between the words.
std::string text_of(const std::string& line, std::size_t begin) {
  const auto text = line.find_first_not_of('#', begin);
  if (text == std::string::npos) return "";
  std::istringstream words(line.substr(text));
  std::string joined;
  for (std::string word; words >> word;) joined += joined.empty() ? word : " " + word;
  return joined;
}

bool is_comment(const std::string& line) { return trimmed(line).starts_with('#'); }

std::vector<std::string> lines_of(const std::string& file) {
  std::string ignored;  // the file was read before; without it there are no comments
  std::istringstream text(read_file(file, ignored).value_or(""));
  std::vector<std::string> lines;
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  return lines;
}

/// What follows the program's own words, where these begin the comment.
std::string without_description(const std::string& comment, const ParameterSpec& spec) {
  if (!comment.starts_with(parameter_description(spec) + "(")) return comment;
  const auto end = comment.find("): ", parameter_description(spec).size());
  return end == std::string::npos ? "" : comment.substr(end + 3);
}

}  // namespace

std::string parameter_description(const ParameterSpec& spec) {
  return fmt::format("{} · {} ", spec.unit, spec.meaning);
}

std::string comment_on(std::span<const std::string> lines, int line) {
  if (line < 1 || static_cast<std::size_t>(line) > lines.size()) return "";
  std::size_t i = static_cast<std::size_t>(line) - 1;
  if (const auto begin = comment_begin(lines[i]); begin != std::string::npos)
    return text_of(lines[i], begin);
  while (i > 0 && !is_comment(lines[i])) {
    const std::string above = trimmed(lines[--i]);
    if (above.empty() || above.starts_with('[')) return "";
  }
  std::string comment;
  for (; is_comment(lines[i]); --i) {
    const std::string text = text_of(lines[i], lines[i].find('#'));
    comment = comment.empty() ? text : text + " " + comment;
    if (i == 0) break;
  }
  return comment;
}

void read_comments(const toml::table& document, Scenario& scenario) {
  Findings ignored;
  const auto section = Value(document, ignored).member("parameters");
  if (!section || !section->is_table()) return;
  std::map<std::string, std::vector<std::string>> files;
  for (std::size_t i = 0; i < scenario.parameters.size(); ++i) {
    const ParameterSpec& spec = scenario.model->schema.parameters[i];
    const auto value = section->member(spec.name);
    if (!value || value->origin() != value->place().text() || value->place().is_override())
      continue;
    const Place place = value->place();
    const auto [file, is_new] = files.try_emplace(place.source);
    if (is_new) file->second = lines_of(place.source);
    scenario.parameters[i].comment =
        without_description(comment_on(file->second, place.line), spec);
  }
}

}  // namespace overbuild
