// What there is of a job from earlier, and going on from it.
#pragma once

#include "src/commands/run_job.hpp"

namespace overbuild {

/// Carries out what is left of the job: nothing when its result is whole, everything when nothing
/// has been done. Throws Error(file) when what has been done is of another scenario, shard or
/// program.
int resume(const Scenario& scenario, const RunJob& job);

/// Says that the job's result is whole already; returns success.
int report_finished(const RunJob& job);

/// Throws Error(file) when an earlier run of the job left something, unless the job may replace it.
void refuse_earlier_parts(const RunJob& job);

}  // namespace overbuild
