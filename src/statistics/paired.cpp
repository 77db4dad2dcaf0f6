#include "overbuild/statistics/paired.hpp"

#include <algorithm>
#include <cmath>

namespace overbuild {
namespace {

/// 1 minus the correlation of two sets of numbers with mean 0, from their sums of squares and that
/// of their distances.
double decorrelation(double first_squares, double second_squares, double squared_distance) {
  const double first = std::sqrt(first_squares), second = std::sqrt(second_squares);
  const double scale = first * second;
  if (!(scale > 0)) return std::numeric_limits<double>::quiet_NaN();
  const double spread = first - second;
  const double result = (squared_distance - spread * spread) / (2 * scale);
  if (!std::isfinite(scale) || std::isnan(result)) return std::numeric_limits<double>::quiet_NaN();
  return std::clamp(result, 0.0, 2.0);
}

double as_double(std::uint64_t count) { return static_cast<double>(count); }

}  // namespace

void PairedSample::add(double first, double second) {
  const Cell a = cell_of(first, centre_[0].median), b = cell_of(second, centre_[1].median);
  ++cells_[a][b];
  const double z_first = a == undefined ? 0 : first - centre_[0].mean;
  const double z_second = b == undefined ? 0 : second - centre_[1].mean;
  if (a == undefined || b == undefined ? a != b : first != second) ++differing_;
  sum_[0] += z_first;
  sum_[1] += z_second;
  if (b != undefined) sum_both_[0] += z_first;
  if (a != undefined) sum_both_[1] += z_second;
  squares_[0] += z_first * z_first;
  squares_[1] += z_second * z_second;
  squared_distance_ += (z_first - z_second) * (z_first - z_second);
}

std::uint64_t PairedSample::pairs() const {
  std::uint64_t pairs = 0;
  for (const auto& row : cells_)
    for (const std::uint64_t count : row) pairs += count;
  return pairs;
}

/// The centres are moved to the sample's own means, d from where the sums were taken.
PairCorrelation PairedSample::means() const {
  PairCorrelation result{.pairs = pairs(), .differing = differing_};
  double both = 0, count[2] = {};
  for (const Cell a : {undefined, below, above})
    for (const Cell b : {undefined, below, above}) {
      const double paths = as_double(cells_[a][b]);
      if (a != undefined) count[0] += paths;
      if (b != undefined) count[1] += paths;
      if (a != undefined && b != undefined) both += paths;
    }
  if (count[0] == 0 || count[1] == 0) return result;
  const double d[2] = {sum_[0] / count[0], sum_[1] / count[1]};
  const double squares[2] = {squares_[0] - d[0] * sum_[0], squares_[1] - d[1] * sum_[1]};
  const double distance = squared_distance_ -
                          2 * (d[0] * (sum_[0] - sum_both_[1]) - d[1] * (sum_both_[0] - sum_[1])) +
                          count[0] * d[0] * d[0] + count[1] * d[1] * d[1] - 2 * both * d[0] * d[1];
  result.decorrelation = decorrelation(squares[0], squares[1], distance);
  return result;
}

PairCorrelation PairedSample::of_cells(const std::array<double, 3>& first,
                                       const std::array<double, 3>& second) const {
  PairCorrelation result{.pairs = pairs()};
  double squares[2] = {}, distance = 0;
  for (const Cell a : {undefined, below, above})
    for (const Cell b : {undefined, below, above}) {
      const double paths = as_double(cells_[a][b]);
      squares[0] += paths * first[a] * first[a];
      squares[1] += paths * second[b] * second[b];
      distance += paths * (first[a] - second[b]) * (first[a] - second[b]);
    }
  result.decorrelation = decorrelation(squares[0], squares[1], distance);
  return result;
}

PairCorrelation PairedSample::medians() const {
  std::array<double, 3> first{}, second{};
  for (const Cell cell : {undefined, below, above}) {
    for (const Cell other : {undefined, below, above}) {
      first[cell] += as_double(cells_[cell][other]);
      second[cell] += as_double(cells_[other][cell]);
    }
  }
  // [x <= median] about its mean, over the number of defined values.
  const auto influences = [](const std::array<double, 3>& count) {
    const double defined = count[below] + count[above];
    if (defined == 0) return std::array<double, 3>{};
    return std::array<double, 3>{0, count[above] / defined / defined,
                                 -count[below] / defined / defined};
  };
  PairCorrelation result = of_cells(influences(first), influences(second));
  for (const Cell a : {undefined, below, above})
    for (const Cell b : {undefined, below, above})
      if (a != b) result.differing += cells_[a][b];
  return result;
}

PairCorrelation PairedSample::shares() const {
  const double count = as_double(pairs());
  const auto share_undefined = [&](bool second) {
    double paths = 0;
    for (const Cell other : {undefined, below, above})
      paths += as_double(second ? cells_[other][undefined] : cells_[undefined][other]);
    return paths / count;
  };
  const auto influences = [](double p) { return std::array<double, 3>{-(1 - p), p, p}; };
  PairCorrelation result =
      of_cells(influences(share_undefined(false)), influences(share_undefined(true)));
  for (const Cell defined : {below, above})
    result.differing += cells_[undefined][defined] + cells_[defined][undefined];
  return result;
}

PairCorrelation PairedEvent::probabilities() const {
  const double only_first = as_double(counts_[1][0]), only_second = as_double(counts_[0][1]);
  const double both = as_double(counts_[1][1]);
  const double pairs = only_first + only_second + both + as_double(counts_[0][0]);
  const double p_first = (only_first + both) / pairs, p_second = (only_second + both) / pairs;
  const double shift = p_first - p_second;
  return {decorrelation(pairs * p_first * (1 - p_first), pairs * p_second * (1 - p_second),
                        only_first + only_second - pairs * shift * shift),
          static_cast<std::uint64_t>(pairs), counts_[0][1] + counts_[1][0]};
}

DifferenceEstimate difference_of(const Estimate& first, const Estimate& second,
                                 const PathOverlap& overlap, const PairCorrelation& correlation) {
  const double a = first.standard_error, b = second.standard_error;
  const double unpaired = std::hypot(a, b);
  DifferenceEstimate result{
      {second.value - first.value, unpaired}, Pairing::independent, unpaired, 0};
  if (overlap.dependent) {
    result.pairing = Pairing::unknown;
    result.estimate.standard_error = a + b;
    return result;
  }
  if (overlap.common == 0) return result;
  result.pairing = Pairing::paired;
  if (a == 0 || b == 0) return result;  // what does not vary has no correlation
  const bool all = correlation.pairs == overlap.common;
  const bool enough = correlation.pairs >= least_pairs && correlation.differing >= least_differing;
  if (std::isnan(correlation.decorrelation) || !(all || enough)) {
    result.pairing = Pairing::unknown;
    return result;
  }
  const double shared =
      as_double(overlap.common) / std::sqrt(as_double(overlap.first) * as_double(overlap.second));
  const double apart = (1 - shared) + shared * correlation.decorrelation;
  result.estimate.standard_error = std::sqrt((a - b) * (a - b) + 2 * apart * a * b);
  return result;
}

bool is_clear(const DifferenceEstimate& difference) {
  const double error = difference.estimate.standard_error;
  return error > 0 &&
         std::abs(difference.estimate.value) > std::fmax(2 * error, difference.resolution);
}

}  // namespace overbuild
