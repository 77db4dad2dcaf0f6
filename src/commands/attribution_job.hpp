// What `overbuild attribute` does with two scenarios.
#pragma once

#include <filesystem>
#include <optional>

#include "overbuild/config/scenario_changes.hpp"
#include "overbuild/results/attribution_file.hpp"
#include "src/commands/command.hpp"
#include "src/commands/stop_signals.hpp"

namespace overbuild {

struct AttributionJob {
  ScenarioChanges changes;
  StatisticExpression statistic;
  ShapleyPlan plan;
};

/// Throws Error(usage) where the options do not fit the scenarios.
AttributionJob attribution_job(const Invocation& invocation, Scenario first, Scenario second);

/// Runs it, with progress, and writes the file. Nothing when it was stopped. Throws as the engine
/// and AttributionWriter do.
std::optional<AttributionContents> carry_out(const Invocation& invocation,
                                             const AttributionJob& job,
                                             const std::filesystem::path& file,
                                             StopSignals& signals);

/// What the file holds, if that is all that the job asks for.
std::optional<AttributionContents> done_before(const Invocation& invocation,
                                               const AttributionJob& job,
                                               const std::filesystem::path& file);

}  // namespace overbuild
