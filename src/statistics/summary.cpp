#include "overbuild/statistics/summary.hpp"

#include <algorithm>
#include <bit>

namespace overbuild {
namespace {

bool same(double a, double b) {
  return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

bool same(const Estimate& a, const Estimate& b) {
  return same(a.value, b.value) && same(a.standard_error, b.standard_error);
}

bool same(const DistributionSummary& a, const DistributionSummary& b) { return same_bits(a, b); }

bool same(const HistogramBin& a, const HistogramBin& b) {
  return same(a.lower, b.lower) && same(a.upper, b.upper) && a.count == b.count;
}

template <class List>
bool all_same(const List& a, const List& b) {
  return std::ranges::equal(a, b, [](const auto& x, const auto& y) { return same(x, y); });
}

template <class Element>
bool same(const std::vector<Element>& a, const std::vector<Element>& b) {
  return all_same(a, b);
}

bool same(const OutcomeSummary& a, const OutcomeSummary& b) {
  return same(a.defined, b.defined) && same_bits(a.distribution, b.distribution) &&
         a.exact_quantiles == b.exact_quantiles && all_same(a.histogram, b.histogram);
}

}  // namespace

bool same_bits(const DistributionSummary& a, const DistributionSummary& b) {
  return a.count == b.count && same(a.mean, b.mean) && same(a.sd, b.sd) && same(a.skew, b.skew) &&
         same(a.smallest, b.smallest) && same(a.largest, b.largest) &&
         all_same(a.quantiles, b.quantiles);
}

bool same_bits(const RunSummary& a, const RunSummary& b) {
  return a.paths == b.paths && a.complete == b.complete && all_same(a.time, b.time) &&
         all_same(a.series, b.series) && all_same(a.events, b.events) &&
         all_same(a.outcomes, b.outcomes);
}

}  // namespace overbuild
