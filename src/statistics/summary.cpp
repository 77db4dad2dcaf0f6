#include "overbuild/statistics/summary.hpp"

#include <algorithm>
#include <bit>

namespace overbuild {
namespace {

/// Whether two of anything in a summary have the same bits.
struct Same {
  bool operator()(double a, double b) const {
    return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
  }
  bool operator()(const Estimate& a, const Estimate& b) const {
    return (*this)(a.value, b.value) && (*this)(a.standard_error, b.standard_error);
  }
  bool operator()(const HistogramBin& a, const HistogramBin& b) const {
    return (*this)(a.lower, b.lower) && (*this)(a.upper, b.upper) && a.count == b.count;
  }
  bool operator()(const DistributionSummary& a, const DistributionSummary& b) const {
    return a.count == b.count && (*this)(a.mean, b.mean) && (*this)(a.sd, b.sd) &&
           (*this)(a.skew, b.skew) && (*this)(a.smallest, b.smallest) &&
           (*this)(a.largest, b.largest) && std::ranges::equal(a.quantiles, b.quantiles, *this);
  }
  bool operator()(const OutcomeSummary& a, const OutcomeSummary& b) const {
    return (*this)(a.defined, b.defined) && (*this)(a.distribution, b.distribution) &&
           a.exact_quantiles == b.exact_quantiles && (*this)(a.histogram, b.histogram);
  }
  template <class Element>
  bool operator()(const std::vector<Element>& a, const std::vector<Element>& b) const {
    return std::ranges::equal(a, b, *this);
  }
};

}  // namespace

bool same_bits(const DistributionSummary& a, const DistributionSummary& b) { return Same()(a, b); }

bool same_bits(const RunSummary& a, const RunSummary& b) {
  return a.paths == b.paths && a.complete == b.complete && Same()(a.time, b.time) &&
         Same()(a.series, b.series) && Same()(a.events, b.events) && Same()(a.outcomes, b.outcomes);
}

}  // namespace overbuild
