#include "overbuild/sampling/draw_tilt.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <utility>
#include <vector>

namespace overbuild {
namespace {

std::vector<double> some_masses() {
  std::vector<double> masses(tilt_bins);
  for (int bin = 0; bin < tilt_bins; ++bin) masses[std::size_t(bin)] = 1 + (7 * bin) % 11;
  return masses;
}

TEST(TiltBins, HalveTowardsBothEnds) {
  const auto& edges = tilt_bin_edges();
  EXPECT_EQ(edges.front(), 0);
  EXPECT_EQ(edges[1], 0x1p-30);
  EXPECT_EQ(edges[30], 0.5);
  EXPECT_EQ(edges[31], 0.75);
  EXPECT_EQ(edges[59], 1 - 0x1p-30);
  EXPECT_EQ(edges.back(), 1);
  for (std::size_t bin = 0; bin < tilt_bins; ++bin) {
    EXPECT_LT(edges[bin], edges[bin + 1]);
    EXPECT_EQ(tilt_bin_at((edges[bin] + edges[bin + 1]) / 2), bin);
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

TEST(DrawTilt, MovesTheChosenLanesAndAddsTheLogarithmOfTheDensitiesRatioToAll) {
  DrawTilt tilt({.priors = 1, .normals = 2, .uniforms = 1, .steps = 2}, 2);
  EXPECT_TRUE(tilt.is_plain());
  tilt.set_shift(1, 1, -0.7);
  tilt.set_prior_shift(0, 0.25);
  tilt.set_masses(0, 0, some_masses());
  EXPECT_FALSE(tilt.is_plain());
  const std::vector<double> chosen = {0, 1};
  std::vector<double> z = {0.5, 0.5}, ratio = {0, 0};
  for (const auto& [step, normal] : {std::pair(1, 1), std::pair(2, 0)}) {  // without a shift
    tilt.move_normal(step, normal, chosen, z.data());
    tilt.add_normal_ratio(step, normal, z.data(), ratio);
  }
  EXPECT_EQ(z, (std::vector<double>{0.5, 0.5}));
  EXPECT_EQ(ratio, (std::vector<double>{0, 0}));
  const auto log_density = [](double x, double mean) { return -(x - mean) * (x - mean) / 2; };
  tilt.move_normal(2, 1, chosen, z.data());
  tilt.add_normal_ratio(2, 1, z.data(), ratio);
  EXPECT_EQ(z, (std::vector<double>{0.5, 0.5 - 0.7}));
  for (std::size_t lane : {0, 1})
    EXPECT_NEAR(ratio[lane], log_density(z[lane], -0.7) - log_density(z[lane], 0), 1e-15);
  std::vector<double> prior = {1, 1}, prior_ratio = {0, 0};
  tilt.move_prior(0, chosen, prior.data());
  tilt.add_prior_ratio(0, prior.data(), prior_ratio);
  EXPECT_EQ(prior, (std::vector<double>{1, 1.25}));
  EXPECT_NEAR(prior_ratio[1], log_density(1.25, 0.25) - log_density(1.25, 0), 1e-15);
  std::vector<double> u = {0.3, 0.3}, uniform_ratio = {0, 0};
  tilt.move_uniform(2, 0, chosen, u.data());  // a block that has no tilt
  tilt.add_uniform_ratio(2, 0, u.data(), uniform_ratio);
  EXPECT_EQ(u[1], 0.3);
  EXPECT_EQ(uniform_ratio, (std::vector<double>{0, 0}));
  tilt.move_uniform(1, 0, chosen, u.data());
  tilt.add_uniform_ratio(1, 0, u.data(), uniform_ratio);
  EXPECT_EQ(u[0], 0.3);
  EXPECT_EQ(u[1], tilt.uniform(0, 0)->map(0.3));
  for (std::size_t lane : {0, 1})
    EXPECT_EQ(uniform_ratio[lane], tilt.uniform(0, 0)->log_density_at(u[lane]));
}

TEST(ExploringTilt, SpreadsOneStepOfAPathOverTheBins) {
  const DrawTilt tilt = exploring_tilt({.uniforms = 2, .steps = 40}, 8);
  for (const int uniform : {0, 1}) {
    const UniformTilt* law = tilt.uniform(3, uniform);
    ASSERT_TRUE(law);
    EXPECT_NEAR(law->mass[0], 1.0 / 40 / tilt_bins, 1e-9);
    EXPECT_NEAR(law->mass[30], (1 - 1.0 / 40) * 0.25 + 1.0 / 40 / tilt_bins, 1e-12);
  }
  EXPECT_TRUE(exploring_tilt({.normals = 2, .steps = 40}, 8).is_plain());
}

}  // namespace
}  // namespace overbuild
