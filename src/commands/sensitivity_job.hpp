// Carries out the sensitivity analysis of one scenario, into one file.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "overbuild/results/sensitivity_file.hpp"
#include "src/commands/analysis_job.hpp"
#include "src/commands/stop_signals.hpp"

namespace overbuild {

struct SensitivityJob : AnalysisJob {
  std::vector<std::string> quantities;  ///< none: those of default_quantities()
  SensitivitySettings settings;
  int resamples = 1000;
  std::uint64_t rows = 0;  ///< of the design; 0: as many as the scenario's paths make
};

/// The model's first event within the horizon; without events its first series at the horizon.
std::vector<std::string> default_quantities(const Scenario& scenario);

/// The rows of the whole design. Throws Error(usage) when they are too few or their values too
/// many.
std::uint64_t design_rows(const Scenario& scenario, const SensitivityJob& job);

/// Returns what was written; nothing when a signal came before two rows were done.
std::optional<SensitivityContents> carry_out(const Scenario& scenario, const SensitivityJob& job,
                                             const std::filesystem::path& file,
                                             StopSignals& signals);

}  // namespace overbuild
