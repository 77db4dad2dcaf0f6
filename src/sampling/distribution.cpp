// Quantiles and probabilities of priors, by Boost.Math.
//
// All in long double: x87 arithmetic and glibc's x87 functions give the same bits on every x86-64
// processor, whereas glibc's functions of double use fused multiply-add where there is one.
#include "overbuild/sampling/distribution.hpp"

#include <algorithm>
#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/gamma.hpp>
#include <boost/math/distributions/lognormal.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <boost/math/distributions/triangular.hpp>
#include <boost/math/distributions/uniform.hpp>
#include <cmath>

#include "overbuild/sampling/empirical.hpp"

namespace overbuild {
namespace {

namespace bm = boost::math;
using Number = long double;
// Quantiles so far out that they overflow become infinite.
using Policy = bm::policies::policy<bm::policies::overflow_error<bm::policies::ignore_error>>;

/// Calls f(distribution, location, scale) with the Boost distribution of Y and the numbers that
/// make it the prior's, X = location + scale Y.
template <class F>
auto with_boost(const Distribution& prior, F&& f) {
  const std::vector<Number> a(prior.arguments.begin(), prior.arguments.end());
  switch (prior.kind) {
    case Distribution::Kind::lognormal:
      return f(bm::lognormal_distribution<Number, Policy>(std::log(a[0]), a[1]), 0, 1);
    case Distribution::Kind::uniform:
      return f(bm::uniform_distribution<Number, Policy>(0, 1), a[0], a[1] - a[0]);
    case Distribution::Kind::triangular:
      return f(bm::triangular_distribution<Number, Policy>(a[0], a[1], a[2]), 0, 1);
    case Distribution::Kind::beta:
      return f(bm::beta_distribution<Number, Policy>(a[0], a[1]), a[2], a[3] - a[2]);
    case Distribution::Kind::gamma:
      return f(bm::gamma_distribution<Number, Policy>(a[0], a[1]), 0, 1);
    case Distribution::Kind::student_t:
      return f(bm::students_t_distribution<Number, Policy>(a[2]), a[0], a[1]);
    default:
      return f(bm::normal_distribution<Number, Policy>(0, 1), a[0], a[1]);
  }
}

/// Probabilities below and above a value.
struct Share {
  Number below, above;
};

/// Shares up to and above x.
Share share_at(const Distribution& prior, double x) {
  if (x == -INFINITY) return {0, 1};
  if (x == INFINITY) return {1, 0};
  if (prior.kind == Distribution::Kind::empirical) {
    const Number below = Empirical(prior).share_up_to(x);
    return {below, 1 - below};
  }
  return with_boost(prior, [x](const auto& distribution, Number location, Number scale) -> Share {
    const Number y = (x - location) / scale;
    const auto [first, last] = bm::support(distribution);
    if (y <= first) return {0, 1};
    if (y >= last) return {1, 0};
    return {bm::cdf(distribution, y), bm::cdf(bm::complement(distribution, y))};
  });
}

/// Shares below the truncation and above it. An empirical distribution's points at `lower` itself
/// are not cut off.
Share cut_off(const Distribution& prior) {
  const Number below = prior.kind == Distribution::Kind::empirical
                           ? Empirical(prior).share_below(prior.lower)
                           : share_at(prior, prior.lower).below;
  return {below, share_at(prior, prior.upper).above};
}

/// The share kept by the truncation, from the tail in which it loses no digits.
Number kept_share(const Distribution& prior, const Share& cut) {
  if (cut.below <= 0.5L) return 1 - cut.below - cut.above;
  return share_at(prior, prior.lower).above - cut.above;
}

double untruncated_quantile(const Distribution& prior, const Share& share) {
  if (prior.kind == Distribution::Kind::empirical)
    return Empirical(prior).quantile(static_cast<double>(share.below));
  return with_boost(prior, [&](const auto& distribution, Number location, Number scale) -> double {
    const Number y = share.below < share.above
                         ? bm::quantile(distribution, share.below)
                         : bm::quantile(bm::complement(distribution, share.above));
    return static_cast<double>(location + scale * y);
  });
}

}  // namespace

Truncation Distribution::truncation() const {
  const Share cut = cut_off(*this);
  const Number kept = kept_share(*this, cut);
  return {static_cast<double>(cut.below), static_cast<double>(kept),
          static_cast<double>(cut.above)};
}

std::function<double(double p, double complement)> Distribution::quantile_function() const {
  const Share cut = cut_off(*this);
  const Number kept = kept_share(*this, cut);
  return [prior = *this, cut, kept](double p, double complement) {
    const double x =
        untruncated_quantile(prior, {cut.below + kept * p, cut.above + kept * complement});
    return std::clamp(x, prior.lower, prior.upper);
  };
}

double Distribution::quantile(double p, double complement) const {
  return quantile_function()(p, complement);
}

double Distribution::cdf(double x) const { return static_cast<double>(share_at(*this, x).below); }

double Distribution::cdf_complement(double x) const {
  return static_cast<double>(share_at(*this, x).above);
}

}  // namespace overbuild
