#include "src/commands/version_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "overbuild/base/version.hpp"
#include "overbuild/results/result_file.hpp"
#include "overbuild/sampling/instruction_set.hpp"

namespace overbuild {

std::string version_text() {
  return fmt::format(
      "overbuild {}\n"
      "revision: {}\n"
      "build: {}, {}\n"
      "libraries: {}\n"
      "result layout: {}\n"
      "instruction sets: {} (in use: {})\n",
      program_version(), git_revision(), build_type(), compiler(), libraries(),
      result_format_version, fmt::join(available_instruction_sets(), ", "),
      instruction_set_in_use());
}

}  // namespace overbuild
