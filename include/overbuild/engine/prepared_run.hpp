// What the workers of a run share and only read: sampler, tables, correlation and pivots.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "overbuild/config/scenario.hpp"
#include "overbuild/sampling/draw_source.hpp"
#include "overbuild/sampling/parameter_sampler.hpp"
#include "overbuild/statistics/run_statistics.hpp"

namespace overbuild {

/// The parameter sampler that a scenario's numbers, priors and rank correlations describe. `maps`
/// are those that runs share, or none.
ParameterSampler parameter_sampler(const Scenario& scenario, PriorMaps* maps = nullptr);

/// A table's value by step 0..T. Path tables are interpolated log-linearly and NaN outside of their
/// times; for impulses a step's entry is the sum of what arrives in (t - dt, t].
std::vector<double> table_by_step(const TableSpec& spec, const TableSetting& table, int steps,
                                  double dt);

/// Holds the storage that its RunContext points to; neither copied nor moved.
class PreparedRun {
 public:
  /// `source`: where the parameters come from, if not from the scenario's priors by sampler().
  /// `draws`: where the step loop's given draws come from, if not from its generator.
  explicit PreparedRun(const Scenario& scenario, PriorMaps* maps = nullptr,
                       std::shared_ptr<const ParameterSource> source = nullptr,
                       std::shared_ptr<const DrawSource> draws = nullptr);
  PreparedRun(const PreparedRun&) = delete;
  PreparedRun& operator=(const PreparedRun&) = delete;

  const Scenario& scenario() const { return scenario_; }
  const ModelSchema& schema() const { return scenario_.model->schema; }
  const RunContext& context() const { return context_; }
  const ModelKernel& kernel() const { return kernel_; }
  const ParameterSampler& sampler() const { return sampler_; }
  const ParameterSource& parameters() const { return source_ ? *source_ : sampler_; }
  /// nullptr where the step loop makes its own draws.
  const DrawSource* draws() const { return draws_.get(); }

 private:
  const Scenario& scenario_;
  ModelKernel kernel_;
  ParameterSampler sampler_;
  std::shared_ptr<const ParameterSource> source_;
  std::shared_ptr<const DrawSource> draws_;
  std::vector<double> shock_factor_;
  std::vector<Range> ranges_;
  std::vector<std::vector<double>> tables_;
  std::vector<std::span<const double>> table_spans_;
  RunContext context_;
};

}  // namespace overbuild
