#include "src/cluster/job_log.hpp"

#include <charconv>
#include <cstddef>
#include <sstream>
#include <string_view>

#include "src/cluster/text_file.hpp"

namespace overbuild {
namespace {

constexpr std::size_t bytes_read = 16384;

/// The lines that the scripts themselves print begin with this.
constexpr std::string_view script_mark = "== ";
constexpr std::string_view code_mark = ": exit code ";

std::optional<int> exit_code_in(const std::string& line) {
  const std::size_t at = line.rfind(code_mark);
  if (!line.starts_with(script_mark) || at == std::string::npos) return std::nullopt;
  int code = 0;
  const char* end = line.data() + line.size();
  const auto read = std::from_chars(line.data() + at + code_mark.size(), end, code);
  if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
  return code;
}

}  // namespace

LogEnd end_of_log(const std::filesystem::path& log) {
  LogEnd end;
  std::istringstream lines(end_of_file(log, bytes_read));
  for (std::string line; std::getline(lines, line);) {
    line.erase(0, line.find_first_not_of(' '));
    if (line.empty()) continue;
    if (!line.starts_with(script_mark)) {
      end.last_line = line;
      continue;
    }
    end.exit_code = exit_code_in(line);
    if (!end.exit_code) end.last_line.clear();  // a new start, or a message of the script
  }
  return end;
}

}  // namespace overbuild
