// Numbers as readers like them.
#pragma once

#include <cstdint>
#include <string>

#include "overbuild/statistics/summary.hpp"

namespace overbuild {

/// 1234567 -> "1,234,567".
std::string grouped(std::uint64_t number);

/// A value to at least `significant` digits, never with fewer digits than its whole part has:
/// 0.1234 -> "0.123", 12345.6 -> "12346". Very large and small values get an exponent; NaN is "-".
std::string number_text(double value, int significant = 3);

/// "0.432 ± 0.016": both to the same decimals, so many that the error has two digits, or one where
/// the value has four digits already. Where there is no error, or it is 0, the value alone.
std::string estimate_text(const Estimate& estimate, bool unicode);

/// A probability and its error in percent, "43.2 ± 0.2".
std::string percent_text(const Estimate& probability, bool unicode);

/// A time of a scenario, "2.5".
std::string year_text(double year);

/// Seconds as "0:07", "12:34" or "1:02:03".
std::string duration_text(double seconds);

}  // namespace overbuild
