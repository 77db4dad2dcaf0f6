#include "src/engine/tile_team.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <thread>

namespace overbuild {
namespace {

/// Its third tile fails, but only after its fourth has.
class LateMember {
 public:
  struct Shared {
    std::atomic<bool> fourth_failed = false;
  };

  explicit LateMember(Shared& shared) : shared_(shared) {}

  void advance(std::uint64_t first_path, int) {
    const std::uint64_t tile = first_path / tile_paths;
    if (tile == 3) {
      shared_.fourth_failed = true;
      throw std::runtime_error("tile 3");
    }
    if (tile == 2) {
      const auto soon = std::chrono::steady_clock::now() + std::chrono::seconds(5);
      while (!shared_.fourth_failed && std::chrono::steady_clock::now() < soon)
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
      std::this_thread::sleep_for(std::chrono::milliseconds(20));  // the other thread's catch
      throw std::runtime_error("tile 2");
    }
  }
  void end() {}

 private:
  Shared& shared_;
};

TEST(TileTeam, PassesOnTheFailureOfTheFirstChunkWhateverTheThreads) {
  for (const int threads : {1, 2, 3}) {
    LateMember::Shared shared;
    if (threads == 1) shared.fourth_failed = true;  // tile 3 never comes
    const RunControls controls;
    const PathRange endless = {0, std::uint64_t{1} << 60};  // so a failure has to stop the others
    TileTeam<LateMember, LateMember::Shared> team(shared, endless, tile_paths, controls);
    try {
      team.run(threads);
      FAIL() << "no error";
    } catch (const std::runtime_error& error) {
      EXPECT_EQ(error.what(), std::string("tile 2")) << threads;
    }
  }
}

}  // namespace
}  // namespace overbuild
