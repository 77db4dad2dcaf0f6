// How far a run that is done by jobs is: from the files, and from what Slurm knows.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "overbuild/cluster/job_folder.hpp"
#include "overbuild/cluster/slurm.hpp"
#include "overbuild/config/scenario.hpp"

namespace overbuild {

enum class JobState {
  done,  ///< its result is whole
  running,
  ending,  ///< its processes are being ended, as by a cancellation
  pending,
  requeued,  ///< waits to start again
  held,      ///< in the queue, but waits for somebody to release it
  failed,
  cancelled,
  preempted,   ///< and not requeued
  time_limit,  ///< reached, and not requeued
  stopped,     ///< neither done nor in the queue; Slurm has forgotten the job
  unusable,    ///< another file has the name of its result; the job would fail
  unknown,     ///< not done, and Slurm cannot be asked
  not_submitted
};

/// The state's name as the user reads it, e.g. "time limit".
std::string_view name_of(JobState state);

/// Slurm has the job and will go on with it without being asked.
bool is_at_work(JobState state);

struct ShardProgress {
  int shard = 1;
  JobState state = JobState::not_submitted;
  std::uint64_t paths = 0;       ///< of the shard
  std::uint64_t paths_done = 0;  ///< in the result, else in checkpoints
  int starts_again = 0;          ///< how often its job was requeued
  std::string job;               ///< e.g. "12_3"; "" when it was never submitted
  std::string note;              ///< why it is not done, or ""
};

struct MergeProgress {
  JobState state = JobState::not_submitted;
  std::string job, note;
};

struct RunProgress {
  std::vector<ShardProgress> shards;
  MergeProgress merge;

  bool done() const { return merge.state == JobState::done; }
  /// All that is missing is in the queue, or Slurm cannot be asked about it.
  bool at_work() const;
};

/// Jobs that squeue is asked for: the last ones of every shard and the last merge job.
std::vector<std::string> jobs_of(const JobRecord& record);

/// `queue` is what Slurm knows of these jobs; nothing when Slurm cannot be asked. `scenario` is the
/// folder's config. Throws Error(file) when a folder cannot be read; what is wrong with a
/// result is a note.
RunProgress progress_of(const JobFolder& folder, const JobRecord& record, const Scenario& scenario,
                        const std::optional<std::vector<QueuedJob>>& queue);

}  // namespace overbuild
