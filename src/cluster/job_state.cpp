#include "overbuild/cluster/job_state.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "overbuild/base/error.hpp"
#include "overbuild/config/difference.hpp"
#include "overbuild/config/load.hpp"
#include "overbuild/results/part_folder.hpp"
#include "src/cluster/job_log.hpp"

namespace overbuild {
namespace {

namespace fs = std::filesystem;

/// Exit code of a shard that Slurm stopped: nothing is wrong with it.
constexpr int stopped_by_sigterm = 143;

/// What Slurm says of a job.
struct QueueView {
  JobState state = JobState::unknown;
  int starts_again = 0;
  std::string note;
};

JobState pending_state(const QueuedJob& job) {
  const bool held = job.state == "REQUEUE_HOLD" || job.state == "SPECIAL_EXIT" ||
                    job.reason.find("eld") != std::string::npos;  // JobHeldUser, ... requeued held
  if (held) return JobState::held;
  return job.starts_again > 0 ? JobState::requeued : JobState::pending;
}

JobState state_of(const QueuedJob& job) {
  static constexpr std::array<std::pair<std::string_view, JobState>, 5> over = {
      {{"CANCELLED", JobState::cancelled},
       {"PREEMPTED", JobState::preempted},
       {"TIMEOUT", JobState::time_limit},
       {"DEADLINE", JobState::time_limit},
       {"REVOKED", JobState::cancelled}}};
  if (job.state == "COMPLETING") return JobState::ending;
  if (is_in_queue(job)) {
    const bool waits = job.state == "PENDING" || job.state == "REQUEUED" ||
                       job.state == "REQUEUE_FED" || job.state == "REQUEUE_HOLD" ||
                       job.state == "SPECIAL_EXIT";
    return waits ? pending_state(job) : JobState::running;
  }
  for (const auto& [word, state] : over)
    if (job.state == word) return state;
  return JobState::failed;
}

/// "exit code 4", "exit code 137, signal 9 (Killed)".
std::string code_text(int code) {
  std::string text = fmt::format("exit code {}", code);
  if (code > 128 && code < 128 + 65)
    text += fmt::format(", signal {} ({})", code - 128, strsignal(code - 128));
  return text;
}

std::string note_of(const QueuedJob& job) {
  const JobState state = state_of(job);
  if (state == JobState::running) return job.nodes.empty() ? "" : "on " + job.nodes;
  if (is_in_queue(job)) return job.reason;
  if (job.state == "COMPLETED") return "Slurm says that it is completed, but its result is missing";
  if (job.state == "FAILED") return code_text(job.exit_code);
  if (state != JobState::failed) return job.reason;  // the state's name says the rest
  return job.reason.empty() ? job.state : fmt::format("{}, {}", job.state, job.reason);
}

/// `task` is of an array, or nothing for a job that is none.
QueueView view_of(const std::optional<std::vector<QueuedJob>>& queue, const std::string& job,
                  std::optional<int> task) {
  if (job.empty()) return {JobState::not_submitted, 0, ""};
  if (!queue) return {};
  for (const QueuedJob& known : *queue)
    if (known.job == job && known.task == task)
      return {state_of(known), known.starts_again, note_of(known)};
  return {JobState::stopped, 0, ""};
}

std::string joined(const std::string& first, const std::string& second) {
  return first.empty() || second.empty() ? first + second : first + ": " + second;
}

/// For a job that is over without its result: what its log says of the reason.
void explain(const fs::path& log, JobState& state, std::string& note) {
  const bool over = state == JobState::failed || state == JobState::stopped;
  if (!over) return;
  const LogEnd end = end_of_log(log);
  const int code = end.exit_code.value_or(0);
  if (state == JobState::stopped && code != 0 && code != stopped_by_sigterm) {
    state = JobState::failed;
    note = code_text(code);
  }
  note = joined(note, end.last_line);
}

/// Whether the shard's result is there and whole. What is wrong with one that is there is a note.
bool is_done(const fs::path& file, const Scenario& scenario, int shard, int shards,
             const std::string& config, std::string& note) {
  if (!fs::exists(file)) return false;
  try {
    const Part part = read_part(file);
    if (part.scope.shard != shard || part.scope.shards != shards) {
      note =
          fmt::format("{} is of shard {}/{}", file.string(), part.scope.shard, part.scope.shards);
      return false;
    }
    note = difference(part, scenario, config);
    return part.complete && note.empty();
  } catch (const Error& error) {
    note = error.what();
    return false;
  }
}

/// Paths in the checkpoints of a result that begins with path `begin`.
std::uint64_t paths_in_checkpoints(const fs::path& file, std::uint64_t begin) try {
  const std::optional<Part> last = PartFolder(file).last_part();
  return last && last->paths.end > begin ? last->paths.end - begin : 0;
} catch (const Error&) {
  return 0;  // the job has just put its parts together and removed them
}

ShardProgress shard_progress(const JobFolder& folder, const JobRecord& record,
                             const Scenario& scenario, int shard,
                             const std::optional<std::vector<QueuedJob>>& queue) {
  const PathRange range = shard_paths(scenario.run, shard, record.shards);
  const fs::path file = folder.shard(shard);
  const std::string job = record.submission.job_of(shard);
  ShardProgress progress;
  progress.shard = shard;
  progress.paths = range.size();
  if (!job.empty()) progress.job = fmt::format("{}_{}", job, shard);
  QueueView view = view_of(queue, job, shard);
  progress.starts_again = view.starts_again;
  std::string defect;
  if (is_done(file, scenario, shard, record.shards, record.config, defect)) {
    progress.state = JobState::done;
    progress.paths_done = progress.paths;
    return progress;
  }
  progress.state = view.state;
  progress.note = view.note;
  if (!defect.empty()) {
    progress.state = JobState::unusable;
    progress.note = defect;
    return progress;
  }
  progress.paths_done = paths_in_checkpoints(file, range.begin);
  explain(folder.shard_log(shard), progress.state, progress.note);
  return progress;
}

/// Whether the merged result is there. What is wrong with one that is there is a note.
bool is_merged(const JobRecord& record, const Scenario& scenario, std::string& note) {
  if (!fs::exists(record.result)) return false;
  try {
    const ResultContents contents = read_result(record.result);
    const auto other = first_difference(
        parse_scenario(contents.provenance.config, record.result.string()), scenario);
    if (other)
      note =
          fmt::format("{} is of another run: {} is {} in it and {} in {}", record.result.string(),
                      other->key, other->first, other->second, record.config);
    else if (!contents.summary.complete)
      note = fmt::format("{} is incomplete", record.result.string());
  } catch (const Error& error) {
    note = error.what();
  }
  return note.empty();
}

MergeProgress merge_progress(const JobFolder& folder, const JobRecord& record,
                             const Scenario& scenario,
                             const std::optional<std::vector<QueuedJob>>& queue) {
  MergeProgress progress;
  progress.job = record.submission.merge;
  std::string defect;
  if (is_merged(record, scenario, defect)) {
    progress.state = JobState::done;
    return progress;
  }
  const QueueView view = view_of(queue, progress.job, std::nullopt);
  progress.state = view.state;
  progress.note = view.note;
  explain(folder.merge_log(), progress.state, progress.note);
  if (!defect.empty()) progress = {JobState::unusable, progress.job, defect};
  return progress;
}

}  // namespace

std::string_view name_of(JobState state) {
  switch (state) {
    case JobState::done:
      return "done";
    case JobState::running:
      return "running";
    case JobState::ending:
      return "ending";
    case JobState::pending:
      return "pending";
    case JobState::requeued:
      return "requeued";
    case JobState::held:
      return "held";
    case JobState::failed:
      return "failed";
    case JobState::cancelled:
      return "cancelled";
    case JobState::preempted:
      return "preempted";
    case JobState::time_limit:
      return "time limit";
    case JobState::stopped:
      return "stopped";
    case JobState::unusable:
      return "unusable";
    case JobState::unknown:
      return "unknown";
    case JobState::not_submitted:
      return "not submitted";
  }
  throw Error(ExitCode::internal, "a state without a name");
}

bool is_at_work(JobState state) {
  return state == JobState::running || state == JobState::ending || state == JobState::pending ||
         state == JobState::requeued || state == JobState::held;
}

bool RunProgress::at_work() const {
  const auto goes_on = [](JobState state) {
    return is_at_work(state) || state == JobState::done || state == JobState::unknown;
  };
  return goes_on(merge.state) && std::ranges::all_of(shards, goes_on, &ShardProgress::state);
}

std::vector<std::string> jobs_of(const JobRecord& record) {
  std::vector<std::string> jobs;
  for (const Submission::Array& array : record.submission.arrays)
    if (std::ranges::any_of(
            array.shards, [&](int shard) { return record.submission.job_of(shard) == array.job; }))
      jobs.push_back(array.job);
  if (!record.submission.merge.empty()) jobs.push_back(record.submission.merge);
  return jobs;
}

RunProgress progress_of(const JobFolder& folder, const JobRecord& record, const Scenario& scenario,
                        const std::optional<std::vector<QueuedJob>>& queue) {
  RunProgress progress;
  for (int shard = 1; shard <= record.shards; ++shard)
    progress.shards.push_back(shard_progress(folder, record, scenario, shard, queue));
  progress.merge = merge_progress(folder, record, scenario, queue);
  return progress;
}

}  // namespace overbuild
