// The folder of a run that is done by jobs: config, scripts, shards, logs, and the jobs' ids.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "overbuild/cluster/job_scripts.hpp"
#include "overbuild/config/scenario.hpp"

namespace overbuild {

/// What was submitted, in order.
struct Submission {
  struct Array {
    std::string job;
    std::vector<int> shards;  ///< ascending
  };
  std::vector<Array> arrays;
  std::string merge;  ///< the last merge job; "" when there is none

  /// The job whose task the shard was last; "" when it never was one.
  std::string job_of(int shard) const;
};

/// Everything a reader has to know of a run that is done by jobs; constant but for `submission`.
struct JobRecord {
  std::string name;              ///< of the scenario
  std::string config;            ///< file name in the folder
  std::filesystem::path result;  ///< absolute
  int shards = 1;
  Submission submission;
};

class JobFolder {
 public:
  static constexpr auto shard_script_name = "shard.sh";
  static constexpr auto merge_script_name = "merge.sh";
  static constexpr auto shards = "shards";  ///< folder of the shards' results
  static constexpr auto logs = "logs";      ///< folder of what the jobs print

  explicit JobFolder(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// Makes the folder with all its files in one step. Throws Error(file) when it exists already or
  /// cannot be written.
  void create(const Scenario& scenario, const JobSettings& settings) const;

  /// Throws Error(file) when this is no folder that create() has made.
  JobRecord read_record() const;
  /// Replaces the record in one step. Throws Error(file).
  void write_record(const JobRecord& record) const;

  const std::filesystem::path& path() const { return folder_; }
  std::filesystem::path shard(int shard) const;
  std::filesystem::path shard_log(int shard) const;
  std::filesystem::path merge_log() const;

 private:
  std::filesystem::path record_file() const;

  std::filesystem::path folder_;
};

}  // namespace overbuild
