// Deals the tiles of a range of paths out to threads.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <mutex>

#include "overbuild/engine/run.hpp"
#include "src/engine/chunks.hpp"
#include "src/engine/first_failure.hpp"
#include "src/engine/worker_team.hpp"

namespace overbuild {

/// Each thread makes a Member, which is called for tiles, and in the end adds what it found to the
/// whole: Member(Shared&), advance(first_path, count), end() under a lock. Chunks of tiles are
/// dealt out in ascending order and a chunk once begun is finished, so that after a stop the paths
/// that were done are the first ones.
template <class Member, class Shared>
class TileTeam {
 public:
  TileTeam(Shared& shared, PathRange range, std::uint64_t chunk, const RunControls& controls)
      : shared_(shared), range_(range), chunk_(chunk), controls_(controls), next_(range.begin) {
    ready_ = true;
  }
  TileTeam(const TileTeam&) = delete;
  TileTeam& operator=(const TileTeam&) = delete;

  /// Returns the number of paths done. An exception of one thread ends the work of all of them and
  /// reaches the caller; of several it is that of the first chunk.
  std::uint64_t run(int threads) {
    run_on_workers(
        threads, [](void* team) { static_cast<TileTeam*>(team)->work(); }, this);
    const std::lock_guard lock(ending_);
    failure_.rethrow();
    return done_;
  }

 private:
  void work() {
    if (!ready_) return;
    std::uint64_t chunk = range_.begin;
    try {
      Member member(shared_);
      while (!ends()) {
        chunk = next_.fetch_add(chunk_);
        if (chunk >= range_.end) break;
        advance(member, {chunk, std::min(chunk + chunk_, range_.end)});
      }
      const std::lock_guard lock(ending_);
      member.end();
    } catch (...) {
      failure_.note(chunk);
    }
  }

  bool ends() const {
    return failure_.happened() || (controls_.stop && controls_.stop()) ||
           (controls_.pause && controls_.pause());
  }

  void advance(Member& member, PathRange chunk) {
    for (std::uint64_t path = chunk.begin; path < chunk.end; path += tile_paths) {
      if (failure_.is_before(chunk.begin)) return;
      member.advance(path, static_cast<int>(std::min<std::uint64_t>(tile_paths, chunk.end - path)));
    }
    const std::uint64_t done = done_.fetch_add(chunk.size()) + chunk.size();
    if (controls_.progress) controls_.progress(done);
  }

  Shared& shared_;
  const PathRange range_;
  const std::uint64_t chunk_;
  const RunControls& controls_;
  std::atomic<std::uint64_t> next_, done_ = 0;
  FirstFailure failure_;
  // TBB orders construction, work, result and destruction by itself. This flag and the lock (of a
  // failure its own one), the last thing that a thread takes, say so again in a way that
  // ThreadSanitizer sees: Debian's TBB is built without it.
  std::atomic<bool> ready_ = false;
  std::mutex ending_;
};

}  // namespace overbuild
