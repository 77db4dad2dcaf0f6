#include "overbuild/statistics/histogram.hpp"

#include <algorithm>
#include <limits>

namespace overbuild {
namespace {

/// Lower end of a bin of positive values, 1, 2, ...
double lower_end(std::int64_t bin) {
  return std::bit_cast<double>(static_cast<std::uint64_t>(bin + bins_before_normal)
                               << mantissa_bits_dropped);
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

void append_filled(const BinCounters& counters, std::vector<BinCount>& counts) {
  for (std::int64_t bin = counters.first(); bin < counters.first() + counters.size(); ++bin)
    if (counters.count(bin) > 0) counts.push_back({bin, counters.count(bin)});
}

}  // namespace

HistogramBin bin_limits(std::int64_t bin) {
  if (bin > 0) return {lower_end(bin), lower_end(bin + 1), 0};
  if (bin < 0) return {-lower_end(-bin + 1), -lower_end(-bin), 0};
  return {0, 0, 0};
}

void BinCounters::make_room(std::int64_t smallest, std::int64_t largest) {
  if (size() > 0 && smallest >= first_ && largest < first_ + size()) return;
  std::int64_t first = octave_floor(smallest);
  std::int64_t end = octave_floor(largest) + bins_per_octave;
  if (size() > 0) {
    first = std::min(first, first_);
    end = std::max(end, first_ + size());
  }
  const std::int64_t offset = size() > 0 ? first_ - first : 0;
  widen(recent_, offset, end - first);
  if (!carried_.empty()) widen(carried_, offset, end - first);
  first_ = first;
}

void BinCounters::add(const std::int64_t* bins, int count) {
  Count* const counts = recent_.data();
  const std::int64_t first = first_;
  for (int i = 0; i < count; ++i) ++counts[bins[i] - first];
}

void BinCounters::add_large(std::int64_t bin, std::uint64_t count) {
  carried_.resize(recent_.size());
  carried_[index(bin)] += count;
}

void BinCounters::carry() {
  carried_.resize(recent_.size());
  for (std::size_t i = 0; i < recent_.size(); ++i) carried_[i] += recent_[i];
  std::fill(recent_.begin(), recent_.end(), Count{0});
}

void BinCounters::merge(const BinCounters& other) {
  if (other.size() == 0) return;
  make_room(other.first_, other.first_ + other.size() - 1);
  carry();
  for (std::int64_t bin = other.first_; bin < other.first_ + other.size(); ++bin)
    carried_[index(bin)] += other.count(bin);
}

QuantileTable::QuantileTable(std::vector<HistogramBin> bins, double smallest, double largest)
    : bins_(std::move(bins)) {
  std::uint64_t up_to = 0;
  for (HistogramBin& bin : bins_) {
    bin.lower = std::max(bin.lower, smallest);
    bin.upper = std::min(bin.upper, largest);
    up_to_.push_back(up_to += bin.count);
  }
}

double QuantileTable::operator()(double p) const {
  if (bins_.empty()) return std::numeric_limits<double>::quiet_NaN();
  const double rank = p * static_cast<double>(up_to_.back());
  const auto found =
      std::partition_point(up_to_.begin(), up_to_.end() - 1,
                           [&](std::uint64_t up_to) { return static_cast<double>(up_to) < rank; });
  const HistogramBin& bin = bins_[static_cast<std::size_t>(found - up_to_.begin())];
  const double within = rank - static_cast<double>(*found - bin.count);
  const double share = std::clamp(within / static_cast<double>(bin.count), 0.0, 1.0);
  return bin.lower + share * (bin.upper - bin.lower);
}

Histogram::Histogram(std::span<const BinCount> counts) {
  for (const BinCount& filled : counts) {
    total_ += filled.count;
    if (filled.bin == 0) {
      zeros_ += filled.count;
      continue;
    }
    BinCounters& counters = filled.bin > 0 ? positive_ : negative_;
    counters.make_room(filled.bin, filled.bin);
    counters.add_large(filled.bin, filled.count);
  }
}

void Histogram::add(const std::int64_t* bins, int count, const BinRange& range) {
  const auto added = static_cast<std::uint64_t>(count);
  if (recent_ + added > std::numeric_limits<BinCounters::Count>::max()) {
    positive_.carry();
    negative_.carry();
    recent_ = 0;
  }
  recent_ += added;
  total_ += added;
  if (range.smallest <= 0 && range.largest >= 0) return add_to_both_signs(bins, count, range);
  BinCounters& counters = range.smallest > 0 ? positive_ : negative_;
  counters.make_room(range.smallest, range.largest);
  if (range.smallest == range.largest)
    counters.add(range.smallest, count);
  else
    counters.add(bins, count);
}

void Histogram::add_to_both_signs(const std::int64_t* bins, int count, const BinRange& range) {
  if (range.largest > 0) positive_.make_room(range.smallest_positive, range.largest);
  if (range.smallest < 0) negative_.make_room(range.smallest, range.largest_negative);
  // Chosen without a branch, since signs in random order cannot be predicted.
  BinCounters::Count zeros = 0;
  BinCounters::Count* const counts[] = {negative_.recent(), &zeros, positive_.recent()};
  const std::int64_t first[] = {negative_.first(), 0, positive_.first()};
  for (int i = 0; i < count; ++i) {
    const int sign = (bins[i] > 0) - (bins[i] < 0) + 1;
    ++counts[sign][bins[i] - first[sign]];
  }
  zeros_ += zeros;
}

void Histogram::merge(const Histogram& other) {
  zeros_ += other.zeros_;
  positive_.merge(other.positive_);
  negative_.merge(other.negative_);
  total_ += other.total_;
}

std::vector<BinCount> Histogram::counts() const {
  std::vector<BinCount> counts;
  append_filled(negative_, counts);
  if (zeros_ > 0) counts.push_back({0, zeros_});
  append_filled(positive_, counts);
  return counts;
}

std::vector<HistogramBin> Histogram::filled_bins() const {
  std::vector<HistogramBin> bins;
  for (const BinCount& filled : counts()) {
    bins.push_back(bin_limits(filled.bin));
    bins.back().count = filled.count;
  }
  return bins;
}

std::vector<HistogramBin> with_gaps_filled(const std::vector<HistogramBin>& bins) {
  std::vector<HistogramBin> adjacent;
  for (const HistogramBin& bin : bins) {
    if (!adjacent.empty() && adjacent.back().upper != bin.lower)
      adjacent.push_back({adjacent.back().upper, bin.lower, 0});
    adjacent.push_back(bin);
  }
  return adjacent;
}

std::vector<HistogramBin> Histogram::adjacent_bins() const {
  return with_gaps_filled(filled_bins());
}

}  // namespace overbuild
