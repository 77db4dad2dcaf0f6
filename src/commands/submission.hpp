// Hands the jobs of a run to Slurm.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "overbuild/cluster/job_folder.hpp"
#include "overbuild/cluster/job_state.hpp"

namespace overbuild {

/// Jobs to submit.
struct SubmissionPlan {
  std::vector<int> shards;           ///< ascending; may be empty
  std::vector<std::string> at_work;  ///< jobs in the queue that the merge waits for, too
  bool merge = true;
  std::vector<std::string> options;  ///< of sbatch, beside those in the scripts
};

/// The request for the array of the plan's shards.
JobRequest array_request(const SubmissionPlan& plan);

/// The request for the merge, which starts when all of `waits_for` have ended, well or not; it
/// fails when a shard is missing.
JobRequest merge_request(const SubmissionPlan& plan, std::vector<std::string> waits_for);

/// Submits the plan's jobs. The record is written after each of them, so that it tells the truth
/// also when Slurm refuses the second one.
void submit(const SubmissionPlan& plan, const JobFolder& folder, JobRecord& record);

/// What was submitted, for the user.
std::string submitted_text(const SubmissionPlan& plan, const JobRecord& record);

/// What Slurm knows of the record's jobs; nothing, with the reason, when Slurm cannot be asked.
std::optional<std::vector<QueuedJob>> ask_slurm(const JobRecord& record, std::string& reason);

}  // namespace overbuild
