#include "overbuild/statistics/accumulator.hpp"

#include <algorithm>
#include <cmath>

#include "overbuild/statistics/estimates.hpp"
#include "src/statistics/tile_sums.hpp"

namespace overbuild {

Accumulator::Accumulator(const AccumulatorState& state)
    : pivot_(state.pivot),
      count_(state.count),
      smallest_(state.smallest),
      largest_(state.largest),
      histogram_(state.bins) {
  for (int k = 0; k < powers; ++k) power_[k] = ExactSum(state.power[k]);
}

AccumulatorState Accumulator::state() const {
  AccumulatorState state{pivot_, count_, smallest_, largest_, {}, histogram_.counts()};
  for (int k = 0; k < powers; ++k) state.power[k] = power_[k].carried_limbs();
  return state;
}

bool Accumulator::add_tile(const double* values, int count, BinBuffer& bins) {
  const TileSums sums = sum_tile(values, count, pivot_, bins.data());
  // An infinity or NaN among the values makes the sum of deviations infinite or NaN. So do values
  // whose sum leaves the range of doubles.
  if (!std::isfinite(sums.power[0])) return false;
  for (int k = 0; k < powers; ++k) power_[k].add(sums.power[k]);
  histogram_.add(bins.data(), count,
                 {bin_of(sums.smallest), bin_of(sums.largest), bin_of(sums.largest_negative),
                  bin_of(sums.smallest_positive)});
  // Adding zero makes -0 the same as 0, so that the order of equal extremes does not matter.
  const double smallest = sums.smallest + 0.0, largest = sums.largest + 0.0;
  smallest_ = count_ == 0 ? smallest : std::min(smallest_, smallest);
  largest_ = count_ == 0 ? largest : std::max(largest_, largest);
  count_ += static_cast<std::uint64_t>(count);
  return true;
}

void Accumulator::merge(const Accumulator& other) {
  if (other.count_ == 0) return;
  smallest_ = count_ == 0 ? other.smallest_ : std::min(smallest_, other.smallest_);
  largest_ = count_ == 0 ? other.largest_ : std::max(largest_, other.largest_);
  count_ += other.count_;
  for (int k = 0; k < powers; ++k) power_[k].merge(other.power_[k]);
  histogram_.merge(other.histogram_);
}

Estimate Accumulator::quantile(double probability) const {
  if (count_ == 0) return {};
  const QuantileTable quantile(histogram_.filled_bins(), smallest_, largest_);
  return quantile_estimate(quantile, probability, count_);
}

DistributionSummary Accumulator::summary() const {
  DistributionSummary summary;
  summary.count = count_;
  if (count_ == 0) return summary;
  std::array<double, powers> sums;
  for (int k = 0; k < powers; ++k) sums[k] = power_[k].value();
  summary.smallest = smallest_;
  summary.largest = largest_;
  summarise_moments(summary, pivot_, sums);
  const QuantileTable quantile(histogram_.filled_bins(), smallest_, largest_);
  for (std::size_t i = 0; i < quantile_levels.size(); ++i)
    summary.quantiles[i] = quantile_estimate(quantile, quantile_levels[i], count_);
  return summary;
}

}  // namespace overbuild
