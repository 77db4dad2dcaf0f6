// Lanes that go on in the state of other lanes.
#include <gtest/gtest.h>

#include "hwy/aligned_allocator.h"
#include "overbuild/config/load.hpp"
#include "overbuild/engine/prepared_run.hpp"

namespace overbuild {
namespace {

using Doubles = hwy::AlignedFreeUniquePtr<double[]>;

constexpr int lanes = 64, steps = 12;

class Kernel {
 public:
  explicit Kernel(const PreparedRun& run)
      : run_(run),
        series_(hwy::AllocateAligned<double>(run.schema().series.size() * steps * lanes)),
        events_(run.schema().events.size() * steps * lanes / 8),
        parameters_(hwy::AllocateAligned<double>(run.schema().parameters.size() * lanes)),
        workspace_(make_workspace()) {
    run.parameters().sample(1, 0, lanes, parameters_.get());
    run.kernel().begin(run.context(), 0, parameters_.get(), workspace_.get(), output(0));
  }

  void advance(std::uint64_t first_path, int first, int end) {
    run_.kernel().advance(run_.context(), first_path, workspace_.get(), first, end, output(first),
                          nullptr);
  }
  void gather(const std::vector<int>& from) {
    Doubles other = make_workspace();
    run_.kernel().gather(workspace_.get(), from.data(), lanes, other.get());
    std::swap(workspace_, other);
  }
  /// [outcome][lane]
  std::vector<double> outcomes() const {
    const std::size_t count = run_.schema().outcomes.size() * lanes;
    const Doubles room = hwy::AllocateAligned<double>(count);
    run_.kernel().finish(run_.context(), workspace_.get(), lanes, room.get());
    return {room.get(), room.get() + count};
  }

 private:
  Doubles make_workspace() const {
    return hwy::AllocateAligned<double>(run_.kernel().workspace_bytes(lanes) / 8 + 1);
  }
  TileOutput output(int first) { return {series_.get(), events_.data(), first, steps, lanes}; }

  const PreparedRun& run_;
  Doubles series_;
  std::vector<std::uint8_t> events_;
  Doubles parameters_, workspace_;
};

/// A lane is its state and its noise: when lanes go on in the state of others, and with the others'
/// noise, they end as the others would have. The lanes of the first group of eight change places
/// with those of the second.
TEST(GatherTest, LanesGoOnInTheStateOfOthers) {
  for (const Model* model : all_models()) {
    std::string config =
        "model = \"" + std::string(model->schema.name) + "\"\n[run]\nhorizon = 3\n";
    if (model->schema.name == "overbuild")
      config += "[parameters]\nbuild_lag = {prior = \"uniform\", low = 1, high = 6}\n";
    const Scenario scenario = parse_scenario(config, "a.toml");
    const PreparedRun run(scenario);
    Kernel straight(run), moved(run);
    straight.advance(0, 1, 6);
    straight.advance(0, 6, steps + 1);
    std::vector<int> from(lanes);
    for (int lane = 0; lane < lanes; ++lane) from[std::size_t(lane)] = (lane + 8) % lanes;
    moved.advance(0, 1, 6);
    moved.gather(from);
    moved.advance(8, 6, steps + 1);  // lane i has the noise of path 8 + i
    const auto expected = straight.outcomes(), found = moved.outcomes();
    for (std::size_t row = 0; row < expected.size(); row += lanes)
      for (std::size_t lane = 0; lane + 8 < lanes; ++lane)
        if (!std::isnan(expected[row + lane + 8])) {
          EXPECT_EQ(found[row + lane], expected[row + lane + 8])
              << model->schema.name << ", outcome " << row / lanes << ", lane " << lane;
        } else {
          EXPECT_TRUE(std::isnan(found[row + lane]));
        }
  }
}

/// Every lane ends as lane 11 has ended: also within vectors, nothing is left of a lane's own
/// state.
TEST(GatherTest, AllLanesTakeTheStateOfOne) {
  for (const Model* model : all_models()) {
    const Scenario scenario = parse_scenario(
        "model = \"" + std::string(model->schema.name) + "\"\n[run]\nhorizon = 3\n", "a.toml");
    const PreparedRun run(scenario);
    Kernel kernel(run);
    kernel.advance(0, 1, steps + 1);
    const auto before = kernel.outcomes();
    kernel.gather(std::vector<int>(lanes, 11));
    const auto after = kernel.outcomes();
    for (std::size_t row = 0; row < before.size(); row += lanes)
      for (std::size_t lane = 0; lane < lanes; ++lane)
        EXPECT_TRUE(after[row + lane] == before[row + 11] ||
                    (std::isnan(after[row + lane]) && std::isnan(before[row + 11])))
            << model->schema.name;
  }
}

}  // namespace
}  // namespace overbuild
