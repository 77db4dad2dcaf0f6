#include "overbuild/statistics/histogram.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace overbuild {
namespace {

/// Lower end of a bin of positive values, 1, 2, ...
double lower_end(std::int64_t bin) {
  constexpr std::int64_t first = std::int64_t{1023 + smallest_exponent} * bins_per_octave - 1;
  return std::bit_cast<double>(static_cast<std::uint64_t>(bin + first) << mantissa_bits_dropped);
}

/// Largest multiple of an octave not above `bin`.
std::int64_t octave_floor(std::int64_t bin) {
  const std::int64_t octave = bin >= 0 ? bin / bins_per_octave : ~(~bin / bins_per_octave);
  return octave * bins_per_octave;
}

/// `counts` moved up by `offset` within `size` zeros.
template <class Count>
void widen(std::vector<Count>& counts, std::int64_t offset, std::int64_t size) {
  std::vector<Count> wide(static_cast<std::size_t>(size));
  std::copy(counts.begin(), counts.end(), wide.begin() + offset);
  counts.swap(wide);
}

}  // namespace

HistogramBin bin_limits(std::int64_t bin) {
  if (bin > 0) return {lower_end(bin), lower_end(bin + 1), 0};
  if (bin < 0) return {-lower_end(-bin + 1), -lower_end(-bin), 0};
  return {-lower_end(1), lower_end(1), 0};
}

QuantileTable::QuantileTable(std::int64_t first_bin, std::vector<std::uint64_t> counts)
    : first_bin_(first_bin), up_to_(std::move(counts)) {
  for (std::size_t i = 1; i < up_to_.size(); ++i) up_to_[i] += up_to_[i - 1];
}

double QuantileTable::operator()(double p) const {
  if (up_to_.empty()) return std::numeric_limits<double>::quiet_NaN();
  const double rank = p * static_cast<double>(up_to_.back());
  auto bin = std::partition_point(up_to_.begin(), up_to_.end(), [&](std::uint64_t up_to) {
    return up_to == 0 || static_cast<double>(up_to) < rank;
  });
  if (bin == up_to_.end()) --bin;
  const std::uint64_t before = bin == up_to_.begin() ? 0 : *(bin - 1);
  const std::int64_t number = first_bin_ + (bin - up_to_.begin());
  if (number == 0) return 0;  // exact zeros are common, other values in that bin are not
  const HistogramBin limits = bin_limits(number);
  const double within = rank - static_cast<double>(before);
  const double share = std::clamp(within / static_cast<double>(*bin - before), 0.0, 1.0);
  return limits.lower + share * (limits.upper - limits.lower);
}

void Histogram::make_room(std::int64_t smallest, std::int64_t largest) {
  const auto size = static_cast<std::int64_t>(recent_.size());
  if (size > 0 && smallest >= first_ && largest < first_ + size) return;
  std::int64_t first = octave_floor(smallest);
  std::int64_t end = octave_floor(largest) + bins_per_octave;
  if (size > 0) {
    first = std::min(first, first_);
    end = std::max(end, first_ + size);
  }
  const std::int64_t offset = size > 0 ? first_ - first : 0;
  widen(recent_, offset, end - first);
  if (!carried_.empty()) widen(carried_, offset, end - first);
  first_ = first;
}

void Histogram::carry() {
  carried_ = counts();
  std::fill(recent_.begin(), recent_.end(), 0u);
  recent_total_ = 0;
}

void Histogram::add(const std::int64_t* bins, int count, std::int64_t smallest,
                    std::int64_t largest) {
  make_room(smallest, largest);
  const auto added = static_cast<std::uint32_t>(count);
  if (recent_total_ + added > std::numeric_limits<std::uint32_t>::max()) carry();
  std::uint32_t* const counts = recent_.data() - first_;
  if (smallest == largest) {
    counts[smallest] += added;
  } else {
    for (int i = 0; i < count; ++i) ++counts[bins[i]];
  }
  recent_total_ += added;
  total_ += added;
}

void Histogram::merge(const Histogram& other) {
  if (other.total_ == 0) return;
  make_room(other.first_, other.first_ + static_cast<std::int64_t>(other.recent_.size()) - 1);
  carry();
  const std::vector<std::uint64_t> addend = other.counts();
  const auto offset = static_cast<std::size_t>(other.first_ - first_);
  for (std::size_t i = 0; i < addend.size(); ++i) carried_[i + offset] += addend[i];
  total_ += other.total_;
}

std::vector<std::uint64_t> Histogram::counts() const {
  std::vector<std::uint64_t> sums = carried_;
  sums.resize(recent_.size());
  for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += recent_[i];
  return sums;
}

std::vector<HistogramBin> Histogram::bins() const {
  const std::vector<std::uint64_t> all = counts();
  const auto filled = [](std::uint64_t count) { return count > 0; };
  const auto begin = std::find_if(all.begin(), all.end(), filled);
  const auto end = std::find_if(all.rbegin(), all.rend(), filled).base();
  std::vector<HistogramBin> result;
  for (auto it = begin; it < end; ++it) {
    HistogramBin bin = bin_limits(first_ + (it - all.begin()));
    bin.count = *it;
    result.push_back(bin);
  }
  return result;
}

}  // namespace overbuild
