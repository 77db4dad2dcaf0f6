// Deals the tiles of a range of paths out to threads.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>

#include "overbuild/engine/run.hpp"
#include "src/engine/chunks.hpp"
#include "src/engine/worker_team.hpp"

namespace overbuild {

/// Each thread makes a Member, which is called for tiles, and in the end adds what it found to the
/// whole: Member(const Shared&), advance(first_path, count), end() under a lock. Chunks of tiles
/// are dealt out in ascending order and a chunk once begun is finished, so that after a stop the
/// paths that were done are the first ones.
template <class Member, class Shared>
class TileTeam {
 public:
  TileTeam(Shared& shared, PathRange range, std::uint64_t chunk, const RunControls& controls)
      : shared_(shared), range_(range), chunk_(chunk), controls_(controls), next_(range.begin) {
    ready_ = true;
  }
  TileTeam(const TileTeam&) = delete;
  TileTeam& operator=(const TileTeam&) = delete;
  ~TileTeam() { const std::lock_guard lock(ending_); }

  /// Returns the number of paths done. An exception of one thread ends the work of all of them.
  std::uint64_t run(int threads) {
    run_on_workers(
        threads, [](void* team) { static_cast<TileTeam*>(team)->work(); }, this);
    const std::lock_guard lock(ending_);
    return done_;
  }

 private:
  void work() try {
    if (!ready_) return;
    Member member(shared_);
    while (!failed_ && !(controls_.stop && controls_.stop())) {
      const std::uint64_t begin = next_.fetch_add(chunk_);
      if (begin >= range_.end) break;
      advance(member, {begin, std::min(begin + chunk_, range_.end)});
    }
    const std::lock_guard lock(ending_);
    member.end();
  } catch (...) {
    const std::lock_guard lock(ending_);
    failed_ = true;
    throw;
  }

  void advance(Member& member, PathRange chunk) {
    for (std::uint64_t path = chunk.begin; path < chunk.end; path += tile_paths) {
      if (failed_) return;
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
  std::atomic<bool> failed_ = false;
  // As in ParallelRun (run.cpp): what TBB orders by itself, said again for ThreadSanitizer.
  std::atomic<bool> ready_ = false;
  std::mutex ending_;
};

}  // namespace overbuild
