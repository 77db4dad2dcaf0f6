// Names under which statistics stand in a result file; shared by writing and reading.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "overbuild/statistics/summary.hpp"

namespace overbuild::layout {

inline constexpr auto series_group = "series";
inline constexpr auto events_group = "events";
inline constexpr auto outcomes_group = "outcomes";
inline constexpr auto histograms_group = "outcome_histograms";
inline constexpr auto paths_group = "paths";
inline constexpr auto path_outcomes_group = "path_outcomes";
inline constexpr auto path_parameters_group = "path_parameters";
inline constexpr auto parameters_group = "parameters";
inline constexpr auto provenance_group = "provenance";

/// Names of a group's quantities (series, events, outcomes), separated by blanks.
inline constexpr auto quantities_attribute = "quantities";
/// What a variable's quantity means, without the statistic.
inline constexpr auto meaning_attribute = "meaning";

/// The values of an outcome that is a code and their names, as CF has them.
inline constexpr auto code_values_attribute = "flag_values";
inline constexpr auto code_names_attribute = "flag_meanings";

/// The first dimension of a batch's variables, and the attribute of a swept coordinate that holds
/// its key in the config.
inline constexpr auto scenario = "scenario";
inline constexpr auto key_attribute = "key";

/// Full path of a variable.
inline std::string in_group(std::string_view group, std::string_view name) {
  return fmt::format("/{}/{}", group, name);
}

/// A standard error stands beside its estimate: x_mean and x_mean_se.
inline std::string standard_error_of(const std::string& variable) { return variable + "_se"; }

/// A statistic of a quantity x is the variable x_<suffix>.
inline std::string statistic_of(const std::string& quantity, std::string_view suffix) {
  return quantity + "_" + std::string(suffix);
}

struct Moment {
  std::string_view suffix, label;
  bool has_unit;  ///< that of the quantity; else a pure number
  Estimate DistributionSummary::*member;
};
inline constexpr Moment moments[] = {{"mean", "mean", true, &DistributionSummary::mean},
                                     {"sd", "standard deviation", true, &DistributionSummary::sd},
                                     {"skew", "skewness", false, &DistributionSummary::skew}};

struct Extreme {
  std::string_view suffix, label;
  double DistributionSummary::*member;
};
inline constexpr Extreme extremes[] = {
    {"min", "smallest value over the paths", &DistributionSummary::smallest},
    {"max", "largest value over the paths", &DistributionSummary::largest}};

}  // namespace overbuild::layout
