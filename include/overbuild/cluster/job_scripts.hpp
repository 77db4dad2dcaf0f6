// The scripts that Slurm runs: one shard of a run, and the merging of all shards.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace overbuild {

/// What the scripts are made from.
struct JobSettings {
  std::string name;               ///< of the scenario and of the jobs
  std::string config;             ///< file name in the jobs' folder
  std::filesystem::path program;  ///< absolute
  std::filesystem::path result;   ///< absolute
  int shards = 1;
  int cpus = 1;                      ///< of each shard
  std::string checkpoint_every;      ///< as `overbuild run` takes it
  std::vector<std::string> options;  ///< of sbatch, for all jobs, e.g. "--partition=batch"
};

/// A line of a job script that gives sbatch an option, quoted as sbatch reads it. Throws
/// Error(usage) when there is a line break in it.
std::string sbatch_line(const std::string& option);

/// Runs the shard SLURM_ARRAY_TASK_ID; its working folder is the jobs' folder. It goes on from
/// checkpoints, and has itself requeued when the time limit comes near.
std::string shard_script(const JobSettings& settings);

/// Merges all shards into the result; the same working folder.
std::string merge_script(const JobSettings& settings);

}  // namespace overbuild
