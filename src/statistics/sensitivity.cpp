#include "overbuild/statistics/sensitivity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include "overbuild/base/error.hpp"

namespace overbuild {
namespace {

double squared(double x) { return x * x; }

/// Values row by row, each the mean over its repeats.
class RowValues {
 public:
  RowValues(const SensitivityDesign& design, const SensitivityValues& given)
      : points_(design.points()), repeats_(given.repeats), given_(given.values) {
    const std::size_t size = points_ * repeats_;
    if (size == 0 || given_.empty() || given_.size() % size != 0)
      throw Error(ExitCode::internal,
                  fmt::format("{} values do not make rows of {}", given_.size(), size));
    rows_ = given_.size() / size;
    double sum = 0;
    for (const double value : given_) sum += value;
    centre_ = sum / static_cast<double>(given_.size());
  }

  std::size_t rows() const { return rows_; }
  std::size_t repeats() const { return repeats_; }

  double one(std::size_t row, std::size_t repeat, std::size_t point) const {
    return given_[(row * repeats_ + repeat) * points_ + point];
  }

  /// Less the mean of all values: the estimates do not depend on it, their rounding does.
  std::vector<double> centred(std::size_t row) const {
    std::vector<double> means(points_);
    for (std::size_t repeat = 0; repeat < repeats_; ++repeat)
      for (std::size_t point = 0; point < points_; ++point)
        means[point] += one(row, repeat, point) - centre_;
    for (double& mean : means) mean /= static_cast<double>(repeats_);
    return means;
  }
  double centre() const { return centre_; }

 private:
  std::size_t points_, repeats_, rows_ = 0;
  const std::vector<double>& given_;
  double centre_ = 0;
};

double row_mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

/// Mean, variance, that of the mean given the inputs, share of the noise.
void add_moments(double mean, double input_variance, double noise, std::vector<double>& to) {
  const double variance = input_variance + noise;
  for (const double x : {mean, variance, input_variance, noise / variance}) to.push_back(x);
}

/// Takes what add_moments() put first.
void take_moments(const std::vector<IntervalEstimate>& found, SensitivityEstimates& estimates) {
  estimates.mean = found[0];
  estimates.variance = found[1];
  estimates.input_variance = found[2];
  estimates.noise_share = found[3];
}

std::vector<IntervalEstimate> part(const std::vector<IntervalEstimate>& found, std::size_t first,
                                   std::size_t count) {
  const auto begin = found.begin() + static_cast<std::ptrdiff_t>(first);
  return {begin, begin + static_cast<std::ptrdiff_t>(count)};
}

/// Columns of a row: mean of all, A, A', B, A A', d^2; then of each input F - a, B (F - a) and
/// (a - T)^2/2 - 3/2 d^2, with a = (A + A')/2 and d = (A - A')/2.
RowTable sobol_table(const SensitivityDesign& design, const RowValues& values) {
  const std::size_t inputs = design.inputs();
  RowTable table{6 + 3 * inputs, {}};
  table.values.resize(table.columns * values.rows());
  for (std::size_t row = 0; row < values.rows(); ++row) {
    const std::vector<double> y = values.centred(row);
    const double middle = (y[0] + y[1]) / 2, spread = squared((y[0] - y[1]) / 2);
    double* to = table.values.data() + row * table.columns;
    for (const double x : {row_mean(y), y[0], y[1], y[2], y[0] * y[1], spread}) *to++ = x;
    for (std::size_t i = 0; i < inputs; ++i) {
      const double first = y[3 + i] - middle;
      const double rest = middle - y[3 + i + (design.correlated() ? inputs : 0)];
      for (const double x : {first, y[2] * first, squared(rest) / 2 - 1.5 * spread}) *to++ = x;
    }
  }
  return table;
}

std::vector<double> sobol_statistics(std::span<const double> m, double rows, std::size_t inputs,
                                     double centre, double repeats) {
  const double unbiased = rows / (rows - 1);
  const double variance = unbiased * (m[4] - m[1] * m[2]);
  std::vector<double> found;
  add_moments(centre + m[0], variance, 2 * repeats * m[5], found);
  double sum = 0;
  for (std::size_t i = 0; i < inputs; ++i) {
    const double* of = m.data() + 6 + 3 * i;
    found.push_back(unbiased * (of[1] - m[3] * of[0]) / variance);
    sum += found.back();
  }
  for (std::size_t i = 0; i < inputs; ++i) found.push_back(m[6 + 3 * i + 2] / variance);
  found.push_back(sum);
  return found;
}

SensitivityEstimates estimate_sobol(const SensitivityDesign& design, const RowValues& values,
                                    const BootstrapSettings& settings) {
  const std::size_t inputs = design.inputs();
  const auto statistic = [&](std::span<const double> means, double rows) {
    return sobol_statistics(means, rows, inputs, values.centre(),
                            static_cast<double>(values.repeats()));
  };
  const auto found = bootstrap(sobol_table(design, values), statistic, settings);
  SensitivityEstimates estimates;
  take_moments(found, estimates);
  estimates.indices.push_back({"total",
                               "variance that is left when all other inputs are known, as a share "
                               "of that of the mean given the inputs",
                               part(found, 4 + inputs, inputs)});
  estimates.indices.push_back({"first_order",
                               "variance of the mean given this input alone, as a share of that of "
                               "the mean given the inputs",
                               part(found, 4, inputs)});
  estimates.first_order_sum = found.back();
  return estimates;
}

/// What each input adds to half the mean square of the distance from B, as it is fixed later than
/// others: the mean is its Shapley effect.
class ShapleyRow {
 public:
  ShapleyRow(const SensitivityDesign& design, std::uint64_t first_row, std::size_t rows)
      : inputs_(design.inputs()), all_(design.orders() == InputOrders::all) {
    if (!all_) orders_ = design.input_orders(first_row, rows);
    if (all_) {
      // |S|! (d - |S| - 1)! / d!, the probability that the inputs S come first and input i next.
      double weight = 1 / static_cast<double>(inputs_);
      for (std::size_t size = 0; size < inputs_; ++size) {
        weights_.push_back(weight);
        if (size + 1 < inputs_)
          weight *= static_cast<double>(size + 1) / static_cast<double>(inputs_ - size - 1);
      }
    }
  }

  void add(std::size_t row, const std::vector<double>& y, double* to) const {
    const auto near = [&](std::size_t point) { return -squared(y[0] - y[1 + point]) / 2; };
    if (!all_) {
      for (std::size_t j = 0; j < inputs_; ++j)
        to[orders_[row * inputs_ + j]] += near(j + 1) - near(j);
      return;
    }
    for (std::size_t set = 0; set < std::size_t{1} << inputs_; ++set)
      for (std::size_t i = 0; i < inputs_; ++i)
        if (!(set >> i & 1))
          to[i] += weights_[static_cast<std::size_t>(std::popcount(set))] *
                   (near(set | std::size_t{1} << i) - near(set));
  }

 private:
  std::size_t inputs_;
  bool all_;
  std::vector<std::size_t> orders_;
  std::vector<double> weights_;  ///< by the number of inputs that are fixed
};

/// Columns of a row: mean of all, (B - B')^2/2, then what each input adds.
RowTable shapley_table(const SensitivityDesign& design, const RowValues& values,
                       std::uint64_t first_row) {
  const ShapleyRow parts(design, first_row, values.rows());
  RowTable table{2 + design.inputs(), {}};
  table.values.resize(table.columns * values.rows());
  for (std::size_t row = 0; row < values.rows(); ++row) {
    const std::vector<double> y = values.centred(row);
    double* to = table.values.data() + row * table.columns;
    to[0] = row_mean(y);
    to[1] = squared(y.front() - y.back()) / 2;
    parts.add(row, y, to + 2);
  }
  return table;
}

SensitivityEstimates estimate_shapley(const SensitivityDesign& design, const RowValues& values,
                                      std::uint64_t first_row, const BootstrapSettings& settings) {
  const auto statistic = [&](std::span<const double> means, double) {
    double variance = 0;
    for (const double effect : means.subspan(2)) variance += effect;
    std::vector<double> found;
    add_moments(values.centre() + means[0], variance,
                static_cast<double>(values.repeats()) * means[1], found);
    for (const double effect : means.subspan(2)) found.push_back(effect / variance);
    return found;
  };
  const auto found = bootstrap(shapley_table(design, values, first_row), statistic, settings);
  SensitivityEstimates estimates;
  take_moments(found, estimates);
  estimates.indices.push_back(
      {"shapley", "Shapley effect, as a share of the variance of the mean given the inputs",
       part(found, 4, design.inputs())});
  return estimates;
}

/// Columns of a row, of each input: size of the elementary effect, effect, its square, and the
/// square of the standard error that the repeats give it.
RowTable morris_table(const SensitivityDesign& design, const RowValues& values,
                      std::uint64_t first_row) {
  const std::size_t inputs = design.inputs(), repeats = values.repeats();
  const auto n = static_cast<double>(repeats);
  const auto orders = design.input_orders(first_row, values.rows());
  const auto directions = design.directions(first_row, values.rows());
  RowTable table{4 * inputs, {}};
  table.values.resize(table.columns * values.rows());
  for (std::size_t row = 0; row < values.rows(); ++row)
    for (std::size_t j = 0; j < inputs; ++j) {
      const std::size_t input = orders[row * inputs + j];
      const double step = morris_step * directions[row * inputs + input];
      const auto effect = [&](std::size_t repeat) {
        return (values.one(row, repeat, j + 1) - values.one(row, repeat, j)) / step;
      };
      double mean = 0, square = 0;
      for (std::size_t repeat = 0; repeat < repeats; ++repeat) mean += effect(repeat) / n;
      for (std::size_t repeat = 0; repeat < repeats; ++repeat)
        square += squared(effect(repeat) - mean);
      double* to = table.values.data() + row * table.columns + 4 * input;
      to[0] = std::abs(mean);
      to[1] = mean;
      to[2] = mean * mean;
      to[3] = square / (n * (n - 1));
    }
  return table;
}

SensitivityEstimates estimate_morris(const SensitivityDesign& design, const RowValues& values,
                                     std::uint64_t first_row, const BootstrapSettings& settings) {
  const std::size_t inputs = design.inputs();
  const bool repeated = values.repeats() > 1;
  const auto statistic = [&](std::span<const double> means, double rows) {
    std::vector<double> found(4 * inputs);
    for (std::size_t i = 0; i < inputs; ++i) {
      const double* of = means.data() + 4 * i;
      const double noise = repeated ? of[3] : 0;
      const double variance = rows / (rows - 1) * (of[2] - squared(of[1])) - noise;
      found[i] = of[0];
      found[inputs + i] = of[1];
      found[2 * inputs + i] = std::sqrt(std::max(variance, 0.0));
      found[3 * inputs + i] = std::sqrt(of[3]);  // NaN without repeats
    }
    return found;
  };
  const auto found = bootstrap(morris_table(design, values, first_row), statistic, settings);
  SensitivityEstimates estimates;
  const auto add = [&](std::string_view name, std::string_view meaning) {
    estimates.indices.push_back(
        {name, meaning, part(found, estimates.indices.size() * inputs, inputs)});
  };
  add("mu_star", "mean size of the elementary effect");
  add("mu", "mean elementary effect");
  add("sigma", repeated ? "standard deviation of the elementary effect, noise taken off"
                        : "standard deviation of the elementary effect, noise included");
  add("noise", "standard deviation of the elementary effect that is noise of the function");
  return estimates;
}

}  // namespace

SensitivityEstimates estimate_sensitivity(const SensitivityDesign& design,
                                          const SensitivityValues& values,
                                          const BootstrapSettings& bootstrap) {
  const RowValues rows(design, values);
  SensitivityEstimates estimates;
  switch (design.method()) {
    case SensitivityMethod::sobol:
      estimates = estimate_sobol(design, rows, bootstrap);
      break;
    case SensitivityMethod::shapley:
      estimates = estimate_shapley(design, rows, values.first_row, bootstrap);
      break;
    case SensitivityMethod::morris:
      estimates = estimate_morris(design, rows, values.first_row, bootstrap);
  }
  estimates.rows = rows.rows();
  return estimates;
}

std::vector<std::string> doubts(const SensitivityEstimates& estimates) {
  std::vector<std::string> found;
  const IntervalEstimate& variance = estimates.input_variance;
  if (std::isnan(variance.value)) return found;  // of Morris's method
  if (!(variance.value > 0))
    found.emplace_back("no variance was found that comes from the inputs");
  else if (!(variance.standard_error < 0.2 * variance.value))
    found.push_back(fmt::format(
        "the variance that comes from the inputs, of which all indices are shares, is known to "
        "{:.0f}%; more paths or repeats are needed",
        100 * variance.standard_error / variance.value));
  return found;
}

}  // namespace overbuild
