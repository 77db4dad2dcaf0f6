#include "overbuild/sampling/draw_tilt.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

#include "src/sampling/lane_functions.hpp"

namespace overbuild {
namespace {

constexpr int half = tilt_bins / 2;
constexpr std::size_t lanes_at_once = 64;

std::array<double, tilt_bins + 1> make_edges() {
  std::array<double, tilt_bins + 1> edges{};
  for (int k = 1; k <= half; ++k) {
    edges[static_cast<std::size_t>(half + 1 - k)] = std::ldexp(1.0, -k);
    edges[static_cast<std::size_t>(half - 1 + k)] = 1 - std::ldexp(1.0, -k);
  }
  edges[tilt_bins] = 1;
  return edges;
}

/// ln of the density of N(shift, 1) over that of N(0, 1).
void add_ratio(double shift, const double* z, std::span<double> log_ratio) {
  if (shift == 0) return;
  const double constant = shift * shift / 2;
  for (std::size_t lane = 0; lane < log_ratio.size(); ++lane)
    log_ratio[lane] += shift * z[lane] - constant;
}

/// ln of a law's density over the plain one, for the lanes from `first` on.
void law_ratio(const StepLaw& law, const StepDraws& draws, std::size_t first,
               std::span<double> log_ratio) {
  std::ranges::fill(log_ratio, 0.0);
  const auto lanes = static_cast<std::size_t>(draws.lanes);
  for (std::size_t row = 0; row < law.shift.size(); ++row)
    add_ratio(law.shift[row], draws.normals + row * lanes + first, log_ratio);
  for (std::size_t row = 0; row < law.uniform.size(); ++row) {
    if (!law.uniform[row]) continue;
    const double* u = draws.uniforms + row * lanes + first;
    for (std::size_t lane = 0; lane < log_ratio.size(); ++lane)
      log_ratio[lane] += law.uniform[row]->log_density_at(u[lane]);
  }
}

/// Calls visit(first, ordinary, burst) with the two laws' ratios of some lanes at a time.
template <class Visit>
void visit_ratios(const DrawTilt::Block& block, const StepDraws& draws, Visit visit) {
  alignas(64) double ratio[2][lanes_at_once];
  const auto lanes = static_cast<std::size_t>(draws.lanes);
  for (std::size_t first = 0; first < lanes; first += lanes_at_once) {
    const std::size_t count = std::min(lanes_at_once, lanes - first);
    law_ratio(block.law[0], draws, first, std::span(ratio[0], count));
    if (block.burst_share > 0) law_ratio(block.law[1], draws, first, std::span(ratio[1], count));
    visit(first, std::span(ratio[0], count), std::span(ratio[1], count));
  }
}

}  // namespace

const std::array<double, tilt_bins + 1>& tilt_bin_edges() {
  static const std::array<double, tilt_bins + 1> edges = make_edges();
  return edges;
}

double tilt_bin_width(std::size_t bin) { return tilt_bin_edges()[bin + 1] - tilt_bin_edges()[bin]; }

std::size_t tilt_bin_at(double u) {
  // The exponent tells the bin. Above 1/2 it is that of 1 - u, which is exact; one unit less, since
  // there the bins are closed at the end away from 1.
  const bool low = u < 0.5;
  const auto bits = low ? std::bit_cast<std::uint64_t>(u) : std::bit_cast<std::uint64_t>(1 - u) - 1;
  const int exponent = std::max(static_cast<int>(bits >> 52) - 1023, -half - 1);  // of 2^exponent
  return static_cast<std::size_t>(low ? half + 1 + exponent : half - 2 - exponent);
}

UniformTilt::UniformTilt(const TiltMasses& masses) {
  const double total = std::accumulate(masses.begin(), masses.end(), 0.0);
  double before = 0;
  for (std::size_t bin = 0; bin < tilt_bins; ++bin) {
    mass[bin] = masses[bin] / total;
    cumulated[bin] = before;
    before += mass[bin];
    // In long double, whose functions in the C library have one code path on all processors.
    const long double density = static_cast<long double>(mass[bin]) / tilt_bin_width(bin);
    log_density[bin] = static_cast<double>(std::log(density));
  }
  std::size_t bin = 0;
  for (std::size_t i = 0; i < first_bin.size(); ++i) {
    const double u = static_cast<double>(i) / static_cast<double>(first_bin.size());
    while (bin + 1 < tilt_bins && cumulated[bin + 1] <= u) ++bin;
    first_bin[i] = static_cast<std::uint8_t>(bin);
  }
}

double UniformTilt::map(double u) const {
  std::size_t bin = first_bin[static_cast<std::size_t>(u * static_cast<double>(first_bin.size()))];
  while (bin + 1 < tilt_bins && cumulated[bin + 1] <= u) ++bin;
  const double share = (u - cumulated[bin]) / mass[bin];
  const double mapped = tilt_bin_edges()[bin] + share * tilt_bin_width(bin);
  return std::clamp(mapped, 0x1p-60, 1 - 0x1p-53);
}

bool StepLaw::is_plain() const {
  return std::ranges::all_of(shift, [](double x) { return x == 0; }) &&
         std::ranges::none_of(uniform, [](const auto& tilt) { return tilt.has_value(); });
}

DrawTilt::DrawTilt(DrawCounts counts, int blocks)
    : counts_(counts),
      prior_(static_cast<std::size_t>(counts.priors)),
      block_(static_cast<std::size_t>(std::clamp(blocks, 1, std::max(counts.steps, 1)))) {
  for (Block& block : block_)
    for (StepLaw& law : block.law) {
      law.shift.resize(static_cast<std::size_t>(counts.normals), 0.0);
      law.uniform.resize(static_cast<std::size_t>(counts.uniforms));
    }
}

int DrawTilt::steps_of(int block) const {
  int steps = 0;
  for (int step = 1; step <= counts_.steps; ++step) steps += block_of(step) == block;
  return steps;
}

void DrawTilt::move_prior(int prior, std::span<const double> chosen, double* z) const {
  const PriorLaw& law = prior_[static_cast<std::size_t>(prior)];
  for (std::size_t lane = 0; lane < chosen.size(); ++lane)
    if (chosen[lane] != 0) z[lane] = law.mean + law.deviation * z[lane];
}

void DrawTilt::move_step(int step, std::span<const double> chosen, const double* pick,
                         const StepDraws& draws) const {
  const Block& laws = block(block_of(step));
  for (std::size_t lane = 0; lane < chosen.size(); ++lane) {
    if (chosen[lane] == 0) continue;
    const StepLaw& law = laws.law[pick[lane] < laws.burst_share ? 1 : 0];
    for (std::size_t row = 0; row < law.shift.size(); ++row)
      draws.normals[row * chosen.size() + lane] += law.shift[row];
    for (std::size_t row = 0; row < law.uniform.size(); ++row) {
      double& u = draws.uniforms[row * chosen.size() + lane];
      if (law.uniform[row]) u = law.uniform[row]->map(u);
    }
  }
}

void DrawTilt::add_prior_ratio(int prior, const double* z, std::span<double> log_ratio) const {
  const PriorLaw& law = prior_[static_cast<std::size_t>(prior)];
  if (law == PriorLaw{}) return;
  // In long double, whose functions in the C library have one code path on all processors.
  const auto constant = static_cast<double>(-std::log(static_cast<long double>(law.deviation)));
  for (std::size_t lane = 0; lane < log_ratio.size(); ++lane) {
    const double standard = (z[lane] - law.mean) / law.deviation;
    log_ratio[lane] += constant + (z[lane] * z[lane] - standard * standard) / 2;
  }
}

void DrawTilt::add_step_ratio(int step, const StepDraws& draws, std::span<double> log_ratio) const {
  const Block& laws = block(block_of(step));
  if (laws.burst_share == 0 && laws.law[0].is_plain()) return;
  visit_ratios(laws, draws,
               [&](std::size_t first, std::span<double> ordinary, std::span<const double> burst) {
                 if (laws.burst_share > 0) log_of_mixture(laws.burst_share, burst, ordinary);
                 for (std::size_t i = 0; i < ordinary.size(); ++i)
                   log_ratio[first + i] += ordinary[i];
               });
}

void DrawTilt::burst_probability(int step, const StepDraws& draws,
                                 std::span<double> probability) const {
  const Block& laws = block(block_of(step));
  std::ranges::fill(probability, 0.0);
  if (laws.burst_share == 0) return;
  visit_ratios(
      laws, draws,
      [&](std::size_t first, std::span<double> ordinary, std::span<const double> burst) {
        log_of_mixture(laws.burst_share, burst, ordinary);
        for (std::size_t i = 0; i < ordinary.size(); ++i) {
          // In long double, whose functions in the C library have one code path on all processors.
          const long double odds = std::exp(static_cast<long double>(burst[i]) - ordinary[i]);
          probability[first + i] = std::min(static_cast<double>(laws.burst_share * odds), 1.0);
        }
      });
}

DrawTilt exploring_tilt(DrawCounts counts) {
  DrawTilt tilt(counts, 1);
  const double exploring = 1.0 / std::max(counts.steps, 2);
  TiltMasses masses;
  for (std::size_t bin = 0; bin < tilt_bins; ++bin)
    masses[bin] = (1 - exploring) * tilt_bin_width(bin) + exploring / tilt_bins;
  for (auto& uniform : tilt.block(0).law[0].uniform) uniform.emplace(masses);
  return tilt;
}

}  // namespace overbuild
