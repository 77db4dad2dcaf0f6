#include "src/engine/chunks.hpp"

#include <algorithm>

#include "overbuild/engine/run.hpp"
#include "src/engine/worker_team.hpp"

namespace overbuild {
namespace {

constexpr std::uint64_t tile = tile_paths;

}  // namespace

std::uint64_t chunk_paths(const RunSettings& settings, std::uint64_t paths, int threads) {
  constexpr std::uint64_t most_path_steps = 1 << 21;
  const std::uint64_t fair_share = paths / (static_cast<std::uint64_t>(threads) * 16);
  const std::uint64_t soon_done = most_path_steps / static_cast<std::uint64_t>(settings.steps());
  const std::uint64_t chosen = std::min(fair_share, soon_done);
  const std::uint64_t wanted = settings.chunk > 0 ? std::min(settings.chunk, paths) : chosen;
  return std::max<std::uint64_t>((wanted + tile - 1) / tile, 1) * tile;
}

int threads_to_use(const RunSettings& settings, int asked) {
  const int wanted = asked > 0 ? asked : settings.threads;
  return wanted > 0 ? wanted : available_threads();
}

int threads_for(std::uint64_t paths, int threads) {
  const std::uint64_t tiles = (paths + tile - 1) / tile;
  return static_cast<int>(std::min(static_cast<std::uint64_t>(threads), tiles));
}

}  // namespace overbuild
