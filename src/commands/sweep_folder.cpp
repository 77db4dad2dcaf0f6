#include "src/commands/sweep_folder.hpp"

#include <fmt/format.h>

#include "overbuild/base/error.hpp"
#include "src/commands/terminal.hpp"

namespace overbuild {

namespace fs = std::filesystem;

fs::path output_path(const char* command, const Invocation& invocation,
                     const std::string& otherwise) {
  if (!invocation.has("output")) return otherwise;
  if (invocation.text("output").empty())
    throw Error(ExitCode::usage,
                fmt::format("{}: --output: the name of the file is empty", command));
  return invocation.text("output");
}

int for_each_scenario(const char* command, const Invocation& invocation, const Sweep& sweep,
                      const std::string& ending,
                      const std::function<int(const Scenario&, const fs::path&)>& one) {
  if (invocation.has("json"))
    throw Error(ExitCode::usage,
                fmt::format("{}: --json is for one scenario; of a sweep, `overbuild show --json "
                            "FILE` shows each file",
                            command));
  const fs::path folder =
      output_path(command, invocation, fmt::format("{}.{}", sweep.base().name, command));
  std::error_code error;
  fs::create_directories(folder, error);
  if (error)
    throw Error(ExitCode::file,
                fmt::format("cannot make the folder {}: {}", folder.string(), error.message()));
  for (std::size_t i = 0; i < sweep.points().size(); ++i) {
    const int code = one(sweep.scenario(i), folder / (sweep.points()[i].name + ending));
    if (code != static_cast<int>(ExitCode::success)) return code;
  }
  if (!invocation.has("quiet")) print(fmt::format("folder: {}\n", folder.string()));
  return static_cast<int>(ExitCode::success);
}

}  // namespace overbuild
