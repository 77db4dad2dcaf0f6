// Scrambled Sobol points and Latin hypercubes: exact uniformity, independence of replicates, and
// integrals whose errors fall faster than those of independent points.
#include "overbuild/sampling/point_set.hpp"

#include <gtest/gtest.h>
#include <tbb/cache_aligned_allocator.h>

#include <algorithm>
#include <bit>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <functional>
#include <numeric>
#include <vector>

#include "overbuild/sampling/philox.hpp"
#include "tests/sampling/every_instruction_set.hpp"

namespace overbuild {
namespace {

using Lanes = std::vector<double, tbb::cache_aligned_allocator<double>>;

/// The coordinates of the paths first .. first + count - 1 in one dimension.
Lanes coordinates(const PointSet& points, std::uint64_t seed, std::uint64_t first, int count,
                  std::size_t dimension, int lanes = 512) {
  Lanes all(static_cast<std::size_t>(count));
  lanes = std::min(lanes, count);
  for (int at = 0; at < count; at += lanes)
    points.fill(seed, first + static_cast<unsigned>(at), lanes, dimension, &all[std::size_t(at)]);
  return all;
}

/// The mean of f over a replicate; f gets one coordinate per dimension.
double mean_over(const PointSet& points, std::uint64_t seed, int count, std::size_t dimensions,
                 const std::function<double(const double*)>& f) {
  std::vector<Lanes> by_dimension;
  for (std::size_t d = 0; d < dimensions; ++d)
    by_dimension.push_back(coordinates(points, seed, 0, count, d));
  double sum = 0;
  std::vector<double> point(dimensions);
  for (std::size_t i = 0; i < std::size_t(count); ++i) {
    for (std::size_t d = 0; d < dimensions; ++d) point[d] = by_dimension[d][i];
    sum += f(point.data());
  }
  return sum / count;
}

TEST(SobolPoints, HaveOnePointInEachIntervalOfEveryDimension) {
  const SobolPoints points(300, 4096);
  for (const std::size_t dimension : {0, 1, 2, 17, 100, 299})
    for (const std::uint64_t seed : {1, 2})
      for (const std::uint64_t first : {0, 1024, 4096, 3 * 4096 + 512})
        for (const int count : {8, 64, 512}) {
          std::vector<int> hits(std::size_t(count), 0);
          for (const double u : coordinates(points, seed, first, count, dimension)) {
            ASSERT_GT(u, 0);
            ASSERT_LT(u, 1);
            ++hits[std::size_t(u * count)];
          }
          EXPECT_EQ(std::ranges::count(hits, 1), count) << dimension << ' ' << first;
        }
}

// The first two dimensions are a (0, m, 2)-net: each of the elementary intervals of area 2^-m has
// one of 2^m points. Source: Niederreiter (1992), chapter 4.
TEST(SobolPoints, OfTwoDimensionsAreANet) {
  constexpr int m = 10, count = 1 << m;
  const SobolPoints points(2, count);
  for (const std::uint64_t replicate : {0, 1, 7}) {
    const Lanes x = coordinates(points, 3, replicate * count, count, 0);
    const Lanes y = coordinates(points, 3, replicate * count, count, 1);
    for (int across = 0; across <= m; ++across) {
      std::vector<int> hits(count, 0);
      for (std::size_t i = 0; i < count; ++i)
        ++hits[(std::size_t(x[i] * (1 << across)) << (m - across)) +
               std::size_t(y[i] * (1 << (m - across)))];
      EXPECT_EQ(std::ranges::count(hits, 1), count) << across;
    }
  }
}

std::uint32_t word_of(double u) { return static_cast<std::uint32_t>(u * 0x1p32); }

// Points of the first dimension whose numbers differ first in bit j (from below) share j leading
// bits and differ in the next one. After scrambling they do the same, and whether each further bit
// is the same is a fair coin, as with nested uniform scrambling. 20,000 keys, 222 bits at 6
// standard errors: false-alarm rate below 5e-7.
TEST(SobolPoints, AreScrambledFairlyBelowTheBitInWhichTheyDiffer) {
  constexpr int keys = 20000;
  const SobolPoints points(1, 512);
  const std::pair<std::size_t, std::size_t> pairs[] = {{0, 1},   {0, 511}, {6, 9},   {3, 1},
                                                       {44, 36}, {8, 40},  {100, 4}, {0, 256}};
  std::vector<std::vector<int>> differing(std::size(pairs), std::vector<int>(32));
  for (std::uint64_t seed = 1; seed <= keys; ++seed) {
    const Lanes u = coordinates(points, seed, 0, 512, 0);
    for (std::size_t k = 0; k < std::size(pairs); ++k) {
      const std::uint32_t both = word_of(u[pairs[k].first]) ^ word_of(u[pairs[k].second]);
      for (std::size_t bit = 0; bit < 32; ++bit) differing[k][bit] += (both >> (31 - bit)) & 1;
    }
  }
  for (std::size_t k = 0; k < std::size(pairs); ++k) {
    const auto first = std::size_t(std::countr_zero(pairs[k].first ^ pairs[k].second));
    for (std::size_t bit = 0; bit < 32; ++bit) {
      SCOPED_TRACE(testing::Message() << "pair " << k << ", bit " << bit);
      if (bit < first)
        EXPECT_EQ(differing[k][bit], 0);
      else if (bit == first)
        EXPECT_EQ(differing[k][bit], keys);
      else
        EXPECT_NEAR(differing[k][bit], keys / 2, 6 * std::sqrt(keys / 4.0));
    }
  }
}

/// Nested uniform scrambling as Owen (1995) defines it: each bit is flipped by a coin of its own
/// for each value of the bits before it.
double scrambled_by_definition(double u, std::uint64_t seed, std::uint32_t dimension) {
  const std::uint32_t word = word_of(u);
  std::uint32_t result = 0;
  for (std::uint32_t bit = 0; bit < 32; ++bit) {
    const std::uint32_t before = bit == 0 ? 0 : word >> (32 - bit);
    const std::uint32_t coin = philox4x32({before, bit, dimension, 99}, seed)[0] & 1;
    result |= (((word >> (31 - bit)) & 1) ^ coin) << (31 - bit);
  }
  return (result + 0.5) * 0x1p-32;
}

double product_of_sums(const double* u) {  // integral 1, smooth, each dimension matters less
  double product = 1;
  for (int d = 0; d < 6; ++d) product *= 1 + (u[d] - 0.5) / (d + 1);
  return product;
}

/// Root mean square error over so many seeds.
double error_of(const std::function<double(std::uint64_t)>& estimate, double truth, int seeds) {
  double squares = 0;
  for (int seed = 1; seed <= seeds; ++seed) {
    const double error = estimate(std::uint64_t(seed)) - truth;
    squares += error * error;
  }
  return std::sqrt(squares / seeds);
}

TEST(SobolPoints, IntegrateSmoothFunctionsFasterThanIndependentPoints) {
  const auto error = [](int count) {
    const SobolPoints points(6, std::uint64_t(count));
    return error_of(
        [&](std::uint64_t seed) { return mean_over(points, seed, count, 6, product_of_sums); }, 1,
        40);
  };
  const double coarse = error(512), fine = error(8192);
  // Independent points: sd 0.36, hence 0.016 and 0.004, a quarter.
  EXPECT_LT(coarse, 0.0016);
  EXPECT_LT(fine, coarse / 10) << coarse << ' ' << fine;
}

// The spread over 1000 scramblings, of a smooth function and of an indicator, is that of nested
// uniform scrambling by its definition, applied to a fixed scrambling. Each of the two variances
// has a relative error of some 5% (kurtosis 3) to 8%; 0.6 to 1.6 is 6 of both together.
TEST(SobolPoints, HaveTheVarianceOfNestedUniformScrambling) {
  constexpr int count = 128, seeds = 1000;
  const SobolPoints points(4, count);
  const auto disc = [](const double* u) { return u[0] * u[0] + u[2] * u[2] < 0.7 ? 1.0 : 0.0; };
  const auto smooth = [](const double* u) { return std::exp(u[0] + u[1] * u[3]); };
  for (const std::function<double(const double*)>& f :
       {std::function<double(const double*)>(disc), {smooth}}) {
    double sum[2] = {}, squares[2] = {};
    std::vector<Lanes> fixed;
    for (std::size_t d = 0; d < 4; ++d) fixed.push_back(coordinates(points, 1, 0, count, d));
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
      double by_definition = 0;
      for (std::size_t i = 0; i < count; ++i) {
        double u[4];
        for (std::uint32_t d = 0; d < 4; ++d) u[d] = scrambled_by_definition(fixed[d][i], seed, d);
        by_definition += f(u) / count;
      }
      const double means[2] = {mean_over(points, seed, count, 4, f), by_definition};
      for (int k = 0; k < 2; ++k) {
        sum[k] += means[k] / seeds;
        squares[k] += means[k] * means[k] / seeds;
      }
    }
    const double ratio = (squares[0] - sum[0] * sum[0]) / (squares[1] - sum[1] * sum[1]);
    EXPECT_GT(ratio, 0.6);
    EXPECT_LT(ratio, 1.6);
    // Both are unbiased: means within 6 standard errors of each other.
    EXPECT_NEAR(sum[0], sum[1], 6 * std::sqrt(2 * (squares[1] - sum[1] * sum[1]) / seeds));
  }
}

// Replicates have keys of their own: the correlation of their points' errors is that of chance.
// 500 pairs: a correlation has the standard error 0.045; 6 of them.
TEST(SobolPoints, OfReplicatesAreIndependent) {
  constexpr int count = 64, pairs = 500;
  const SobolPoints points(2, count);
  double xy = 0, xx = 0, yy = 0;
  for (std::uint64_t pair = 0; pair < pairs; ++pair) {
    double mean[2] = {};
    for (const std::uint64_t k : {0, 1}) {
      const Lanes u = coordinates(points, 5, (2 * pair + k) * count, count, 0);
      const Lanes v = coordinates(points, 5, (2 * pair + k) * count, count, 1);
      for (std::size_t i = 0; i < count; ++i) mean[k] += (u[i] * v[i] - 0.25) / count;
    }
    xy += mean[0] * mean[1];
    xx += mean[0] * mean[0];
    yy += mean[1] * mean[1];
  }
  EXPECT_LT(std::abs(xy / std::sqrt(xx * yy)), 6 * 0.045);
}

TEST(SobolPoints, AreTheSameForAnyTileAndInstructionSet) {
  const SobolPoints points(40, 2048);
  expect_same_bits(10113250509276386085u, [&] {
    std::vector<double> all;
    for (const std::size_t d : {0, 1, 39})
      for (const std::uint64_t first : {512, 4096 + 1024}) {
        const Lanes u = coordinates(points, 9, first, 512, d);
        EXPECT_EQ(coordinates(points, 9, first, 512, d, 16), u);
        all.insert(all.end(), u.begin(), u.end());
      }
    return all;
  });
}

TEST(SobolPoints, ReachAsFarAsTheirTables) {
  EXPECT_EQ(SobolPoints::most_dimensions, 3667u);
  const SobolPoints points(SobolPoints::most_dimensions, 512);
  std::vector<int> hits(512);
  for (const double u : coordinates(points, 1, 0, 512, 3666)) ++hits[std::size_t(u * 512)];
  EXPECT_EQ(std::ranges::count(hits, 1), 512);
}

TEST(LatinHypercube, HasOnePointInEachInterval) {
  for (const int count : {512, 1536, 4096, 512 * 7})
    for (const std::uint64_t replicate : {0, 1, 5}) {
      const LatinHypercube points{std::uint64_t(count)};
      for (const std::size_t dimension : {0, 1, 30}) {
        std::vector<int> hits(std::size_t(count), 0);
        for (const double u :
             coordinates(points, 4, replicate * std::uint64_t(count), count, dimension))
          ++hits[std::size_t(u * count)];
        EXPECT_EQ(std::ranges::count(hits, 1), count) << count << ' ' << dimension;
      }
    }
}

// Ranks of two dimensions, of points a few numbers apart and of neighbouring numbers, have the
// correlation of independent permutations, 1/sqrt(4096). 60 at 6 standard errors: below 2e-7.
TEST(LatinHypercube, OrdersAreUncorrelated) {
  constexpr std::size_t count = 4096;
  const LatinHypercube points(count);
  for (std::uint64_t replicate = 0; replicate < 5; ++replicate) {
    std::vector<Lanes> u;
    for (std::size_t d = 0; d < 3; ++d)
      u.push_back(coordinates(points, 8, replicate * count, count, d));
    for (std::size_t a = 0; a < 3; ++a)
      for (std::size_t b = a; b < 3; ++b)
        for (const std::size_t lag : {0, 1}) {
          if (a == b && lag == 0) continue;
          double sum = 0;
          for (std::size_t i = 0; i < count; ++i)
            sum += (u[a][i] - 0.5) * (u[b][(i + lag) % count] - 0.5) * 12;
          EXPECT_LT(std::abs(sum / count), 6 / std::sqrt(double(count)));
        }
  }
}

// A sum of functions of one coordinate each: its error is that of n^-3/2.
TEST(LatinHypercube, IntegratesSumsFasterThanIndependentPoints) {
  const auto sum = [](const double* u) { return u[0] * u[0] + std::exp(u[1]) + std::sin(u[2]); };
  const double truth = 1.0 / 3 + std::exp(1.0) - 1 + 1 - std::cos(1.0);
  const auto error = [&](int count) {
    const LatinHypercube points{std::uint64_t(count)};
    return error_of([&](std::uint64_t seed) { return mean_over(points, seed, count, 3, sum); },
                    truth, 40);
  };
  EXPECT_LT(error(4096), error(512) / 10);  // 8^1.5 = 23; independent points: 2.8
}

TEST(UniformsToNormals, AreTheQuantilesOfTheNormal) {
  const boost::math::normal_distribution<long double> normal;
  Lanes p;
  for (int i = 1; i < 33; ++i) p.insert(p.end(), {std::ldexp(1.0, -i), 1 - std::ldexp(1.0, -i)});
  for (double x = 0.0003; x < 1; x += 0.0007) p.push_back(x);
  for (const double edge : {0.075, 0.925}) p.insert(p.end(), {edge - 1e-9, edge, edge + 1e-9});
  while (p.size() % 8 != 0) p.push_back(0.5);
  on_every_instruction_set([&] {
    Lanes z = p;
    uniforms_to_normals(z.data(), static_cast<int>(z.size()));
    for (std::size_t i = 0; i < p.size(); ++i) {
      const auto exact = double(quantile(normal, static_cast<long double>(p[i])));
      EXPECT_NEAR(z[i], exact, 1e-15 * std::abs(exact) + 1e-15) << p[i];
    }
  });
}

}  // namespace
}  // namespace overbuild
