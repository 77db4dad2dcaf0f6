#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "src/sampling/parameter_sampler.cpp"
#include "hwy/foreach_target.h"  // IWYU pragma: keep: includes this file once per instruction set

#include "overbuild/sampling/step_random-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace overbuild {
namespace HWY_NAMESPACE {

/// Writes the four normals of the block `group` of step 0, normals[4][lanes].
void draw_normals(std::uint64_t seed, std::uint64_t first_path, int lanes, int group,
                  double* normals) {
  for (int lane = 0; lane < lanes; lane += lanes_per_vector) {
    const WordVector path = hn::Iota(WordTag(), first_path + static_cast<unsigned>(lane));
    const RandomBlock block = StepRandom(seed, path, 0).block(group);
    const RealPair front = normal_pair(block.word[0], block.word[1]);
    const RealPair back = normal_pair(block.word[2], block.word[3]);
    front.first.store(normals + lane);
    front.second.store(normals + lanes + lane);
    back.first.store(normals + 2 * lanes + lane);
    back.second.store(normals + 3 * lanes + lane);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace overbuild
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "hwy/aligned_allocator.h"
#include "overbuild/base/error.hpp"
#include "overbuild/sampling/correlation.hpp"
#include "overbuild/sampling/parameter_sampler.hpp"

namespace overbuild {
namespace {

HWY_EXPORT(draw_normals);

constexpr int normals_per_block = 4;

}  // namespace

ParameterSampler::ParameterSampler(std::vector<double> fixed, std::vector<Prior> priors,
                                   const Eigen::MatrixXd& factor, PriorMaps* maps)
    : fixed_(std::move(fixed)),
      priors_(std::move(priors)),
      drawn_(fixed_.size(), false),
      factor_(row_major(factor)),
      independent_(factor.isIdentity(0)) {
  for (const Prior& prior : priors_) {
    drawn_[prior.parameter] = true;
    const Distribution& distribution = prior.distribution;
    if (prior.whole_number && std::ceil(distribution.lower) > std::floor(distribution.upper))
      throw Error(ExitCode::config, fmt::format("there is no whole number between {} and {}",
                                                distribution.lower, distribution.upper));
    maps_.push_back(maps ? maps->of(distribution) : std::make_shared<const PriorMap>(distribution));
  }
}

void ParameterSampler::sample(std::uint64_t seed, std::uint64_t first_path, int lanes,
                              double* parameters) const {
  draw(seed, first_path, lanes, parameters);
  transform(lanes, parameters);
}

void ParameterSampler::transform(int lanes, double* parameters) const {
  for (std::size_t i = 0; i < fixed_.size(); ++i)
    if (!drawn_[i]) std::fill_n(parameters + i * lanes, lanes, fixed_[i]);
  if (!independent_) correlate(lanes, parameters);
  for (std::size_t i = 0; i < priors_.size(); ++i) map(i, lanes, row(i, lanes, parameters));
}

double* ParameterSampler::row(std::size_t prior, int lanes, double* parameters) const {
  return parameters + priors_[prior].parameter * lanes;
}

void ParameterSampler::draw(std::uint64_t seed, std::uint64_t first_path, int lanes,
                            double* parameters) const {
  const auto normals = hwy::AllocateAligned<double>(std::size_t{normals_per_block} * lanes);
  int drawn_group = -1;
  for (std::size_t i = 0; i < priors_.size(); ++i) {
    const int parameter = static_cast<int>(priors_[i].parameter);
    const int group = parameter / normals_per_block;
    if (group != drawn_group)
      HWY_DYNAMIC_DISPATCH(draw_normals)(seed, first_path, lanes, group, normals.get());
    drawn_group = group;
    const double* z = normals.get() + (parameter % normals_per_block) * lanes;
    std::copy_n(z, lanes, row(i, lanes, parameters));
  }
}

void ParameterSampler::correlate(int lanes, double* parameters) const {
  // From the last row upwards, so that each still finds the rows above it uncorrelated.
  for (std::size_t i = priors_.size(); i-- > 0;) {
    double* sum = row(i, lanes, parameters);
    const double* factor = &factor_[i * priors_.size()];
    for (int lane = 0; lane < lanes; ++lane) sum[lane] *= factor[i];
    for (std::size_t j = 0; j < i; ++j) {
      if (factor[j] == 0) continue;
      const double* z = row(j, lanes, parameters);
      for (int lane = 0; lane < lanes; ++lane) sum[lane] += factor[j] * z[lane];
    }
  }
}

void ParameterSampler::map(std::size_t prior, int lanes, double* values) const {
  maps_[prior]->apply({values, static_cast<std::size_t>(lanes)});
  if (!priors_[prior].whole_number) return;
  const Distribution& distribution = priors_[prior].distribution;
  const double lowest = std::ceil(distribution.lower), highest = std::floor(distribution.upper);
  for (int lane = 0; lane < lanes; ++lane)
    values[lane] = std::clamp(std::nearbyint(values[lane]), lowest, highest);
}

}  // namespace overbuild
#endif  // HWY_ONCE
