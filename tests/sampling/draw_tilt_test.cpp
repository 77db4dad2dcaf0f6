#include "overbuild/sampling/draw_tilt.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <vector>

namespace overbuild {
namespace {

TiltMasses some_masses() {
  TiltMasses masses;
  for (int bin = 0; bin < tilt_bins; ++bin) masses[std::size_t(bin)] = 1 + (7 * bin) % 11;
  return masses;
}

double normal_log_ratio(double z, double mean, double deviation = 1) {
  const double standard = (z - mean) / deviation;
  return -std::log(deviation) - standard * standard / 2 + z * z / 2;
}

TEST(TiltBins, HalveTowardsBothEnds) {
  const auto& edges = tilt_bin_edges();
  EXPECT_EQ(edges.front(), 0);
  EXPECT_EQ(edges[1], 0x1p-30);
  EXPECT_EQ(edges[30], 0.5);
  EXPECT_EQ(edges[31], 0.75);
  EXPECT_EQ(edges[59], 1 - 0x1p-30);
  EXPECT_EQ(edges.back(), 1);
  EXPECT_EQ(tilt_bin_at(0x1p-60), 0u);
  for (std::size_t bin = 0; bin < tilt_bins; ++bin) {
    EXPECT_LT(edges[bin], edges[bin + 1]);
    EXPECT_EQ(tilt_bin_at((edges[bin] + edges[bin + 1]) / 2), bin);
    if (bin > 0) {
      EXPECT_EQ(tilt_bin_at(edges[bin]), bin);
    }
    EXPECT_EQ(tilt_bin_at(std::nextafter(edges[bin + 1], 0.0)), bin);
  }
}

TEST(UniformTilt, MapsByInversionOfItsDistribution) {
  const UniformTilt tilt(some_masses());
  EXPECT_NEAR(std::accumulate(tilt.mass.begin(), tilt.mass.end(), 0.0), 1, 1e-14);
  double before = 0;
  for (int i = 0; i < 1000; ++i) {
    const double u = (i + 0.5) / 1000, x = tilt.map(u);
    EXPECT_GT(x, before);
    before = x;
    const std::size_t bin = tilt_bin_at(x);
    const double width = tilt_bin_edges()[bin + 1] - tilt_bin_edges()[bin];
    const double density = std::exp(tilt.log_density_at(x));
    EXPECT_NEAR(density * width, tilt.mass[bin], 1e-13);
    EXPECT_NEAR(tilt.cumulated[bin] + (x - tilt_bin_edges()[bin]) * density, u, 1e-8);
  }
  EXPECT_GT(tilt.map(0x1p-53), 0);
  EXPECT_LT(tilt.map(1 - 0x1p-53), 1);
}

TEST(DrawTilt, StepsFallIntoBlocksOfEqualLength) {
  const DrawTilt tilt({.normals = 1, .steps = 40}, 8);
  EXPECT_EQ(tilt.block_of(1), 0);
  EXPECT_EQ(tilt.block_of(5), 0);
  EXPECT_EQ(tilt.block_of(6), 1);
  EXPECT_EQ(tilt.block_of(40), 7);
  for (int block = 0; block < 8; ++block) EXPECT_EQ(tilt.steps_of(block), 5);
  EXPECT_EQ(DrawTilt({.normals = 1, .steps = 3}, 8).blocks(), 3);
}

/// A tile of two lanes with the same draws.
struct TwoLanes {
  std::vector<double> normals = {0.5, 0.5, -1, -1}, uniforms = {0.3, 0.3};
  StepDraws draws{2, normals.data(), uniforms.data()};
  std::vector<double> ratio = {0, 0};
};

TEST(DrawTilt, PriorsAreShiftedAndDrawnTogether) {
  DrawTilt tilt({.priors = 2}, 1);
  tilt.priors()[1] = {0.25, 0.5};
  std::vector<double> z = {1, 1}, ratio = {0, 0};
  const std::vector<double> chosen = {0, 1};
  tilt.move_prior(0, chosen, z.data());
  tilt.add_prior_ratio(0, z.data(), ratio);
  EXPECT_EQ(z, (std::vector<double>{1, 1}));
  EXPECT_EQ(ratio, (std::vector<double>{0, 0}));
  tilt.move_prior(1, chosen, z.data());
  tilt.add_prior_ratio(1, z.data(), ratio);
  EXPECT_EQ(z, (std::vector<double>{1, 0.75}));
  for (const std::size_t lane : {0, 1})
    EXPECT_NEAR(ratio[lane], normal_log_ratio(z[lane], 0.25, 0.5), 1e-15);
}

TEST(DrawTilt, MovesTheChosenLanesAndAddsTheLogarithmOfTheDensitiesRatioToAll) {
  DrawTilt tilt({.normals = 2, .uniforms = 1, .steps = 2}, 2);
  tilt.block(1).law[0].shift[1] = -0.7;
  tilt.block(1).law[0].uniform[0].emplace(some_masses());
  const std::vector<double> chosen = {0, 1}, pick = {0.5, 0.5};
  TwoLanes first;
  tilt.move_step(1, chosen, pick.data(), first.draws);  // a block without a tilt
  tilt.add_step_ratio(1, first.draws, first.ratio);
  EXPECT_EQ(first.normals, TwoLanes().normals);
  EXPECT_EQ(first.ratio, (std::vector<double>{0, 0}));
  TwoLanes second;
  tilt.move_step(2, chosen, pick.data(), second.draws);
  tilt.add_step_ratio(2, second.draws, second.ratio);
  const UniformTilt& law = *tilt.block(1).law[0].uniform[0];
  EXPECT_EQ(second.normals, (std::vector<double>{0.5, 0.5, -1, -1 - 0.7}));
  EXPECT_EQ(second.uniforms, (std::vector<double>{0.3, law.map(0.3)}));
  for (const std::size_t lane : {0, 1})
    EXPECT_NEAR(second.ratio[lane],
                normal_log_ratio(second.normals[2 + lane], -0.7) +
                    law.log_density_at(second.uniforms[lane]),
                1e-14);
}

TEST(DrawTilt, ABurstChangesAllDrawsOfAStepAtOnce) {
  DrawTilt tilt({.normals = 2, .uniforms = 1, .steps = 1}, 1);
  DrawTilt::Block& block = tilt.block(0);
  block.burst_share = 0.2;
  block.law[0].shift[0] = 0.1;
  block.law[1].shift[1] = 2;
  block.law[1].uniform[0].emplace(some_masses());
  const std::vector<double> chosen = {1, 1}, pick = {0.1, 0.3};
  TwoLanes lanes;
  tilt.move_step(1, chosen, pick.data(), lanes.draws);
  EXPECT_EQ(lanes.normals, (std::vector<double>{0.5, 0.5 + 0.1, -1 + 2, -1}));
  EXPECT_EQ(lanes.uniforms, (std::vector<double>{block.law[1].uniform[0]->map(0.3), 0.3}));
  tilt.add_step_ratio(1, lanes.draws, lanes.ratio);
  std::vector<double> probability(2);
  tilt.burst_probability(1, lanes.draws, probability);
  for (const std::size_t lane : {0, 1}) {
    const double ordinary = 0.8 * std::exp(normal_log_ratio(lanes.normals[lane], 0.1));
    const double burst =
        0.2 * std::exp(normal_log_ratio(lanes.normals[2 + lane], 2) +
                       block.law[1].uniform[0]->log_density_at(lanes.uniforms[lane]));
    EXPECT_NEAR(lanes.ratio[lane], std::log(ordinary + burst), 1e-13);
    EXPECT_NEAR(probability[lane], burst / (ordinary + burst), 1e-13);
  }
}

TEST(ExploringTilt, SpreadsOneStepOfAPathOverTheBins) {
  const DrawTilt tilt = exploring_tilt({.uniforms = 2, .steps = 40});
  EXPECT_EQ(tilt.block(0).burst_share, 0);
  for (const std::size_t uniform : {0, 1}) {
    const auto& law = tilt.block(0).law[0].uniform[uniform];
    ASSERT_TRUE(law);
    EXPECT_NEAR(law->mass[0], 1.0 / 40 / tilt_bins, 1e-9);
    EXPECT_NEAR(law->mass[30], (1 - 1.0 / 40) * 0.25 + 1.0 / 40 / tilt_bins, 1e-12);
  }
  EXPECT_TRUE(exploring_tilt({.normals = 2, .steps = 40}).block(0).law[0].is_plain());
}

}  // namespace
}  // namespace overbuild
