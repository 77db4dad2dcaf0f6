#include "overbuild/statistics/tilt_fit.hpp"

#include <algorithm>
#include <cmath>

namespace overbuild {
namespace {

constexpr double least_sigmas = 3;  // of a shift
constexpr double least_ratio = 12;  // of a density's likelihood, twice its logarithm
constexpr double plain_draws = 10;  // of the plain law, where a density lies below its own

using Masses = std::array<double, tilt_bins>;

double weighted_sum(std::span<const double> weight, const double* x) {
  double sum = 0;
  for (std::size_t lane = 0; lane < weight.size(); ++lane) sum += weight[lane] * x[lane];
  return sum;
}

/// Shift for a mean of so many effective draws, or none where it might be noise.
double shift_of(double mean, double draws) {
  return mean * mean * draws >= least_sigmas * least_sigmas ? mean : 0.0;
}

double width_of(std::size_t bin) { return tilt_bin_edges()[bin + 1] - tilt_bin_edges()[bin]; }

/// Masses of the density that never rises and is nearest to `masses`, by pooling adjacent bins
/// whose densities rise. Source: Barlow, Bartholomew, Bremner, Brunk (1972), Statistical inference
/// under order restrictions, 1.2.
Masses falling(const Masses& masses) {
  struct Pool {
    double mass, width;
    std::size_t end;
  };
  std::vector<Pool> pools;
  for (std::size_t bin = 0; bin < tilt_bins; ++bin) {
    pools.push_back({masses[bin], width_of(bin), bin + 1});
    while (pools.size() > 1) {
      const Pool last = pools.back();
      Pool& before = pools[pools.size() - 2];
      if (before.mass * last.width >= last.mass * before.width) break;
      before = {before.mass + last.mass, before.width + last.width, last.end};
      pools.pop_back();
    }
  }
  Masses fitted{};
  std::size_t bin = 0;
  for (const Pool& pool : pools)
    for (; bin < pool.end; ++bin) fitted[bin] = pool.mass * width_of(bin) / pool.width;
  return fitted;
}

/// Widens what stands out: from a bin to the next wider one the density falls to an eighth at most.
/// The bin that a hazard's probability divides may not have been met by any of few paths. It costs
/// a third of the mass at most.
void widen(Masses& falling) {
  for (std::size_t bin = 1; bin < tilt_bins; ++bin) {
    const double density = falling[bin - 1] / width_of(bin - 1) / 8;
    if (density > 1) falling[bin] = std::max(falling[bin], density * width_of(bin));
  }
}

/// The bins lie symmetrically.
Masses rising(Masses masses) {
  std::ranges::reverse(masses);
  masses = falling(masses);
  std::ranges::reverse(masses);
  return masses;
}

/// Twice the logarithm of the likelihood of `fitted` over that of the plain law, for `draws` draws
/// with these shares of the bins.
double likelihood_ratio(const Masses& shares, const Masses& fitted, double draws) {
  double ratio = 0;
  for (std::size_t bin = 0; bin < tilt_bins; ++bin) {
    if (shares[bin] == 0) continue;
    const long double density = static_cast<long double>(fitted[bin]) / width_of(bin);
    ratio += 2 * draws * shares[bin] * static_cast<double>(std::log(density));
  }
  return ratio;
}

}  // namespace

TiltFit::TiltFit(DrawCounts counts, int blocks)
    : plain_(counts, blocks),
      prior_(static_cast<std::size_t>(counts.priors), 0.0),
      normal_(static_cast<std::size_t>(plain_.blocks() * counts.normals), 0.0),
      mass_(static_cast<std::size_t>(plain_.blocks() * counts.uniforms)) {}

void TiltFit::add_paths(std::span<const double> weight) {
  for (const double w : weight) {
    total_ += w;
    square_ += w * w;
  }
}

void TiltFit::add_prior(int prior, std::span<const double> weight, const double* z) {
  prior_[static_cast<std::size_t>(prior)] += weighted_sum(weight, z);
}

void TiltFit::add_normal(int step, int normal, std::span<const double> weight, const double* z) {
  const int place = plain_.block_of(step) * plain_.counts().normals + normal;
  normal_[static_cast<std::size_t>(place)] += weighted_sum(weight, z);
}

void TiltFit::add_uniform(int step, int uniform, std::span<const double> weight, const double* u) {
  const int place = plain_.block_of(step) * plain_.counts().uniforms + uniform;
  Masses& mass = mass_[static_cast<std::size_t>(place)];
  for (std::size_t lane = 0; lane < weight.size(); ++lane)
    if (weight[lane] != 0) mass[tilt_bin_at(u[lane])] += weight[lane];
}

void TiltFit::fit_uniform(int block, int uniform, DrawTilt& tilt) const {
  const int steps = plain_.steps_of(block);
  const double draws = effective() * steps;
  Masses shares = mass_[static_cast<std::size_t>(block * plain_.counts().uniforms + uniform)];
  for (double& share : shares) share /= total_ * steps;
  Masses fitted = falling(shares), other = rising(shares);
  const double ratio = likelihood_ratio(shares, fitted, draws);
  const double other_ratio = likelihood_ratio(shares, other, draws);
  if (!(std::max(ratio, other_ratio) > least_ratio)) return;
  if (other_ratio > ratio) {
    std::ranges::reverse(other);
    widen(other);
    std::ranges::reverse(other);
    fitted = other;
  } else {
    widen(fitted);
  }
  // Where few draws were expected and fewer came, the density is kept near the plain law's: too
  // small a one would make large weights.
  for (std::size_t bin = 0; bin < tilt_bins; ++bin) {
    const double expected = draws * width_of(bin);
    if (fitted[bin] < width_of(bin))
      fitted[bin] = width_of(bin) * (draws * fitted[bin] + plain_draws) / (expected + plain_draws);
  }
  tilt.set_masses(block, uniform, fitted);
}

DrawTilt TiltFit::tilt() const {
  DrawTilt tilt = plain_;
  if (!(total_ > 0)) return tilt;
  const DrawCounts& counts = plain_.counts();
  for (int prior = 0; prior < counts.priors; ++prior)
    tilt.set_prior_shift(prior,
                         shift_of(prior_[static_cast<std::size_t>(prior)] / total_, effective()));
  for (int block = 0; block < tilt.blocks(); ++block) {
    const int steps = plain_.steps_of(block);
    for (int normal = 0; normal < counts.normals; ++normal) {
      const auto place = static_cast<std::size_t>(block * counts.normals + normal);
      const double mean = normal_[place] / (total_ * steps);
      tilt.set_shift(block, normal, shift_of(mean, effective() * steps));
    }
    for (int uniform = 0; uniform < counts.uniforms; ++uniform) fit_uniform(block, uniform, tilt);
  }
  return tilt;
}

}  // namespace overbuild
