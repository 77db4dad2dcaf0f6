#include "src/cluster/text_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <iterator>
#include <string_view>
#include <system_error>

#include "overbuild/base/error.hpp"

namespace overbuild {
namespace {

/// 0, or the errno of the failure.
int write_and_sync(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return fsync(descriptor) == 0 ? 0 : errno;
}

}  // namespace

void write_text_file(const std::filesystem::path& path, const std::string& text) {
  std::filesystem::path temporary = path;
  temporary += fmt::format(".tmp-{}", getpid());
  const int descriptor = open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  int failure = descriptor < 0 ? errno : write_and_sync(descriptor, text);
  if (descriptor >= 0 && close(descriptor) != 0 && failure == 0) failure = errno;
  if (failure == 0 && rename(temporary.c_str(), path.c_str()) != 0) failure = errno;
  if (failure == 0) return;
  unlink(temporary.c_str());
  throw Error(ExitCode::file, fmt::format("cannot write {}: {}", path.string(),
                                          std::generic_category().message(failure)));
}

std::string end_of_file(const std::filesystem::path& path, std::size_t limit) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file) return "";
  const auto size = static_cast<std::size_t>(file.tellg());
  file.seekg(static_cast<std::streamoff>(size > limit ? size - limit : 0));
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace overbuild
