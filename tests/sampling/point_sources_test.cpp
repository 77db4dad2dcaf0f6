// Parameters and draws from points: the Brownian bridge is an orthogonal change of the normals, and
// pairs of antithetic paths mirror each other.
#include "overbuild/sampling/point_sources.hpp"

#include <gtest/gtest.h>
#include <tbb/cache_aligned_allocator.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "overbuild/sampling/antithetic.hpp"

namespace overbuild {
namespace {

using Lanes = std::vector<double, tbb::cache_aligned_allocator<double>>;

/// The number of the dimension as a normal of its own: 1/2 everywhere but in one dimension.
class OneDimension : public PointSet {
 public:
  OneDimension(std::size_t dimension, double uniform) : dimension_(dimension), uniform_(uniform) {}
  void fill(std::uint64_t, std::uint64_t, int lanes, std::size_t dimension,
            double* uniforms) const override {
    std::fill_n(uniforms, lanes, dimension == dimension_ ? uniform_ : 0.5);
  }

 private:
  std::size_t dimension_;
  double uniform_;
};

constexpr double one_sd = 0.84134474606854293;  // Phi(1)

/// draws[step - 1][draw] of the first path of points that are 1 in one dimension and else 0.
std::vector<std::vector<double>> draws_of(std::size_t dimension, const std::vector<bool>& normal,
                                          int steps, std::size_t first_dimension) {
  const BridgedDraws source(std::make_shared<OneDimension>(dimension, one_sd), first_dimension,
                            normal, steps);
  const auto tiles = source.tiles(8, 3);
  tiles->begin(1, 0);
  std::vector<std::vector<double>> draws;
  for (int step = 1; step <= steps; step += 3) {
    const int end = std::min(step + 3, steps + 1);
    const double* values = tiles->steps(step, end);
    for (int k = step; k < end; ++k) {
      draws.emplace_back();
      for (std::size_t d = 0; d < normal.size(); ++d, values += 8) draws.back().push_back(*values);
    }
  }
  return draws;
}

TEST(BrownianBridge, VisitsEachStepOnceBetweenKnownOnes) {
  for (const int steps : {1, 2, 3, 7, 40, 41}) {
    const auto points = brownian_bridge(steps);
    ASSERT_EQ(points.size(), std::size_t(steps));
    EXPECT_EQ(points[0].at, steps);
    std::set<int> known = {0, steps};
    for (std::size_t i = 1; i < points.size(); ++i) {
      EXPECT_TRUE(known.count(points[i].left) && known.count(points[i].right));
      EXPECT_TRUE(known.insert(points[i].at).second);
      EXPECT_NEAR(points[i].left_weight + points[i].right_weight, 1, 1e-15);
    }
  }
}

// Independent normals go through an orthogonal matrix: the increments are independent normals, too.
TEST(BridgedDraws, AreAnOrthogonalChangeOfTheNormals) {
  for (const int steps : {1, 5, 40}) {
    std::vector<std::vector<double>> rows;
    for (int i = 0; i < steps; ++i) {
      rows.emplace_back();
      for (const auto& step : draws_of(std::size_t(3 + 2 * i), {true, true, false}, steps, 3)) {
        rows.back().push_back(step[0]);
        EXPECT_EQ(step[1], 0);
        EXPECT_EQ(step[2], 0.5);
      }
    }
    for (std::size_t i = 0; i < rows.size(); ++i)
      for (std::size_t j = 0; j < rows.size(); ++j) {
        double product = 0;
        for (std::size_t k = 0; k < rows.size(); ++k) product += rows[i][k] * rows[j][k];
        EXPECT_NEAR(product, i == j, 1e-12);
      }
  }
}

TEST(BridgedDraws, BeginWithThePathsEnds) {
  const auto draws = draws_of(11, {true, false, true}, 16, 10);  // second normal's end
  double end = 0;
  for (const auto& step : draws) {
    EXPECT_NEAR(step[2], 0.25, 1e-14) << "a straight line";
    end += step[2];
  }
  EXPECT_NEAR(end, 4, 1e-13);
}

TEST(BridgedDraws, UniformsFollowTheNormals) {
  constexpr int steps = 5;
  for (int step = 0; step < steps; ++step)
    for (std::size_t u = 0; u < 2; ++u) {
      const std::size_t dimension = 7 + 1 * steps + std::size_t(step) * 2 + u;
      const auto draws = draws_of(dimension, {false, true, false}, steps, 7);
      for (int k = 0; k < steps; ++k)
        for (std::size_t d = 0; d < 3; ++d) {
          const double neutral = d == 1 ? 0 : 0.5;
          EXPECT_NEAR(draws[std::size_t(k)][d], k == step && d == 2 * u ? one_sd : neutral, 1e-15);
        }
    }
}

ParameterSampler two_priors() {
  const Distribution normal{Distribution::Kind::normal, {10, 2}};
  const Distribution uniform{Distribution::Kind::uniform, {0, 1}};
  Eigen::MatrixXd factor(2, 2);
  factor << 1, 0, 0.6, 0.8;
  return {{1, 2, 3}, {{0, normal}, {2, uniform}}, factor};
}

TEST(PointParameters, HaveTheirOwnDimensionsAndCorrelations) {
  const ParameterSampler sampler = two_priors();
  Lanes parameters(3 * 8);
  PointParameters(sampler, std::make_shared<OneDimension>(0, one_sd))
      .sample(1, 0, 8, parameters.data());
  EXPECT_NEAR(parameters[3], 12, 1e-12);
  EXPECT_EQ(parameters[11], 2);
  EXPECT_NEAR(parameters[19], 0.72574688224992645, 1e-8);  // Phi(0.6)
  PointParameters(sampler, std::make_shared<OneDimension>(1, one_sd))
      .sample(1, 0, 8, parameters.data());
  EXPECT_NEAR(parameters[3], 10, 1e-12);
  EXPECT_NEAR(parameters[19], 0.78814460141660336, 1e-8);  // Phi(0.8)
}

TEST(Antithetic, ParametersMirrorEachOther) {
  const ParameterSampler sampler = two_priors();
  Lanes mirrored(3 * 64), plain(3 * 64);
  AntitheticParameters(sampler).sample(5, 512, 64, mirrored.data());
  sampler.sample(5, 512, 64, plain.data());
  for (std::size_t lane = 0; lane < 64; lane += 2) {
    EXPECT_EQ(mirrored[lane], plain[lane]) << "the first of a pair is a plain path";
    EXPECT_NEAR(mirrored[lane] + mirrored[lane + 1], 20, 1e-12);
    EXPECT_NEAR(mirrored[128 + lane] + mirrored[128 + lane + 1], 1, 1e-7);
  }
}

/// The number of each draw of a path, from 0.1 on.
class Numbered : public DrawSource {
 public:
  std::unique_ptr<TileDraws> tiles(int lanes, int segment_steps) const override {
    return std::make_unique<Tiles>(std::size_t(lanes * segment_steps * 2));
  }

 private:
  struct Tiles : TileDraws {
    explicit Tiles(std::size_t size) : values(size) {
      for (std::size_t i = 0; i < size; ++i) values[i] = 0.1 + double(i) / 1024;
    }
    void begin(std::uint64_t, std::uint64_t) override {}
    const double* steps(int, int) override { return values.data(); }
    Lanes values;
  };
};

TEST(Antithetic, DrawsMirrorEachOther) {
  const AntitheticDraws source(std::make_shared<Numbered>(), {true, false});
  const auto tiles = source.tiles(8, 4), plain = Numbered().tiles(8, 4);
  tiles->begin(1, 0);
  const double* values = tiles->steps(1, 5);
  const double* wanted = plain->steps(1, 5);
  for (std::size_t row = 0; row < 8; ++row)
    for (std::size_t lane = 0; lane < 8; lane += 2) {
      EXPECT_EQ(values[row * 8 + lane], wanted[row * 8 + lane]);
      const double sum = values[row * 8 + lane] + values[row * 8 + lane + 1];
      EXPECT_NEAR(sum, row % 2 == 0 ? 0 : 1, 1e-15);
    }
}

}  // namespace
}  // namespace overbuild
