#include "src/commands/submission.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "overbuild/base/error.hpp"

namespace overbuild {

JobRequest array_request(const SubmissionPlan& plan) {
  JobRequest request;
  request.script = JobFolder::shard_script_name;
  request.options = plan.options;
  request.options.push_back("--array=" + array_text(plan.shards));
  return request;
}

JobRequest merge_request(const SubmissionPlan& plan, std::vector<std::string> waits_for) {
  JobRequest request;
  request.script = JobFolder::merge_script_name;
  request.options = plan.options;
  if (waits_for.empty()) return request;
  // Not afterok: Slurm calls a job that was to be preempted and came to its end before that timed
  // out, though it succeeded, and the merge would never start. The merge itself knows what is
  // missing.
  request.options.push_back(fmt::format("--dependency=afterany:{}", fmt::join(waits_for, ":")));
  return request;
}

void submit(const SubmissionPlan& plan, const JobFolder& folder, JobRecord& record) {
  std::vector<std::string> waits_for = plan.at_work;
  if (!plan.shards.empty()) {
    waits_for.push_back(submit_job(array_request(plan), folder.path()));
    record.submission.arrays.push_back({waits_for.back(), plan.shards});
    if (plan.merge) record.submission.merge.clear();
    folder.write_record(record);
  }
  if (!plan.merge) return;
  try {
    record.submission.merge = submit_job(merge_request(plan, waits_for), folder.path());
  } catch (const Error& error) {
    if (plan.shards.empty()) throw;
    throw Error(error.code(),
                fmt::format("the shards are submitted as job {}, the merge is not: {}; `overbuild "
                            "resubmit {}` tries it again",
                            waits_for.back(), error.what(), folder.path().string()));
  }
  folder.write_record(record);
}

std::string submitted_text(const SubmissionPlan& plan, const JobRecord& record) {
  std::string text;
  if (!plan.shards.empty())
    text += fmt::format("job {}: shards {}\n", record.submission.arrays.back().job,
                        array_text(plan.shards));
  if (plan.merge) text += fmt::format("job {}: merge\n", record.submission.merge);
  return text;
}

std::optional<std::vector<QueuedJob>> ask_slurm(const JobRecord& record, std::string& reason) try {
  return queued_jobs(jobs_of(record));
} catch (const Error& error) {
  reason = error.what();
  return std::nullopt;
}

}  // namespace overbuild
