#include "overbuild/sampling/tilted_draws.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "overbuild/base/error.hpp"
#include "overbuild/sampling/independent_draws.hpp"

namespace overbuild {
namespace {

constexpr std::size_t most_tilts = 4;
constexpr int pick_steps = 1 << 24;  // beyond the numbers of steps: which law a step has

hwy::AlignedFreeUniquePtr<double[]> room_for(int rows, int lanes) {
  return hwy::AllocateAligned<double>(static_cast<std::size_t>(std::max(rows, 1) * lanes));
}

}  // namespace

double DrawMixture::plain_share() const {
  return 1 - std::accumulate(shares.begin(), shares.end(), 0.0);
}

double DrawMixture::weight(std::span<const double> log_ratios) const {
  // In long double, whose functions in the C library have one code path on all processors.
  long double density = plain_share();
  for (std::size_t i = 0; i < shares.size(); ++i)
    density += shares[i] * std::exp(static_cast<long double>(log_ratios[i]));
  return static_cast<double>(1 / density);
}

TiltedDraws::TiltedDraws(const DrawMixture& mixture, int lanes)
    : mixture_(mixture),
      lanes_(lanes),
      priors_(room_for(mixture.counts.priors, lanes)),
      choice_(room_for(1, lanes)),
      pick_(room_for(1, lanes)),
      plain_(static_cast<std::size_t>(lanes)),
      chosen_(mixture.tilts.size(), std::vector<double>(static_cast<std::size_t>(lanes))),
      log_ratio_(chosen_) {
  if (mixture.tilts.size() > most_tilts || mixture.plain_share() <= 0)
    throw Error(ExitCode::internal, "a mixture of too many tilts, or without the plain law");
}

void TiltedDraws::begin(std::uint64_t seed, std::uint64_t first_path) {
  seed_ = seed;
  first_path_ = first_path;
  const DrawKey key{seed, first_path, 0};
  independent_uniforms(key, lanes_, 1, choice_.get());
  for (std::size_t lane = 0; lane < plain_.size(); ++lane) {
    double upper = mixture_.plain_share(), lower = 0;
    plain_[lane] = choice_[lane] < upper;
    for (std::size_t i = 0; i < chosen_.size(); ++i) {
      lower = upper;
      upper = i + 1 < chosen_.size() ? upper + mixture_.shares[i] : 1;
      chosen_[i][lane] = lower <= choice_[lane] && choice_[lane] < upper ? 1 : 0;
    }
  }
  for (std::vector<double>& ratio : log_ratio_) std::ranges::fill(ratio, 0.0);
  independent_normals(key, lanes_, mixture_.counts.priors, priors_.get());
  for (int prior = 0; prior < mixture_.counts.priors; ++prior) {
    double* z = priors_.get() + prior * lanes_;
    for (std::size_t i = 0; i < chosen_.size(); ++i)
      mixture_.tilts[i].move_prior(prior, chosen_[i], z);
    for (std::size_t i = 0; i < chosen_.size(); ++i)
      mixture_.tilts[i].add_prior_ratio(prior, z, log_ratio_[i]);
  }
}

void TiltedDraws::step(int step, double* normals, double* uniforms) {
  const std::vector<DrawTilt>& tilts = mixture_.tilts;
  const DrawKey key{seed_, first_path_, step};
  independent_normals(key, lanes_, mixture_.counts.normals, normals);
  independent_uniforms(key, lanes_, mixture_.counts.uniforms, uniforms);
  independent_uniforms({seed_, first_path_, pick_steps + step}, lanes_, 1, pick_.get());
  const StepDraws draws{lanes_, normals, uniforms};
  for (std::size_t i = 0; i < tilts.size(); ++i)
    tilts[i].move_step(step, chosen_[i], pick_.get(), draws);
  for (std::size_t i = 0; i < tilts.size(); ++i)
    tilts[i].add_step_ratio(step, draws, log_ratio_[i]);
}

double TiltedDraws::weight(int lane) const {
  std::array<double, most_tilts> ratios{};
  for (std::size_t i = 0; i < log_ratio_.size(); ++i)
    ratios[i] = log_ratio_[i][static_cast<std::size_t>(lane)];
  return mixture_.weight(std::span(ratios).first(log_ratio_.size()));
}

}  // namespace overbuild
