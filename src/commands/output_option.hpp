// Where a command's result goes, and what is said of it.
#pragma once

#include <filesystem>
#include <string>

#include "overbuild/results/provenance.hpp"
#include "src/commands/command.hpp"
#include "src/commands/terminal.hpp"

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

/// Prints what an analysis found, as JSON with --json, else as text unless --quiet.
template <class Contents>
void print_found(const Invocation& invocation, const Contents& found,
                 const std::filesystem::path& file, std::string (*json)(const Contents&),
                 std::string (*text)(const Contents&, const TextStyle&)) {
  if (invocation.has("json"))
    print(json(found));
  else if (!invocation.has("quiet"))
    print(text(found, style_of(1)) + "\n" + effort_text(found.provenance, file));
}

}  // namespace overbuild
