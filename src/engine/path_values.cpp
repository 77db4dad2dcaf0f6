#include "overbuild/engine/path_values.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>

#include "src/engine/chunks.hpp"
#include "src/engine/worker.hpp"
#include "src/engine/worker_team.hpp"

namespace overbuild {
namespace {

/// Hands out chunks of a range of paths in ascending order; each tile has its own place.
class ParallelValues {
 public:
  ParallelValues(const PreparedRun& prepared, std::span<const PathQuantity> quantities,
                 PathRange range, std::uint64_t chunk, const RunControls& controls)
      : prepared_(prepared),
        quantities_(quantities),
        range_(range),
        chunk_(chunk),
        controls_(controls),
        last_step_(last_step(quantities, prepared.context().steps)),
        next_(range.begin),
        values_(quantities.size()) {
    for (KeptValues& room : values_) room.resize(range.size(), boost::container::default_init);
    ready_ = true;
  }

  /// The work of one thread. An exception ends the work of all of them.
  void work() try {
    if (!ready_) return;
    Worker worker(prepared_);
    std::vector<TileQuantity> tiles;
    for (const PathQuantity& quantity : quantities_)
      tiles.emplace_back(quantity, prepared_.schema());
    while (!failed_ && !(controls_.stop && controls_.stop())) {
      const std::uint64_t begin = next_.fetch_add(chunk_);
      if (begin >= range_.end) break;
      advance_chunk(worker, tiles, {begin, std::min(begin + chunk_, range_.end)});
    }
    const std::lock_guard lock(ending_);
  } catch (...) {
    const std::lock_guard lock(ending_);
    failed_ = true;
    throw;
  }

  PathValues result() {
    const std::lock_guard lock(ending_);
    const std::uint64_t done = done_;
    for (KeptValues& values : values_) values.resize(done);
    return {{range_.begin, range_.begin + done}, std::move(values_)};
  }

 private:
  void advance_chunk(Worker& worker, std::vector<TileQuantity>& tiles, PathRange chunk) {
    for (std::uint64_t path = chunk.begin; path < chunk.end; path += tile_paths) {
      if (failed_) return;
      const auto count = static_cast<int>(std::min<std::uint64_t>(tile_paths, chunk.end - path));
      worker.measure(path, count, last_step_, tiles);
      for (std::size_t q = 0; q < tiles.size(); ++q)
        std::ranges::copy(tiles[q].values(),
                          values_[q].begin() + static_cast<std::ptrdiff_t>(path - range_.begin));
    }
    const std::uint64_t done = done_.fetch_add(chunk.size()) + chunk.size();
    if (controls_.progress) controls_.progress(done);
  }

  const PreparedRun& prepared_;
  const std::span<const PathQuantity> quantities_;
  const PathRange range_;
  const std::uint64_t chunk_;
  const RunControls& controls_;
  const int last_step_;
  std::atomic<std::uint64_t> next_, done_ = 0;
  std::atomic<bool> failed_ = false;
  // As in ParallelRun (run.cpp): what TBB orders by itself, said again for ThreadSanitizer.
  std::atomic<bool> ready_ = false;
  std::mutex ending_;
  std::vector<KeptValues> values_;
};

}  // namespace

PathValues path_values(const PreparedRun& prepared, std::span<const PathQuantity> quantities,
                       PathRange range, const RunControls& controls) {
  const RunSettings& settings = prepared.scenario().run;
  const int threads = threads_for(range.size(), threads_to_use(settings, controls.threads));
  const std::uint64_t chunk = chunk_paths(settings, range.size(), threads);
  ParallelValues parallel(prepared, quantities, range, chunk, controls);
  run_on_workers(
      threads, [](void* shared) { static_cast<ParallelValues*>(shared)->work(); }, &parallel);
  return parallel.result();
}

PathValues path_values(const Scenario& scenario, std::span<const PathQuantity> quantities,
                       const RunControls& controls) {
  const PreparedRun prepared(scenario, controls.prior_maps);
  return path_values(prepared, quantities, {0, scenario.run.paths}, controls);
}

}  // namespace overbuild
