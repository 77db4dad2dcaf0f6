// One thread's part of a run: advances tiles of paths and adds them to statistics of its own.
#pragma once

#include <tbb/cache_aligned_allocator.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "overbuild/engine/prepared_run.hpp"
#include "overbuild/engine/run.hpp"
#include "overbuild/statistics/tile_quantity.hpp"

namespace overbuild {

using AlignedDoubles = std::vector<double, tbb::cache_aligned_allocator<double>>;

/// The step loop takes no memory. Beside it histograms grow with the range of values they meet, and
/// kept series are handed over in memory of their own.
class Worker {
 public:
  explicit Worker(const PreparedRun& run);

  /// Simulates a tile of `count` paths for its pivots alone.
  Pivots pivots(int count);

  /// Must come before the first advance().
  void begin_statistics(const Pivots& pivots);

  /// Simulates the tile that begins at `first_path` and adds its first `count` paths. Kept values
  /// go to `kept` (disjoint places for each tile) and `sink`.
  void advance(std::uint64_t first_path, int count, KeptOutcomes& kept, PathSink* sink);

  /// Simulates the tile that begins at `first_path` up to `last_step` and leaves the values of its
  /// first `count` paths in the quantities.
  void measure(std::uint64_t first_path, int count, int last_step,
               std::span<TileQuantity> quantities);

  const RunStatistics& statistics() const { return *statistics_; }

 private:
  template <class Visitor>
  void simulate(std::uint64_t first_path, int last_step, const Visitor& visit);
  void keep_steps(const TileOutput& output, int steps, KeptTile& tile) const;
  void keep_outcomes(std::uint64_t first_path, int count, KeptOutcomes& kept) const;

  const PreparedRun& run_;
  int segment_steps_;  // steps advanced at a time, so that their values stay in the cache
  AlignedDoubles parameters_, workspace_, series_, outcomes_;
  std::vector<std::uint8_t> events_;
  std::unique_ptr<TileDraws> draws_;  // none: the step loop makes its own
  std::optional<RunStatistics> statistics_;
};

}  // namespace overbuild
