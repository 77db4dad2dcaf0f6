#include "src/commands/sensitivity_merge.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "overbuild/base/error.hpp"
#include "src/commands/sensitivity_report.hpp"
#include "src/commands/shard_files.hpp"
#include "src/commands/stop_signals.hpp"
#include "src/commands/terminal.hpp"

namespace overbuild {
namespace {

/// The shards' rows one behind the other, in the order of the shards.
SensitivityContents joined(std::vector<SensitivityContents> shards) {
  std::ranges::sort(shards, {}, &SensitivityContents::shard);
  SensitivityContents all = std::move(shards.front());
  for (std::size_t i = 1; i < shards.size(); ++i) {
    for (std::size_t q = 0; q < all.values.size(); ++q) {
      const std::vector<double>& more = shards[i].values[q].values;
      all.values[q].values.insert(all.values[q].values.end(), more.begin(), more.end());
    }
    all.provenance.wall_seconds += shards[i].provenance.wall_seconds;
  }
  all.rows = {0, all.rows_asked};
  all.shard = all.shards = 1;
  return all;
}

}  // namespace

int merge_sensitivity_shards(const Invocation& invocation) {
  std::vector<SensitivityContents> shards;
  std::vector<ShardFile> files;
  for (const std::string& file : invocation.arguments) {
    const SensitivityContents& shard = shards.emplace_back(read_sensitivity(file));
    files.push_back({file, shard.shard, shard.shards, shard.complete});
    const std::string why = difference(shards.front(), files.front().file, shard, file);
    if (!why.empty()) refuse_to_merge(why);
  }
  const Scenario scenario = scenario_of(shards.front(), files.front().file);
  const std::filesystem::path file =
      invocation.has("output") ? invocation.text("output") : scenario.name + ".sensitivity.h5";
  check_shard_files(files, file);
  SensitivityContents all = joined(std::move(shards));
  all.provenance.command = invocation.command_line;
  all.provenance.finished = utc_now();
  estimate(all, scenario);
  StopSignals signals(StopSignals::OnFirst::end);
  SensitivityWriter writer(file, invocation.has("force"));
  signals.listen(writer.temporary_path());
  writer.write(scenario, all);
  if (!invocation.has("quiet"))
    print(fmt::format("{}\nfrom {} shards\nresult: {}\n", sensitivity_text(all, style_of(1)),
                      files.size(), file.string()));
  return static_cast<int>(ExitCode::success);
}

}  // namespace overbuild
