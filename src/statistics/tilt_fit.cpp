#include "overbuild/statistics/tilt_fit.hpp"

#include <algorithm>
#include <cmath>

namespace overbuild {
namespace {

constexpr double least_sigmas = 3;   // of a shift
constexpr double least_ratio = 20;   // of a density's likelihood, twice its logarithm
constexpr double plain_draws = 10;   // of the plain law, where a density lies below its own
constexpr double least_bursts = 10;  // effective ones, for a law of their own
constexpr double tail_begin = 2, tail_share = 0.022750131948179;  // P(Z > 2)
constexpr double least_deviation = 0.4, wider = 1.15;  // of priors: safe against missed tails

double weighted_sum(std::span<const double> weight, const double* x) {
  double sum = 0;
  for (std::size_t lane = 0; lane < weight.size(); ++lane) sum += weight[lane] * x[lane];
  return sum;
}

/// Shift for a mean of so many effective draws, or none where it might be noise.
double shift_of(double mean, double draws) {
  return mean * mean * draws >= least_sigmas * least_sigmas ? mean : 0.0;
}

/// TiltMasses of the density that never rises and is nearest to `masses`, by pooling adjacent bins
/// whose densities rise. Source: Barlow, Bartholomew, Bremner, Brunk (1972), Statistical inference
/// under order restrictions, 1.2.
TiltMasses falling(const TiltMasses& masses) {
  struct Pool {
    double mass, width;
    std::size_t end;
  };
  std::vector<Pool> pools;
  for (std::size_t bin = 0; bin < tilt_bins; ++bin) {
    pools.push_back({masses[bin], tilt_bin_width(bin), bin + 1});
    while (pools.size() > 1) {
      const Pool last = pools.back();
      Pool& before = pools[pools.size() - 2];
      if (before.mass * last.width >= last.mass * before.width) break;
      before = {before.mass + last.mass, before.width + last.width, last.end};
      pools.pop_back();
    }
  }
  TiltMasses fitted{};
  std::size_t bin = 0;
  for (const Pool& pool : pools)
    for (; bin < pool.end; ++bin) fitted[bin] = pool.mass * tilt_bin_width(bin) / pool.width;
  return fitted;
}

/// Widens what stands out: from a bin to the next wider one the density falls to an eighth at most.
/// The bin that a hazard's probability divides may not have been met by any of few paths. It costs
/// a third of the mass at most.
void widen(TiltMasses& falling) {
  for (std::size_t bin = 1; bin < tilt_bins; ++bin) {
    const double density = falling[bin - 1] / tilt_bin_width(bin - 1) / 8;
    if (density > 1) falling[bin] = std::max(falling[bin], density * tilt_bin_width(bin));
  }
}

/// The bins lie symmetrically.
TiltMasses rising(TiltMasses masses) {
  std::ranges::reverse(masses);
  masses = falling(masses);
  std::ranges::reverse(masses);
  return masses;
}

/// Twice the logarithm of the likelihood of `fitted` over that of the plain law, for `draws` draws
/// with these shares of the bins.
double likelihood_ratio(const TiltMasses& shares, const TiltMasses& fitted, double draws) {
  double ratio = 0;
  for (std::size_t bin = 0; bin < tilt_bins; ++bin) {
    if (shares[bin] == 0) continue;
    const long double density = static_cast<long double>(fitted[bin]) / tilt_bin_width(bin);
    ratio += 2 * draws * shares[bin] * static_cast<double>(std::log(density));
  }
  return ratio;
}

/// The density nearest to these sums of the weights of `draws` effective draws; none where it might
/// be the plain law.
std::optional<UniformTilt> density_of(TiltMasses shares, double total, double draws) {
  for (double& share : shares) share /= total;
  TiltMasses fitted = falling(shares), other = rising(shares);
  const double ratio = likelihood_ratio(shares, fitted, draws);
  const double other_ratio = likelihood_ratio(shares, other, draws);
  if (!(std::max(ratio, other_ratio) > least_ratio)) return {};
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
    const double width = tilt_bin_width(bin), expected = draws * width;
    if (fitted[bin] < width)
      fitted[bin] = width * (draws * fitted[bin] + plain_draws) / (expected + plain_draws);
  }
  return UniformTilt(fitted);
}

/// The mass of a density that stands out from the plain law, by bin, with a little of the plain
/// law; its total, and by how much it lets the density be told from the plain law.
TiltMasses standing_out(const UniformTilt& tilt, double& total, double& information) {
  TiltMasses excess;
  total = information = 0;
  for (std::size_t bin = 0; bin < tilt_bins; ++bin) {
    excess[bin] = std::max(tilt.mass[bin] - 2 * tilt_bin_width(bin), 0.0);
    total += excess[bin];
    information += excess[bin] * tilt.log_density[bin];
  }
  for (std::size_t bin = 0; bin < tilt_bins; ++bin)
    excess[bin] += 1e-3 * (total + 1e-9) * tilt_bin_width(bin);
  return excess;
}

}  // namespace

TiltFit::LawSums::LawSums(const DrawCounts& counts)
    : normal(static_cast<std::size_t>(counts.normals), 0.0),
      tail{normal, normal},
      mass(static_cast<std::size_t>(counts.uniforms), TiltMasses{}) {}

TiltFit::TiltFit(DrawCounts counts, int blocks) : counts_(counts), tilt_(counts, blocks) {
  clear();
}

void TiltFit::clear() {
  total_ = square_ = 0;
  prior_.assign(static_cast<std::size_t>(counts_.priors), 0.0);
  prior_square_ = prior_;
  sums_.assign(static_cast<std::size_t>(2 * tilt_.blocks()), LawSums(counts_));
}

void TiltFit::add_paths(std::span<const double> weight) {
  for (const double w : weight) {
    total_ += w;
    square_ += w * w;
  }
}

void TiltFit::add_prior(int prior, std::span<const double> weight, const double* z) {
  prior_[static_cast<std::size_t>(prior)] += weighted_sum(weight, z);
  double& square = prior_square_[static_cast<std::size_t>(prior)];
  for (std::size_t lane = 0; lane < weight.size(); ++lane)
    square += weight[lane] * z[lane] * z[lane];
}

void TiltFit::add_step(int step, std::span<const double> weight, const StepDraws& draws) {
  share_[0].assign(weight.begin(), weight.end());
  share_[1].resize(weight.size());
  tilt_.burst_probability(step, draws, share_[1]);
  for (std::size_t lane = 0; lane < weight.size(); ++lane) {
    share_[1][lane] *= weight[lane];
    share_[0][lane] -= share_[1][lane];
  }
  const int block = tilt_.block_of(step);
  for (std::size_t law = 0; law < 2; ++law) {
    if (law == 1 && tilt_.block(block).burst_share == 0) continue;
    LawSums& sums = sums_[static_cast<std::size_t>(2 * block) + law];
    for (const double w : share_[law]) {
      sums.total += w;
      sums.square += w * w;
    }
    for (std::size_t row = 0; row < sums.normal.size(); ++row) {
      const double* z = draws.normals + row * weight.size();
      sums.normal[row] += weighted_sum(share_[law], z);
      for (std::size_t lane = 0; lane < weight.size(); ++lane)
        if (std::abs(z[lane]) > tail_begin) sums.tail[z[lane] > 0][row] += share_[law][lane];
    }
    for (std::size_t row = 0; row < sums.mass.size(); ++row)
      for (std::size_t lane = 0; lane < weight.size(); ++lane)
        if (share_[law][lane] != 0)
          sums.mass[row][tilt_bin_at(draws.uniforms[row * weight.size() + lane])] +=
              share_[law][lane];
  }
}

StepLaw TiltFit::fitted(const LawSums& sums) {
  StepLaw law;
  for (const double sum : sums.normal)
    law.shift.push_back(sums.total > 0 ? shift_of(sum / sums.total, sums.draws()) : 0.0);
  for (const TiltMasses& mass : sums.mass)
    law.uniform.push_back(sums.total > 0 ? density_of(mass, sums.total, sums.draws())
                                         : std::nullopt);
  return law;
}

/// Begins with what stands out most of one draw as the burst's law, and the plain law of all other
/// draws.
void TiltFit::begin_burst(DrawTilt::Block& block, const LawSums& sums) {
  StepLaw& ordinary = block.law[0];
  StepLaw burst{std::vector<double>(ordinary.shift.size(), 0.0),
                std::vector<std::optional<UniformTilt>>(ordinary.uniform.size())};
  const StepLaw none = burst;
  double most = 0, share = 0;
  for (std::size_t row = 0; row < ordinary.uniform.size(); ++row) {
    double excess = 0, information = 0;
    if (!ordinary.uniform[row]) continue;
    const TiltMasses masses = standing_out(*ordinary.uniform[row], excess, information);
    if (information <= most || excess * sums.draws() < least_bursts) continue;
    most = information;
    share = excess;
    burst = none;
    burst.uniform[row].emplace(masses);
  }
  for (std::size_t row = 0; row < ordinary.shift.size(); ++row) {
    for (const int side : {0, 1}) {
      const double excess = sums.tail[side][row] / sums.total - 2 * tail_share;
      if (excess * sums.draws() < least_bursts) continue;
      const double information = excess * std::log((excess + tail_share) / tail_share);
      if (information <= most) continue;
      most = information;
      share = excess;
      burst = none;
      burst.shift[row] = side == 1 ? tail_begin + 0.5 : -tail_begin - 0.5;
    }
  }
  if (share == 0) return;
  block.burst_share = std::min(share, 0.9);
  block.law[1] = burst;
  for (std::size_t row = 0; row < ordinary.uniform.size(); ++row)
    if (burst.uniform[row]) ordinary.uniform[row].reset();
}

void TiltFit::fit_block(int index) {
  DrawTilt::Block& block = tilt_.block(index);
  const LawSums& ordinary = sums_[static_cast<std::size_t>(2 * index)];
  const LawSums& burst = sums_[static_cast<std::size_t>(2 * index + 1)];
  block.law[0] = fitted(ordinary);
  block.burst_share = 0;
  if (first_pass_) return begin_burst(block, ordinary);
  if (burst.draws() < least_bursts) return;
  block.burst_share = burst.total / (ordinary.total + burst.total);
  block.law[1] = fitted(burst);
}

PriorLaw TiltFit::fitted_prior(std::size_t prior) const {
  const double paths = total_ * total_ / square_, mean = prior_[prior] / total_;
  const double variance = prior_square_[prior] / total_ - mean * mean;
  PriorLaw law{shift_of(mean, paths), 1};
  if (1 - variance > least_sigmas * std::sqrt(2 / paths))
    law.deviation = std::clamp(wider * std::sqrt(std::max(variance, 0.0)), least_deviation, 1.0);
  return law;
}

void TiltFit::end_pass() {
  if (total_ > 0) {
    for (std::size_t i = 0; i < prior_.size(); ++i) tilt_.priors()[i] = fitted_prior(i);
    for (int block = 0; block < tilt_.blocks(); ++block) fit_block(block);
  }
  first_pass_ = false;
  clear();
}

}  // namespace overbuild
