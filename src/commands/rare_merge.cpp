#include "src/commands/rare_merge.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "overbuild/base/error.hpp"
#include "src/commands/rare_report.hpp"
#include "src/commands/shard_files.hpp"
#include "src/commands/stop_signals.hpp"
#include "src/commands/terminal.hpp"

namespace overbuild {
namespace {

struct RareShard {
  std::string file;
  RareContents contents;
};

void check(const std::vector<RareShard>& shards, const std::filesystem::path& output) {
  std::vector<ShardFile> files;
  for (const RareShard& shard : shards) {
    files.push_back({shard.file, shard.contents.scope.shard, shard.contents.scope.shards,
                     shard.contents.complete});
    const std::string why =
        difference(shards.front().contents, shards.front().file, shard.contents, shard.file);
    if (!why.empty()) refuse_to_merge(why);
  }
  check_shard_files(files, output);
}

}  // namespace

int merge_rare_shards(const Invocation& invocation) {
  std::vector<RareShard> shards;
  for (const std::string& file : invocation.arguments) shards.push_back({file, read_rare(file)});
  const Scenario scenario = scenario_of(shards.front().contents, shards.front().file);
  const std::filesystem::path file =
      invocation.has("output") ? invocation.text("output") : scenario.name + ".rare.h5";
  check(shards, file);
  std::ranges::sort(shards, {}, [](const RareShard& s) { return s.contents.scope.shard; });
  RareContents all = shards.front().contents;
  for (std::size_t i = 1; i < shards.size(); ++i) {
    all.sums.merge(shards[i].contents.sums);
    all.provenance.wall_seconds += shards[i].contents.provenance.wall_seconds;
  }
  all.scope = {};
  all.provenance.command = invocation.command_line;
  all.provenance.finished = utc_now();
  StopSignals signals(StopSignals::OnFirst::end);
  RareWriter writer(file, invocation.has("force"));
  signals.listen(writer.temporary_path());
  writer.write(scenario, all);
  if (!invocation.has("quiet"))
    print(fmt::format("{}\nfrom {} shards\nresult: {}\n", rare_text(all, style_of(1)),
                      shards.size(), file.string()));
  return static_cast<int>(ExitCode::success);
}

}  // namespace overbuild
