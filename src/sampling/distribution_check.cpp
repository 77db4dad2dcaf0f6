// The kinds of distributions with their arguments, and what may be wrong with a distribution.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "overbuild/sampling/distribution.hpp"

namespace overbuild {
namespace {

// Below this share of a distribution its quantiles lose too many digits.
constexpr double least_kept_share = 1e-9;

const DistributionKind& kind_of(const Distribution& distribution) {
  return distribution_kinds()[static_cast<std::size_t>(distribution.kind)];
}

std::string argument_names(const DistributionKind& kind) {
  std::vector<std::string_view> names;
  for (const DistributionArgument& argument : kind.arguments) names.push_back(argument.name);
  return fmt::format("{}", fmt::join(names, ", "));
}

std::string check_count(const Distribution& distribution) {
  const DistributionKind& kind = kind_of(distribution);
  const std::size_t found = distribution.arguments.size(), wanted = kind.arguments.size();
  if (found == wanted) return "";
  return fmt::format("{} takes {} arguments ({}), found {}", kind.name, wanted,
                     argument_names(kind), found);
}

std::string check_finite(const Distribution& distribution) {
  for (std::size_t i = 0; i < distribution.arguments.size(); ++i)
    if (!std::isfinite(distribution.arguments[i]))
      return fmt::format("{} is {}; it must be a finite number",
                         kind_of(distribution).arguments[i].name, distribution.arguments[i]);
  return "";
}

std::string check_arguments(const Distribution& distribution) {
  const std::vector<double>& value = distribution.arguments;
  const std::vector<DistributionArgument>& argument = kind_of(distribution).arguments;
  auto positive = [&](std::initializer_list<std::size_t> indices) -> std::string {
    for (std::size_t i : indices)
      if (value[i] <= 0)
        return fmt::format("{} is {}; it must be above 0", argument[i].name, value[i]);
    return "";
  };
  auto ascending = [&](std::size_t first, std::size_t second) -> std::string {
    if (value[first] < value[second]) return "";
    return fmt::format("{} is {} and {} is {}; {} must be below {}", argument[first].name,
                       value[first], argument[second].name, value[second], argument[first].name,
                       argument[second].name);
  };
  switch (distribution.kind) {
    case Distribution::Kind::normal:
      return positive({1});
    case Distribution::Kind::student_t:
      return positive({1, 2});
    case Distribution::Kind::lognormal:
    case Distribution::Kind::gamma:
      return positive({0, 1});
    case Distribution::Kind::uniform:
      return ascending(0, 1);
    case Distribution::Kind::triangular:
      if (std::string wrong = ascending(0, 2); !wrong.empty()) return wrong;
      if (value[1] >= value[0] && value[1] <= value[2]) return "";
      return fmt::format("mode is {}; it must be between low ({}) and high ({})", value[1],
                         value[0], value[2]);
    case Distribution::Kind::beta:
      if (std::string wrong = positive({0, 1}); !wrong.empty()) return wrong;
      return ascending(2, 3);
    case Distribution::Kind::empirical:
      break;
  }
  return "";
}

std::string check_points(const Distribution& distribution) {
  const std::vector<double>& points = distribution.points;
  const std::vector<double>& weights = distribution.weights;
  if (distribution.kind != Distribution::Kind::empirical) {
    if (points.empty() && weights.empty()) return "";
    return fmt::format("points and weights belong to empirical, not to {}",
                       kind_of(distribution).name);
  }
  if (points.size() < 2) return fmt::format("found {} points; 2 or more are needed", points.size());
  for (double point : points)
    if (!std::isfinite(point)) return fmt::format("a point is {}; points must be finite", point);
  const auto unsorted = std::adjacent_find(points.begin(), points.end(), std::greater<>());
  if (unsorted != points.end())
    return fmt::format("points must ascend, but {} comes before {}", *unsorted, *(unsorted + 1));
  if (!weights.empty() && weights.size() != points.size())
    return fmt::format("found {} weights for {} points; each point needs one", weights.size(),
                       points.size());
  for (double weight : weights)
    if (!(weight > 0 && std::isfinite(weight)))
      return fmt::format("a weight is {}; weights must be above 0 and finite", weight);
  return "";
}

std::string check_truncation(const Distribution& distribution) {
  if (!(distribution.lower < distribution.upper))
    return fmt::format("lower is {} and upper is {}; lower must be below upper", distribution.lower,
                       distribution.upper);
  const double kept = distribution.truncation().kept;
  if (kept >= least_kept_share) return "";
  return fmt::format(
      "the truncation to [{}, {}] keeps a share of {:.3g} of the distribution; at least {} is "
      "needed",
      distribution.lower, distribution.upper, std::max(kept, 0.0), least_kept_share);
}

std::string check_tails(const Distribution& distribution) {
  constexpr double tail = 4e-18;  // beyond 8.6 standard deviations of a normal
  if (std::isfinite(distribution.quantile(tail, 1)) &&
      std::isfinite(distribution.quantile(1, tail)))
    return "";
  return fmt::format("the tails of this {} exceed the range of numbers; truncate or narrow it",
                     kind_of(distribution).name);
}

}  // namespace

const std::vector<DistributionKind>& distribution_kinds() {
  using Kind = Distribution::Kind;
  static const std::vector<DistributionKind> kinds = {
      {Kind::normal, "normal", {{"mean", "mean"}, {"sd", "standard deviation"}}},
      {Kind::lognormal,
       "lognormal",
       {{"median", "median"}, {"sigma", "standard deviation of the logarithm"}}},
      {Kind::uniform, "uniform", {{"low", "smallest value"}, {"high", "largest value"}}},
      {Kind::triangular,
       "triangular",
       {{"low", "smallest value"}, {"mode", "likeliest value"}, {"high", "largest value"}}},
      {Kind::beta,
       "beta",
       {{"alpha", "first shape"},
        {"beta", "second shape"},
        {"low", "smallest value"},
        {"high", "largest value"}}},
      {Kind::gamma, "gamma", {{"shape", "shape"}, {"scale", "scale; the mean is shape x scale"}}},
      {Kind::student_t,
       "student_t",
       {{"location", "median"}, {"scale", "scale"}, {"degrees", "degrees of freedom"}}},
      {Kind::empirical, "empirical", {}},
  };
  return kinds;
}

std::string Distribution::complaint() const {
  // Each check relies on those before it.
  for (auto check :
       {check_count, check_finite, check_arguments, check_points, check_truncation, check_tails})
    if (std::string wrong = check(*this); !wrong.empty()) return wrong;
  return "";
}

}  // namespace overbuild
