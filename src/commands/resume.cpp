#include "src/commands/resume.hpp"

#include <fmt/format.h>

#include "overbuild/base/error.hpp"
#include "overbuild/config/difference.hpp"
#include "overbuild/config/load.hpp"
#include "overbuild/results/part_folder.hpp"
#include "src/commands/terminal.hpp"

namespace overbuild {
namespace {

std::string shard_text(const ResultScope& scope) {
  return scope.shards == 1 ? "a whole run" : fmt::format("shard {}/{}", scope.shard, scope.shards);
}

/// Why what is in `file` does not belong to the job, or "".
std::string other_shard(const std::filesystem::path& file, const ResultScope& scope,
                        const RunJob& job) {
  const ResultScope wanted{0, job.shard, job.shards};
  if (scope.shard == wanted.shard && scope.shards == wanted.shards) return "";
  return fmt::format("{} is of {}, not of {}", file.string(), shard_text(scope),
                     shard_text(wanted));
}

[[noreturn]] void fail(const RunJob& job, const std::string& reason) {
  throw Error(ExitCode::file, fmt::format("cannot go on with {}: {}; --force without --resume "
                                          "starts anew",
                                          job.file.string(), reason));
}

/// Whether the job's result is there and whole.
bool is_finished(const Scenario& scenario, const RunJob& job) {
  if (!std::filesystem::exists(job.file)) return false;
  const ResultContents contents = read_result(job.file);
  if (!contents.summary.complete) return false;
  const std::string reason = other_shard(job.file, contents.scope, job);
  if (!reason.empty()) fail(job, reason);
  const auto found =
      first_difference(parse_scenario(contents.provenance.config, job.file.string()), scenario);
  if (found)
    fail(job, fmt::format("{} is {} in it and {} in {}", found->key, found->first, found->second,
                          job.config_file));
  return true;
}

/// The parts that there are of the job.
std::vector<Part> earlier_parts(const Scenario& scenario, const RunJob& job) {
  const PathRange range = shard_paths(scenario.run, job.shard, job.shards);
  std::vector<Part> parts = PartFolder(job.file).parts_from(range.begin);
  for (const Part& part : parts) {
    const std::string shard = other_shard(part.file, part.scope, job);
    if (!shard.empty()) fail(job, shard);
    const std::string reason = difference(part, scenario, job.config_file);
    if (!reason.empty()) fail(job, reason);
  }
  return parts;
}

}  // namespace

int resume(const Scenario& scenario, const RunJob& job) {
  if (is_finished(scenario, job)) {
    PartFolder(job.file).remove();  // left by a program that was killed at its very end
    return report_finished(job);
  }
  return carry_out(scenario, job, earlier_parts(scenario, job));
}

int report_finished(const RunJob& job) {
  if (!job.quiet) print(fmt::format("{} is finished already\n", job.file.string()));
  return static_cast<int>(ExitCode::success);
}

void refuse_earlier_parts(const RunJob& job) {
  const PartFolder folder(job.file);
  if (!std::filesystem::exists(folder.folder())) return;
  if (!job.force)
    throw Error(ExitCode::file, fmt::format("{} holds what an earlier run has done; --resume goes "
                                            "on with it, --force starts anew",
                                            folder.folder().string()));
  folder.remove();
}

}  // namespace overbuild
