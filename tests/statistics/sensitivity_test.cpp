// Sensitivity indices of functions whose indices are known, with and without noise of their own.
//
// Estimates are held to 6.5 of their standard errors, which the bootstrap gives to a few percent:
// with correct code and a seed chosen at random a comparison fails with probability below 1e-9, and
// no test has more than 100. The seeds are fixed.
#include "overbuild/statistics/sensitivity.hpp"

#include <gmock/gmock.h>

#include <Eigen/LU>
#include <bit>
#include <cmath>
#include <functional>
#include <numbers>
#include <numeric>

#include "hwy/aligned_allocator.h"
#include "overbuild/sampling/independent_draws.hpp"

namespace overbuild {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr double sigmas = 6.5;

/// Of the inputs' normals.
using Function = std::function<double(const double*)>;

/// The function's values, with noise of standard deviation `noise`, of whose variance a share is
/// common to all points of a repeat.
SensitivityValues values_of(const SensitivityDesign& design, const Function& f, std::size_t rows,
                            double noise = 0, std::size_t repeats = 1, std::uint64_t seed = 77,
                            double common = 0.5) {
  SensitivityValues found{0, repeats, {}};
  const std::vector<double> z = design.normals(0, rows);
  const std::size_t points = design.points(), lanes = (rows * repeats + 7) / 8 * 8;
  const auto normals = hwy::AllocateAligned<double>(lanes * (points + 1));
  independent_normals({seed, 0, 1}, int(lanes), int(points + 1), normals.get());
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t repeat = 0; repeat < repeats; ++repeat)
      for (std::size_t point = 0; point < points; ++point) {
        const auto normal = [&](std::size_t number) {
          return normals[number * lanes + row * repeats + repeat];
        };
        found.values.push_back(
            f(z.data() + (row * points + point) * design.inputs()) +
            noise * (std::sqrt(common) * normal(points) + std::sqrt(1 - common) * normal(point)));
      }
  return found;
}

SensitivityEstimates estimates_of(const SensitivityDesign& design, const Function& f,
                                  std::size_t rows, double noise = 0, std::size_t repeats = 1) {
  return estimate_sensitivity(design, values_of(design, f, rows, noise, repeats), {});
}

void expect_near(const IntervalEstimate& estimate, double exact, double most_error,
                 const std::string& what) {
  EXPECT_NEAR(estimate.value, exact, sigmas * estimate.standard_error + 1e-12) << what;
  EXPECT_LT(estimate.standard_error, most_error) << what;
  EXPECT_LE(estimate.lower, estimate.value + 1e-12) << what;
  EXPECT_GE(estimate.upper, estimate.value - 1e-12) << what;
}

void expect_index(const SensitivityEstimates& estimates, std::string_view name,
                  const std::vector<double>& exact, double most_error) {
  for (const SensitivityIndex& index : estimates.indices) {
    if (index.name != name) continue;
    ASSERT_EQ(index.by_input.size(), exact.size());
    for (std::size_t i = 0; i < exact.size(); ++i)
      expect_near(index.by_input[i], exact[i], most_error,
                  std::string(name) + " of input " + std::to_string(i));
    return;
  }
  FAIL() << "no index " << name;
}

Eigen::MatrixXd independent(Eigen::Index inputs) {
  return Eigen::MatrixXd::Identity(inputs, inputs);
}

double uniform_of(double z) { return std::erfc(-z / std::numbers::sqrt2) / 2; }

/// Source: Ishigami and Homma (1990); a = 7, b = 0.1. Sobol indices: Saltelli et al. (2008), 4.6.
double ishigami(const double* z) {
  const auto x = [&](int i) { return std::numbers::pi * (2 * uniform_of(z[i]) - 1); };
  return std::sin(x(0)) + 7 * std::pow(std::sin(x(1)), 2) +
         0.1 * std::pow(x(2), 4) * std::sin(x(0));
}
struct Ishigami {
  double pi4 = std::pow(std::numbers::pi, 4);
  double first0 = std::pow(1 + 0.1 * pi4 / 5, 2) / 2, first1 = 49.0 / 8,
         both = 0.01 * pi4 * pi4 * (1.0 / 18 - 1.0 / 50), variance = first0 + first1 + both;
};

TEST(SensitivityIndices, OfIshigamisFunction) {
  const SensitivityDesign design(SensitivityMethod::sobol, independent(3), 1);
  const SensitivityEstimates found = estimates_of(design, ishigami, 16384);
  const Ishigami exact;
  const double v = exact.variance;
  expect_index(found, "first_order", {exact.first0 / v, exact.first1 / v, 0}, 0.02);
  expect_index(found, "total", {(exact.first0 + exact.both) / v, exact.first1 / v, exact.both / v},
               0.02);
  expect_near(found.first_order_sum, 1 - exact.both / v, 0.02, "sum");
  expect_near(found.mean, 3.5, 0.05, "mean");
  expect_near(found.variance, v, 0.3, "variance");
  EXPECT_EQ(found.noise_share.value, 0);
  EXPECT_THAT(doubts(found), IsEmpty());
}

TEST(SensitivityIndices, AreThoseOfTheMeanWhereTheFunctionHasNoise) {
  const SensitivityDesign design(SensitivityMethod::sobol, independent(3), 2);
  const Ishigami exact;
  const double v = exact.variance, noise = 1.5 * std::sqrt(v);
  for (const std::size_t repeats : {2, 5}) {
    const SensitivityEstimates found = estimates_of(design, ishigami, 32768, noise, repeats);
    expect_index(found, "first_order", {exact.first0 / v, exact.first1 / v, 0}, 0.03);
    expect_index(found, "total",
                 {(exact.first0 + exact.both) / v, exact.first1 / v, exact.both / v}, 0.05);
    expect_near(found.noise_share, 2.25 / 3.25, 0.01, "noise");
    expect_near(found.variance, 3.25 * v, 2, "variance");
    expect_near(found.input_variance, v, 1, "input variance");
  }
}

// Source: Sobol' (2003); a product of (|4 u - 2| + a) / (1 + a).
TEST(SensitivityIndices, OfSobolsFunctionG) {
  const std::vector<double> a = {0, 1, 4.5, 9, 99, 99, 99, 99};
  const Function g = [&](const double* z) {
    double product = 1;
    for (std::size_t i = 0; i < a.size(); ++i)
      product *= (std::abs(4 * uniform_of(z[i]) - 2) + a[i]) / (1 + a[i]);
    return product;
  };
  double all = 1;
  for (const double x : a) all *= 1 + 1 / (3 * (1 + x) * (1 + x));
  std::vector<double> first, total;
  for (const double x : a) {
    const double own = 1 / (3 * (1 + x) * (1 + x));
    first.push_back(own / (all - 1));
    total.push_back(own * all / (1 + own) / (all - 1));
  }
  const SensitivityDesign design(SensitivityMethod::sobol, independent(8), 3);
  const SensitivityEstimates found = estimates_of(design, g, 16384);
  expect_index(found, "first_order", first, 0.02);
  expect_index(found, "total", total, 0.02);
  EXPECT_LT(found.main().by_input.back().standard_error, 1e-5);
}

/// A linear function of correlated normals, all of whose indices follow from Var(E[Y|X_S]) =
/// c_S' R_SS^-1 c_S with c = R beta.
struct Linear {
  Eigen::MatrixXd correlation;
  Eigen::VectorXd beta;

  double operator()(const double* z) const {
    double sum = 3;
    for (Eigen::Index i = 0; i < beta.size(); ++i) sum += beta[i] * z[i];
    return sum;
  }
  std::size_t inputs() const { return std::size_t(beta.size()); }
  double explained(std::size_t set) const {
    std::vector<Eigen::Index> in;
    for (std::size_t i = 0; i < inputs(); ++i)
      if (set >> i & 1) in.push_back(Eigen::Index(i));
    if (in.empty()) return 0;
    const Eigen::VectorXd all = correlation * beta, c = all(in);
    return c.dot(correlation(in, in).inverse() * c);
  }
  double variance() const { return explained((std::size_t{1} << inputs()) - 1); }
  /// The mean over all orders, each gone through.
  std::vector<double> shapley() const {
    std::vector<std::size_t> order(inputs());
    std::iota(order.begin(), order.end(), 0u);
    std::vector<double> sums(inputs());
    double orders = 0;
    do {
      std::size_t set = 0;
      for (const std::size_t i : order) {
        sums[i] += explained(set | std::size_t{1} << i) - explained(set);
        set |= std::size_t{1} << i;
      }
      ++orders;
    } while (std::next_permutation(order.begin(), order.end()));
    for (double& sum : sums) sum /= orders * variance();
    return sums;
  }
};

Linear four_inputs() {
  Linear linear{Eigen::MatrixXd(4, 4), Eigen::VectorXd(4)};
  linear.correlation << 1, 0.6, -0.3, 0, 0.6, 1, 0.2, 0, -0.3, 0.2, 1, 0.5, 0, 0, 0.5, 1;
  linear.beta << 1, -0.5, 2, 0;  // the last one matters by its correlation alone
  return linear;
}

// Source: Owen and Prieur (2017), On Shapley value for measuring importance of dependent inputs,
// SIAM/ASA J. Uncertainty Quantification 5, section 4.1.
TEST(ShapleyEffects, OfTwoCorrelatedNormalsInClosedForm) {
  const double rho = 0.7, b = 2;
  const Linear linear{Eigen::Matrix2d{{1, rho}, {rho, 1}}, Eigen::Vector2d(1, b)};
  const double variance = 1 + 2 * rho * b + b * b;
  const double first = (1 - rho * rho / 2 + rho * b + rho * rho * b * b / 2) / variance;
  EXPECT_NEAR(linear.shapley()[0], first, 1e-12);
  for (const InputOrders orders : {InputOrders::random, InputOrders::all}) {
    const SensitivityDesign design(SensitivityMethod::shapley, linear.correlation, 4, orders);
    expect_index(estimates_of(design, linear, 16384), "shapley", {first, 1 - first}, 0.01);
  }
}

TEST(ShapleyEffects, OfFourCorrelatedNormalsWithAndWithoutNoise) {
  const Linear linear = four_inputs();
  for (const InputOrders orders : {InputOrders::random, InputOrders::all})
    for (const double noise : {0.0, 3.0}) {
      const SensitivityDesign design(SensitivityMethod::shapley, linear.correlation, 5, orders);
      const SensitivityEstimates found = estimates_of(design, linear, 32768, noise, 2);
      expect_index(found, "shapley", linear.shapley(), 0.03);
      expect_near(found.input_variance, linear.variance(), 0.2, "variance");
      expect_near(found.noise_share, noise * noise / (noise * noise + linear.variance()), 0.02,
                  "noise");
      double sum = 0;
      for (const IntervalEstimate& effect : found.main().by_input) sum += effect.value;
      EXPECT_NEAR(sum, 1, 1e-12);
    }
}

// With independent inputs the effect lies between first-order and total index; of Ishigami's
// function it is the first-order index and half of the only interaction.
TEST(ShapleyEffects, OfIshigamisFunction) {
  const Ishigami exact;
  const double v = exact.variance;
  for (const InputOrders orders : {InputOrders::random, InputOrders::all}) {
    const SensitivityDesign design(SensitivityMethod::shapley, independent(3), 6, orders);
    expect_index(estimates_of(design, ishigami, 16384), "shapley",
                 {(exact.first0 + exact.both / 2) / v, exact.first1 / v, exact.both / 2 / v}, 0.02);
  }
}

// Full first-order and total indices of correlated inputs: Kucherenko, Tarantola, Annoni (2012).
TEST(SensitivityIndices, OfCorrelatedNormals) {
  const Linear linear = four_inputs();
  std::vector<double> first, total;
  for (std::size_t i = 0; i < 4; ++i) {
    first.push_back(linear.explained(std::size_t{1} << i) / linear.variance());
    total.push_back(1 - linear.explained(15u ^ std::size_t{1} << i) / linear.variance());
  }
  const SensitivityDesign design(SensitivityMethod::sobol, linear.correlation, 7);
  for (const double noise : {0.0, 3.0}) {
    const SensitivityEstimates found = estimates_of(design, linear, 32768, noise, 2);
    expect_index(found, "first_order", first, 0.03);
    expect_index(found, "total", total, 0.04);
  }
}

/// Mean over many designs of a few rows, in its own standard errors from the exact value.
double bias_in_errors(const std::vector<double>& estimates, double exact) {
  const auto n = double(estimates.size());
  const double mean = std::accumulate(estimates.begin(), estimates.end(), 0.0) / n;
  double square = 0;
  for (const double x : estimates) square += (x - mean) * (x - mean);
  return (mean - exact) / std::sqrt(square / (n * (n - 1)));
}

// The variances themselves are unbiased for any number of rows; their ratios, whose bias this would
// show, are not. Fewer rows might find no variance and so no shares.
TEST(SensitivityIndices, VariancesAreUnbiasedWithFewRowsAndNoise) {
  const Linear linear = four_inputs();
  constexpr double noise = 2;
  constexpr std::size_t rows = 100, repeats = 3, designs = 400;
  for (const auto method : {SensitivityMethod::sobol, SensitivityMethod::shapley}) {
    std::vector<double> noises, variances;
    std::vector<std::vector<double>> parts(method == SensitivityMethod::sobol ? 8 : 4);
    for (std::uint64_t seed = 1; seed <= designs; ++seed) {
      const SensitivityDesign design(method, linear.correlation, seed);
      const SensitivityEstimates found = estimate_sensitivity(
          design, values_of(design, linear, rows, noise, repeats, seed + designs),
          {.resamples = 0});
      noises.push_back(found.variance.value - found.input_variance.value);
      variances.push_back(found.input_variance.value);
      std::size_t part = 0;
      for (const SensitivityIndex& index : found.indices)
        for (const IntervalEstimate& share : index.by_input)
          parts[part++].push_back(share.value * found.input_variance.value);
    }
    EXPECT_LT(std::abs(bias_in_errors(noises, noise * noise)), sigmas);
    EXPECT_LT(std::abs(bias_in_errors(variances, linear.variance())), sigmas);
    const std::vector<double> shapley = linear.shapley();
    for (std::size_t i = 0; i < 4; ++i) {
      if (method == SensitivityMethod::shapley) {
        EXPECT_LT(std::abs(bias_in_errors(parts[i], shapley[i] * linear.variance())), sigmas);
        continue;
      }
      const double total = linear.variance() - linear.explained(15u ^ std::size_t{1} << i);
      EXPECT_LT(std::abs(bias_in_errors(parts[i], total)), sigmas) << i;
      EXPECT_LT(std::abs(bias_in_errors(parts[4 + i], linear.explained(std::size_t{1} << i))),
                sigmas)
          << i;
    }
  }
}

// 150 designs: what the bootstrap claims to be the variance of an index is held to the sample's,
// which 150 values give to 12%.
TEST(SensitivityIndices, StandardErrorsAreTrue) {
  const SensitivityDesign any(SensitivityMethod::sobol, independent(3), 1);
  for (const std::size_t rows : {200, 3000}) {  // below and above the number of groups
    std::vector<std::vector<double>> found(6), claimed(6);
    for (std::uint64_t seed = 1; seed <= 150; ++seed) {
      const SensitivityDesign design(SensitivityMethod::sobol, independent(3), seed);
      const SensitivityEstimates e = estimate_sensitivity(
          design, values_of(design, ishigami, rows, 2, 2, seed), {.resamples = 200, .seed = seed});
      for (std::size_t i = 0; i < 6; ++i) {
        const IntervalEstimate& index = e.indices[i / 3].by_input[i % 3];
        found[i].push_back(index.value);
        claimed[i].push_back(index.standard_error * index.standard_error);
      }
    }
    for (std::size_t i = 0; i < 6; ++i) {
      const double mean = std::accumulate(found[i].begin(), found[i].end(), 0.0) / 150;
      double square = 0;
      for (const double x : found[i]) square += (x - mean) * (x - mean) / 149;
      const double variance = std::accumulate(claimed[i].begin(), claimed[i].end(), 0.0) / 150;
      EXPECT_NEAR(variance / square, 1, sigmas * 0.13) << i;
    }
  }
}

// Y = 4 u_0 - 2 u_1 + 8 (u_0 - 1/2)(u_2 - 1/2): the effect of input 0 is 4 + 8 (u_2 - 1/2).
TEST(ElementaryEffects, OfABilinearFunction) {
  const Function f = [](const double* z) {
    const double u = uniform_of(z[0]), v = uniform_of(z[1]), w = uniform_of(z[2]);
    return 4 * u - 2 * v + 8 * (u - 0.5) * (w - 0.5) + 0 * z[3];
  };
  double size0 = 0, size2 = 0, square = 0;
  for (int level = 0; level < morris_levels; ++level) {
    const double u = (level + 0.5) / morris_levels - 0.5;
    size0 += std::abs(4 + 8 * u) / morris_levels;
    size2 += std::abs(8 * u) / morris_levels;
    square += 64 * u * u / morris_levels;
  }
  const SensitivityDesign design(SensitivityMethod::morris, four_inputs().correlation, 8);
  for (const double noise : {0.0, 5.0}) {
    const SensitivityEstimates found =
        estimate_sensitivity(design, values_of(design, f, 4096, noise, 2, 77, 1), {});
    expect_index(found, "mu_star", {size0, 2, size2, 0}, 0.06);
    expect_index(found, "mu", {4, -2, 0, 0}, 0.06);
    expect_index(found, "sigma", {std::sqrt(square), 0, std::sqrt(square), 0}, 0.06);
    // Common random numbers take additive noise away.
    expect_index(found, "noise", {0, 0, 0, 0}, 1e-9);
  }
}

TEST(ElementaryEffects, NoiseThatIsNotCommonIsToldApart) {
  const SensitivityDesign design(SensitivityMethod::morris, independent(2), 9);
  constexpr std::size_t rows = 4096, repeats = 4;
  SensitivityValues values = values_of(
      design, [](const double* z) { return uniform_of(z[0]); }, rows, 0, repeats);
  const auto normals = hwy::AllocateAligned<double>(values.values.size());
  independent_normals({5, 0, 1}, int(values.values.size() / 4), 4, normals.get());
  for (std::size_t i = 0; i < values.values.size(); ++i) values.values[i] += normals[i];
  const SensitivityEstimates found = estimate_sensitivity(design, values, {});
  const double noise = std::sqrt(2.0 / repeats) / morris_step;
  expect_index(found, "mu", {1, 0}, 0.05);
  expect_index(found, "noise", {noise, noise}, 0.05);
  EXPECT_LT(found.indices[2].by_input[0].value, 0.4);
  EXPECT_GT(found.main().by_input[1].value, noise * 0.7);  // the size of mere noise
}

TEST(SensitivityIndices, OfOneInput) {
  for (const auto method : {SensitivityMethod::sobol, SensitivityMethod::shapley}) {
    const SensitivityDesign design(method, independent(1), 10);
    const SensitivityEstimates found = estimates_of(
        design, [](const double* z) { return z[0]; }, 8192, 1, 2);
    EXPECT_NEAR(found.main().by_input[0].value, 1, sigmas * 0.05);
    expect_near(found.noise_share, 0.5, 0.02, "noise");
  }
}

TEST(SensitivityIndices, WithoutVarianceFromInputsAreDoubted) {
  const SensitivityDesign design(SensitivityMethod::sobol, independent(2), 11);
  const Function nothing = [](const double*) { return 2.0; };
  const SensitivityEstimates none = estimates_of(design, nothing, 64);
  EXPECT_THAT(doubts(none), ElementsAre(HasSubstr("no variance was found")));
  EXPECT_TRUE(std::isnan(none.main().by_input[0].value));
  EXPECT_EQ(none.mean.standard_error, 0);
  const SensitivityDesign screening(SensitivityMethod::morris, independent(2), 11);
  EXPECT_THAT(doubts(estimates_of(screening, nothing, 64)),
              ElementsAre(HasSubstr("no path changed with any input")));
  const Function little = [](const double* z) { return 0.1 * z[0]; };
  EXPECT_THAT(doubts(estimates_of(screening, little, 64)), testing::IsEmpty());
  EXPECT_FALSE(doubts(estimates_of(design, little, 512, 1, 2)).empty());
}

}  // namespace
}  // namespace overbuild
