#include <fmt/format.h>

#include <algorithm>

#include "overbuild/base/error.hpp"
#include "overbuild/base/shell_line.hpp"
#include "overbuild/config/load.hpp"
#include "src/commands/command.hpp"
#include "src/commands/slurm_options.hpp"
#include "src/commands/submission.hpp"
#include "src/commands/terminal.hpp"

namespace overbuild {
namespace {

namespace po = boost::program_options;

void add_options(po::options_description& options) {
  add_slurm_options(options);
  options.add_options()("dry-run", "print the commands, submit nothing");
}

/// The shards that are neither done nor in the queue, and the merge unless it waits for just those
/// that are.
SubmissionPlan plan_of(const RunProgress& progress, const std::vector<std::string>& options) {
  SubmissionPlan plan;
  plan.options = options;
  for (const ShardProgress& shard : progress.shards) {
    if (is_at_work(shard.state))
      plan.at_work.push_back(shard.job);
    else if (shard.state != JobState::done)
      plan.shards.push_back(shard.shard);
  }
  plan.merge = !progress.done() && (!plan.shards.empty() || !is_at_work(progress.merge.state));
  return plan;
}

void print_dry_run(const SubmissionPlan& plan, const std::string& merge_to_cancel) {
  if (!merge_to_cancel.empty()) print(shell_line({"scancel", merge_to_cancel}) + "\n");
  std::vector<std::string> waits_for = plan.at_work;
  if (!plan.shards.empty()) {
    print(shell_line(sbatch_words(array_request(plan))) + "\n");
    waits_for.push_back("ARRAY_JOB");
  }
  if (plan.merge) print(shell_line(sbatch_words(merge_request(plan, waits_for))) + "\n");
}

/// A shard whose processes are being ended is neither done nor free to be run again.
void wait_for_endings(const RunProgress& progress, const std::string& folder) {
  std::vector<int> ending;
  for (const ShardProgress& shard : progress.shards)
    if (shard.state == JobState::ending) ending.push_back(shard.shard);
  if (ending.empty()) return;
  throw Error(ExitCode::at_work,
              fmt::format("Slurm is about to end shards {}; `overbuild resubmit {}` can take them "
                          "up when it has, in some seconds as a rule",
                          array_text(ending), folder));
}

/// Jobs that would fail for the same reason again.
void refuse_unusable(const RunProgress& progress) {
  std::string text;
  for (const ShardProgress& shard : progress.shards)
    if (shard.state == JobState::unusable) text += "\n  " + shard.note;
  if (progress.merge.state == JobState::unusable) text += "\n  " + progress.merge.note;
  if (!text.empty())
    throw Error(
        ExitCode::file,
        "cannot go on with these files in the way, which have to be removed or moved:" + text);
}

int resubmit(const Invocation& invocation) {
  const JobFolder folder(invocation.argument);
  const std::vector<std::string> options = slurm_options(invocation, "resubmit");
  JobRecord record = folder.read_record();
  const Scenario scenario = load_scenario(folder.path() / record.config);
  // A shard must not run twice at a time, so that Slurm has to be asked.
  const RunProgress progress = progress_of(folder, record, scenario, queued_jobs(jobs_of(record)));
  refuse_unusable(progress);
  wait_for_endings(progress, invocation.argument);
  const SubmissionPlan plan = plan_of(progress, options);
  if (plan.shards.empty() && !plan.merge) {
    print(progress.done() ? fmt::format("nothing to do: {} is there\n", record.result.string())
                          : std::string("nothing to do: all that is missing is in the queue\n"));
    return static_cast<int>(ExitCode::success);
  }
  const std::string merge_to_cancel =
      plan.merge && is_at_work(progress.merge.state) ? record.submission.merge : "";
  if (invocation.has("dry-run")) {
    print_dry_run(plan, merge_to_cancel);
    return static_cast<int>(ExitCode::success);
  }
  if (!merge_to_cancel.empty()) cancel_job(merge_to_cancel);
  submit(plan, folder, record);
  print(submitted_text(plan, record));
  return static_cast<int>(ExitCode::success);
}

}  // namespace

const Command resubmit_command = {
    "resubmit",
    "DIR",
    "Submit again what has failed or was cancelled",
    "DIR is the folder of `overbuild submit`. Shards that are done, waiting or\n"
    "running are left alone; the others are submitted again, with the merge, and\n"
    "go on from what they have done. Options given here win against those in the\n"
    "scripts.\n\n",
    add_options,
    resubmit};

}  // namespace overbuild
