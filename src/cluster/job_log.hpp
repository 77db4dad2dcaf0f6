// What the log of a job says at its end.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace overbuild {

struct LogEnd {
  std::optional<int> exit_code;  ///< when the job's script came to its end
  std::string last_line;         ///< of the program or of Slurm; "" when there is none
};

/// Of the last start of the job. Without such a file there is neither code nor line.
LogEnd end_of_log(const std::filesystem::path& log);

}  // namespace overbuild
