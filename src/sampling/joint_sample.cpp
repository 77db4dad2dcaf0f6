#include "overbuild/sampling/joint_sample.hpp"

#include <algorithm>
#include <cmath>

#include "overbuild/base/error.hpp"
#include "overbuild/sampling/philox.hpp"

namespace overbuild {
namespace {

/// The number of the draw; those of priors are a quarter of the parameters' numbers.
constexpr std::uint32_t particle_draw = 0x80000000u;

/// Uniform on (0, 1) from two words: the upper 52 of their 64 bits, (n + 1/2) / 2^52.
double uniform(std::uint32_t low, std::uint32_t high) {
  const std::uint64_t joined = (std::uint64_t{high} << 32) | low;
  return (static_cast<double>(joined >> 12) + 0.5) * 0x1p-52;
}

}  // namespace

JointSample::JointSample(std::vector<std::vector<double>> values,
                         std::span<const double> log_weights)
    : values_(std::move(values)) {
  const double largest = log_weights.empty() ? -HUGE_VAL : *std::ranges::max_element(log_weights);
  if (!std::isfinite(largest))
    throw Error(ExitCode::config, "a joint sample has no particle of a finite weight");
  double sum = 0;
  // In long double, whose functions in the C library have one code path on all processors.
  for (const double weight : log_weights)
    cumulated_.push_back(sum +=
                         static_cast<double>(std::exp(static_cast<long double>(weight) - largest)));
}

std::size_t JointSample::particle(std::uint64_t seed, std::uint64_t path) const {
  const auto words = philox4x32(
      {static_cast<std::uint32_t>(path), static_cast<std::uint32_t>(path >> 32), 0, particle_draw},
      seed);
  const double place = uniform(words[0], words[1]) * cumulated_.back();
  const auto found = std::ranges::upper_bound(cumulated_, place);
  return static_cast<std::size_t>(std::min(found, cumulated_.end() - 1) - cumulated_.begin());
}

JointParameterSource::JointParameterSource(std::shared_ptr<const ParameterSource> others,
                                           std::shared_ptr<const JointSample> sample,
                                           std::vector<Column> columns)
    : others_(std::move(others)), sample_(std::move(sample)), columns_(std::move(columns)) {}

void JointParameterSource::sample(std::uint64_t seed, std::uint64_t first_path, int lanes,
                                  double* parameters) const {
  others_->sample(seed, first_path, lanes, parameters);
  for (int lane = 0; lane < lanes; ++lane) {
    const std::size_t particle =
        sample_->particle(seed, first_path + static_cast<std::uint64_t>(lane));
    for (const Column& column : columns_)
      parameters[column.parameter * static_cast<std::size_t>(lanes) + std::size_t(lane)] =
          sample_->values(column.row)[particle];
  }
}

}  // namespace overbuild
