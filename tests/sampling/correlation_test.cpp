#include "overbuild/sampling/correlation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace overbuild {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Eigen::MatrixXd matrix(int rows, int columns, std::initializer_list<double> values) {
  Eigen::MatrixXd result(rows, columns);
  auto value = values.begin();
  for (int i = 0; i < rows; ++i)
    for (int j = 0; j < columns; ++j) result(i, j) = *value++;
  return result;
}

TEST(Correlation, TheFactorTimesItsTransposeIsTheMatrix) {
  const Eigen::MatrixXd correlation = matrix(3, 3, {1, 0.5, -0.3, 0.5, 1, 0.2, -0.3, 0.2, 1});
  std::string complaint;
  const auto factor = correlation_factor(correlation, complaint);
  ASSERT_TRUE(factor);
  EXPECT_EQ(complaint, "");
  EXPECT_LT((*factor * factor->transpose() - correlation).cwiseAbs().maxCoeff(), 1e-15);
  for (int i = 0; i < 3; ++i)
    for (int j = i + 1; j < 3; ++j) EXPECT_EQ((*factor)(i, j), 0);
}

TEST(Correlation, TheIdentityIsItsOwnFactor) {
  std::string complaint;
  const auto factor = correlation_factor(Eigen::MatrixXd::Identity(5, 5), complaint);
  ASSERT_TRUE(factor);
  EXPECT_TRUE(factor->isIdentity(0));
  EXPECT_TRUE(correlation_factor(Eigen::MatrixXd(0, 0), complaint));
}

TEST(Correlation, ComplaintsSayWhatIsWrong) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  const struct {
    Eigen::MatrixXd correlation;
    const char* complaint;
  } cases[] = {
      {matrix(2, 3, {1, 0, 0, 0, 1, 0}), "must be square, but has 2 rows and 3 columns"},
      {matrix(2, 2, {1, 0, 0, 2}), "the diagonal must be 1, but entry (2, 2) is 2"},
      {matrix(2, 2, {1, 0.5, 0.4, 1}),
       "must be symmetric, but entry (1, 2) is 0.5 and (2, 1) is 0.4"},
      {matrix(2, 2, {1, 1.5, 1.5, 1}),
       "entry (1, 2) is 1.5; it must lie strictly between -1 and 1"},
      {matrix(2, 2, {1, nan, nan, 1}),
       "entry (1, 2) is nan; it must lie strictly between -1 and 1"},
      {matrix(2, 2, {1, 1, 1, 1}), "entry (1, 2) is 1; it must lie strictly between -1 and 1"},
      {matrix(2, 2, {1, -1, -1, 1}), "entry (1, 2) is -1; it must lie strictly between -1 and 1"},
      {matrix(3, 3, {1, 0.9, -0.9, 0.9, 1, 0.9, -0.9, 0.9, 1}), "smallest eigenvalue is -0.8"},
  };
  for (const auto& [correlation, wanted] : cases) {
    std::string complaint;
    EXPECT_FALSE(correlation_factor(correlation, complaint));
    EXPECT_THAT(complaint, HasSubstr(wanted));
  }
}

TEST(Correlation, SpearmansCorrelationOfNormals) {
  EXPECT_EQ(normal_correlation_of_spearman(0), 0);
  EXPECT_NEAR(normal_correlation_of_spearman(1), 1, 1e-15);
  EXPECT_NEAR(normal_correlation_of_spearman(-1), -1, 1e-15);
  // The normals of correlation r have rank correlation 6 asin(r / 2) / pi.
  for (double rho : {-0.9, -0.2, 0.35, 0.7}) {
    const double r = normal_correlation_of_spearman(rho);
    EXPECT_NEAR(6 * std::asin(r / 2) / std::acos(-1.0), rho, 1e-14);
  }
}

TEST(Correlation, RowMajorListsRowByRow) {
  EXPECT_THAT(row_major(matrix(2, 2, {1, 0, 0.5, 0.8})), ElementsAre(1, 0, 0.5, 0.8));
}

}  // namespace
}  // namespace overbuild
