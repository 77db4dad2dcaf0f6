// Lines of comma-separated values.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace overbuild {

/// Without spaces and tabs at both ends.
std::string_view without_outer_blanks(std::string_view text);

/// The fields of a line. A field in double quotes may hold commas, and quotes that are doubled
/// (RFC 4180); a field may not go on in the next line.
std::vector<std::string> fields_of(std::string_view line);

/// Calls visit(line number, line) for each line that is neither empty nor a comment (#).
template <class Visit>
void for_each_line(std::string_view text, const Visit& visit) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);  // as Excel marks UTF-8
  for (int number = 1; !text.empty(); ++number) {
    const std::size_t end = text.find('\n');
    const std::string_view line = without_outer_blanks(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (!line.empty() && !line.starts_with('#')) visit(number, line);
  }
}

}  // namespace overbuild
