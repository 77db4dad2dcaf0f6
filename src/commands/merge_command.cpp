#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/program_options/value_semantic.hpp>
#include <map>

#include "overbuild/base/error.hpp"
#include "overbuild/results/part_file.hpp"
#include "overbuild/results/rare_file.hpp"
#include "overbuild/results/sensitivity_file.hpp"
#include "overbuild/results/solve_file.hpp"
#include "src/commands/command.hpp"
#include "src/commands/number_text.hpp"
#include "src/commands/rare_merge.hpp"
#include "src/commands/result_summary.hpp"
#include "src/commands/sensitivity_merge.hpp"
#include "src/commands/solve_merge.hpp"
#include "src/commands/stop_signals.hpp"
#include "src/commands/terminal.hpp"

namespace overbuild {
namespace {

namespace po = boost::program_options;

void add_options(po::options_description& options) {
  options.add_options()("output,o", po::value<std::string>()->value_name("FILE"),
                        "result file; else the config's name with .h5 in the working folder")(
      "force,f", "replace an existing result, never another file")("quiet,q", "no summary");
}

/// What is wrong with a shard by itself or beside the first one, or "".
std::string complaint(const Part& part, const Part& first) {
  const std::string name = part.file.string();
  if (part.scope.shards == 1)
    return fmt::format(
        "{}: it is no shard but a whole run that was stopped; `overbuild resume {}` "
        "goes on with it",
        name, name);
  if (!part.complete)
    return fmt::format("{}: shard {}/{} is not finished; `overbuild resume {}` goes on with it",
                       name, part.scope.shard, part.scope.shards, name);
  if (part.scope.shards != first.scope.shards)
    return fmt::format("{}: it is one of {} shards, but {} is one of {}", name, part.scope.shards,
                       first.file.string(), first.scope.shards);
  return difference(first, part);
}

/// Shards that are missing or given more than once.
std::vector<std::string> count_complaints(const std::vector<Part>& parts) {
  std::vector<std::string> complaints;
  std::map<int, std::vector<std::string>> files;
  for (const Part& part : parts) files[part.scope.shard].push_back(part.file.string());
  const int shards = parts.front().scope.shards;
  std::vector<int> missing;
  for (int shard = 1; shard <= shards; ++shard) {
    if (files[shard].empty()) missing.push_back(shard);
    if (files[shard].size() > 1)
      complaints.push_back(fmt::format("shard {}/{} is given {} times: {}", shard, shards,
                                       files[shard].size(), fmt::join(files[shard], ", ")));
  }
  if (!missing.empty())
    complaints.push_back(fmt::format("missing of {} shards: {}", shards, fmt::join(missing, ", ")));
  return complaints;
}

void check(const std::vector<Part>& parts) {
  std::vector<std::string> complaints;
  for (const Part& part : parts) {
    std::string found = complaint(part, parts.front());
    if (!found.empty()) complaints.push_back(std::move(found));
  }
  if (complaints.empty()) complaints = count_complaints(parts);
  if (complaints.empty()) return;
  throw Error(ExitCode::file,
              fmt::format("cannot merge these shards:\n  {}", fmt::join(complaints, "\n  ")));
}

/// --force replaces results, but not those that are about to be read.
void refuse_a_shard_as_output(const std::vector<Part>& parts, const std::filesystem::path& file) {
  for (const Part& part : parts) {
    std::error_code error;
    if (std::filesystem::equivalent(part.file, file, error))
      throw Error(ExitCode::file, fmt::format("cannot merge into {}: it is one of the shards; give "
                                              "another --output",
                                              file.string()));
  }
}

int merge(const Invocation& invocation) {
  if (!invocation.arguments.empty() && is_rare_file(invocation.arguments.front()))
    return merge_rare_shards(invocation);
  if (!invocation.arguments.empty() && is_sensitivity_file(invocation.arguments.front()))
    return merge_sensitivity_shards(invocation);
  if (!invocation.arguments.empty() && is_solve_file(invocation.arguments.front()))
    return merge_solve_shards(invocation);
  std::vector<Part> parts;
  for (const std::string& file : invocation.arguments) parts.push_back(read_part(file));
  check(parts);
  std::ranges::sort(parts, {}, [](const Part& part) { return part.scope.shard; });
  const Scenario scenario = scenario_of(parts.front());
  const std::filesystem::path file =
      invocation.has("output") ? invocation.text("output") : scenario.name + ".h5";

  refuse_a_shard_as_output(parts, file);

  const Simulation simulation(scenario, 1);
  StopSignals signals(StopSignals::OnFirst::end);
  ResultWriter writer(file, scenario, invocation.has("force"));
  signals.listen(writer.temporary_path());
  join_parts(simulation, parts, false, invocation.command_line, writer);
  if (invocation.has("quiet")) return static_cast<int>(ExitCode::success);
  const ResultContents contents = read_result(file);
  print(fmt::format("{}\n{} paths from {} shards\nresult: {}\n",
                    summary_text(contents, std::vector{headline_series(contents)}, style_of(1)),
                    grouped(contents.summary.paths), parts.size(), file.string()));
  return static_cast<int>(ExitCode::success);
}

}  // namespace

const Command merge_command = {
    "merge",
    "SHARD...",
    "Put the shards of a run together",
    "The result has the same bits as that of the run in one piece. All shards must be\n"
    "finished, of the same config and seed, and of the same version of the program.\n\n",
    add_options,
    merge};

}  // namespace overbuild
