#include "src/results/path_series_writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <span>

#include "overbuild/base/error.hpp"
#include "src/results/chunk_encoding.hpp"
#include "src/results/statistics_layout.hpp"
#include "src/results/variables.hpp"

namespace overbuild {
namespace {

static_assert(std::endian::native == std::endian::little, "chunks are stored as they are");

constexpr std::size_t largest_chunk_bytes = std::size_t{1} << 20;
constexpr std::size_t largest_queue_bytes = std::size_t{64} << 20;

std::size_t chunk_steps(std::size_t steps, std::size_t chunk_paths, std::size_t element_size) {
  return std::clamp<std::size_t>(largest_chunk_bytes / (chunk_paths * element_size), 1, steps);
}

}  // namespace

PathSeriesWriter::PathSeriesWriter(hid_t file, const OutputFile& output, const Scenario& scenario,
                                   std::uint64_t first_path)
    : scenario_(scenario),
      output_(output),
      first_path_(first_path),
      kept_paths_(std::min(scenario.outputs.paths, scenario.run.paths) - first_path),
      steps_(static_cast<std::size_t>(scenario.run.steps()) + 1),
      element_size_(scenario.outputs.single_precision ? sizeof(float) : sizeof(double)),
      chunk_paths_(std::min<std::uint64_t>(tile_paths, kept_paths_)),
      chunk_steps_(chunk_steps(steps_, chunk_paths_, element_size_)),
      group_(hdf5::create_group(file, layout::paths_group)) {
  create_datasets();
  thread_ = std::thread(&PathSeriesWriter::store_queued_tiles, this);
}

PathSeriesWriter::~PathSeriesWriter() {
  {
    const std::lock_guard lock(mutex_);
    discarding_ = true;
  }
  stop();
  const hdf5::Session session;
  datasets_.clear();
  group_ = {};
}

void PathSeriesWriter::create_datasets() {
  const hdf5::Id creation = hdf5::dataset_creation();
  const hdf5::Shape chunk = {chunk_paths_, chunk_steps_};
  hdf5::check(H5Pset_chunk(creation, 2, chunk.data()), "set the chunks of kept paths");
  if (scenario_.outputs.compression > 0) {
    const auto level = static_cast<unsigned>(scenario_.outputs.compression);
    hdf5::check(H5Pset_shuffle(creation), "set the compression of kept paths");
    hdf5::check(H5Pset_deflate(creation, level), "set the compression of kept paths");
  }
  const hid_t type =
      scenario_.outputs.single_precision ? hdf5::number_type<float>() : hdf5::number_type<double>();
  for (const std::size_t series : scenario_.outputs.series) {
    const SeriesSpec& spec = scenario_.model->schema.series[series];
    const Label label{std::string(spec.name), std::string(spec.unit), std::string(spec.meaning)};
    datasets_.push_back(
        hdf5::create_dataset(group_, label.name, type, {kept_paths_, steps_}, creation));
    describe(datasets_.back(), label);
  }
}

void PathSeriesWriter::accept(const KeptTile& tile) {
  check_tile(tile);
  EncodedTile encoded = encode(tile);
  std::unique_lock lock(mutex_);
  room_.wait(lock, [&] {
    return failure_ || queue_.empty() || queued_bytes_ + encoded.bytes <= largest_queue_bytes;
  });
  if (failure_) std::rethrow_exception(failure_);
  queued_bytes_ += encoded.bytes;
  queue_.push_back(std::move(encoded));
  work_.notify_one();
}

void PathSeriesWriter::check() {
  if (!failed_) return;
  const std::lock_guard lock(mutex_);
  std::rethrow_exception(failure_);
}

void PathSeriesWriter::check_tile(const KeptTile& tile) const {
  const auto paths = static_cast<std::size_t>(tile.paths);
  if (tile.first_path % tile_paths == 0 && paths <= tile_paths && tile.first_path >= first_path_ &&
      tile.first_path - first_path_ + paths <= kept_paths_ &&
      tile.values.size() == datasets_.size() * paths * steps_)
    return;
  throw Error(ExitCode::internal, fmt::format("kept tile of {} values does not fit: first path {}, "
                                              "{} paths",
                                              tile.values.size(), tile.first_path, tile.paths));
}

PathSeriesWriter::EncodedTile PathSeriesWriter::encode(const KeptTile& tile) const {
  EncodedTile encoded;
  encoded.paths = tile.paths;
  for (std::size_t series = 0; series < datasets_.size(); ++series) {
    for (std::size_t step = 0; step < steps_; step += chunk_steps_) {
      encoded.chunks.push_back(
          {series, {tile.first_path - first_path_, step}, encode_block(tile, series, step)});
      encoded.bytes += encoded.chunks.back().bytes.size();
    }
  }
  return encoded;
}

std::vector<std::byte> PathSeriesWriter::encode_block(const KeptTile& tile, std::size_t series,
                                                      std::size_t first_step) const {
  const std::vector<std::byte> plain = scenario_.outputs.single_precision
                                           ? block<float>(tile, series, first_step)
                                           : block<double>(tile, series, first_step);
  if (scenario_.outputs.compression == 0) return plain;
  return deflated(shuffled(plain, element_size_), scenario_.outputs.compression);
}

/// A whole chunk, [path][step]; what lies outside of the tile is zero.
template <class Number>
std::vector<std::byte> PathSeriesWriter::block(const KeptTile& tile, std::size_t series,
                                               std::size_t first_step) const {
  const auto paths = static_cast<std::size_t>(tile.paths);
  const std::size_t steps = std::min(chunk_steps_, steps_ - first_step);
  std::vector<Number> numbers(chunk_paths_ * chunk_steps_);
  for (std::size_t path = 0; path < paths; ++path) {
    const double* from = &tile.values[(series * paths + path) * steps_ + first_step];
    std::transform(from, from + steps, &numbers[path * chunk_steps_],
                   [](double value) { return static_cast<Number>(value); });
  }
  const auto bytes = std::as_bytes(std::span(numbers));
  return {bytes.begin(), bytes.end()};
}

void PathSeriesWriter::store_queued_tiles() {
  std::unique_lock lock(mutex_);
  while (true) {
    work_.wait(lock, [&] { return stopping_ || !queue_.empty(); });
    if (queue_.empty() || discarding_) return;
    const EncodedTile tile = std::move(queue_.front());
    queue_.pop_front();
    queued_bytes_ -= tile.bytes;
    room_.notify_all();
    lock.unlock();
    std::exception_ptr failure;
    try {
      store(tile);
    } catch (...) {
      failure = std::current_exception();
    }
    lock.lock();
    stored_paths_ += static_cast<std::uint64_t>(tile.paths);
    if (!failure) continue;
    failure_ = failure;
    failed_ = true;
    room_.notify_all();
    return;
  }
}

void PathSeriesWriter::store(const EncodedTile& tile) {
  const hdf5::Session session;
  for (const Chunk& chunk : tile.chunks) {
    hdf5::check(H5Dwrite_chunk(datasets_[chunk.series], H5P_DEFAULT, 0, chunk.offset,
                               chunk.bytes.size(), chunk.bytes.data()),
                "write kept paths");
    output_.throw_if_failed();
  }
}

void PathSeriesWriter::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  work_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void PathSeriesWriter::finish(const std::vector<double>& time, std::uint64_t paths) {
  stop();
  if (failure_) std::rethrow_exception(failure_);
  const std::uint64_t kept = std::min(paths, kept_paths_);
  // More than are kept arrived where a replicate was stopped and is left out.
  if (stored_paths_ < kept)
    throw Error(
        ExitCode::internal,
        fmt::format("the series of {} paths were to be kept, but {} arrived", kept, stored_paths_));
  const hdf5::Session session;
  const Dimension path_dimension = write_paths(group_, first_path_, kept);
  const Dimension time_dimension = write_time(group_, time);
  const hsize_t extent[] = {kept, steps_};
  for (const hdf5::Id& dataset : datasets_) {
    if (kept < kept_paths_) hdf5::check(H5Dset_extent(dataset, extent), "shorten kept paths");
    attach(dataset, {&path_dimension, &time_dimension});
  }
}

}  // namespace overbuild
