#include "overbuild/statistics/replicates.hpp"

#include <cmath>

#include "overbuild/base/error.hpp"

namespace overbuild {
namespace {

template <class Distribution, class Visit>
void visit_distribution(Distribution& distribution, const Visit& visit) {
  visit(distribution.mean);
  visit(distribution.sd);
  visit(distribution.skew);
  for (auto& quantile : distribution.quantiles) visit(quantile);
}

/// Calls visit(estimate) for all estimates of a summary, constant or not, in a fixed order.
template <class Summary, class Visit>
void visit_estimates(Summary& summary, const Visit& visit) {
  for (auto& by_step : summary.series)
    for (auto& distribution : by_step) visit_distribution(distribution, visit);
  for (auto& by_step : summary.events)
    for (auto& probability : by_step) visit(probability);
  for (auto& outcome : summary.outcomes) {
    visit(outcome.defined);
    visit_distribution(outcome.distribution, visit);
  }
}

}  // namespace

std::size_t count_estimates(const RunSummary& summary) {
  std::size_t count = 0;
  visit_estimates(summary, [&](const Estimate&) { ++count; });
  return count;
}

void Replicates::add(const RunSummary& replicate) {
  visit_estimates(replicate, [&](const Estimate& of) { values_.push_back(of.value); });
  ++count_;
}

void Replicates::append(const Replicates& next) {
  values_.insert(values_.end(), next.values_.begin(), next.values_.end());
  count_ += next.count_;
}

double standard_error_between(std::span<const double> values, std::size_t count, std::size_t stride,
                              std::size_t first) {
  if (count < 2) return Estimate().standard_error;
  const auto n = static_cast<double>(count);
  // About the first value, so that replicates that agree have no spread at all.
  double sum = 0, squares = 0;
  for (std::size_t r = 0; r < count; ++r) sum += values[first + r * stride] - values[first];
  const double mean = sum / n;
  for (std::size_t r = 0; r < count; ++r) {
    const double deviation = values[first + r * stride] - values[first] - mean;
    squares += deviation * deviation;
  }
  return std::sqrt(squares / (n - 1) / n);
}

void Replicates::set_standard_errors(RunSummary& summary) const {
  const std::size_t estimates = count_estimates(summary);
  if (values_.size() != count_ * estimates)
    throw Error(ExitCode::internal, "the replicates are not those of the summary");
  std::size_t i = 0;
  visit_estimates(summary, [&](Estimate& of) {
    of.standard_error = standard_error_between(values_, count_, estimates, i++);
  });
}

}  // namespace overbuild
