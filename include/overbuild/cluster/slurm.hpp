// Slurm's commands: sbatch, squeue and scancel.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace overbuild {

/// What is handed to sbatch beside the options in the script.
struct JobRequest {
  std::string script;                ///< file name in the folder
  std::vector<std::string> options;  ///< e.g. "--array=2,5-7"; they win against the script's
};

/// The words of the command that submits a job.
std::vector<std::string> sbatch_words(const JobRequest& request);

/// Submits a job whose working folder is `folder`; returns its id. Throws Error(queue) with what
/// sbatch says when it is missing or refuses.
std::string submit_job(const JobRequest& request, const std::filesystem::path& folder);

/// Tasks of an array as --array takes them: {1, 2, 3, 7} -> "1-3,7". Ascending, not empty.
std::string array_text(std::span<const int> tasks);

/// A job, or a task of an array, that Slurm knows of.
struct QueuedJob {
  std::string job;          ///< id; of the whole array for a task of it
  std::optional<int> task;  ///< of an array
  std::string state;        ///< Slurm's word, e.g. "RUNNING"
  std::string reason;       ///< Slurm's word, e.g. "Resources"; or ""
  std::string nodes;        ///< or ""
  int starts_again = 0;     ///< how often it was requeued
  int exit_code = 0;        ///< of a job that is over; 128 + signal if one ended it
};

/// Still to be done or at work, as against over.
bool is_in_queue(const QueuedJob& job);

/// The jobs with these ids that Slurm knows of. It forgets a job some minutes after its end (its
/// setting MinJobAge). Throws Error(queue) when squeue is missing or fails.
std::vector<QueuedJob> queued_jobs(std::span<const std::string> jobs);

/// Reads what squeue prints for queued_jobs(). Throws Error(queue) when it is something else.
std::vector<QueuedJob> read_queue(const std::string& text);

/// Throws Error(queue) when scancel is missing or fails.
void cancel_job(const std::string& job);

}  // namespace overbuild
