#include "src/commands/number_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace overbuild {
namespace {

constexpr double largest_plain = 1e9, smallest_plain = 1e-4;
constexpr int most_decimals = 8;

/// Decimals that show `significant` digits of the value.
int decimals_for(double value, int significant) {
  const int leading = static_cast<int>(std::floor(std::log10(std::abs(value))));
  return std::clamp(significant - 1 - leading, 0, most_decimals);
}

bool needs_exponent(double value) {
  const double size = std::abs(value);
  return size != 0 && (size >= largest_plain || size < smallest_plain);
}

}  // namespace

std::string grouped(std::uint64_t number) {
  const std::string digits = fmt::format("{}", number);
  std::string text;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) text += ',';
    text += digits[i];
  }
  return text;
}

std::string number_text(double value, int significant) {
  if (std::isnan(value)) return "-";
  if (value == 0) return "0";
  if (!std::isfinite(value)) return fmt::format("{}", value);
  if (needs_exponent(value)) return fmt::format("{:.{}e}", value, significant - 1);
  return fmt::format("{:.{}f}", value, decimals_for(value, significant));
}

std::string estimate_text(const Estimate& estimate, bool unicode) {
  const double error = estimate.standard_error;
  if (!std::isfinite(estimate.value) || !std::isfinite(error) || error == 0)
    return number_text(estimate.value);
  const char* sign = unicode ? "±" : "+-";
  if (needs_exponent(estimate.value) || error < smallest_plain)
    return fmt::format("{} {} {}", number_text(estimate.value, 4), sign, number_text(error, 2));
  const int of_value = estimate.value == 0 ? most_decimals : decimals_for(estimate.value, 4);
  const int decimals = std::max(std::min(decimals_for(error, 2), of_value), decimals_for(error, 1));
  return fmt::format("{:.{}f} {} {:.{}f}", estimate.value, decimals, sign, error, decimals);
}

std::string percent_text(const Estimate& probability, bool unicode) {
  return estimate_text({100 * probability.value, 100 * probability.standard_error}, unicode);
}

std::string year_text(double year) { return fmt::format("{:.4g}", year); }

std::string duration_text(double seconds) {
  const auto whole = static_cast<std::int64_t>(std::max(seconds, 0.0));
  if (whole < 3600) return fmt::format("{}:{:02}", whole / 60, whole % 60);
  return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
}

}  // namespace overbuild
