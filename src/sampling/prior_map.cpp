#include "overbuild/sampling/prior_map.hpp"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>

namespace overbuild {
namespace {

constexpr int nodes_per_unit = 64;
constexpr int half_nodes = 551;  // 8.609375: normals of 52 bits and fewer stay below 8.6

double node(int index) { return static_cast<double>(index - half_nodes) / nodes_per_unit; }

/// Phi(z), the share of a standard normal below z; in long double as in distribution.cpp.
double exact_normal_share(double z) {
  static const boost::math::normal_distribution<long double> normal;
  return static_cast<double>(boost::math::cdf(normal, static_cast<long double>(z)));
}

/// Phi(z) with a relative error below 1e-6 even in the tails.
const NormalTable& normal_share() {
  static const NormalTable table(&exact_normal_share);
  return table;
}

}  // namespace

NormalTable::NormalTable(const std::function<double(double)>& function)
    : nodes_(2 * half_nodes + 1) {
  // Two nodes more at each end for the slopes, which are differences of fourth order: their error
  // of order h^4 adds one of h^5 to the interpolation's of h^4 / 384 times the fourth derivative.
  constexpr int margin = 2;
  std::vector<double> values;
  for (int i = -margin; i <= 2 * half_nodes + margin; ++i) values.push_back(function(node(i)));
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    const double* v = &values[i + margin];
    nodes_[i] = {v[0], (8 * (v[1] - v[-1]) - (v[2] - v[-2])) / 12};
  }
}

double NormalTable::operator()(double z) const {
  const double last = static_cast<double>(nodes_.size() - 1);
  const double position = std::clamp(z * nodes_per_unit + half_nodes, 0.0, last);
  const int cell = std::min(static_cast<int>(position), static_cast<int>(nodes_.size()) - 2);
  const double u = position - cell;
  const Node& left = nodes_[static_cast<std::size_t>(cell)];
  const Node& right = nodes_[static_cast<std::size_t>(cell) + 1];
  const double rise = right.value - left.value;
  const double square = 3 * rise - 2 * left.slope - right.slope;
  const double cube = left.slope + right.slope - 2 * rise;
  return left.value + u * (left.slope + u * (square + u * cube));
}

double PriorMap::Triangular::operator()(double z) const {
  // The share on the side of the tail is exact even where it is tiny; the other one is 1 less it.
  const double tail = normal_share(-std::abs(z)), rest = 1 - tail;
  const double width = high - low;
  const double below = (share.below + share.kept * (z < 0 ? tail : rest)) * width;
  const double above = (share.above + share.kept * (z < 0 ? rest : tail)) * width;
  // One root and no branch: on which side of the mode a draw falls cannot be predicted.
  const bool left = below < mode - low;
  const double distance = std::sqrt(left ? below * (mode - low) : above * (high - mode));
  return left ? low + distance : high - distance;
}

double PriorMap::Points::operator()(double z) const {
  return empirical.quantile(share.below + share.kept * normal_share(z));
}

PriorMap::Map PriorMap::make_map(const Distribution& distribution) {
  const std::vector<double>& a = distribution.arguments;
  const Truncation share = distribution.truncation();
  switch (distribution.kind) {
    case Distribution::Kind::triangular:
      return Triangular{normal_share(), share, a[0], a[1], a[2]};
    case Distribution::Kind::empirical:
      return Points{normal_share(), share, Empirical(distribution)};
    case Distribution::Kind::normal:
      if (std::isinf(distribution.lower) && std::isinf(distribution.upper))
        return Normal{a[0], a[1]};
      break;
    default:
      break;
  }
  return NormalTable([quantile = distribution.quantile_function()](double z) {
    return quantile(exact_normal_share(z), exact_normal_share(-z));
  });
}

PriorMap::PriorMap(const Distribution& distribution)
    : lower_(distribution.lower), upper_(distribution.upper), map_(make_map(distribution)) {}

double PriorMap::operator()(double z) const {
  apply({&z, 1});
  return z;
}

void PriorMap::apply(std::span<double> values) const {
  std::visit(
      [&](const auto& map) {
        for (double& x : values) x = std::clamp(map(x), lower_, upper_);
      },
      map_);
}

std::shared_ptr<const PriorMap> PriorMaps::of(const Distribution& distribution) {
  const auto find = [&] {
    const auto found = std::ranges::find(entries_, distribution, &Entry::distribution);
    return found == entries_.end() ? nullptr : found->map;
  };
  {
    const std::lock_guard lock(mutex_);
    if (auto known = find()) return known;
  }
  auto made = std::make_shared<const PriorMap>(distribution);  // others need not wait for it
  const std::lock_guard lock(mutex_);
  if (auto known = find()) return known;
  entries_.push_back({distribution, made});
  if (entries_.size() > most) entries_.pop_front();
  return made;
}

}  // namespace overbuild
