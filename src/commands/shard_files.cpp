#include "src/commands/shard_files.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "overbuild/base/error.hpp"

namespace overbuild {
namespace {

[[noreturn]] void refuse(const std::string& why) {
  throw Error(ExitCode::file, "cannot merge these shards: " + why);
}

}  // namespace

void check_shard_files(std::span<const ShardFile> files,
                       const std::function<std::string(std::size_t)>& difference) {
  const ShardFile& first = files.front();
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (!files[i].complete) refuse(files[i].file + " was stopped early; run that shard again");
    if (files[i].shards != first.shards)
      refuse(fmt::format("{} is one of {} shards, but {} is one of {}", files[i].file,
                         files[i].shards, first.file, first.shards));
    const std::string why = difference(i);
    if (!why.empty()) refuse(why);
  }
  for (int shard = 1; shard <= first.shards; ++shard) {
    const auto count = std::ranges::count(files, shard, &ShardFile::shard);
    if (count != 1)
      refuse(fmt::format("shard {}/{} is given {} times", shard, first.shards, count));
  }
}

void refuse_shard_as_output(std::span<const ShardFile> files, const std::filesystem::path& output) {
  for (const ShardFile& shard : files) {
    std::error_code error;
    if (std::filesystem::equivalent(shard.file, output, error))
      refuse(fmt::format("{} is one of them; give another --output", output.string()));
  }
}

}  // namespace overbuild
