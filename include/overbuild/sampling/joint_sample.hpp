// Draws of several parameters at once from a weighted sample of them, such as a posterior.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "overbuild/sampling/parameter_sampler.hpp"

namespace overbuild {

/// Weighted draws ("particles") of some parameters, which are drawn whole, so that what the
/// parameters have to do with each other is kept.
class JointSample {
 public:
  /// `values`: [parameter][particle], as many for each. `log_weights`: one per particle, up to a
  /// constant, -infinity for a particle that is never drawn; at least one must be finite.
  JointSample(std::vector<std::vector<double>> values, std::span<const double> log_weights);

  std::size_t particles() const { return cumulated_.size(); }
  std::span<const double> values(std::size_t parameter) const { return values_[parameter]; }

  /// The particle of a path: the one in whose part of the cumulated weights a uniform number of
  /// the Philox block keyed (seed, path, step 0) lies, independently of all draws of priors.
  std::size_t particle(std::uint64_t seed, std::uint64_t path) const;

 private:
  std::vector<std::vector<double>> values_;
  std::vector<double> cumulated_;  ///< weights
};

/// Draws some parameters from a joint sample and the others as `others` does.
class JointParameterSource : public ParameterSource {
 public:
  /// Which row of the sample a parameter has.
  struct Column {
    std::size_t parameter = 0;  ///< declaration index
    std::size_t row = 0;        ///< in the sample
  };

  JointParameterSource(std::shared_ptr<const ParameterSource> others,
                       std::shared_ptr<const JointSample> sample, std::vector<Column> columns);

  void sample(std::uint64_t seed, std::uint64_t first_path, int lanes,
              double* parameters) const override;

 private:
  std::shared_ptr<const ParameterSource> others_;
  std::shared_ptr<const JointSample> sample_;
  std::vector<Column> columns_;
};

}  // namespace overbuild
