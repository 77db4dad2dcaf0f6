#include "overbuild/sampling/correlation.hpp"

#include <fmt/format.h>

#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>
#include <cmath>
#include <numbers>

namespace overbuild {
namespace {

// Rounded input may miss symmetry and the unit diagonal by this much.
constexpr double tolerance = 1e-12;
// Below this the factor's last rows are rounding errors.
constexpr double least_eigenvalue = 1e-10;

/// What is wrong with the entry in row i and column j, counted from 1 in the message; "" if
/// nothing.
std::string entry_complaint(const Eigen::MatrixXd& matrix, Eigen::Index i, Eigen::Index j) {
  const double value = matrix(i, j);
  if (i == j && !(std::abs(value - 1) <= tolerance))
    return fmt::format("the diagonal must be 1, but entry ({}, {}) is {}", i + 1, j + 1, value);
  if (i != j && !(std::abs(value) < 1))
    return fmt::format("entry ({}, {}) is {}; it must lie strictly between -1 and 1", i + 1, j + 1,
                       value);
  if (!(std::abs(value - matrix(j, i)) <= tolerance))
    return fmt::format("the matrix must be symmetric, but entry ({}, {}) is {} and ({}, {}) is {}",
                       i + 1, j + 1, value, j + 1, i + 1, matrix(j, i));
  return "";
}

std::string matrix_complaint(const Eigen::MatrixXd& matrix) {
  if (matrix.rows() != matrix.cols())
    return fmt::format("the matrix must be square, but has {} rows and {} columns", matrix.rows(),
                       matrix.cols());
  for (Eigen::Index i = 0; i < matrix.rows(); ++i)
    for (Eigen::Index j = 0; j < matrix.cols(); ++j)
      if (std::string wrong = entry_complaint(matrix, i, j); !wrong.empty()) return wrong;
  if (matrix.size() == 0) return "";
  const double smallest =
      Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(matrix, Eigen::EigenvaluesOnly)
          .eigenvalues()
          .minCoeff();
  if (smallest >= least_eigenvalue) return "";
  return fmt::format(
      "the matrix must be positive definite, but its smallest eigenvalue is {:.4g}: these "
      "correlations cannot hold together",
      smallest);
}

}  // namespace

std::optional<Eigen::MatrixXd> correlation_factor(const Eigen::MatrixXd& correlation,
                                                  std::string& complaint) {
  complaint = matrix_complaint(correlation);
  if (!complaint.empty()) return std::nullopt;
  return Eigen::MatrixXd(correlation.llt().matrixL());
}

double normal_correlation_of_spearman(double rho) {
  // In long double, whose functions give the same bits on every x86-64 processor.
  return static_cast<double>(2 * std::sin(std::numbers::pi_v<long double> * rho / 6));
}

std::vector<double> row_major(const Eigen::MatrixXd& matrix) {
  std::vector<double> values;
  values.reserve(static_cast<std::size_t>(matrix.size()));
  for (Eigen::Index i = 0; i < matrix.rows(); ++i)
    for (Eigen::Index j = 0; j < matrix.cols(); ++j) values.push_back(matrix(i, j));
  return values;
}

}  // namespace overbuild
