// The transforms of random words to uniforms, normals, Poisson counts and exponential sums, value
// by value; their distributions are tested in random_moments_test.cpp.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "tests/sampling/step_random_test.cpp"
#include "hwy/foreach_target.h"  // IWYU pragma: keep

#include "overbuild/sampling/step_random-inl.hpp"

#ifndef OVERBUILD_STEP_RANDOM_TEST_WORDS
#define OVERBUILD_STEP_RANDOM_TEST_WORDS
namespace overbuild {
struct Transformed {
  double uniform32, uniform40, uniform52, first, second;
};
}  // namespace overbuild
#endif

HWY_BEFORE_NAMESPACE();
namespace overbuild {
namespace HWY_NAMESPACE {

/// result[i] of the words low[i], high[i], whose own high halves are noise; n a multiple of 8.
void transform(const std::uint64_t* low, const std::uint64_t* high, Transformed* result, int n) {
  for (int i = 0; i < n; i += lanes_per_vector) {
    const WordVector a = hn::LoadU(WordTag(), low + i), b = hn::LoadU(WordTag(), high + i);
    const RealPair pair = normal_pair(a, b);
    const Real values[] = {uniform32(a), uniform40(join(a, b)), uniform52(a, b), pair.first,
                           pair.second};
    HWY_ALIGN double lanes[5][8];
    for (int k = 0; k < 5; ++k) values[k].store(lanes[k]);
    for (int j = 0; j < lanes_per_vector; ++j)
      result[i + j] = {lanes[0][j], lanes[1][j], lanes[2][j], lanes[3][j], lanes[4][j]};
  }
}

/// Poisson counts; n a multiple of 8.
void poisson_counts(const double* u, const double* mean, double* count, int n) {
  for (int i = 0; i < n; i += lanes_per_vector) {
    const Real m = hn::LoadU(RealTag(), mean + i);
    hn::StoreU(poisson(hn::LoadU(RealTag(), u + i), m, exp(-m)).v, RealTag(), count + i);
  }
}

/// Exponential sums of the given counts for the paths 0..n-1 at step 9, draws from 2; n a multiple
/// of 8.
void exponential_sums(std::uint64_t seed, const double* count, double* sum, int n) {
  for (int i = 0; i < n; i += lanes_per_vector) {
    const StepRandom random(seed, hn::Iota(WordTag(), static_cast<unsigned>(i)), 9);
    const Real value = exponential_sum(random, 2, hn::LoadU(RealTag(), count + i));
    hn::StoreU(value.v, RealTag(), sum + i);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace overbuild
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include <Random123/philox.h>

#include <boost/math/distributions/poisson.hpp>
#include <cmath>
#include <numbers>
#include <random>

#include "tests/sampling/every_instruction_set.hpp"

namespace overbuild {
namespace {

HWY_EXPORT(transform);
HWY_EXPORT(poisson_counts);
HWY_EXPORT(exponential_sums);

constexpr int many = 1 << 18;

struct Words {
  std::vector<std::uint64_t> low, high;
};

/// Random words with noise in their high halves; the first ones are the extremes.
Words random_words() {
  std::mt19937_64 generator(7);
  Words words;
  for (int i = 0; i < many; ++i) {
    words.low.push_back(generator());
    words.high.push_back(generator());
  }
  const std::uint64_t zeros = 0x5555555500000000, ones = 0xAAAAAAAAFFFFFFFF;
  const std::uint64_t extremes[][2] = {{zeros, zeros}, {zeros, ones}, {ones, zeros}, {ones, ones}};
  for (std::size_t i = 0; i < 4; ++i) {
    words.low[i] = extremes[i][0];
    words.high[i] = extremes[i][1];
  }
  return words;
}

std::vector<Transformed> transform_all(const Words& words) {
  std::vector<Transformed> result(words.low.size());
  HWY_DYNAMIC_DISPATCH(transform)
  (words.low.data(), words.high.data(), result.data(), static_cast<int>(result.size()));
  return result;
}

std::uint64_t joined(const Words& words, std::size_t i) {
  return (words.low[i] & 0xFFFFFFFF) | words.high[i] << 32;
}

TEST(StepRandom, UniformsAreExact) {
  const Words words = random_words();
  const std::vector<Transformed> found = transform_all(words);
  for (std::size_t i = 0; i < found.size(); ++i) {
    const std::uint64_t bits = joined(words, i);
    ASSERT_EQ(found[i].uniform32, (static_cast<double>(bits & 0xFFFFFFFF) + 0.5) * 0x1p-32);
    ASSERT_EQ(found[i].uniform40, (static_cast<double>(bits >> 24) + 0.5) * 0x1p-40);
    // n + 1/2 has 53 bits where n >= 2^51 and is exact below, too.
    ASSERT_EQ(found[i].uniform52, (static_cast<double>(bits >> 12) + 0.5) * 0x1p-52);
    ASSERT_GT(found[i].uniform52, 0);
    ASSERT_LT(found[i].uniform52, 1);
  }
}

TEST(StepRandom, NormalsAgreeWithLongDouble) {
  const Words words = random_words();
  const std::vector<Transformed> found = transform_all(words);
  for (std::size_t i = 0; i < found.size(); ++i) {
    const std::uint64_t bits = joined(words, i);
    const long double u = (static_cast<long double>(bits >> 24) + 0.5L) * 0x1p-40L;
    const long double turns =
        (static_cast<long double>(bits & 0xFFFFFF) + 0.5L) * 0x1p-24L - 0.125L;
    const long double angle = 2 * std::numbers::pi_v<long double> * turns;
    const long double radius = std::sqrt(-2 * std::log(u));
    // The direction's 2.5e-16 and the rounding of the radius and the product, times the radius.
    const double bound = 5e-16 * static_cast<double>(radius);
    ASSERT_NEAR(found[i].first, static_cast<double>(radius * std::cos(angle)), bound) << i;
    ASSERT_NEAR(found[i].second, static_cast<double>(radius * std::sin(angle)), bound) << i;
    ASSERT_LT(std::abs(found[i].first), 7.55);
  }
}

std::vector<double> counts(const std::vector<double>& u, const std::vector<double>& mean) {
  std::vector<double> result(u.size());
  HWY_DYNAMIC_DISPATCH(poisson_counts)
  (u.data(), mean.data(), result.data(), static_cast<int>(u.size()));
  return result;
}

TEST(StepRandom, PoissonInvertsTheDistributionFunction) {
  std::mt19937_64 generator(3);
  std::uniform_real_distribution<double> uniform(0, 1), mean_of(0.001, 20);
  std::vector<double> u(1 << 15), mean(u.size());
  for (double& value : u) value = uniform(generator);
  for (double& value : mean) value = mean_of(generator);
  const std::vector<double> found = counts(u, mean);
  for (std::size_t i = 0; i < u.size(); ++i) {
    const boost::math::poisson_distribution<double> poisson(mean[i]);
    // Rounding of the cumulated probability moves a count only where u is this near to it.
    const double rounding = 1e-14;
    ASSERT_LE(u[i], boost::math::cdf(poisson, found[i]) + rounding);
    if (found[i] == 0) continue;
    ASSERT_GT(u[i], boost::math::cdf(poisson, found[i] - 1) - rounding);
  }
}

TEST(StepRandom, PoissonAtTheEdges) {
  on_every_instruction_set([] {
    const double almost_one = 1 - 0x1p-33;
    const std::vector<double> found = counts(
        {almost_one, 2.1e-9, 0.5, almost_one, 0.5, 0.5, 0.5, 0.5}, {0, 20, 0, 1000, 0, 0, 0, 0});
    EXPECT_EQ(found[0], 0);
    EXPECT_EQ(found[1], 1);  // exp(-20) is 2.06e-9
    EXPECT_EQ(found[2], 0);
    EXPECT_EQ(found[3], 64);  // the limit: a mean of 1000 is beyond what is allowed
  });
  const boost::math::poisson_distribution<double> largest_mean(20);
  EXPECT_LT(boost::math::cdf(boost::math::complement(largest_mean, 64)), 2e-15);
}

std::vector<double> sums(const std::vector<double>& count) {
  std::vector<double> result(count.size());
  HWY_DYNAMIC_DISPATCH(exponential_sums)
  (77, count.data(), result.data(), static_cast<int>(count.size()));
  return result;
}

/// The sum of `count` exponentials of a path, by Random123 and the C library.
long double exact_sum(std::uint32_t path, int count) {
  long double sum = 0;
  for (int m = 0; m < count; ++m) {
    const std::uint32_t draw = 2 + static_cast<std::uint32_t>(m) / 2;
    const r123::Philox4x32::ctr_type words = r123::Philox4x32()({{path, 0, 9, draw}}, {{77, 0}});
    const std::size_t first = m % 2 == 0 ? 0 : 2;
    const std::uint64_t bits = words[first] | std::uint64_t{words[first + 1]} << 32;
    sum -= std::log((static_cast<long double>(bits >> 12) + 0.5L) * 0x1p-52L);
  }
  return sum;
}

TEST(StepRandom, ExponentialSumsAgreeWithLongDouble) {
  std::vector<double> count(1 << 10);
  for (std::size_t i = 0; i < count.size(); ++i) count[i] = static_cast<double>(i * 7 % 65);
  const std::vector<double> found = sums(count);
  for (std::size_t i = 0; i < count.size(); ++i) {
    const double wanted =
        static_cast<double>(exact_sum(static_cast<std::uint32_t>(i), static_cast<int>(count[i])));
    ASSERT_NEAR(found[i], wanted, 2e-15 * (1 + wanted)) << count[i];
  }
}

TEST(StepRandom, ALaneDoesNotDependOnItsNeighbours) {
  std::vector<double> alone(8), together(8, 9.0);
  alone[3] = together[3] = 5;
  EXPECT_EQ(sums(alone)[3], sums(together)[3]);
  EXPECT_EQ(sums(alone)[2], 0);
  const std::vector<double> u(8, 0.9);
  EXPECT_EQ(counts(u, {0, 0, 0, 3, 0, 0, 0, 0})[3], counts(u, {20, 1, 9, 3, 7, 20, 20, 2})[3]);
}

TEST(StepRandom, EveryInstructionSetGivesTheSameBits) {
  const Words words = random_words();
  expect_same_bits(0xC2F15E063D70BB9A, [&] {
    std::vector<double> values;
    for (const Transformed& t : transform_all(words))
      values.insert(values.end(), {t.uniform32, t.uniform40, t.uniform52, t.first, t.second});
    return values;
  });
  std::mt19937_64 generator(3);
  std::uniform_real_distribution<double> uniform(0, 1), mean_of(0, 20);
  std::vector<double> u(1 << 14), mean(u.size()), count(u.size());
  for (double& value : u) value = uniform(generator);
  for (double& value : mean) value = mean_of(generator);
  for (double& value : count) value = std::floor(3 * mean_of(generator));
  expect_same_bits(0x1004DA7F8C872325, [&] { return counts(u, mean); });
  expect_same_bits(0xC564F2523DD4A5AE, [&] { return sums(count); });
}

}  // namespace
}  // namespace overbuild
#endif  // HWY_ONCE
