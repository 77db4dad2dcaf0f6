#include "overbuild/statistics/run_statistics.hpp"

#include <fmt/format.h>

#include <bit>
#include <cmath>

#include "overbuild/base/error.hpp"
#include "overbuild/statistics/estimates.hpp"

namespace overbuild {
namespace {

[[noreturn]] void throw_not_finite(std::string_view what, const double* values, int count,
                                   std::uint64_t first_path, const std::string& when) {
  int lane = 0;
  while (lane < count && std::isfinite(values[lane])) ++lane;
  if (lane == count)
    throw Error(
        ExitCode::numeric,
        fmt::format("the sum of {} over the paths {} to {}{} leaves the range of numbers; look "
                    "for a parameter that lets it grow without bound",
                    what, first_path, first_path + std::uint64_t(count) - 1, when));
  throw Error(ExitCode::numeric,
              fmt::format("path {}{}: {} is {}, which is not a finite number; look for a parameter "
                          "that lets it grow without bound",
                          first_path + static_cast<std::uint64_t>(lane), when, what, values[lane]));
}

/// Paths on which an event is true, from one bit per lane.
std::uint64_t count_lanes(const std::uint8_t* bits, int count) {
  unsigned true_lanes = 0;
  for (int byte = 0; byte < count / 8; ++byte)
    true_lanes += static_cast<unsigned>(std::popcount(bits[byte]));
  if (count % 8 > 0) {
    const unsigned mask = (1u << (count % 8)) - 1;
    true_lanes += static_cast<unsigned>(std::popcount(bits[count / 8] & mask));
  }
  return true_lanes;
}

}  // namespace

double pivot_of(const double* values, int count) {
  double sum = 0;
  int finite = 0;
  for (int i = 0; i < count; ++i) {
    if (!std::isfinite(values[i])) continue;
    sum += values[i];
    ++finite;
  }
  const double mean = finite > 0 ? sum / finite : 0;
  return std::isfinite(mean) ? mean : 0;
}

RunStatistics::RunStatistics(const ModelSchema& schema, int steps, const Pivots& pivots)
    : schema_(&schema), steps_(steps), events_(schema.events.size() * std::size_t(steps + 1)) {
  for (const double pivot : pivots.series) series_.emplace_back(pivot);
  for (const double pivot : pivots.outcomes) outcomes_.emplace_back(pivot);
}

RunStatistics::RunStatistics(const ModelSchema& schema, int steps, const RunStatisticsState& state)
    : schema_(&schema), steps_(steps), paths_(state.paths), events_(state.events) {
  const auto times = static_cast<std::size_t>(steps + 1);
  if (state.series.size() != schema.series.size() * times ||
      state.events.size() != schema.events.size() * times ||
      state.outcomes.size() != schema.outcomes.size())
    throw Error(ExitCode::internal, "the statistics are not those of the model");
  for (const AccumulatorState& series : state.series) series_.emplace_back(series);
  for (const AccumulatorState& outcome : state.outcomes) outcomes_.emplace_back(outcome);
}

Estimate RunStatistics::estimate(const PrecisionTarget& target, double dt) const {
  using Group = PrecisionTarget::Group;
  using Statistic = PrecisionTarget::Statistic;
  const auto times = static_cast<std::size_t>(steps_ + 1);
  const std::size_t at =
      target.quantity * times + static_cast<std::size_t>(std::lround(target.time / dt));
  if (target.group == Group::events) return probability_estimate(events_[at], paths_);
  const Accumulator& values =
      target.group == Group::series ? series_[at] : outcomes_[target.quantity];
  switch (target.statistic) {
    case Statistic::mean:
      return values.summary().mean;
    case Statistic::sd:
      return values.summary().sd;
    case Statistic::skew:
      return values.summary().skew;
    case Statistic::quantile:
      return values.quantile(target.probability);
    case Statistic::probability:
      return probability_estimate(values.count(), paths_);
  }
  throw Error(ExitCode::internal, "unknown statistic");
}

RunStatisticsState RunStatistics::state() const {
  RunStatisticsState state{paths_, {}, events_, {}};
  for (const Accumulator& series : series_) state.series.push_back(series.state());
  for (const Accumulator& outcome : outcomes_) state.outcomes.push_back(outcome.state());
  return state;
}

void RunStatistics::add_steps(const TileOutput& output, int steps, int count,
                              std::uint64_t first_path) {
  const auto lanes = static_cast<std::size_t>(output.lanes);
  for (std::size_t s = 0; s < schema_->series.size(); ++s) {
    for (int k = 0; k < steps; ++k) {
      const double* values =
          output.series + (s * static_cast<std::size_t>(output.steps) + std::size_t(k)) * lanes;
      const int step = output.first_step + k;
      if (!series_at(s, step).add_tile(values, count, bins_))
        throw_not_finite(schema_->series[s].name, values, count, first_path,
                         fmt::format(", step {}", step));
    }
  }
  for (std::size_t e = 0; e < schema_->events.size(); ++e) {
    for (int k = 0; k < steps; ++k) {
      const std::size_t row = e * static_cast<std::size_t>(output.steps) + std::size_t(k);
      events_[e * std::size_t(steps_ + 1) + std::size_t(output.first_step + k)] +=
          count_lanes(output.events + row * lanes / 8, count);
    }
  }
}

void RunStatistics::add_outcomes(const double* outcomes, int lanes, int count,
                                 std::uint64_t first_path) {
  alignas(64) double defined[std::tuple_size_v<BinBuffer>];
  for (std::size_t o = 0; o < outcomes_.size(); ++o) {
    const double* values = outcomes + o * static_cast<std::size_t>(lanes);
    int n = 0;
    for (int lane = 0; lane < count; ++lane)
      if (!std::isnan(values[lane])) defined[n++] = values[lane];
    for (int i = n; i % 8 != 0; ++i) defined[i] = 0;  // readable up to the next multiple of 8
    if (n > 0 && !outcomes_[o].add_tile(defined, n, bins_))
      throw_not_finite(schema_->outcomes[o].name, defined, n, first_path, " or a later one");
  }
  paths_ += static_cast<std::uint64_t>(count);
}

void RunStatistics::merge(const RunStatistics& other) {
  paths_ += other.paths_;
  for (std::size_t i = 0; i < series_.size(); ++i) series_[i].merge(other.series_[i]);
  for (std::size_t i = 0; i < events_.size(); ++i) events_[i] += other.events_[i];
  for (std::size_t i = 0; i < outcomes_.size(); ++i) outcomes_[i].merge(other.outcomes_[i]);
}

RunSummary RunStatistics::summary(double dt) const {
  RunSummary summary;
  summary.paths = paths_;
  const auto times = static_cast<std::size_t>(steps_ + 1);
  for (std::size_t t = 0; t < times; ++t) summary.time.push_back(static_cast<double>(t) * dt);
  for (std::size_t s = 0; s < schema_->series.size(); ++s) {
    auto& by_step = summary.series.emplace_back();
    for (std::size_t t = 0; t < times; ++t) by_step.push_back(series_[s * times + t].summary());
  }
  for (std::size_t e = 0; e < schema_->events.size(); ++e) {
    auto& by_step = summary.events.emplace_back();
    for (std::size_t t = 0; t < times; ++t)
      by_step.push_back(probability_estimate(events_[e * times + t], paths_));
  }
  for (const Accumulator& outcome : outcomes_) {
    OutcomeSummary& o = summary.outcomes.emplace_back();
    o.defined = probability_estimate(outcome.count(), paths_);
    o.distribution = outcome.summary();
    o.histogram = outcome.histogram().adjacent_bins();
  }
  return summary;
}

}  // namespace overbuild
