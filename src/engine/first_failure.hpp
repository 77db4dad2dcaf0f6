// The exception that threads who share out work pass on.
#pragma once

#include <atomic>
#include <cstdint>
#include <exception>
#include <limits>
#include <mutex>

namespace overbuild {

/// Pieces of work are begun in ascending order of their places, and those before a failed one are
/// finished, since they may fail, too; those behind it are of no use. The failure of the first
/// piece is then the one that a single thread would meet: what a user reads depends on no thread.
class FirstFailure {
 public:
  /// Of the exception in flight, in the piece at this place.
  void note(std::uint64_t place) {
    const std::lock_guard lock(mutex_);
    if (place >= place_) return;
    place_ = place;
    exception_ = std::current_exception();
  }

  bool happened() const { return place_ != none; }
  bool is_before(std::uint64_t place) const { return place_ < place; }

  void rethrow() {
    const std::lock_guard lock(mutex_);
    if (exception_) std::rethrow_exception(exception_);
  }

 private:
  static constexpr std::uint64_t none = std::numeric_limits<std::uint64_t>::max();

  std::atomic<std::uint64_t> place_ = none;
  std::mutex mutex_;
  std::exception_ptr exception_;
};

}  // namespace overbuild
