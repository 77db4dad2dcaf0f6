// Moments of the points are held to 6 standard errors: with correct code and a seed chosen at
// random a comparison fails with probability below 2e-9, and no test has more than 200.
#include "overbuild/sampling/sensitivity_design.hpp"

#include <gmock/gmock.h>

#include <Eigen/LU>
#include <algorithm>
#include <cmath>
#include <map>

#include "overbuild/base/error.hpp"

namespace overbuild {
namespace {

constexpr double sigmas = 6;

Eigen::MatrixXd three_correlated() {
  Eigen::MatrixXd correlation(3, 3);
  correlation << 1, 0.6, -0.3, 0.6, 1, 0.4, -0.3, 0.4, 1;
  return correlation;
}

/// [row][point][input]
struct Points {
  const SensitivityDesign& design;
  std::size_t rows;
  std::vector<double> z = design.normals(0, rows);

  const double* at(std::size_t row, std::size_t point) const {
    return z.data() + (row * design.points() + point) * design.inputs();
  }
  /// Mean over the rows of z_i of one point times z_j of another.
  double product(std::size_t point, std::size_t i, std::size_t other, std::size_t j) const {
    double sum = 0;
    for (std::size_t row = 0; row < rows; ++row) sum += at(row, point)[i] * at(row, other)[j];
    return sum / double(rows);
  }
};

void expect_every_point_has_the_correlation(const Points& points, const Eigen::MatrixXd& expected) {
  for (std::size_t point = 0; point < points.design.points(); ++point)
    for (std::size_t i = 0; i < points.design.inputs(); ++i)
      for (std::size_t j = 0; j <= i; ++j) {
        const double rho = expected(Eigen::Index(i), Eigen::Index(j));
        EXPECT_NEAR(points.product(point, i, point, j), rho,
                    sigmas * std::sqrt((1 + rho * rho) / double(points.rows)))
            << point << ' ' << i << ' ' << j;
      }
}

TEST(SensitivityDesign, PickFreezePointsOfIndependentInputs) {
  const SensitivityDesign design(SensitivityMethod::sobol, Eigen::MatrixXd::Identity(3, 3), 1);
  ASSERT_EQ(design.points(), 5u);
  const Points points{design, 500};
  for (std::size_t row = 0; row < 500; ++row)
    for (std::size_t i = 0; i < 3; ++i) {
      EXPECT_NE(points.at(row, 0)[i], points.at(row, 1)[i]);
      for (std::size_t j = 0; j < 3; ++j)
        EXPECT_EQ(points.at(row, 2 + i)[j], points.at(row, i == j ? 1 : 0)[j]);
    }
}

// Given what a point has in common with B (or A), it is independent of the rest of it. For normals
// that is: E[z_i z'_j] of the two points is Cov(E[z_i | common], E[z_j | common]).
TEST(SensitivityDesign, PickFreezePointsOfCorrelatedInputs) {
  const Eigen::MatrixXd r = three_correlated();
  const SensitivityDesign design(SensitivityMethod::sobol, r, 2);
  ASSERT_EQ(design.points(), 8u);
  const Points points{design, 100000};
  expect_every_point_has_the_correlation(points, r);
  const double most = sigmas * std::sqrt(2.0 / double(points.rows));
  for (Eigen::Index i = 0; i < 3; ++i) {
    std::vector<Eigen::Index> others;
    for (Eigen::Index j = 0; j < 3; ++j)
      if (j != i) others.push_back(j);
    const Eigen::MatrixXd by_others =
        r(Eigen::all, others) * r(others, others).inverse() * r(others, Eigen::all);
    for (Eigen::Index j = 0; j < 3; ++j)
      for (Eigen::Index k = 0; k < 3; ++k) {
        const auto a = std::size_t(j), b = std::size_t(k), at = std::size_t(i);
        EXPECT_NEAR(points.product(1, a, 2 + at, b), r(j, i) * r(i, k), most);
        EXPECT_NEAR(points.product(0, a, 5 + at, b), by_others(j, k), most);
        EXPECT_NEAR(points.product(0, a, 1, b), 0, most);
      }
    for (std::size_t row = 0; row < 100; ++row) {
      EXPECT_EQ(points.at(row, 2 + std::size_t(i))[i], points.at(row, 1)[i]);
      for (const Eigen::Index j : others)
        EXPECT_EQ(points.at(row, 5 + std::size_t(i))[j], points.at(row, 0)[j]);
    }
  }
}

TEST(SensitivityDesign, ChainsFixOneInputAfterTheOther) {
  const Eigen::MatrixXd r = three_correlated();
  const SensitivityDesign design(SensitivityMethod::shapley, r, 3);
  ASSERT_EQ(design.points(), 4u);
  const Points points{design, 60000};
  expect_every_point_has_the_correlation(points, r);
  const auto orders = design.input_orders(0, points.rows);
  std::map<std::vector<std::size_t>, int> seen;
  for (std::size_t row = 0; row < points.rows; ++row) {
    const std::vector<std::size_t> order(orders.begin() + std::ptrdiff_t(row * 3),
                                         orders.begin() + std::ptrdiff_t(row * 3 + 3));
    ++seen[order];
    for (std::size_t j = 0; j < 3; ++j)
      for (std::size_t k = 0; k < 3; ++k)
        EXPECT_EQ(points.at(row, 1 + j)[order[k]] == points.at(row, 0)[order[k]], k < j);
  }
  ASSERT_EQ(seen.size(), 6u);
  for (const auto& [order, count] : seen)
    EXPECT_NEAR(count, 10000, sigmas * std::sqrt(10000 * 5.0 / 6));
}

TEST(SensitivityDesign, AllSetsAreTheChainsSets) {
  const Eigen::MatrixXd r = three_correlated();
  const SensitivityDesign all(SensitivityMethod::shapley, r, 4, InputOrders::all);
  const SensitivityDesign chain(SensitivityMethod::shapley, r, 4);
  ASSERT_EQ(all.points(), 8u);
  const Points every{all, 300}, some{chain, 300};
  const auto orders = chain.input_orders(0, 300);
  for (std::size_t row = 0; row < 300; ++row) {
    std::size_t set = 0;
    for (std::size_t j = 0; j < 3; ++j) {
      for (std::size_t i = 0; i < 3; ++i)
        EXPECT_NEAR(every.at(row, 1 + set)[i], some.at(row, 1 + j)[i], 1e-12);
      set |= std::size_t{1} << orders[row * 3 + j];
    }
  }
}

TEST(SensitivityDesign, AllOrdersOfManyInputsAreRefused) {
  EXPECT_THROW(SensitivityDesign(SensitivityMethod::shapley, Eigen::MatrixXd::Identity(9, 9), 1,
                                 InputOrders::all),
               Error);
}

TEST(SensitivityDesign, MorrisMovesEachInputOnceByHalfItsRange) {
  const SensitivityDesign design(SensitivityMethod::morris, three_correlated(), 5);
  ASSERT_EQ(design.points(), 4u);
  const Points points{design, 4000};
  const auto orders = design.input_orders(0, points.rows);
  const auto directions = design.directions(0, points.rows);
  const auto share = [](double z) { return std::erfc(-z / std::sqrt(2.0)) / 2; };
  std::map<int, int> seen;
  for (std::size_t row = 0; row < points.rows; ++row)
    for (std::size_t j = 0; j < 3; ++j)
      for (std::size_t i = 0; i < 3; ++i) {
        const double before = share(points.at(row, j)[i]), after = share(points.at(row, j + 1)[i]);
        const bool moved = orders[row * 3 + j] == i;
        EXPECT_NEAR(after - before, moved ? morris_step * directions[row * 3 + i] : 0, 1e-12);
        if (j == 0) ++seen[int(std::lround(before * morris_levels - 0.5))];
      }
  ASSERT_EQ(seen.size(), std::size_t(morris_levels));
  for (const auto& [level, count] : seen)
    EXPECT_NEAR(count, 1500, sigmas * std::sqrt(12000.0 / 8 * 7 / 8)) << level;
}

TEST(SensitivityDesign, RowsDependOnSeedAndNumberAlone) {
  for (const auto method :
       {SensitivityMethod::sobol, SensitivityMethod::shapley, SensitivityMethod::morris}) {
    const SensitivityDesign design(method, three_correlated(), 6);
    const std::size_t row = design.points() * 3;
    const auto all = design.normals(0, 100), some = design.normals(37, 5);
    EXPECT_TRUE(std::equal(some.begin(), some.end(), all.begin() + std::ptrdiff_t(37 * row)));
    const auto orders = design.input_orders(0, 100), few = design.input_orders(37, 5);
    EXPECT_TRUE(std::equal(few.begin(), few.end(), orders.begin() + 37 * 3));
    EXPECT_NE(SensitivityDesign(method, three_correlated(), 7).normals(0, 100), all);
  }
}

}  // namespace
}  // namespace overbuild
