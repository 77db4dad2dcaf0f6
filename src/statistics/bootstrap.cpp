#include "overbuild/statistics/bootstrap.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "overbuild/sampling/philox.hpp"

namespace overbuild {
namespace {

constexpr std::uint32_t tag = 0x626F6F74u;  // in a counter's word that is a step of a run's paths

/// Sums of the columns over the rows of each group.
class Groups {
 public:
  explicit Groups(const RowTable& table)
      : columns_(table.columns), count_(std::min(table.rows(), most_bootstrap_groups)) {
    sums_.resize(count_ * columns_);
    for (std::size_t group = 0; group < count_; ++group) {
      const std::size_t begin = group * table.rows() / count_;
      const std::size_t end = (group + 1) * table.rows() / count_;
      rows_.push_back(static_cast<double>(end - begin));
      for (std::size_t i = begin * columns_; i < end * columns_; ++i)
        sums_[group * columns_ + i % columns_] += table.values[i];
    }
  }

  std::size_t count() const { return count_; }

  /// The statistics of the groups that `next` names, one call after the other.
  template <class Next>
  std::vector<double> statistics(const MeansStatistic& statistic, Next next) const {
    std::vector<double> means(columns_);
    double rows = 0;
    for (std::size_t draw = 0; draw < count_; ++draw) {
      const std::size_t group = next(draw);
      rows += rows_[group];
      for (std::size_t c = 0; c < columns_; ++c) means[c] += sums_[group * columns_ + c];
    }
    for (double& mean : means) mean /= rows;
    return statistic(means, rows);
  }

 private:
  std::size_t columns_, count_;
  std::vector<double> sums_, rows_;
};

std::vector<double> resample(const Groups& groups, const MeansStatistic& statistic,
                             std::uint64_t seed, int number) {
  std::array<std::uint32_t, 4> words{};
  return groups.statistics(statistic, [&](std::size_t draw) {
    if (draw % 4 == 0)
      words = philox4x32(
          {static_cast<std::uint32_t>(number), tag, tag, static_cast<std::uint32_t>(draw / 4)},
          seed);
    return static_cast<std::size_t>(std::uint64_t{words[draw % 4]} * groups.count() >> 32);
  });
}

/// Of sorted values, linear between their middles (Hazen's rule).
double quantile(const std::vector<double>& sorted, double share) {
  const double last = static_cast<double>(sorted.size() - 1);
  const double place = std::clamp(share * static_cast<double>(sorted.size()) - 0.5, 0.0, last);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (place - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

void add_spread(std::vector<double> values, IntervalEstimate& estimate) {
  std::erase_if(values, [](double x) { return !std::isfinite(x); });
  if (values.size() < 2 || !std::isfinite(estimate.value)) return;
  const auto n = static_cast<double>(values.size());
  double mean = 0, square = 0;
  for (const double x : values) mean += x / n;
  for (const double x : values) square += (x - mean) * (x - mean);
  estimate.standard_error = std::sqrt(square / (n - 1));
  std::ranges::sort(values);
  // What all resamples share but for rounding does not vary.
  constexpr double rounding = 1e-12;
  const double size = std::max(std::abs(values.front()), std::abs(values.back()));
  if (values.back() - values.front() <= rounding * size) {
    estimate.standard_error = 0;
    estimate.lower = estimate.upper = estimate.value;
    return;
  }
  estimate.lower = quantile(values, 0.025);
  estimate.upper = quantile(values, 0.975);
}

}  // namespace

std::vector<IntervalEstimate> bootstrap(const RowTable& table, const MeansStatistic& statistic,
                                        const BootstrapSettings& settings) {
  const Groups groups(table);
  if (groups.count() == 0) return {};
  const std::vector<double> found =
      groups.statistics(statistic, [](std::size_t draw) { return draw; });
  std::vector<IntervalEstimate> estimates(found.size());
  for (std::size_t i = 0; i < found.size(); ++i) estimates[i].value = found[i];
  if (groups.count() < 2) return estimates;
  std::vector<std::vector<double>> resampled(found.size());
  for (int number = 0; number < settings.resamples; ++number) {
    const std::vector<double> again = resample(groups, statistic, settings.seed, number);
    for (std::size_t i = 0; i < again.size(); ++i) resampled[i].push_back(again[i]);
  }
  for (std::size_t i = 0; i < found.size(); ++i) add_spread(std::move(resampled[i]), estimates[i]);
  return estimates;
}

}  // namespace overbuild
