#include "overbuild/statistics/tile_quantity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "overbuild/base/error.hpp"

namespace overbuild {
namespace {

using Source = PathQuantity::Source;

[[noreturn]] void throw_not_finite(std::uint64_t path, const std::string& when,
                                   std::string_view what, double value) {
  throw Error(ExitCode::numeric,
              fmt::format("path {}{}: {} is {}, which is not a finite number; look for a parameter "
                          "that lets it grow without bound",
                          path, when, what, value));
}

}  // namespace

void TileQuantity::begin(std::uint64_t first_path, int count) {
  first_path_ = first_path;
  values_.assign(static_cast<std::size_t>(count), 0);
}

double TileQuantity::value_of(double x) const {
  if (quantity_->relation == PathQuantity::Relation::none) return x;
  return holds(quantity_->relation, x, quantity_->threshold) ? 1 : 0;
}

void TileQuantity::observe(const TileOutput& output, int steps) {
  const bool at_one_step =
      quantity_->source == Source::series_at || quantity_->source == Source::event_at;
  const bool of_series =
      quantity_->source == Source::series_at || quantity_->source == Source::series_by;
  if (quantity_->source == Source::outcome) return;
  const int end = std::min(output.first_step + steps, quantity_->step + 1);
  const int begin = at_one_step ? std::max(output.first_step, quantity_->step) : output.first_step;
  for (int step = begin; step < end; ++step)
    of_series ? observe_series(output, step - output.first_step)
              : observe_event(output, step - output.first_step);
}

void TileQuantity::observe_series(const TileOutput& output, int row) {
  const std::size_t at =
      quantity_->index * static_cast<std::size_t>(output.steps) + static_cast<std::size_t>(row);
  const double* series = output.series + at * static_cast<std::size_t>(output.lanes);
  for (std::size_t i = 0; i < values_.size(); ++i) {
    if (!std::isfinite(series[i]))
      throw_not_finite(first_path_ + i, fmt::format(", step {}", output.first_step + row),
                       schema_->series[quantity_->index].name, series[i]);
    const double value = value_of(series[i]);
    values_[i] = quantity_->source == Source::series_by ? std::fmax(values_[i], value) : value;
  }
}

void TileQuantity::observe_event(const TileOutput& output, int row) {
  const std::size_t at =
      quantity_->index * static_cast<std::size_t>(output.steps) + static_cast<std::size_t>(row);
  const std::uint8_t* bits = output.events + at * static_cast<std::size_t>(output.lanes) / 8;
  for (std::size_t i = 0; i < values_.size(); ++i)
    if (bits[i / 8] >> (i % 8) & 1) values_[i] = 1;
}

void TileQuantity::finish(const double* outcomes, int lanes) {
  if (quantity_->source != Source::outcome) return;
  const double* values = outcomes + quantity_->index * static_cast<std::size_t>(lanes);
  for (std::size_t i = 0; i < values_.size(); ++i) {
    if (std::isinf(values[i]))
      throw_not_finite(first_path_ + i, "", schema_->outcomes[quantity_->index].name, values[i]);
    values_[i] = value_of(values[i]);
  }
}

int last_step(std::span<const PathQuantity> quantities, int steps) {
  int last = 0;
  for (const PathQuantity& quantity : quantities) {
    if (quantity.needs_whole_path()) return steps;
    last = std::max(last, quantity.step);
  }
  return last;
}

}  // namespace overbuild
