#include "src/commands/fan_chart.hpp"

#include <algorithm>
#include <cmath>

#include "src/commands/number_text.hpp"

namespace overbuild {
namespace {

constexpr double logarithmic_from = 20;  // ratio of the largest to the smallest value

struct Glyphs {
  const char *blank, *outer, *inner, *median, *mark;
};
constexpr Glyphs unicode_glyphs = {" ", "░", "▒", "█", "│"};
constexpr Glyphs ascii_glyphs = {" ", "-", "=", "#", "|"};

bool finite(const Fan& fan) { return std::isfinite(fan.p5) && std::isfinite(fan.p95); }

/// Writes a text into a line of blanks unless it would touch what is there.
void place(std::string& line, int begin, const std::string& text) {
  const int last = static_cast<int>(line.size()) - static_cast<int>(text.size());
  const auto at = static_cast<std::size_t>(std::clamp(begin, 0, std::max(last, 0)));
  const std::size_t from = at > 0 ? at - 1 : 0;
  const std::size_t to = std::min(at + text.size() + 1, line.size());
  if (line.find_first_not_of(' ', from) < to) return;
  line.replace(at, text.size(), text);
}

}  // namespace

Fan fan_of(const DistributionSummary& distribution) {
  static_assert(quantile_levels[1] == 0.05 && quantile_levels[3] == 0.25 &&
                quantile_levels[4] == 0.50 && quantile_levels[5] == 0.75 &&
                quantile_levels[7] == 0.95);
  const auto& quantiles = distribution.quantiles;
  return {quantiles[1].value, quantiles[3].value, quantiles[4].value, quantiles[5].value,
          quantiles[7].value};
}

FanAxis::FanAxis(std::span<const Fan> fans, int width) : width_(width) {
  bool any = false;
  for (const Fan& fan : fans) {
    if (!finite(fan)) continue;
    lower_ = any ? std::min(lower_, fan.p5) : fan.p5;
    upper_ = any ? std::max(upper_, fan.p95) : fan.p95;
    any = true;
  }
  if (lower_ == upper_) {  // one value alone stands in the middle
    const double room = lower_ == 0 ? 1 : std::abs(lower_) / 2;
    lower_ -= room;
    upper_ += room;
  }
  logarithmic_ = lower_ > 0 && upper_ > logarithmic_from * lower_;
}

std::optional<int> FanAxis::cell(double value) const {
  if (!(value >= lower_ && value <= upper_)) return std::nullopt;
  const double share = logarithmic_ ? std::log(value / lower_) / std::log(upper_ / lower_)
                                    : (value - lower_) / (upper_ - lower_);
  return std::clamp(static_cast<int>(std::lround(share * (width_ - 1))), 0, width_ - 1);
}

std::string fan_axis_text(const FanAxis& axis, double mark) {
  std::string line(static_cast<std::size_t>(axis.width()), ' ');
  place(line, 0, number_text(axis.lower()));
  place(line, axis.width(), number_text(axis.upper()));
  if (const std::optional<int> cell = axis.cell(mark)) place(line, *cell, number_text(mark, 1));
  return line;
}

std::string fan_row(const Fan& fan, const FanAxis& axis, double mark, bool unicode) {
  const Glyphs& glyphs = unicode ? unicode_glyphs : ascii_glyphs;
  const std::optional<int> marked = axis.cell(mark);
  const auto within = [](int cell, std::optional<int> begin, std::optional<int> end) {
    return begin && end && cell >= *begin && cell <= *end;
  };
  std::string row;
  for (int cell = 0; cell < axis.width(); ++cell) {
    if (finite(fan) && cell == axis.cell(fan.p50))
      row += glyphs.median;
    else if (cell == marked)
      row += glyphs.mark;
    else if (within(cell, axis.cell(fan.p25), axis.cell(fan.p75)))
      row += glyphs.inner;
    else if (within(cell, axis.cell(fan.p5), axis.cell(fan.p95)))
      row += glyphs.outer;
    else
      row += glyphs.blank;
  }
  return row;
}

}  // namespace overbuild
