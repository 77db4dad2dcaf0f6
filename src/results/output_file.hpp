// The file a result is written to: it has a temporary name until it is complete.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace overbuild {

/// A file "NAME.tmp-PID" beside its target, removed on destruction unless it was published.
///
/// Reading and writing at an offset succeed as long as there is memory. After the first failure
/// (disk full, file size limit) further data is kept in memory and the failure is reported by
/// throw_if_failed(). The reason: HDF5 1.10 cannot close a file whose writes fail; it leaves
/// objects open and may crash when the program ends.
class OutputFile {
 public:
  /// Throws Error(file) when the target exists and `force` is false or it is no result, when it is
  /// not a regular file, or when its folder cannot be written. A symbolic link is followed.
  OutputFile(std::filesystem::path target, bool force);
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  /// After a failure: throws std::bad_alloc when there is no memory to keep the data in.
  void write_at(std::uint64_t offset, const void* data, std::size_t size);
  /// Bytes that were never written are zero.
  void read_at(std::uint64_t offset, void* data, std::size_t size);
  void resize(std::uint64_t size);
  /// Keeps `reason`, an errno, as the failure unless there was one before.
  void record_failure(int reason);
  std::uint64_t size() const { return size_; }

  /// Throws Error(file) with the system's reason for the first failure.
  void throw_if_failed() const;

  /// Syncs the file to disk and gives it the target's name in one step; a target that appeared
  /// meanwhile is not replaced unless `force` was given and it is a result. Throws Error(file).
  void publish();

  const std::filesystem::path& target() const { return target_; }
  const std::filesystem::path& temporary() const { return temporary_; }

 private:
  struct Unwritten {
    std::uint64_t offset;
    std::vector<std::byte> data;
  };

  void create();
  void give_target_name();
  [[noreturn]] void fail(int reason) const;

  std::filesystem::path target_, temporary_;
  bool force_;
  bool published_ = false;
  int descriptor_ = -1;
  std::uint64_t size_ = 0;
  std::atomic<int> failure_ = 0;      ///< errno of the first failure
  std::vector<Unwritten> unwritten_;  ///< since the failure, in order
};

}  // namespace overbuild
