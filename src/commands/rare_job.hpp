// Carries out the search for the probability of a rare event of one scenario, into one file.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "overbuild/results/rare_file.hpp"
#include "src/commands/analysis_job.hpp"
#include "src/commands/stop_signals.hpp"

namespace overbuild {

struct RareJob : AnalysisJob {
  std::string event, guide;  ///< guide "": the event leads by itself
  RareEventSettings settings;
};

/// Returns what was written; nothing when a signal came before any of the final paths was done.
std::optional<RareContents> carry_out(const Scenario& scenario, const RareJob& job,
                                      const std::filesystem::path& file, StopSignals& signals);

}  // namespace overbuild
