#include "overbuild/statistics/accumulator.hpp"

#include <algorithm>
#include <cmath>

#include "overbuild/statistics/estimates.hpp"
#include "src/statistics/tile_sums.hpp"

namespace overbuild {

bool Accumulator::add_tile(const double* values, int count, BinBuffer& bins) {
  const TileSums sums = sum_tile(values, count, pivot_, bins.data());
  // An infinity or NaN among the values makes the sum of deviations infinite or NaN.
  if (!std::isfinite(sums.power[0])) return false;
  for (int k = 0; k < powers; ++k) power_[k].add(sums.power[k]);
  histogram_.add(bins.data(), count, bin_of(sums.smallest), bin_of(sums.largest));
  smallest_ = count_ == 0 ? sums.smallest : std::min(smallest_, sums.smallest);
  largest_ = count_ == 0 ? sums.largest : std::max(largest_, sums.largest);
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

DistributionSummary Accumulator::summary() const {
  DistributionSummary summary;
  summary.count = count_;
  if (count_ == 0) return summary;
  std::array<double, powers> sums;
  for (int k = 0; k < powers; ++k) sums[k] = power_[k].value();
  summarise_moments(summary, pivot_, sums);
  summary.smallest = smallest_;
  summary.largest = largest_;
  const QuantileTable table = histogram_.quantiles();
  const auto quantile = [&](double p) { return std::clamp(table(p), smallest_, largest_); };
  for (std::size_t i = 0; i < quantile_levels.size(); ++i)
    summary.quantiles[i] = quantile_estimate(quantile, quantile_levels[i], count_);
  return summary;
}

}  // namespace overbuild
