#include "overbuild/statistics/histogram.hpp"

#include <algorithm>

namespace overbuild {
namespace {

/// Lower end of a bin of positive values, 1, 2, ...
double lower_end(std::int64_t bin) {
  constexpr std::int64_t first = std::int64_t{1023 + smallest_exponent} * bins_per_octave - 1;
  return std::bit_cast<double>(static_cast<std::uint64_t>(bin + first) << 44);
}

/// Largest multiple of an octave not above `bin`.
std::int64_t octave_floor(std::int64_t bin) {
  const std::int64_t octave = bin >= 0 ? bin / bins_per_octave : ~(~bin / bins_per_octave);
  return octave * bins_per_octave;
}

}  // namespace

HistogramBin bin_limits(std::int64_t bin) {
  if (bin > 0) return {lower_end(bin), lower_end(bin + 1), 0};
  if (bin < 0) return {-lower_end(-bin + 1), -lower_end(-bin), 0};
  return {-lower_end(1), lower_end(1), 0};
}

void Histogram::make_room(std::int64_t smallest, std::int64_t largest) {
  const auto size = static_cast<std::int64_t>(counts_.size());
  if (size > 0 && smallest >= first_ && largest < first_ + size) return;
  std::int64_t first = octave_floor(smallest);
  std::int64_t last = octave_floor(largest) + bins_per_octave;
  if (size > 0) {
    first = std::min(first, first_);
    last = std::max(last, first_ + size);
  }
  std::vector<std::uint64_t> grown(static_cast<std::size_t>(last - first));
  std::copy(counts_.begin(), counts_.end(), grown.begin() + (size > 0 ? first_ - first : 0));
  counts_.swap(grown);
  first_ = first;
}

void Histogram::add(const std::int64_t* bins, int count, std::int64_t smallest,
                    std::int64_t largest) {
  make_room(smallest, largest);
  std::uint64_t* const counts = counts_.data() - first_;
  if (smallest == largest) {
    counts[smallest] += static_cast<std::uint64_t>(count);
  } else {
    for (int i = 0; i < count; ++i) ++counts[bins[i]];
  }
  total_ += static_cast<std::uint64_t>(count);
}

void Histogram::merge(const Histogram& other) {
  if (other.counts_.empty()) return;
  make_room(other.first_, other.first_ + static_cast<std::int64_t>(other.counts_.size()) - 1);
  const std::int64_t offset = other.first_ - first_;
  for (std::size_t i = 0; i < other.counts_.size(); ++i)
    counts_[i + static_cast<std::size_t>(offset)] += other.counts_[i];
  total_ += other.total_;
}

double Histogram::quantile(double p) const {
  const double rank = p * static_cast<double>(total_);
  double below = 0;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    const auto count = static_cast<double>(counts_[i]);
    if (count > 0 && below + count >= rank) {
      const HistogramBin bin = bin_limits(first_ + static_cast<std::int64_t>(i));
      const double share = std::clamp((rank - below) / count, 0.0, 1.0);
      return bin.lower + share * (bin.upper - bin.lower);
    }
    below += count;
  }
  return std::numeric_limits<double>::quiet_NaN();
}

std::vector<HistogramBin> Histogram::bins() const {
  const auto filled = [](std::uint64_t count) { return count > 0; };
  const auto begin = std::find_if(counts_.begin(), counts_.end(), filled);
  const auto end = std::find_if(counts_.rbegin(), counts_.rend(), filled).base();
  std::vector<HistogramBin> result;
  for (auto it = begin; it < end; ++it) {
    HistogramBin bin = bin_limits(first_ + (it - counts_.begin()));
    bin.count = *it;
    result.push_back(bin);
  }
  return result;
}

}  // namespace overbuild
