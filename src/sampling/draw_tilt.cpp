#include "overbuild/sampling/draw_tilt.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace overbuild {
namespace {

constexpr int half = tilt_bins / 2;

std::array<double, tilt_bins + 1> make_edges() {
  std::array<double, tilt_bins + 1> edges{};
  for (int k = 1; k <= half; ++k) {
    edges[static_cast<std::size_t>(half + 1 - k)] = std::ldexp(1.0, -k);
    edges[static_cast<std::size_t>(half - 1 + k)] = 1 - std::ldexp(1.0, -k);
  }
  edges[tilt_bins] = 1;
  return edges;
}

void move_row(double shift, std::span<const double> chosen, double* z) {
  if (shift == 0) return;
  for (std::size_t lane = 0; lane < chosen.size(); ++lane) z[lane] += chosen[lane] * shift;
}

/// ln of the density of N(shift, 1) over that of N(0, 1).
void add_ratio(double shift, const double* z, std::span<double> log_ratio) {
  if (shift == 0) return;
  const double constant = shift * shift / 2;
  for (std::size_t lane = 0; lane < log_ratio.size(); ++lane)
    log_ratio[lane] += shift * z[lane] - constant;
}

}  // namespace

const std::array<double, tilt_bins + 1>& tilt_bin_edges() {
  static const std::array<double, tilt_bins + 1> edges = make_edges();
  return edges;
}

std::size_t tilt_bin_at(double u) {
  const auto& edges = tilt_bin_edges();
  const auto next = std::upper_bound(edges.begin() + 1, edges.end() - 1, u);
  return static_cast<std::size_t>(next - edges.begin()) - 1;
}

UniformTilt::UniformTilt(std::span<const double> masses) {
  const double total = std::accumulate(masses.begin(), masses.end(), 0.0);
  const auto& edges = tilt_bin_edges();
  double before = 0;
  for (std::size_t bin = 0; bin < tilt_bins; ++bin) {
    mass[bin] = masses[bin] / total;
    cumulated[bin] = before;
    before += mass[bin];
    // In long double, whose functions in the C library have one code path on all processors.
    const long double density = static_cast<long double>(mass[bin]) / (edges[bin + 1] - edges[bin]);
    log_density[bin] = static_cast<double>(std::log(density));
  }
}

double UniformTilt::map(double u) const {
  const auto next = std::upper_bound(cumulated.begin() + 1, cumulated.end(), u);
  const auto bin = static_cast<std::size_t>(next - cumulated.begin()) - 1;
  const auto& edges = tilt_bin_edges();
  const double share = (u - cumulated[bin]) / mass[bin];
  const double mapped = edges[bin] + share * (edges[bin + 1] - edges[bin]);
  return std::clamp(mapped, 0x1p-60, 1 - 0x1p-53);
}

double UniformTilt::log_density_at(double u) const { return log_density[tilt_bin_at(u)]; }

DrawTilt::DrawTilt(DrawCounts counts, int blocks)
    : counts_(counts),
      blocks_(std::clamp(blocks, 1, std::max(counts.steps, 1))),
      prior_shift_(static_cast<std::size_t>(counts.priors), 0.0),
      shift_(static_cast<std::size_t>(blocks_ * counts.normals), 0.0),
      uniform_place_(static_cast<std::size_t>(blocks_ * counts.uniforms), -1) {}

int DrawTilt::steps_of(int block) const {
  int steps = 0;
  for (int step = 1; step <= counts_.steps; ++step) steps += block_of(step) == block;
  return steps;
}

void DrawTilt::set_prior_shift(int prior, double shift) {
  prior_shift_.at(static_cast<std::size_t>(prior)) = shift;
}

void DrawTilt::set_shift(int block, int normal, double shift) {
  shift_.at(place(block, normal, counts_.normals)) = shift;
}

void DrawTilt::set_masses(int block, int uniform, std::span<const double> masses) {
  int& found = uniform_place_.at(place(block, uniform, counts_.uniforms));
  if (found < 0) {
    found = static_cast<int>(uniform_tilts_.size());
    uniform_tilts_.emplace_back(masses);
  } else {
    uniform_tilts_[static_cast<std::size_t>(found)] = UniformTilt(masses);
  }
}

const UniformTilt* DrawTilt::uniform(int block, int uniform) const {
  const int found = uniform_place_[place(block, uniform, counts_.uniforms)];
  return found < 0 ? nullptr : &uniform_tilts_[static_cast<std::size_t>(found)];
}

bool DrawTilt::is_plain() const {
  const auto is_zero = [](double x) { return x == 0; };
  return std::ranges::all_of(prior_shift_, is_zero) && std::ranges::all_of(shift_, is_zero) &&
         uniform_tilts_.empty();
}

void DrawTilt::move_prior(int prior, std::span<const double> chosen, double* z) const {
  move_row(prior_shift(prior), chosen, z);
}

void DrawTilt::move_normal(int step, int normal, std::span<const double> chosen, double* z) const {
  move_row(shift(block_of(step), normal), chosen, z);
}

void DrawTilt::move_uniform(int step, int uniform, std::span<const double> chosen,
                            double* u) const {
  const UniformTilt* tilt = this->uniform(block_of(step), uniform);
  if (!tilt) return;
  for (std::size_t lane = 0; lane < chosen.size(); ++lane)
    if (chosen[lane] != 0) u[lane] = tilt->map(u[lane]);
}

void DrawTilt::add_prior_ratio(int prior, const double* z, std::span<double> log_ratio) const {
  add_ratio(prior_shift(prior), z, log_ratio);
}

void DrawTilt::add_normal_ratio(int step, int normal, const double* z,
                                std::span<double> log_ratio) const {
  add_ratio(shift(block_of(step), normal), z, log_ratio);
}

void DrawTilt::add_uniform_ratio(int step, int uniform, const double* u,
                                 std::span<double> log_ratio) const {
  const UniformTilt* tilt = this->uniform(block_of(step), uniform);
  if (!tilt) return;
  for (std::size_t lane = 0; lane < log_ratio.size(); ++lane)
    log_ratio[lane] += tilt->log_density_at(u[lane]);
}

DrawTilt exploring_tilt(DrawCounts counts, int blocks) {
  DrawTilt tilt(counts, blocks);
  if (counts.uniforms == 0) return tilt;
  const double exploring = 1.0 / std::max(counts.steps, 2);
  const auto& edges = tilt_bin_edges();
  std::array<double, tilt_bins> masses{};
  for (std::size_t bin = 0; bin < tilt_bins; ++bin)
    masses[bin] = (1 - exploring) * (edges[bin + 1] - edges[bin]) + exploring / tilt_bins;
  for (int block = 0; block < tilt.blocks(); ++block)
    for (int uniform = 0; uniform < counts.uniforms; ++uniform)
      tilt.set_masses(block, uniform, masses);
  return tilt;
}

}  // namespace overbuild
