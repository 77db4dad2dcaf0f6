#include "calendar.hpp"

#include <charconv>
#include <chrono>

namespace overbuild {
namespace {

namespace chrono = std::chrono;

/// A number of exactly `digits` digits at the front of `text`, which it is cut from.
std::optional<unsigned> take(std::string_view& text, std::size_t digits) {
  unsigned number = 0;
  if (text.size() < digits || text[0] == '+') return std::nullopt;
  const char* end = text.data() + digits;
  const auto read = std::from_chars(text.data(), end, number);
  if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
  text.remove_prefix(digits);
  return number;
}

/// The two digits that come after a hyphen.
std::optional<unsigned> take_next(std::string_view& text) {
  if (!text.starts_with('-')) return std::nullopt;
  text.remove_prefix(1);
  return take(text, 2);
}

double days(chrono::year_month_day date) {
  return static_cast<double>(chrono::sys_days(date).time_since_epoch().count());
}

}  // namespace

std::optional<DateSpan> parse_date(std::string_view text) {
  const auto year_number = take(text, 4);
  if (!year_number) return std::nullopt;
  const chrono::year year(static_cast<int>(*year_number));
  if (text.empty()) return DateSpan{days(year / 1 / 1), days((year + chrono::years(1)) / 1 / 1)};
  const auto month_number = take_next(text);
  if (!month_number || !chrono::month(*month_number).ok()) return std::nullopt;
  const chrono::year_month month = year / chrono::month(*month_number);
  if (text.empty()) return DateSpan{days(month / 1), days((month + chrono::months(1)) / 1)};
  const auto day_number = take_next(text);
  if (!day_number || !text.empty()) return std::nullopt;
  const chrono::year_month_day day = month / chrono::day(*day_number);
  if (!day.ok()) return std::nullopt;
  return DateSpan{days(day), days(day) + 1};
}

}  // namespace overbuild
