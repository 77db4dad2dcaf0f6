#include "overbuild/cluster/job_folder.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <system_error>

#include "overbuild/base/error.hpp"
#include "overbuild/config/load.hpp"
#include "src/cluster/text_file.hpp"

namespace overbuild {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr auto record_name = "submission.json";
constexpr int record_format = 1;

[[noreturn]] void fail(const std::string& message) { throw Error(ExitCode::file, message); }

Json to_json(const JobRecord& record) {
  Json arrays = Json::array();
  for (const Submission::Array& array : record.submission.arrays)
    arrays.push_back({{"job", array.job}, {"shards", array.shards}});
  return {{"format", record_format},          {"name", record.name},
          {"config", record.config},          {"shards", record.shards},
          {"result", record.result.string()}, {"arrays", std::move(arrays)},
          {"merge", record.submission.merge}};
}

JobRecord from_json(const Json& json) {
  JobRecord record;
  record.name = json.at("name");
  record.config = json.at("config");
  record.shards = json.at("shards");
  record.result = json.at("result").get<std::string>();
  for (const Json& array : json.at("arrays"))
    record.submission.arrays.push_back(
        {array.at("job"), array.at("shards").get<std::vector<int>>()});
  record.submission.merge = json.at("merge");
  return record;
}

void create_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) fail(fmt::format("cannot make the folder {}: {}", folder.string(), error.message()));
}

}  // namespace

std::string Submission::job_of(int shard) const {
  std::string job;
  for (const Array& array : arrays)
    if (std::ranges::binary_search(array.shards, shard)) job = array.job;
  return job;
}

void JobFolder::create(const Scenario& scenario, const JobSettings& settings) const {
  if (fs::exists(folder_))
    fail(
        fmt::format("{} exists already; `overbuild status {}` says how far it is, --folder names "
                    "another one",
                    folder_.string(), folder_.string()));
  const JobFolder unfinished(folder_.string() + fmt::format(".tmp-{}", getpid()));
  create_folder(unfinished.folder_);
  create_folder(unfinished.folder_ / shards);
  create_folder(unfinished.folder_ / logs);
  write_text_file(unfinished.folder_ / settings.config, to_toml(scenario));
  write_text_file(unfinished.folder_ / shard_script_name, shard_script(settings));
  write_text_file(unfinished.folder_ / merge_script_name, merge_script(settings));
  unfinished.write_record({settings.name, settings.config, settings.result, settings.shards, {}});
  std::error_code error;
  fs::rename(unfinished.folder_, folder_, error);
  if (!error) return;
  std::error_code ignored;
  fs::remove_all(unfinished.folder_, ignored);
  fail(fmt::format("cannot make the folder {}: {}", folder_.string(), error.message()));
}

JobRecord JobFolder::read_record() const {
  std::ifstream file(record_file());
  if (!file)
    fail(fmt::format("{} is no folder of `overbuild submit`: {} cannot be read", folder_.string(),
                     record_file().string()));
  try {
    const Json json = Json::parse(file);
    if (json.at("format") != record_format)
      fail(fmt::format("{} has format {}; this program knows format {}", record_file().string(),
                       json.at("format").dump(), record_format));
    return from_json(json);
  } catch (const Json::exception& error) {
    fail(fmt::format("cannot read {}: {}", record_file().string(), error.what()));
  }
}

void JobFolder::write_record(const JobRecord& record) const {
  write_text_file(record_file(), to_json(record).dump(2) + "\n");
}

fs::path JobFolder::shard(int shard) const {
  return folder_ / shards / fmt::format("shard-{}.h5", shard);
}
fs::path JobFolder::shard_log(int shard) const {
  return folder_ / logs / fmt::format("shard-{}.log", shard);
}
fs::path JobFolder::merge_log() const { return folder_ / logs / "merge.log"; }
fs::path JobFolder::record_file() const { return folder_ / record_name; }

}  // namespace overbuild
