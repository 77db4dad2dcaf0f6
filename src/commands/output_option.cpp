#include "src/commands/output_option.hpp"

#include <fmt/format.h>

#include "overbuild/base/error.hpp"

namespace overbuild {

std::filesystem::path output_path(const char* command, const Invocation& invocation,
                                  const std::string& otherwise) {
  if (!invocation.has("output")) return otherwise;
  if (invocation.text("output").empty())
    throw Error(ExitCode::usage,
                fmt::format("{}: --output: the name of the file is empty", command));
  return invocation.text("output");
}

std::string file_ending(const char* kind, int shard, int shards) {
  return shards == 1 ? fmt::format(".{}.h5", kind)
                     : fmt::format(".{}.shard-{}-of-{}.h5", kind, shard, shards);
}

void make_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error)
    throw Error(ExitCode::file,
                fmt::format("cannot make the folder {}: {}", folder.string(), error.message()));
}

std::string effort_text(const Provenance& provenance, const std::filesystem::path& file) {
  return fmt::format("{:.3g} s on {} {}\nresult: {}\n", provenance.wall_seconds, provenance.threads,
                     provenance.threads == 1 ? "thread" : "threads", file.string());
}

}  // namespace overbuild
