// Carries out the reverse stress test of one scenario, into one file.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "overbuild/config/sweep.hpp"
#include "overbuild/results/solve_file.hpp"
#include "src/commands/analysis_job.hpp"
#include "src/commands/stop_signals.hpp"

namespace overbuild {

/// A shard is a part of a frontier's values.
struct SolveJob : AnalysisJob {
  std::string parameter;  ///< as given, with or without "parameters."
  std::string such_that;
  std::string against;         ///< "": no frontier
  std::vector<double> values;  ///< of it
  std::optional<Range> between;
  int grid = 25;
};

/// What the job asks of a scenario. Throws Error(usage) for unknown names and for numbers that the
/// parameters may not have.
ReverseStressQuestion question_of(const Scenario& scenario, const SolveJob& job);

/// Returns what was written; nothing when a signal came before the end.
std::optional<SolveContents> carry_out(const Scenario& scenario, const SolveJob& job,
                                       const std::filesystem::path& file, StopSignals& signals);

/// What the file holds, if that is all that the job asks for.
std::optional<SolveContents> done_before(const std::filesystem::path& file,
                                         const Scenario& scenario, const SolveJob& job);

}  // namespace overbuild
