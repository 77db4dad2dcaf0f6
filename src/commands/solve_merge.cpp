#include "src/commands/solve_merge.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "overbuild/base/error.hpp"
#include "src/commands/shard_files.hpp"
#include "src/commands/solve_report.hpp"
#include "src/commands/stop_signals.hpp"
#include "src/commands/terminal.hpp"

namespace overbuild {
namespace {

/// Shards of one frontier, in its order.
std::vector<SolveContents> read_shards(const std::vector<std::string>& names,
                                       const std::filesystem::path& output) {
  std::vector<SolveContents> shards;
  std::vector<ShardFile> files;
  for (const std::string& name : names) {
    shards.push_back(read_solve(name));
    files.push_back({name, shards.back().shard, shards.back().shards});
    const std::string why = difference(shards.front(), names.front(), shards.back(), name);
    if (!why.empty()) refuse_to_merge(why);
  }
  check_shard_files(files, output);
  std::ranges::sort(shards, {}, &SolveContents::shard);
  return shards;
}

template <class List>
void append(List& list, const List& more) {
  list.insert(list.end(), more.begin(), more.end());
}

}  // namespace

int merge_solve_shards(const Invocation& invocation) {
  const std::string& first = invocation.arguments.front();
  const Scenario scenario = scenario_of(read_solve(first), first);
  const std::filesystem::path file =
      invocation.has("output") ? invocation.text("output") : scenario.name + ".solve.h5";
  const std::vector<SolveContents> shards = read_shards(invocation.arguments, file);
  SolveContents all = shards.front();
  for (std::size_t i = 1; i < shards.size(); ++i) {
    append(all.values, shards[i].values);
    append(all.searches, shards[i].searches);
    append(all.prior_shares, shards[i].prior_shares);
    all.provenance.wall_seconds += shards[i].provenance.wall_seconds;
  }
  all.shard = all.shards = 1;
  all.provenance.command = invocation.command_line;
  all.provenance.finished = utc_now();
  StopSignals signals(StopSignals::OnFirst::end);
  SolveWriter writer(file, invocation.has("force"));
  signals.listen(writer.temporary_path());
  writer.write(scenario, all);
  if (!invocation.has("quiet"))
    print(fmt::format("{}\nfrom {} shards\nresult: {}\n", solve_text(all, style_of(1)),
                      shards.size(), file.string()));
  return static_cast<int>(ExitCode::success);
}

}  // namespace overbuild
