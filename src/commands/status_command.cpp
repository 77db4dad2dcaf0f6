#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "overbuild/base/error.hpp"
#include "overbuild/config/load.hpp"
#include "src/commands/command.hpp"
#include "src/commands/number_text.hpp"
#include "src/commands/submission.hpp"
#include "src/commands/terminal.hpp"
#include "src/commands/text_table.hpp"

namespace overbuild {
namespace {

namespace po = boost::program_options;

void add_options(po::options_description& options) {
  options.add_options()("all", "a line for each shard, also for those of which nothing is special");
}

std::string share_text(std::uint64_t done, std::uint64_t all) {
  // Rounded down: 100% is to mean all.
  return fmt::format("{}%", all == 0 ? 100 : 100 * done / all);
}

/// Neighbours that may share a line: nothing but their number differs.
bool alike(const ShardProgress& a, const ShardProgress& b) {
  const bool plain = a.state == JobState::done || a.state == JobState::pending ||
                     a.state == JobState::not_submitted;
  const auto array = [](const ShardProgress& shard) {
    return shard.job.substr(0, shard.job.find('_'));
  };
  return plain && a.state == b.state && array(a) == array(b) && a.note == b.note &&
         (a.state == JobState::done || a.paths_done + b.paths_done == 0);
}

std::string shards_table(const RunProgress& progress, bool all) {
  TextTable table({{"shard", TextTable::Align::right},
                   {"state"},
                   {"paths done", TextTable::Align::right},
                   {"", TextTable::Align::right},
                   {"job"},
                   {"requeued", TextTable::Align::right},
                   {"note"}});
  const auto& shards = progress.shards;
  for (std::size_t i = 0; i < shards.size();) {
    std::size_t last = i;
    std::uint64_t paths = shards[i].paths, done = shards[i].paths_done;
    while (!all && last + 1 < shards.size() && alike(shards[last], shards[last + 1])) {
      ++last;
      paths += shards[last].paths;
      done += shards[last].paths_done;
    }
    const ShardProgress& shard = shards[i];
    const bool one = last == i;
    table.add_row({one ? fmt::format("{}", shard.shard)
                       : fmt::format("{}-{}", shard.shard, shards[last].shard),
                   std::string(name_of(shard.state)), grouped(done), share_text(done, paths),
                   one ? shard.job : shard.job.substr(0, shard.job.find('_')),
                   shard.starts_again > 0 ? fmt::format("{}", shard.starts_again) : "",
                   shard.note});
    i = last + 1;
  }
  return table.text(static_cast<std::size_t>(style_of(1).width));
}

/// "5 done, 1 running, 2 failed; 63% of 200,000,000 paths"
std::string summary_line(const RunProgress& progress, std::uint64_t paths) {
  std::map<JobState, int> counts;
  std::uint64_t done = 0;
  for (const ShardProgress& shard : progress.shards) {
    ++counts[shard.state];
    done += shard.paths_done;
  }
  std::string text;
  for (const auto& [state, count] : counts)
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, name_of(state));
  return fmt::format("{}; {} of {} paths\n", text, share_text(done, paths), grouped(paths));
}

std::string merge_line(const RunProgress& progress, const JobRecord& record) {
  const MergeProgress& merge = progress.merge;
  if (merge.state == JobState::done) return fmt::format("merged: {}\n", record.result.string());
  std::string text = fmt::format("merge: {}", name_of(merge.state));
  if (!merge.job.empty()) text += fmt::format(", job {}", merge.job);
  if (!merge.note.empty()) text += fmt::format(" ({})", merge.note);
  return text + "\n";
}

int report_status(const Invocation& invocation) {
  const JobFolder folder(invocation.argument);
  const JobRecord record = folder.read_record();
  const Scenario scenario = load_scenario(folder.path() / record.config);
  std::string reason;
  const auto queue = ask_slurm(record, reason);
  const RunProgress progress = progress_of(folder, record, scenario, queue);
  std::string text =
      fmt::format("{}, {} shards\n\n{}\n{}{}", record.name, record.shards,
                  shards_table(progress, invocation.has("all")),
                  summary_line(progress, scenario.run.paths), merge_line(progress, record));
  if (!queue) text += fmt::format("what waits or runs is not known: {}\n", reason);
  const bool stuck = !progress.done() && !progress.at_work();
  if (stuck)
    text +=
        fmt::format("`overbuild resubmit {}` submits what is missing\n", folder.path().string());
  print(text);
  if (progress.done()) return static_cast<int>(ExitCode::success);
  return static_cast<int>(stuck ? ExitCode::stuck : ExitCode::at_work);
}

}  // namespace

const Command status_command = {
    "status",
    "DIR",
    "Say how far the jobs of a submitted run are",
    "DIR is the folder of `overbuild submit`. Paths done of a shard that is not\n"
    "finished are those in its checkpoints. Files and Slurm's queue are asked; where\n"
    "there is no Slurm, the files alone.\n\n"
    "The exit code is 0 when the result is merged, 7 when what is missing waits or\n"
    "runs, and 8 when something has to be submitted again.\n\n",
    add_options,
    report_status};

}  // namespace overbuild
