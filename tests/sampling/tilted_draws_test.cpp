#include "overbuild/sampling/tilted_draws.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "overbuild/sampling/independent_draws.hpp"
#include "tests/sampling/every_instruction_set.hpp"

namespace overbuild {
namespace {

constexpr int lanes = 64;
constexpr DrawCounts counts{.priors = 3, .normals = 5, .uniforms = 3, .steps = 4};

DrawMixture a_mixture() {
  DrawTilt tilt(counts, 4);
  tilt.priors()[1] = {1.5, 0.6};
  tilt.block(0).law[0].shift[4] = -0.8;
  tilt.block(3).law[0].shift[0] = 0.4;
  tilt.block(2).burst_share = 0.3;
  tilt.block(2).law[1] = exploring_tilt(counts).block(0).law[0];
  tilt.block(2).law[1].shift[1] = 1;
  return {counts, {tilt, exploring_tilt(counts)}, {0.5, 0.2}};
}

/// All draws and weights of a tile, one behind the other.
std::vector<double> drawn(const DrawMixture& mixture, std::uint64_t first_path) {
  TiltedDraws draws(mixture, lanes);
  const auto normals = hwy::AllocateAligned<double>(counts.normals * lanes);
  const auto uniforms = hwy::AllocateAligned<double>(counts.uniforms * lanes);
  draws.begin(77, first_path);
  std::vector<double> all(draws.priors(), draws.priors() + counts.priors * lanes);
  for (int step = 1; step <= counts.steps; ++step) {
    draws.step(step, normals.get(), uniforms.get());
    all.insert(all.end(), normals.get(), normals.get() + counts.normals * lanes);
    all.insert(all.end(), uniforms.get(), uniforms.get() + counts.uniforms * lanes);
  }
  for (int lane = 0; lane < lanes; ++lane) {
    all.push_back(draws.weight(lane));
    all.push_back(draws.is_plain(lane));
  }
  return all;
}

TEST(TiltedDraws, HaveTheSameBitsOnEveryInstructionSet) {
  const DrawMixture mixture = a_mixture();
  expect_same_bits(8448500862218025179u, [&] { return drawn(mixture, 1ull << 40); });
}

TEST(TiltedDraws, DependOnThePathAndNotOnItsTile) {
  const DrawMixture mixture = a_mixture();
  const std::vector<double> whole = drawn(mixture, 64), later = drawn(mixture, 64 + 8);
  for (int row = 0; row < counts.priors + counts.steps * (counts.normals + counts.uniforms); ++row)
    for (int lane = 0; lane < lanes - 8; ++lane)
      ASSERT_EQ(whole[std::size_t(row * lanes + lane + 8)], later[std::size_t(row * lanes + lane)]);
}

TEST(DrawMixture, WeighsPlainOverMixtureDensity) {
  const DrawMixture mixture = a_mixture();
  EXPECT_DOUBLE_EQ(mixture.plain_share(), 0.3);
  EXPECT_DOUBLE_EQ(mixture.weight(std::vector<double>{0, 0}), 1);
  EXPECT_DOUBLE_EQ(mixture.weight(std::vector<double>{std::log(3.0), std::log(0.25)}),
                   1 / (0.3 + 0.5 * 3 + 0.2 * 0.25));
  EXPECT_DOUBLE_EQ(mixture.weight(std::vector<double>{-1e6, -1e6}), 1 / 0.3);
  EXPECT_EQ(mixture.weight(std::vector<double>{1e6, 0}), 0);
}

// 2^12 tiles of 64 paths; shares and weighted means are held to 6 standard errors, which fails with
// probability 2e-9 each.
TEST(TiltedDraws, AreAMixtureWhoseWeightsGiveBackThePlainLaw) {
  const DrawMixture mixture = a_mixture();
  TiltedDraws draws(mixture, lanes);
  const auto normals = hwy::AllocateAligned<double>(counts.normals * lanes);
  const auto uniforms = hwy::AllocateAligned<double>(counts.uniforms * lanes);
  // Sums and squares of the weight w, w z of a prior and a step, and w 1{u < 2^-10}.
  double sum[4] = {}, square[4] = {};
  int plain = 0;
  constexpr int tiles = 1 << 12, n = tiles * lanes;
  for (int tile = 0; tile < tiles; ++tile) {
    draws.begin(19, std::uint64_t(tile) * lanes);
    for (int step = 1; step <= counts.steps; ++step)
      draws.step(step, normals.get(), uniforms.get());
    for (int lane = 0; lane < lanes; ++lane) {
      plain += draws.is_plain(lane);
      const double w = draws.weight(lane);
      const double values[] = {w, w * draws.priors()[lanes + lane], w * normals[std::size_t(lane)],
                               uniforms[std::size_t(lane)] < 0x1p-10 ? w : 0};
      for (int i = 0; i < 4; ++i) {
        sum[i] += values[i];
        square[i] += values[i] * values[i];
      }
    }
  }
  EXPECT_NEAR(double(plain) / n, 0.3, 6 * std::sqrt(0.3 * 0.7 / n));
  const double exact[] = {1, 0, 0, 0x1p-10};
  for (int i = 0; i < 4; ++i) {
    const double mean = sum[i] / n;
    EXPECT_NEAR(mean, exact[i], 6 * std::sqrt((square[i] / n - mean * mean) / n)) << i;
  }
}

// Of 2^18 draws a mean is held to 6 standard errors: it fails with probability 2e-9.
TEST(TiltedDraws, AreStandardBeforeTheTilt) {
  constexpr int n = 1 << 18, rows = 6;
  const auto values = hwy::AllocateAligned<double>(std::size_t{n} * rows);
  double sum[2] = {}, square[2] = {}, across = 0;
  independent_normals({5, 0, 3}, n, rows, values.get());
  for (int i = 0; i < n; ++i) {
    const double z = values[std::size_t(4 * n + i)];
    sum[0] += z;
    square[0] += z * z;
    across += z * values[std::size_t(i)];
  }
  independent_uniforms({5, 0, 3}, n, rows, values.get());
  for (int i = 0; i < n; ++i) {
    const double u = values[std::size_t(5 * n + i)];
    ASSERT_TRUE(u > 0 && u < 1);
    sum[1] += u;
    square[1] += u * u;
  }
  const auto expect = [](double found, double exact, double variance) {
    EXPECT_NEAR(found / n, exact, 6 * std::sqrt(variance / n));
  };
  expect(sum[0], 0, 1);
  expect(square[0], 1, 2);
  expect(across, 0, 1);
  expect(sum[1], 0.5, 1.0 / 12);
  expect(square[1], 1.0 / 3, 1.0 / 5 - 1.0 / 9);
}

}  // namespace
}  // namespace overbuild
