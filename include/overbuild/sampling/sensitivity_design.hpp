// Designs of global sensitivity analysis: at which values of its inputs a function is to be looked
// at (docs/sensitivity.md). They know of no model: the inputs are standard normals that a Gaussian
// copula correlates, from which a prior's value comes by x = F^-1(Phi(z)).
#pragma once

#include <Eigen/Core>
#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace overbuild {

/// sobol: first-order and total indices. shapley: Shapley effects. morris: elementary effects.
enum class SensitivityMethod { sobol, shapley, morris };

/// In the order of the enumerators.
inline constexpr std::array<std::string_view, 3> sensitivity_method_names = {"sobol", "shapley",
                                                                             "morris"};

constexpr std::string_view name_of(SensitivityMethod method) {
  return sensitivity_method_names[static_cast<std::size_t>(method)];
}

/// Which orders of the inputs make Shapley effects: a random one per row, or all of them in each.
enum class InputOrders { random, all };

/// Most inputs whose orders are all gone through: 2^8 + 1 points per row.
inline constexpr std::size_t most_inputs_of_all_orders = 8;

/// Levels of an input's quantile in Morris's design, (k + 1/2) / levels, and the step between the
/// two levels of an elementary effect: half of the range, so that each level is as likely as the
/// others and a level fixes the step's direction (Morris 1991, section 3).
inline constexpr int morris_levels = 8;
inline constexpr double morris_step = 0.5;

/// Rows of points. Each row comes from two independent draws A and B of all inputs, keyed by
/// (seed, row), and is independent of the other rows. z(S) is the point that has the inputs S of B
/// and the other ones of A, moved as their correlation with the inputs S asks for: given those of
/// B it is a draw from the conditional law, independent of the rest of B.
///
///   sobol    A, B, then for each input i z({i}), which has that input alone in common with B; with
///            correlated inputs then for each i the point that has all inputs but i of A and i
///            drawn from its conditional law. Without correlation it is z({i}), too.
///   shapley  B, then z(S) for S of the inputs first to jth in the row's random order, for j from 0
///            to all but one; or B and z(S) for all sets S but the whole, in the order of the
///            numbers that have bit i for input i.
///   morris   a path from a random level on that moves one input after the other, in random order.
///            Correlations are left out.
class SensitivityDesign {
 public:
  /// `correlation`: that of the normals, positive definite. Throws Error(internal) for all orders
  /// of more than most_inputs_of_all_orders inputs.
  SensitivityDesign(SensitivityMethod method, Eigen::MatrixXd correlation, std::uint64_t seed,
                    InputOrders orders = InputOrders::random);

  SensitivityMethod method() const { return method_; }
  InputOrders orders() const { return orders_; }
  std::size_t inputs() const { return inputs_; }
  bool correlated() const { return correlated_; }
  std::size_t points() const { return points_; }  ///< per row

  /// Normals of the rows first_row .. + rows - 1, [row][point][input].
  std::vector<double> normals(std::uint64_t first_row, std::size_t rows) const;

  /// Of Morris's and Shapley's random orders: the inputs in the order of their moves, [row][place].
  std::vector<std::size_t> input_orders(std::uint64_t first_row, std::size_t rows) const;

  /// Of Morris's design: the direction of each input's move, 1 or -1, [row][input].
  std::vector<int> directions(std::uint64_t first_row, std::size_t rows) const;

 private:
  void sobol_row(const double* a, const double* b, double* z) const;
  void chain_row(const double* a, const double* b, const std::size_t* order, double* z) const;
  void all_orders_row(const double* a, const double* b, double* z) const;
  void all_orders_gains();
  std::vector<double> morris_normals(std::uint64_t first_row, std::size_t rows) const;
  std::vector<int> start_levels(std::uint64_t first_row, std::size_t rows) const;

  SensitivityMethod method_;
  InputOrders orders_;
  std::uint64_t seed_;
  std::size_t inputs_, points_;
  bool correlated_;
  Eigen::MatrixXd correlation_, factor_, precision_;
  std::vector<Eigen::VectorXd> gains_;  ///< of all orders: by set, of adding its last input
};

}  // namespace overbuild
