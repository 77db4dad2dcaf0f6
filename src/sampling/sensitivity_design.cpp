#include "overbuild/sampling/sensitivity_design.hpp"

#include <fmt/format.h>

#include <Eigen/Cholesky>
#include <Eigen/LU>
#include <algorithm>
#include <bit>
#include <boost/math/distributions/normal.hpp>
#include <numeric>

#include "hwy/aligned_allocator.h"
#include "overbuild/base/error.hpp"
#include "overbuild/sampling/correlation.hpp"
#include "overbuild/sampling/independent_draws.hpp"

namespace overbuild {
namespace {

/// Random numbers of consecutive rows, [input][row].
class RowDraws {
 public:
  RowDraws(void (*draw)(const DrawKey&, int, int, double*), std::uint64_t seed,
           std::uint64_t first_row, std::size_t rows, std::size_t numbers)
      : lanes_((rows + 7) / 8 * 8), values_(hwy::AllocateAligned<double>(lanes_ * numbers)) {
    draw({seed, first_row, 0}, static_cast<int>(lanes_), static_cast<int>(numbers), values_.get());
  }

  double operator()(std::size_t number, std::size_t row) const {
    return values_[number * lanes_ + row];
  }

 private:
  std::size_t lanes_;
  hwy::AlignedFreeUniquePtr<double[]> values_;
};

std::size_t point_count(SensitivityMethod method, InputOrders orders, std::size_t inputs,
                        bool correlated) {
  switch (method) {
    case SensitivityMethod::sobol:
      return 2 + (correlated ? 2 : 1) * inputs;
    case SensitivityMethod::shapley:
      return orders == InputOrders::all ? std::size_t{1} << inputs : inputs + 1;
    default:
      return inputs + 1;
  }
}

/// The covariance of the other inputs' residuals after `input` was fixed.
void condition(Eigen::MatrixXd& covariance, Eigen::Index input) {
  const Eigen::VectorXd column = covariance.col(input);
  covariance -= column * column.transpose() / column(input);
}

/// Normals of the levels, by number.
const std::array<double, morris_levels>& level_normals() {
  static const std::array<double, morris_levels> normals = [] {
    // In long double, whose functions in the C library have one code path on all processors.
    const boost::math::normal_distribution<long double> normal;
    std::array<double, morris_levels> found{};
    for (int level = 0; level < morris_levels; ++level)
      found[static_cast<std::size_t>(level)] =
          static_cast<double>(quantile(normal, (level + 0.5L) / morris_levels));
    return found;
  }();
  return normals;
}

}  // namespace

SensitivityDesign::SensitivityDesign(SensitivityMethod method, Eigen::MatrixXd correlation,
                                     std::uint64_t seed, InputOrders orders)
    : method_(method),
      orders_(orders),
      seed_(seed),
      inputs_(static_cast<std::size_t>(correlation.rows())),
      correlated_(!correlation.isIdentity(0)),
      correlation_(std::move(correlation)) {
  const bool all = method == SensitivityMethod::shapley && orders == InputOrders::all;
  if (all && inputs_ > most_inputs_of_all_orders)
    throw Error(ExitCode::internal, fmt::format("all orders of {} inputs", inputs_));
  points_ = point_count(method, orders, inputs_, correlated_);
  std::string complaint;
  const auto factor = correlation_factor(correlation_, complaint);
  if (!factor) throw Error(ExitCode::config, "prior_correlation: " + complaint);
  factor_ = *factor;
  precision_ = correlation_.inverse();
  if (all) all_orders_gains();
}

std::vector<double> SensitivityDesign::normals(std::uint64_t first_row, std::size_t rows) const {
  if (method_ == SensitivityMethod::morris) return morris_normals(first_row, rows);
  const RowDraws draws(independent_normals, seed_, first_row, rows, 2 * inputs_);
  const bool chain = method_ == SensitivityMethod::shapley && orders_ == InputOrders::random;
  const auto orders = chain ? input_orders(first_row, rows) : std::vector<std::size_t>();
  std::vector<double> z(rows * points_ * inputs_);
  Eigen::VectorXd a(correlation_.rows()), b(correlation_.rows());
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t i = 0; i < inputs_; ++i) {
      a(static_cast<Eigen::Index>(i)) = draws(i, row);
      b(static_cast<Eigen::Index>(i)) = draws(inputs_ + i, row);
    }
    if (correlated_) {
      a = (factor_ * a).eval();
      b = (factor_ * b).eval();
    }
    double* to = z.data() + row * points_ * inputs_;
    if (chain)
      chain_row(a.data(), b.data(), orders.data() + row * inputs_, to);
    else if (method_ == SensitivityMethod::shapley)
      all_orders_row(a.data(), b.data(), to);
    else
      sobol_row(a.data(), b.data(), to);
  }
  return z;
}

void SensitivityDesign::sobol_row(const double* a, const double* b, double* z) const {
  const auto d = static_cast<Eigen::Index>(inputs_);
  const Eigen::Map<const Eigen::VectorXd> all_a(a, d), all_b(b, d);
  Eigen::Map<Eigen::MatrixXd> points(z, d, static_cast<Eigen::Index>(points_));
  points.col(0) = all_a;
  points.col(1) = all_b;
  for (Eigen::Index i = 0; i < d; ++i) {
    points.col(2 + i) = all_a;
    if (correlated_) points.col(2 + i) += correlation_.col(i) * (b[i] - a[i]);
    points(i, 2 + i) = b[i];
  }
  if (!correlated_) return;
  // Given the others, input i has mean -sum_j P_ij z_j / P_ii with the inverse P of the
  // correlation; b less its own such mean is what is random about it.
  const Eigen::VectorXd distance = all_a - all_b;
  for (Eigen::Index i = 0; i < d; ++i) {
    points.col(2 + d + i) = all_a;
    const double others = precision_.row(i).dot(distance) - precision_(i, i) * distance[i];
    points(i, 2 + d + i) = b[i] - others / precision_(i, i);
  }
}

/// Fixes one input after the other (kriging by steps: each moves the others by their covariance
/// given the inputs that are fixed already).
void SensitivityDesign::chain_row(const double* a, const double* b, const std::size_t* order,
                                  double* z) const {
  const auto d = static_cast<Eigen::Index>(inputs_);
  Eigen::Map<Eigen::MatrixXd> points(z, d, static_cast<Eigen::Index>(points_));
  points.col(0) = Eigen::Map<const Eigen::VectorXd>(b, d);
  points.col(1) = Eigen::Map<const Eigen::VectorXd>(a, d);
  Eigen::MatrixXd covariance;
  if (correlated_) covariance = correlation_;
  for (Eigen::Index j = 0; j + 1 < d; ++j) {
    const auto input = static_cast<Eigen::Index>(order[j]);
    points.col(2 + j) = points.col(1 + j);
    if (correlated_) {
      points.col(2 + j) +=
          covariance.col(input) / covariance(input, input) * (b[input] - points(input, 1 + j));
      condition(covariance, input);
    }
    // Those that are fixed stay to the bit what they are in B.
    for (Eigen::Index k = 0; k <= j; ++k)
      points(static_cast<Eigen::Index>(order[k]), 2 + j) = b[order[k]];
  }
}

void SensitivityDesign::all_orders_gains() {
  const std::size_t sets = std::size_t{1} << inputs_;
  std::vector<Eigen::MatrixXd> covariance(sets, correlation_);
  gains_.resize(sets);
  for (std::size_t set = 1; set < sets; ++set) {
    const std::size_t last = std::bit_floor(set);
    const auto input = static_cast<Eigen::Index>(std::countr_zero(last));
    covariance[set] = covariance[set ^ last];
    gains_[set] = covariance[set].col(input) / covariance[set](input, input);
    condition(covariance[set], input);
  }
}

void SensitivityDesign::all_orders_row(const double* a, const double* b, double* z) const {
  const auto d = static_cast<Eigen::Index>(inputs_);
  Eigen::Map<Eigen::MatrixXd> points(z, d, static_cast<Eigen::Index>(points_));
  points.col(0) = Eigen::Map<const Eigen::VectorXd>(b, d);
  points.col(1) = Eigen::Map<const Eigen::VectorXd>(a, d);
  for (std::size_t set = 1; set + 1 < gains_.size(); ++set) {
    const std::size_t last = std::bit_floor(set);
    const auto input = static_cast<Eigen::Index>(std::countr_zero(last));
    auto point = points.col(static_cast<Eigen::Index>(1 + set));
    point = points.col(static_cast<Eigen::Index>(1 + (set ^ last)));
    point += gains_[set] * (b[input] - point[input]);
    for (std::size_t i = 0; i < inputs_; ++i)
      if (set >> i & 1) point[static_cast<Eigen::Index>(i)] = b[i];
  }
}

std::vector<std::size_t> SensitivityDesign::input_orders(std::uint64_t first_row,
                                                         std::size_t rows) const {
  const RowDraws draws(independent_uniforms, seed_, first_row, rows, inputs_);
  std::vector<std::size_t> orders(rows * inputs_);
  for (std::size_t row = 0; row < rows; ++row) {
    const auto begin = orders.begin() + static_cast<std::ptrdiff_t>(row * inputs_);
    const auto end = begin + static_cast<std::ptrdiff_t>(inputs_);
    std::iota(begin, end, std::size_t{0});
    std::stable_sort(begin, end,
                     [&](std::size_t i, std::size_t j) { return draws(i, row) < draws(j, row); });
  }
  return orders;
}

std::vector<int> SensitivityDesign::start_levels(std::uint64_t first_row, std::size_t rows) const {
  const RowDraws draws(independent_uniforms, seed_, first_row, rows, 2 * inputs_);
  std::vector<int> levels(rows * inputs_);
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t i = 0; i < inputs_; ++i)
      levels[row * inputs_ + i] = static_cast<int>(draws(inputs_ + i, row) * morris_levels);
  return levels;
}

std::vector<int> SensitivityDesign::directions(std::uint64_t first_row, std::size_t rows) const {
  std::vector<int> found = start_levels(first_row, rows);
  for (int& level : found) level = level < morris_levels / 2 ? 1 : -1;
  return found;
}

std::vector<double> SensitivityDesign::morris_normals(std::uint64_t first_row,
                                                      std::size_t rows) const {
  const std::vector<std::size_t> orders = input_orders(first_row, rows);
  const std::vector<int> levels = start_levels(first_row, rows);
  const auto normal = [](int level) { return level_normals()[static_cast<std::size_t>(level)]; };
  std::vector<double> z(rows * points_ * inputs_);
  for (std::size_t row = 0; row < rows; ++row) {
    double* point = z.data() + row * points_ * inputs_;
    const int* level = levels.data() + row * inputs_;
    for (std::size_t i = 0; i < inputs_; ++i) point[i] = normal(level[i]);
    for (std::size_t j = 0; j < inputs_; ++j, point += inputs_) {
      std::copy_n(point, inputs_, point + inputs_);
      const std::size_t moved = orders[row * inputs_ + j];
      point[inputs_ + moved] = normal((level[moved] + morris_levels / 2) % morris_levels);
    }
  }
  return z;
}

}  // namespace overbuild
