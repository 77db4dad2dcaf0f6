// Writes the series of kept paths while the run goes on.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "overbuild/config/scenario.hpp"
#include "overbuild/engine/run.hpp"
#include "src/hdf5/hdf5.hpp"
#include "src/results/output_file.hpp"

namespace overbuild {

/// Workers encode their tiles themselves and queue the chunks; one thread stores them. Not to be
/// finished or destroyed within an hdf5::Session, which would keep that thread from its work.
class PathSeriesWriter {
 public:
  /// Creates the group /paths in `file`, whose bytes go to `output`; both must outlive this.
  /// Paths before `first_path` are not for this file; some of the kept ones come after it.
  PathSeriesWriter(hid_t file, const OutputFile& output, const Scenario& scenario,
                   std::uint64_t first_path);
  /// Drops what is queued.
  ~PathSeriesWriter();

  /// Called by many threads at once. Blocks while the queue is full; throws what stopped the
  /// writing thread.
  void accept(const KeptTile& tile);

  /// Throws what stopped the writing thread. Takes no lock while nothing did.
  void check();

  /// Waits until everything is stored and completes the group for a run over the `paths` paths
  /// from the first.
  void finish(const std::vector<double>& time, std::uint64_t paths);

 private:
  struct Chunk {
    std::size_t series;
    hsize_t offset[2];  ///< path, step
    std::vector<std::byte> bytes;
  };
  struct EncodedTile {
    std::vector<Chunk> chunks;
    int paths = 0;
    std::size_t bytes = 0;
  };

  void create_datasets();
  void check_tile(const KeptTile& tile) const;
  EncodedTile encode(const KeptTile& tile) const;
  std::vector<std::byte> encode_block(const KeptTile& tile, std::size_t series,
                                      std::size_t first_step) const;
  template <class Number>
  std::vector<std::byte> block(const KeptTile& tile, std::size_t series,
                               std::size_t first_step) const;
  void store_queued_tiles();
  void store(const EncodedTile& tile);
  void stop();

  const Scenario& scenario_;
  const OutputFile& output_;
  const std::uint64_t first_path_;
  const std::uint64_t kept_paths_;  ///< from the first
  const std::size_t steps_;         ///< T + 1
  const std::size_t element_size_;
  const std::size_t chunk_paths_, chunk_steps_;
  hdf5::Id group_;
  std::vector<hdf5::Id> datasets_;  ///< one per kept series

  std::atomic<bool> failed_ = false;  ///< failure_ is set
  std::mutex mutex_;                  ///< for what follows
  std::condition_variable room_, work_;
  std::deque<EncodedTile> queue_;
  std::size_t queued_bytes_ = 0;
  std::uint64_t stored_paths_ = 0;
  bool stopping_ = false;    ///< no more tiles will come
  bool discarding_ = false;  ///< drop what is queued
  std::exception_ptr failure_;
  std::thread thread_;
};

}  // namespace overbuild
