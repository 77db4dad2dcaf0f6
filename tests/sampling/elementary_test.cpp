// Accuracy, special cases and equality of bits of the elementary functions.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "tests/sampling/elementary_test.cpp"
#include "hwy/foreach_target.h"  // IWYU pragma: keep

#include "overbuild/sampling/elementary-inl.hpp"

#ifndef OVERBUILD_ELEMENTARY_TEST_FUNCTION
#define OVERBUILD_ELEMENTARY_TEST_FUNCTION
namespace overbuild {
enum class Function { exp, log, sqrt, pow, cosine, sine, minimum, maximum, clamp };
}
#endif

HWY_BEFORE_NAMESPACE();
namespace overbuild {
namespace HWY_NAMESPACE {

Real apply(Function function, Real x, Real y) {
  switch (function) {
    case Function::exp:
      return exp(x);
    case Function::log:
      return log(x);
    case Function::sqrt:
      return sqrt(x);
    case Function::pow:
      return pow(x, y);
    case Function::cosine:
      return cosine_and_sine_of_quarters(x).first;
    case Function::sine:
      return cosine_and_sine_of_quarters(x).second;
    case Function::minimum:
      return min(x, y);
    case Function::maximum:
      return max(x, y);
    default:
      return clamp(x, -1.0, y);
  }
}

/// result[i] = function(x[i], y[i]) for i < n, a multiple of 8.
void apply_to_all(Function function, const double* x, const double* y, double* result, int n) {
  for (int i = 0; i < n; i += lanes_per_vector) {
    const Real value = apply(function, hn::LoadU(RealTag(), x + i), hn::LoadU(RealTag(), y + i));
    hn::StoreU(value.v, RealTag(), result + i);
  }
}

/// The bits of x > 0 by the engine's mask operations, eight lanes to a byte.
unsigned positive_bits(const double* x) {
  unsigned all = 0;
  for (int lane = 0; lane < 8; lane += lanes_per_vector)
    all |= bits(Real(hn::LoadU(RealTag(), x + lane)) > 0.0) << lane;
  return all;
}

}  // namespace HWY_NAMESPACE
}  // namespace overbuild
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include <cmath>
#include <functional>
#include <numbers>
#include <random>

#include "tests/sampling/every_instruction_set.hpp"

namespace overbuild {
namespace {

HWY_EXPORT(apply_to_all);
HWY_EXPORT(positive_bits);

constexpr double nan_value = std::numeric_limits<double>::quiet_NaN();
constexpr double inf = std::numeric_limits<double>::infinity();
constexpr int many = 1 << 20;

std::vector<double> evaluate(Function function, std::vector<double> x, std::vector<double> y) {
  const std::size_t wanted = x.size();
  x.resize((wanted + 7) / 8 * 8);
  y.resize(x.size());
  std::vector<double> result(x.size());
  HWY_DYNAMIC_DISPATCH(apply_to_all)
  (function, x.data(), y.data(), result.data(), static_cast<int>(x.size()));
  result.resize(wanted);
  return result;
}
std::vector<double> evaluate(Function function, const std::vector<double>& x) {
  return evaluate(function, x, x);
}

std::vector<double> uniforms(double lower, double upper, unsigned seed, int n = many) {
  std::mt19937_64 generator(seed);
  std::uniform_real_distribution<double> distribution(lower, upper);
  std::vector<double> values(n);
  for (double& value : values) value = distribution(generator);
  return values;
}

/// Positive normal numbers of all sizes.
std::vector<double> positive_numbers() {
  std::mt19937_64 generator(5);
  std::uniform_int_distribution<std::uint64_t> bits(std::uint64_t{1} << 52, (0x7FFull << 52) - 1);
  std::vector<double> values(many);
  for (double& value : values) value = std::bit_cast<double>(bits(generator));
  return values;
}

/// The largest error of the function over x in units of the last place.
double largest_ulps(Function function, const std::vector<double>& x,
                    const std::function<long double(long double)>& exact) {
  const std::vector<double> found = evaluate(function, x);
  double largest = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const long double wanted = exact(x[i]);
    const double rounded = std::abs(static_cast<double>(wanted));
    const long double ulp = std::nextafter(rounded, inf) - static_cast<long double>(rounded);
    largest = std::max(largest, static_cast<double>(std::abs(found[i] - wanted) / ulp));
  }
  return largest;
}

long double exact_exp(long double x) { return std::exp(x); }
long double exact_log(long double x) { return std::log(x); }

TEST(Elementary, ExpIsAccurate) {
  EXPECT_LT(largest_ulps(Function::exp, uniforms(-708, 709.78, 1), exact_exp), 1.2);
  EXPECT_LT(largest_ulps(Function::exp, uniforms(-1, 1, 2), exact_exp), 1.2);
  EXPECT_LT(largest_ulps(Function::exp, uniforms(-1e-8, 1e-8, 3), exact_exp), 1.2);
}

TEST(Elementary, LogIsAccurate) {
  EXPECT_LT(largest_ulps(Function::log, positive_numbers(), exact_log), 1.0);
  EXPECT_LT(largest_ulps(Function::log, uniforms(0.5, 2, 1), exact_log), 1.0);
  EXPECT_LT(largest_ulps(Function::log, uniforms(1 - 1e-8, 1 + 1e-8, 2), exact_log), 1.0);
  EXPECT_LT(largest_ulps(Function::log, uniforms(0, 1, 3), exact_log), 1.0);
}

TEST(Elementary, CosineAndSineAreAccurate) {
  const std::vector<double> x = uniforms(-0.5, 0.5, 1);
  const std::vector<double> cosine = evaluate(Function::cosine, x);
  const std::vector<double> sine = evaluate(Function::sine, x);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const long double angle = x[i] * std::numbers::pi_v<long double> / 2;
    ASSERT_LT(std::abs(cosine[i] - std::cos(angle)), 2.5e-16L) << x[i];
    ASSERT_LT(std::abs(sine[i] - std::sin(angle)), 2.5e-16L) << x[i];
  }
}

TEST(Elementary, PowIsAccurate) {
  const std::vector<double> base = uniforms(1e-6, 50, 1), exponent = uniforms(-20, 20, 2);
  const std::vector<double> found = evaluate(Function::pow, base, exponent);
  for (std::size_t i = 0; i < base.size(); ++i) {
    const long double logarithm = exponent[i] * std::log(static_cast<long double>(base[i]));
    const double wanted = static_cast<double>(std::exp(logarithm));
    const double bound = (1 + std::abs(static_cast<double>(logarithm))) * 2.3e-16;
    ASSERT_NEAR(found[i] / wanted, 1, bound + 2.3e-16) << base[i] << "^" << exponent[i];
  }
}

TEST(Elementary, ExpOfSpecialArguments) {
  on_every_instruction_set([] {
    const std::vector<double> found =
        evaluate(Function::exp, {0, -0.0, 709.782, 709.79, 1e300, inf, -708, -708.1, -1e300, -inf});
    EXPECT_EQ(found[0], 1);
    EXPECT_EQ(found[1], 1);
    EXPECT_GT(found[2], 1.79e308);
    EXPECT_LT(found[2], inf);
    EXPECT_EQ(found[3], inf);
    EXPECT_EQ(found[4], inf);
    EXPECT_EQ(found[5], inf);
    EXPECT_GT(found[6], std::numeric_limits<double>::min());
    EXPECT_EQ(found[7], 0);
    EXPECT_EQ(found[8], 0);
    EXPECT_EQ(found[9], 0);
    // Payloads of any kind: exp shifts bits of its argument into the exponent.
    for (std::uint64_t payload : {0x1ull, 0x7FFull, 0x8000000000000ull, 0xFFFFFFFFFFFFFull})
      for (std::uint64_t sign : {0ull, 1ull << 63}) {
        const double nan = std::bit_cast<double>(sign | (0x7FFull << 52) | payload);
        EXPECT_TRUE(std::isnan(evaluate(Function::exp, {nan})[0])) << payload;
      }
  });
}

TEST(Elementary, LogOfSpecialArguments) {
  on_every_instruction_set([] {
    const std::vector<double> found =
        evaluate(Function::log, {0, -0.0, 1, inf, 5e-324, std::numeric_limits<double>::min(), -1,
                                 -inf, nan_value, -5e-324});
    EXPECT_EQ(found[0], -inf);
    EXPECT_EQ(found[1], -inf);
    EXPECT_EQ(std::bit_cast<std::uint64_t>(found[2]), 0u);
    EXPECT_EQ(found[3], inf);
    EXPECT_EQ(found[4], -inf);
    EXPECT_NEAR(found[5], -708.396418532264, 1e-12);
    for (int i = 6; i < 10; ++i) EXPECT_TRUE(std::isnan(found[i])) << i;
  });
}

TEST(Elementary, PowOfSpecialArguments) {
  on_every_instruction_set([] {
    const std::vector<double> found = evaluate(Function::pow, {0, 0, 1, 0, 2}, {2, -2, 7, 0, 0});
    EXPECT_EQ(found[0], 0);
    EXPECT_EQ(found[1], inf);
    EXPECT_EQ(found[2], 1);
    EXPECT_TRUE(std::isnan(found[3]));
    EXPECT_EQ(found[4], 1);
  });
}

TEST(Elementary, MinimumAndMaximumGiveTheSecondOfNanAndClampKeepsNan) {
  on_every_instruction_set([] {
    const std::vector<double> x = {1, 3, nan_value, 2}, y = {2, 2, 2, nan_value};
    const std::vector<double> least = evaluate(Function::minimum, x, y);
    const std::vector<double> greatest = evaluate(Function::maximum, x, y);
    EXPECT_EQ(least[0], 1);
    EXPECT_EQ(least[1], 2);
    EXPECT_EQ(least[2], 2);
    EXPECT_TRUE(std::isnan(least[3]));
    EXPECT_EQ(greatest[0], 2);
    EXPECT_EQ(greatest[1], 3);
    EXPECT_EQ(greatest[2], 2);
    EXPECT_TRUE(std::isnan(greatest[3]));
    const std::vector<double> clamped =
        evaluate(Function::clamp, {-5, 0, 5, nan_value}, {2, 2, 2, 2});
    EXPECT_EQ(clamped[0], -1);
    EXPECT_EQ(clamped[1], 0);
    EXPECT_EQ(clamped[2], 2);
    EXPECT_TRUE(std::isnan(clamped[3]));
  });
}

TEST(Elementary, MaskBitsAreInOrderOfLanes) {
  on_every_instruction_set([] {
    for (unsigned wanted : {0u, 1u, 0x96u, 0xFFu, 0x42u}) {
      double x[8];
      for (int lane = 0; lane < 8; ++lane) x[lane] = wanted >> lane & 1 ? 1.5 : -1.5;
      EXPECT_EQ(HWY_DYNAMIC_DISPATCH(positive_bits)(x), wanted);
    }
  });
}

TEST(Elementary, EveryInstructionSetGivesTheSameBits) {
  const std::vector<double> any = uniforms(-720, 720, 1), small = uniforms(-0.5, 0.5, 2);
  const std::vector<double> positive = positive_numbers(), exponent = uniforms(-3, 3, 3);
  expect_same_bits(0x2E8E5AD53E78D85D, [&] { return evaluate(Function::exp, any); });
  expect_same_bits(0x2BC7DD6E1BE0A9E3, [&] { return evaluate(Function::exp, small); });
  expect_same_bits(0xD89FA156BA483863, [&] { return evaluate(Function::log, positive); });
  expect_same_bits(0xFAA14EFF8D9B3173, [&] { return evaluate(Function::sqrt, positive); });
  expect_same_bits(0x6BCA74E56A40B160, [&] { return evaluate(Function::pow, positive, exponent); });
  expect_same_bits(0x9A5771B8C65EC129, [&] { return evaluate(Function::cosine, small); });
  expect_same_bits(0x1161CA0F78958B3A, [&] { return evaluate(Function::sine, small); });
}

}  // namespace
}  // namespace overbuild
#endif  // HWY_ONCE
