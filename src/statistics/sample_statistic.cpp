#include "overbuild/statistics/sample_statistic.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "hwy/contrib/sort/vqsort.h"
#include "overbuild/statistics/estimates.hpp"

namespace overbuild {
namespace {

using Kind = StatisticExpression::Kind;

constexpr double none = std::numeric_limits<double>::quiet_NaN();

/// The values that are not NaN; adding zero makes -0 the same as 0.
std::vector<double> defined_values(std::span<const double> values) {
  std::vector<double> defined;
  defined.reserve(values.size());
  for (const double x : values)
    if (!std::isnan(x)) defined.push_back(x + 0.0);
  return defined;
}

double mean_of(std::span<const double> values) {
  double sum = 0;
  for (const double x : values) sum += x;
  return sum / static_cast<double>(values.size());
}

DistributionSummary moments_of(const std::vector<double>& values) {
  DistributionSummary summary;
  summary.count = values.size();
  if (values.empty()) return summary;
  const auto [smallest, largest] = std::ranges::minmax(values);
  summary.smallest = smallest;
  summary.largest = largest;
  const double mean = mean_of(values);
  std::array<double, 6> sums{};
  for (const double x : values) {
    double power = 1;
    for (double& sum : sums) sum += power *= x - mean;
  }
  summarise_moments(summary, mean, sums);
  return summary;
}

Estimate quantile_of(std::vector<double> values, double probability) {
  if (values.empty()) return {};
  hwy::Sorter()(values.data(), values.size(), hwy::SortAscending());
  const auto quantile = [&](double p) { return sorted_quantile(values, p); };
  return quantile_estimate(quantile, probability, values.size());
}

std::uint64_t count_where_holds(std::span<const double> values) {
  return static_cast<std::uint64_t>(std::ranges::count(values, 1.0));
}

Estimate estimate_of(const StatisticExpression& statistic, std::span<const double> values,
                     const std::vector<double>& defined) {
  switch (statistic.kind) {
    case Kind::probability:
      return probability_estimate(count_where_holds(values), values.size());
    case Kind::mean:
      return moments_of(defined).mean;
    case Kind::sd:
      return moments_of(defined).sd;
    case Kind::quantile:
      return quantile_of(defined, statistic.probability);
  }
  return {};
}

/// Influence of a value x on the statistic over the paths that have one.
struct InfluenceFunction {
  Kind kind;
  double mean, sd;
  double quantile, probability, density;

  double operator()(double x) const {
    switch (kind) {
      case Kind::probability:
      case Kind::mean:
        return x - mean;
      case Kind::sd:
        return sd > 0 ? ((x - mean) * (x - mean) - sd * sd) / (2 * sd) : 0;
      case Kind::quantile:
        return density > 0 ? (probability - (x <= quantile ? 1 : 0)) / density : 0;
    }
    return none;
  }
};

/// The density at a quantile is what its standard error implies, sqrt(p (1 - p) / n) / density.
InfluenceFunction influence_function(const StatisticExpression& statistic,
                                     const std::vector<double>& defined) {
  const Estimate estimate = estimate_of(statistic, defined, defined);
  InfluenceFunction f{statistic.kind, mean_of(defined),      0,
                      estimate.value, statistic.probability, 0};
  if (statistic.kind == Kind::sd) f.sd = estimate.value;
  if (statistic.kind == Kind::quantile && estimate.standard_error > 0) {
    const double p = statistic.probability;
    f.density =
        std::sqrt(p * (1 - p) / static_cast<double>(defined.size())) / estimate.standard_error;
  }
  return f;
}

}  // namespace

Estimate sample_statistic(const StatisticExpression& statistic, std::span<const double> values) {
  return estimate_of(statistic, values, defined_values(values));
}

std::vector<double> influence_values(const StatisticExpression& statistic,
                                     std::span<const double> values) {
  const std::vector<double> defined = defined_values(values);
  if (defined.empty()) return {};
  const InfluenceFunction f = influence_function(statistic, defined);
  const double share = static_cast<double>(defined.size()) / static_cast<double>(values.size());
  std::vector<double> influence;
  influence.reserve(values.size());
  for (const double x : values) influence.push_back(std::isnan(x) ? 0 : f(x) / share);
  return influence;
}

double standard_error_of(std::span<const double> influence) {
  if (influence.size() < 2) return none;
  const double mean = mean_of(influence), n = static_cast<double>(influence.size());
  double squares = 0;
  for (const double x : influence) squares += (x - mean) * (x - mean);
  return std::sqrt(squares / (n - 1) / n);
}

TargetDistance distance_from(const StatisticTarget& target, std::span<const double> values) {
  const std::vector<double> defined = defined_values(values);
  TargetDistance result;
  result.statistic = estimate_of(target.statistic, values, defined);
  if (target.statistic.kind == Kind::quantile) {
    const double p = target.statistic.probability, n = static_cast<double>(defined.size());
    const auto below = static_cast<double>(
        std::ranges::count_if(defined, [&](double x) { return x <= target.value; }));
    result.distance = p - below / n;  // NaN without any value
    result.standard_error = std::sqrt(p * (1 - p) / n);
    return result;
  }
  result.distance = result.statistic.value - target.value;
  result.standard_error = result.statistic.standard_error;
  if (target.statistic.kind == Kind::probability)
    result.standard_error =
        std::sqrt(target.value * (1 - target.value) / static_cast<double>(values.size()));
  return result;
}

}  // namespace overbuild
