// Joint draws of parameters: whole particles, by their weights, keyed by path.
#include <gtest/gtest.h>

#include <cmath>

#include "overbuild/base/error.hpp"
#include "overbuild/sampling/joint_sample.hpp"

namespace overbuild {
namespace {

/// Parameters 0 .. 2 are 10, 20, 30 in all lanes.
class Constants : public ParameterSource {
 public:
  void sample(std::uint64_t, std::uint64_t, int lanes, double* parameters) const override {
    for (int p = 0; p < 3; ++p) std::fill_n(parameters + p * lanes, lanes, 10.0 * (p + 1));
  }
};

TEST(JointSampleTest, ParticlesAreDrawnWholeByTheirWeights) {
  const std::vector<double> log_weights = {std::log(1.0) - 800, std::log(2.0) - 800, -HUGE_VAL,
                                           std::log(5.0) - 800};
  const auto sample = std::make_shared<JointSample>(
      std::vector<std::vector<double>>{{0, 1, 2, 3}, {100, 101, 102, 103}}, log_weights);
  const JointParameterSource source(std::make_shared<Constants>(), sample, {{2, 0}, {0, 1}});
  constexpr int lanes = 80000;
  std::vector<double> parameters(3 * lanes);
  source.sample(5, 1000, lanes, parameters.data());
  std::array<int, 4> counts{};
  for (int lane = 0; lane < lanes; ++lane) {
    const double particle = parameters[2 * lanes + lane];
    ASSERT_EQ(parameters[lane], particle + 100) << "both are of one particle";
    ASSERT_EQ(parameters[lanes + lane], 20) << "the others' draw";
    ++counts[std::size_t(particle)];
  }
  EXPECT_EQ(counts[2], 0);
  for (const auto& [particle, share] : {std::pair{0, 0.125}, {1, 0.25}, {3, 0.625}}) {
    const double error = std::sqrt(lanes * share * (1 - share));
    EXPECT_NEAR(counts[std::size_t(particle)], lanes * share, 6 * error);  // false alarm 2e-9 each
  }
}

TEST(JointSampleTest, AParticleDependsOnSeedAndPathAlone) {
  const JointSample sample({{1, 2, 3, 4, 5, 6, 7, 8}}, std::vector<double>(8, 0.0));
  std::vector<std::size_t> first, other;
  for (std::uint64_t path = 0; path < 64; ++path) {
    first.push_back(sample.particle(1, path));
    other.push_back(sample.particle(2, path));
  }
  EXPECT_NE(first, other);
  const auto source = JointParameterSource(std::make_shared<Constants>(),
                                           std::make_shared<JointSample>(sample), {{1, 0}});
  std::vector<double> tile(3 * 32);
  source.sample(1, 32, 32, tile.data());
  for (std::size_t lane = 0; lane < 32; ++lane)
    EXPECT_EQ(tile[32 + lane], double(first[32 + lane] + 1));
}

TEST(JointSampleTest, NeedsAWeight) {
  EXPECT_THROW(JointSample({{1, 2}}, std::vector<double>(2, -HUGE_VAL)), Error);
}

}  // namespace
}  // namespace overbuild
