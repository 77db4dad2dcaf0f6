// Names in files of sensitivity analyses; shared by writing and reading.
#pragma once

#include <array>

#include "overbuild/statistics/sensitivity.hpp"

namespace overbuild::layout {

inline constexpr auto indices_group = "indices";
inline constexpr auto values_group = "values";

/// The estimates of a quantity as a whole.
struct SensitivityMoment {
  const char* name;
  const char* meaning;
  IntervalEstimate SensitivityEstimates::*member;
};
inline constexpr std::array sensitivity_moments = {
    SensitivityMoment{"mean", "mean", &SensitivityEstimates::mean},
    SensitivityMoment{"variance", "variance on a path", &SensitivityEstimates::variance},
    SensitivityMoment{"input_variance", "variance of the mean given the priors' parameters",
                      &SensitivityEstimates::input_variance},
    SensitivityMoment{"noise_share", "share of the variance that is the noise of a path",
                      &SensitivityEstimates::noise_share},
    SensitivityMoment{"first_order_sum", "sum of the first-order indices",
                      &SensitivityEstimates::first_order_sum}};

/// The parts of an estimate; the first one's variable has no ending.
struct IntervalPart {
  const char* ending;
  const char* meaning;
  double IntervalEstimate::*member;
};
inline constexpr std::array interval_parts = {
    IntervalPart{"", "", &IntervalEstimate::value},
    IntervalPart{"_error", "standard error of: ", &IntervalEstimate::standard_error},
    IntervalPart{"_lower", "lower end of the 95% interval of: ", &IntervalEstimate::lower},
    IntervalPart{"_upper", "upper end of the 95% interval of: ", &IntervalEstimate::upper}};

}  // namespace overbuild::layout
