// Correlation matrices: checks, Cholesky factors and the Gaussian copula.
#pragma once

#include <Eigen/Core>
#include <optional>
#include <string>
#include <vector>

namespace overbuild {

/// Lower Cholesky factor L of a correlation matrix (L L' = R). On failure returns nothing and says
/// in `complaint` what is wrong: not square, diagonal not one, not symmetric, another entry not
/// within (-1, 1), or not positive definite (with the smallest eigenvalue).
std::optional<Eigen::MatrixXd> correlation_factor(const Eigen::MatrixXd& correlation,
                                                  std::string& complaint);

/// Correlation of the normals whose Gaussian copula has Spearman rank correlation `rho`:
/// 2 sin(pi rho / 6). Source: Kruskal (1958), Ordinal measures of association, JASA 53.
double normal_correlation_of_spearman(double rho);

/// All entries row by row as plain numbers, for the step loop.
std::vector<double> row_major(const Eigen::MatrixXd& matrix);

}  // namespace overbuild
