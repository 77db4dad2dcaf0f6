#include "comma_separated.hpp"

#include <algorithm>

namespace overbuild {

std::string_view without_outer_blanks(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

std::vector<std::string> fields_of(std::string_view line) {
  std::vector<std::string> fields;
  while (true) {
    line.remove_prefix(std::min(line.find_first_not_of(" \t\r"), line.size()));
    std::string field;
    if (line.starts_with('"')) {
      line.remove_prefix(1);
      for (; !line.empty() && !(line[0] == '"' && !line.starts_with("\"\""));
           line.remove_prefix(1)) {
        field += line[0];
        if (line[0] == '"') line.remove_prefix(1);
      }
      line.remove_prefix(std::min<std::size_t>(line.size(), 1));
    }
    const std::size_t comma = line.find(',');
    field += without_outer_blanks(line.substr(0, comma));
    fields.push_back(field);
    if (comma == std::string_view::npos) return fields;
    line.remove_prefix(comma + 1);
  }
}

}  // namespace overbuild
