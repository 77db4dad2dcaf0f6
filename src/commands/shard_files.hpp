// Files of shards that are to be put together.
#pragma once

#include <filesystem>
#include <span>
#include <string>

namespace overbuild {

/// A file that says of itself that it is a shard.
struct ShardFile {
  std::string file;
  int shard = 1, shards = 1;
  bool complete = true;
};

/// Throws Error(file) unless the files are finished shards of as many, each of them once, and
/// `output` is none of them.
void check_shard_files(std::span<const ShardFile> files, const std::filesystem::path& output);

/// Throws Error(file) "cannot merge these shards: ...".
[[noreturn]] void refuse_to_merge(const std::string& why);

}  // namespace overbuild
