// Where a command's result goes, and what is said of it.
#pragma once

#include <filesystem>
#include <string>

#include "overbuild/results/provenance.hpp"
#include "src/commands/command.hpp"

namespace overbuild {

/// The value of --output, else `otherwise`. Throws Error(usage) for an empty name.
std::filesystem::path output_path(const char* command, const Invocation& invocation,
                                  const std::string& otherwise);

/// ".KIND.h5", and of one of several shards ".KIND.shard-I-of-N.h5".
std::string file_ending(const char* kind, int shard, int shards);

/// Makes the folder for a sweep's files. Throws Error(file).
void make_folder(const std::filesystem::path& folder);

/// "12.3 s on 4 threads" and the file, a line each.
std::string effort_text(const Provenance& provenance, const std::filesystem::path& file);

}  // namespace overbuild
