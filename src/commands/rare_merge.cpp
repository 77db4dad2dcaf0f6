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

void check(const std::vector<RareShard>& shards, std::span<const ShardFile> files) {
  check_shard_files(files, [&](std::size_t i) {
    return difference(shards.front().contents, shards.front().file, shards[i].contents,
                      shards[i].file);
  });
}

}  // namespace

int merge_rare_shards(const Invocation& invocation) {
  std::vector<RareShard> shards;
  std::vector<ShardFile> files;
  for (const std::string& file : invocation.arguments) {
    const RareContents& contents = shards.emplace_back(RareShard{file, read_rare(file)}).contents;
    files.push_back({file, contents.scope.shard, contents.scope.shards, contents.complete});
  }
  check(shards, files);
  std::ranges::sort(shards, {}, [](const RareShard& s) { return s.contents.scope.shard; });
  RareContents all = shards.front().contents;
  for (std::size_t i = 1; i < shards.size(); ++i) {
    all.sums.merge(shards[i].contents.sums);
    all.provenance.wall_seconds += shards[i].contents.provenance.wall_seconds;
  }
  all.scope = {};
  all.provenance.command = invocation.command_line;
  all.provenance.finished = utc_now();
  const Scenario scenario = scenario_of(all, shards.front().file);
  const std::filesystem::path file =
      invocation.has("output") ? invocation.text("output") : scenario.name + ".rare.h5";
  refuse_shard_as_output(files, file);
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
