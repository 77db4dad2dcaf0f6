#include "src/results/output_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <system_error>
#include <utility>

#include "overbuild/base/error.hpp"
#include "src/results/format_mark.hpp"

namespace overbuild {
namespace {

namespace fs = std::filesystem;

/// A write beyond the limit on file sizes then fails with EFBIG instead of ending the program.
void ignore_file_size_signal() {
  struct sigaction current = {};
  if (sigaction(SIGXFSZ, nullptr, &current) == 0 && current.sa_handler == SIG_DFL)
    std::signal(SIGXFSZ, SIG_IGN);
}

/// Writes all bytes; 0, or the errno of the failure.
int write_all(int descriptor, const std::byte* data, std::size_t size, std::uint64_t offset) {
  while (size > 0) {
    const ssize_t written = pwrite(descriptor, data, size, static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    if (written == 0) return ENOSPC;
    data += written;
    size -= static_cast<std::size_t>(written);
    offset += static_cast<std::uint64_t>(written);
  }
  return 0;
}

/// Reads as many bytes as there are; 0, or the errno of the failure.
int read_all(int descriptor, std::byte* data, std::size_t size, std::uint64_t offset) {
  while (size > 0) {
    const ssize_t got = pread(descriptor, data, size, static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errno;
    if (got == 0) return 0;
    data += got;
    size -= static_cast<std::size_t>(got);
    offset += static_cast<std::uint64_t>(got);
  }
  return 0;
}

/// The name is in place already and the data on disk, so a folder that cannot be opened or synced
/// (some file systems do not allow it) is no failure.
void sync_folder(const fs::path& folder) {
  const int descriptor = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  fsync(descriptor);
  close(descriptor);
}

fs::path folder_of(const fs::path& file) {
  return file.has_parent_path() ? file.parent_path() : fs::path(".");
}

}  // namespace

OutputFile::OutputFile(fs::path target, bool force) : target_(std::move(target)), force_(force) {
  std::error_code error;
  if (fs::is_symlink(target_, error) && fs::exists(target_, error))
    target_ = fs::canonical(target_, error);
  const fs::file_status status = fs::symlink_status(target_, error);
  if (fs::exists(status) && !fs::is_regular_file(status))
    throw Error(ExitCode::file, fmt::format("cannot write result {}: it exists and is not a "
                                            "regular file",
                                            target_.string()));
  if (fs::exists(status) && !force_) fail(EEXIST);
  if (force_) check_replaceable(target_);
  ignore_file_size_signal();
  create();
}

OutputFile::~OutputFile() {
  if (descriptor_ >= 0) close(descriptor_);
  if (!published_) unlink(temporary_.c_str());
}

void OutputFile::create() {
  // A leftover of a killed process may have this process's number, and two results may be written
  // at once.
  for (int attempt = 0; descriptor_ < 0; ++attempt) {
    temporary_ = target_;
    temporary_ += fmt::format(".tmp-{}", getpid());
    if (attempt > 0) temporary_ += fmt::format("-{}", attempt);
    descriptor_ = open(temporary_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor_ < 0 && errno != EEXIST) fail(errno);
  }
}

void OutputFile::write_at(std::uint64_t offset, const void* data, std::size_t size) {
  const auto* bytes = static_cast<const std::byte*>(data);
  size_ = std::max(size_, offset + size);
  if (failure_ == 0) failure_ = write_all(descriptor_, bytes, size, offset);
  if (failure_ != 0) unwritten_.push_back({offset, {bytes, bytes + size}});
}

void OutputFile::read_at(std::uint64_t offset, void* data, std::size_t size) {
  auto* bytes = static_cast<std::byte*>(data);
  std::memset(bytes, 0, size);
  const int reason = read_all(descriptor_, bytes, size, offset);
  if (reason != 0) record_failure(reason);
  for (const Unwritten& piece : unwritten_) {
    const std::uint64_t begin = std::max(offset, piece.offset);
    const std::uint64_t end = std::min(offset + size, piece.offset + piece.data.size());
    if (begin < end)
      std::memcpy(bytes + (begin - offset), piece.data.data() + (begin - piece.offset),
                  end - begin);
  }
}

void OutputFile::resize(std::uint64_t size) {
  size_ = size;
  if (failure_ == 0 && ftruncate(descriptor_, static_cast<off_t>(size)) != 0) failure_ = errno;
}

void OutputFile::record_failure(int reason) {
  int none = 0;
  failure_.compare_exchange_strong(none, reason);
}

void OutputFile::throw_if_failed() const {
  if (failure_ != 0) fail(failure_);
}

void OutputFile::publish() {
  throw_if_failed();
  if (fsync(descriptor_) != 0) fail(errno);
  if (close(std::exchange(descriptor_, -1)) != 0) fail(errno);
  give_target_name();
  published_ = true;
  sync_folder(folder_of(target_));
}

void OutputFile::give_target_name() {
  if (force_) {
    check_replaceable(target_);  // another file may have taken the name meanwhile
    if (rename(temporary_.c_str(), target_.c_str()) != 0) fail(errno);
    return;
  }
  if (renameat2(AT_FDCWD, temporary_.c_str(), AT_FDCWD, target_.c_str(), RENAME_NOREPLACE) == 0)
    return;
  if (errno != EINVAL && errno != ENOSYS) fail(errno);
  // Network file systems lack RENAME_NOREPLACE; a second name does not replace either.
  if (link(temporary_.c_str(), target_.c_str()) != 0) fail(errno);
  unlink(temporary_.c_str());
}

void OutputFile::fail(int reason) const {
  if (reason == EEXIST)
    throw Error(ExitCode::file,
                fmt::format("result {} exists already; --force replaces it", target_.string()));
  throw Error(ExitCode::file, fmt::format("cannot write result {}: {}", target_.string(),
                                          std::generic_category().message(reason)));
}

}  // namespace overbuild
