#include "src/commands/shard_files.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "overbuild/base/error.hpp"

namespace overbuild {

void refuse_to_merge(const std::string& why) {
  throw Error(ExitCode::file, "cannot merge these shards: " + why);
}

void check_shard_files(std::span<const ShardFile> files, const std::filesystem::path& output) {
  const ShardFile& first = files.front();
  for (const ShardFile& file : files) {
    if (!file.complete) refuse_to_merge(file.file + " was stopped early; run that shard again");
    if (file.shards != first.shards)
      refuse_to_merge(fmt::format("{} is one of {} shards, but {} is one of {}", file.file,
                                  file.shards, first.file, first.shards));
  }
  for (int i = 1; i <= first.shards; ++i) {
    const auto count = std::ranges::count(files, i, &ShardFile::shard);
    if (count != 1)
      refuse_to_merge(fmt::format("shard {}/{} is given {} times", i, first.shards, count));
  }
  for (const ShardFile& file : files) {
    std::error_code error;
    if (std::filesystem::equivalent(file.file, output, error))
      refuse_to_merge(fmt::format("{} is one of them; give another --output", output.string()));
  }
}

}  // namespace overbuild
