// Analyses of the scenarios of a sweep: a folder with a file for each of them.
#pragma once

#include <fmt/format.h>

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "overbuild/base/error.hpp"
#include "overbuild/config/sweep.hpp"
#include "src/commands/command.hpp"
#include "src/commands/output_option.hpp"
#include "src/commands/stop_signals.hpp"
#include "src/commands/terminal.hpp"

namespace overbuild {

/// How a command analyses one scenario; `Contents` is what a file of it holds.
template <class Contents>
struct ScenarioAnalysis {
  const char* command;    ///< its name, for messages and the folder's name
  std::string ending;     ///< of a scenario's file
  std::size_t first = 0;  ///< the scenarios first, first + every, ... are analysed
  std::size_t every = 1;
  /// What the file holds, if that is all that is asked for.
  std::function<std::optional<Contents>(const std::filesystem::path&, const Scenario&)> done_before;
  /// Analyses and writes; nothing when it was stopped before there was something to write.
  std::function<std::optional<Contents>(const Scenario&, const std::filesystem::path&,
                                        StopSignals&)>
      carry_out;
  std::function<bool(const Contents&)> is_complete;
  /// Says what a stop has left, and gives the exit code.
  std::function<int(const std::optional<Contents>&, const std::filesystem::path&, int signal)>
      stopped;
  std::function<std::string(const Contents&)> line;  ///< of the summary; called for each scenario
};

/// Analyses the scenarios one after the other, keeping the files that are there already. Returns
/// the exit code.
template <class Contents>
int analyse_sweep(const Invocation& invocation, const Sweep& sweep,
                  const ScenarioAnalysis<Contents>& analysis) {
  if (invocation.has("json"))
    throw Error(ExitCode::usage,
                fmt::format("{}: --json is for one scenario; of a sweep, `overbuild show --json "
                            "FILE` shows each file",
                            analysis.command));
  const bool quiet = invocation.has("quiet");
  const std::filesystem::path folder = output_path(
      analysis.command, invocation, fmt::format("{}.{}", sweep.base().name, analysis.command));
  make_folder(folder);
  for (std::size_t i = analysis.first; i < sweep.points().size(); i += analysis.every) {
    const Scenario scenario = sweep.scenario(i);
    const std::filesystem::path file = folder / (sweep.points()[i].name + analysis.ending);
    std::optional<Contents> found = analysis.done_before(file, scenario);
    if (!found) {
      if (!invocation.has("force") && std::filesystem::exists(file))
        throw Error(ExitCode::file,
                    fmt::format("{}: {} exists already and is not the whole answer to this "
                                "question: its config or options differ, or it was stopped; "
                                "--force replaces it, --output names another folder",
                                analysis.command, file.string()));
      StopSignals signals;
      found = analysis.carry_out(scenario, file, signals);
      if (!found || !analysis.is_complete(*found))
        return analysis.stopped(found, file, signals.signal());
    }
    const std::string line = analysis.line(*found);
    if (!quiet) print(line + "\n");
  }
  if (!quiet) print(fmt::format("folder: {}\n", folder.string()));
  return static_cast<int>(ExitCode::success);
}

}  // namespace overbuild
