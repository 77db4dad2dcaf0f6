// A fan chart of quantiles over time in characters, a row per time:
//   ░░░▒▒▒█▒▒▒▒░░░░░░     5% to 95% light, 25% to 75% dark, the median solid
#pragma once

#include <optional>
#include <span>
#include <string>

#include "overbuild/statistics/summary.hpp"

namespace overbuild {

/// The 5, 25, 50, 75 and 95% quantiles at one time.
struct Fan {
  double p5, p25, p50, p75, p95;
};

Fan fan_of(const DistributionSummary& distribution);

class FanAxis {
 public:
  /// An axis `width` >= 10 characters wide that holds all fans: logarithmic when the values are
  /// positive and span more than a factor of 20, else linear. Not finite fans are left out.
  FanAxis(std::span<const Fan> fans, int width);

  double lower() const { return lower_; }
  double upper() const { return upper_; }
  bool logarithmic() const { return logarithmic_; }
  int width() const { return width_; }

  /// The character cell of a value, 0 .. width - 1, or nothing for values outside of the axis.
  std::optional<int> cell(double value) const;

 private:
  double lower_ = 0, upper_ = 1;
  bool logarithmic_ = false;
  int width_;
};

/// The ends of the axis and the marked value, set where the rows have them.
std::string fan_axis_text(const FanAxis& axis, double mark);

/// One row of the chart. `mark` is a value drawn as a vertical line where it lies on the axis.
std::string fan_row(const Fan& fan, const FanAxis& axis, double mark, bool unicode);

}  // namespace overbuild
