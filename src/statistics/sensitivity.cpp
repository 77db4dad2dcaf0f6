#include "overbuild/statistics/sensitivity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "overbuild/base/error.hpp"

namespace overbuild {
namespace {

double squared(double x) { return x * x; }

/// Values of the points of a design's rows.
class RowValues {
 public:
  RowValues(const SensitivityDesign& design, const SensitivityValues& given)
      : points_(design.points()), repeats_(given.repeats), given_(given.values) {
    const std::size_t size = points_ * repeats_;
    if (size == 0 || given_.empty() || given_.size() % size != 0)
      throw Error(ExitCode::internal,
                  fmt::format("{} values do not make rows of {}", given_.size(), size));
    rows_ = given_.size() / size;
  }

  std::size_t rows() const { return rows_; }
  std::size_t repeats() const { return repeats_; }

  double one(std::size_t row, std::size_t repeat, std::size_t point) const {
    return given_[(row * repeats_ + repeat) * points_ + point];
  }

  /// (E[Y|x] - E[Y|x'])^2 for two points x and x' of a row without bias: the mean over all pairs of
  /// different repeats k, l of (Y_k(x) - Y_k(x')) (Y_l(x) - Y_l(x')). The two differences have
  /// independent noise, whatever is common to x and x' in a repeat.
  double squared_distance(std::size_t row, std::size_t point, std::size_t other) const {
    const auto difference = [&](std::size_t repeat) {
      return one(row, repeat, point) - one(row, repeat, other);
    };
    if (repeats_ == 1) return squared(difference(0));
    double sum = 0, squares = 0;
    for (std::size_t repeat = 0; repeat < repeats_; ++repeat) {
      sum += difference(repeat);
      squares += squared(difference(repeat));
    }
    const auto n = static_cast<double>(repeats_);
    return (squared(sum) - squares) / (n * (n - 1));  // of conditions exactly, also 0
  }

  /// Mean over the points of a row.
  double mean(std::size_t row) const {
    const std::size_t size = points_ * repeats_;
    double sum = 0;
    for (std::size_t i = 0; i < size; ++i) sum += given_[row * size + i];
    return sum / static_cast<double>(size);
  }

  /// Variance between the repeats, mean over the points of a row.
  double noise(std::size_t row) const {
    double sum = 0;
    for (std::size_t point = 0; point < points_ && repeats_ > 1; ++point)
      sum += spread_of([&](std::size_t repeat) { return one(row, repeat, point); }).variance;
    return sum / static_cast<double>(points_);
  }

  struct Spread {
    double mean = 0, variance = 0;
  };
  /// Over the repeats; the variance with n - 1.
  template <class Value>
  Spread spread_of(Value value) const {
    const auto n = static_cast<double>(repeats_);
    Spread spread;
    for (std::size_t repeat = 0; repeat < repeats_; ++repeat) spread.mean += value(repeat) / n;
    for (std::size_t repeat = 0; repeat < repeats_; ++repeat)
      spread.variance += squared(value(repeat) - spread.mean) / (n - 1);
    return spread;
  }

 private:
  std::size_t points_, repeats_, rows_ = 0;
  const std::vector<double>& given_;
};

/// Mean, variance, that of the mean given the inputs, share of the noise.
void add_moments(double mean, double input_variance, double noise, std::vector<double>& to) {
  const double variance = input_variance + noise;
  for (const double x : {mean, variance, input_variance, noise / variance}) to.push_back(x);
}

/// A share of the variance that comes from the inputs; NaN where none was found.
double share_of(double part, double variance) {
  return variance > 0 ? part / variance : std::numeric_limits<double>::quiet_NaN();
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

/// Columns of a row: mean, noise, half the squared distance of A and B; then of each input that of
/// B from A less that from F, and that of A from T.
RowTable sobol_table(const SensitivityDesign& design, const RowValues& values) {
  const std::size_t inputs = design.inputs();
  RowTable table{3 + 2 * inputs, {}};
  table.values.resize(table.columns * values.rows());
  for (std::size_t row = 0; row < values.rows(); ++row) {
    const auto half = [&](std::size_t point, std::size_t other) {
      return values.squared_distance(row, point, other) / 2;
    };
    double* to = table.values.data() + row * table.columns;
    to[0] = values.mean(row);
    to[1] = values.noise(row);
    to[2] = half(0, 1);
    for (std::size_t i = 0; i < inputs; ++i) {
      to[3 + i] = to[2] - half(1, 2 + i);
      to[3 + inputs + i] = half(0, 2 + i + (design.correlated() ? inputs : 0));
    }
  }
  return table;
}

SensitivityEstimates estimate_sobol(const SensitivityDesign& design, const RowValues& values,
                                    const BootstrapSettings& settings) {
  const std::size_t inputs = design.inputs();
  const auto statistic = [&](std::span<const double> means, double) {
    std::vector<double> found;
    add_moments(means[0], means[2], means[1], found);
    for (const double part : means.subspan(3)) found.push_back(share_of(part, means[2]));
    double sum = 0;
    for (const double part : means.subspan(3, inputs)) sum += share_of(part, means[2]);
    found.push_back(sum);
    return found;
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

/// By how much the half squared distance from B falls when an input is fixed after others; the mean
/// over all orders is its Shapley effect.
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

  /// `distance(j)`: half the squared distance of B and the row's point number 1 + j.
  template <class Distance>
  void add(std::size_t row, const Distance& distance, double* to) const {
    const std::size_t count = all_ ? std::size_t{1} << inputs_ : inputs_ + 1;
    std::vector<double> left;
    for (std::size_t j = 0; j + 1 < count; ++j) left.push_back(distance(j));
    left.push_back(0);  // all inputs are fixed: B itself
    if (!all_) {
      for (std::size_t j = 0; j < inputs_; ++j)
        to[orders_[row * inputs_ + j]] += left[j] - left[j + 1];
      return;
    }
    for (std::size_t set = 0; set < count; ++set)
      for (std::size_t i = 0; i < inputs_; ++i)
        if (!(set >> i & 1))
          to[i] += weights_[static_cast<std::size_t>(std::popcount(set))] *
                   (left[set] - left[set | std::size_t{1} << i]);
  }

 private:
  std::size_t inputs_;
  bool all_;
  std::vector<std::size_t> orders_;
  std::vector<double> weights_;  ///< by the number of inputs that are fixed
};

/// Columns of a row: mean, noise, then what each input adds.
RowTable shapley_table(const SensitivityDesign& design, const RowValues& values,
                       std::uint64_t first_row) {
  const ShapleyRow parts(design, first_row, values.rows());
  RowTable table{2 + design.inputs(), {}};
  table.values.resize(table.columns * values.rows());
  for (std::size_t row = 0; row < values.rows(); ++row) {
    double* to = table.values.data() + row * table.columns;
    to[0] = values.mean(row);
    to[1] = values.noise(row);
    parts.add(
        row, [&](std::size_t j) { return values.squared_distance(row, 0, 1 + j) / 2; }, to + 2);
  }
  return table;
}

SensitivityEstimates estimate_shapley(const SensitivityDesign& design, const RowValues& values,
                                      std::uint64_t first_row, const BootstrapSettings& settings) {
  const auto statistic = [&](std::span<const double> means, double) {
    double variance = 0;
    for (const double effect : means.subspan(2)) variance += effect;
    std::vector<double> found;
    add_moments(means[0], variance, means[1], found);
    for (const double effect : means.subspan(2)) found.push_back(share_of(effect, variance));
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
  const std::size_t inputs = design.inputs();
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
      const RowValues::Spread spread = values.spread_of(effect);
      double* to = table.values.data() + row * table.columns + 4 * input;
      to[0] = std::abs(spread.mean);
      to[1] = spread.mean;
      to[2] = squared(spread.mean);
      to[3] = spread.variance / static_cast<double>(values.repeats());
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
  if (std::isnan(variance.value)) {  // of Morris's method
    const auto is_zero = [](const IntervalEstimate& effect) { return effect.value == 0; };
    if (std::ranges::all_of(estimates.main().by_input, is_zero))
      found.emplace_back("no path changed with any input; more rows or repeats may show effects");
    return found;
  }
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
