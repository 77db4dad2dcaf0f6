// Files of shards that are to be put together: whether they are all there and belong together.
#pragma once

#include <filesystem>
#include <functional>
#include <span>
#include <string>

namespace overbuild {

struct ShardFile {
  std::string file;
  int shard = 1, shards = 1;
  bool complete = true;
};

/// Throws Error(file) unless the files are the finished shards 1 .. N, each once. `difference(i)`:
/// what keeps file i from being merged with file 0, or "".
void check_shard_files(std::span<const ShardFile> files,
                       const std::function<std::string(std::size_t)>& difference);

/// Throws Error(file) when the merged file would take the place of one of the shards.
void refuse_shard_as_output(std::span<const ShardFile> files, const std::filesystem::path& output);

}  // namespace overbuild
