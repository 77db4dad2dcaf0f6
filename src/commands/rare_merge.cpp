#include "src/commands/rare_merge.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "overbuild/base/error.hpp"
#include "src/commands/rare_report.hpp"
#include "src/commands/stop_signals.hpp"
#include "src/commands/terminal.hpp"

namespace overbuild {
namespace {

struct RareShard {
  std::string file;
  RareContents contents;
};

[[noreturn]] void refuse(const std::string& why) {
  throw Error(ExitCode::file, "cannot merge these shards: " + why);
}

void check(const std::vector<RareShard>& shards) {
  const RareShard& first = shards.front();
  for (const RareShard& shard : shards) {
    if (!shard.contents.complete) refuse(shard.file + " was stopped early; run that shard again");
    if (shard.contents.scope.shards != first.contents.scope.shards)
      refuse(fmt::format("{} is one of {} shards, but {} is one of {}", shard.file,
                         shard.contents.scope.shards, first.file, first.contents.scope.shards));
    const std::string why = difference(first.contents, first.file, shard.contents, shard.file);
    if (!why.empty()) refuse(why);
  }
  const int wanted = first.contents.scope.shards;
  for (int i = 1; i <= wanted; ++i) {
    const auto count = std::ranges::count_if(
        shards, [&](const RareShard& shard) { return shard.contents.scope.shard == i; });
    if (count != 1) refuse(fmt::format("shard {}/{} is given {} times", i, wanted, count));
  }
}

}  // namespace

int merge_rare_shards(const Invocation& invocation) {
  std::vector<RareShard> shards;
  for (const std::string& file : invocation.arguments) shards.push_back({file, read_rare(file)});
  check(shards);
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
  for (const RareShard& shard : shards) {
    std::error_code error;
    if (std::filesystem::equivalent(shard.file, file, error))
      refuse(fmt::format("{} is one of them; give another --output", file.string()));
  }
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
