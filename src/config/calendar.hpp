// Dates of configs and data files.
#pragma once

#include <optional>
#include <string_view>

namespace overbuild {

inline constexpr double days_per_year = 365.25;

/// The days that a date stands for, counted from 1 January 1970; the end is excluded.
struct DateSpan {
  double begin = 0, end = 0;

  double middle() const { return (begin + end) / 2; }
};

/// A year YYYY, a month YYYY-MM or a day YYYY-MM-DD of the Gregorian calendar.
std::optional<DateSpan> parse_date(std::string_view text);

}  // namespace overbuild
