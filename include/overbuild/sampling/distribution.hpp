// The distributions a parameter's prior may have.
#pragma once

#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace overbuild {

/// Shares of a distribution below, within and above its truncation; they add up to one.
struct Truncation {
  double below, kept, above;
};

/// A univariate distribution, possibly truncated to [lower, upper].
///
/// Kinds and their arguments, in the order of `arguments`:
///   normal      mean, sd
///   lognormal   median, sigma            (sigma: sd of the logarithm)
///   uniform     low, high
///   triangular  low, mode, high
///   beta        alpha, beta, low, high   (scaled to [low, high])
///   gamma       shape, scale
///   student_t   location, scale, degrees (of freedom)
///   empirical   `points` with equal or given `weights`: the quantile function is piecewise linear
///               through the sorted points at the middles of their cumulated weights, and constant
///               beyond the first and the last (Hazen's rule, type 5 of Hyndman and Fan 1996)
struct Distribution {
  enum class Kind { normal, lognormal, uniform, triangular, beta, gamma, student_t, empirical };

  Kind kind = Kind::normal;
  std::vector<double> arguments = {};
  std::vector<double> points = {};   ///< empirical only; sorted ascending
  std::vector<double> weights = {};  ///< empirical only; one per point, positive; empty: all equal
  double lower = -std::numeric_limits<double>::infinity();  ///< truncation
  double upper = std::numeric_limits<double>::infinity();   ///< truncation

  /// The value below which a share `p` of the truncated distribution lies; `p` in (0, 1) is given
  /// as p and its complement 1 - p, so that both tails keep full precision.
  double quantile(double p, double complement) const;
  /// quantile() for many calls: the truncation's shares are computed once. Holds a copy.
  std::function<double(double p, double complement)> quantile_function() const;

  /// Probability of values up to `x` and of values above `x`, without truncation.
  double cdf(double x) const;
  double cdf_complement(double x) const;

  /// What the truncation to [lower, upper] cuts off and keeps.
  Truncation truncation() const;

  /// "" when the arguments make sense, else what is wrong with which one.
  std::string complaint() const;

  bool operator==(const Distribution&) const = default;
};

/// One argument of a kind of distribution, for config checking and the reference documentation.
struct DistributionArgument {
  std::string_view name;
  std::string_view meaning;
};
struct DistributionKind {
  Distribution::Kind kind;
  std::string_view name;
  std::vector<DistributionArgument> arguments;  ///< in the order of Distribution::arguments
};

/// All kinds, in the order of the documentation. Source: Boost.Math's distributions.
const std::vector<DistributionKind>& distribution_kinds();

}  // namespace overbuild
