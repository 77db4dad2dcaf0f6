// Values of a scenario's quantities at the points of a sensitivity design over its priors
// (docs/sensitivity.md).
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "overbuild/config/expression.hpp"
#include "overbuild/engine/run.hpp"
#include "overbuild/sampling/sensitivity_design.hpp"
#include "overbuild/statistics/sensitivity.hpp"

namespace overbuild {

struct SensitivitySettings {
  SensitivityMethod method = SensitivityMethod::sobol;
  InputOrders orders = InputOrders::random;
  std::uint64_t repeats = 8;  ///< paths at each point; one tells nothing of their noise

  bool operator==(const SensitivitySettings&) const = default;
};

/// Declaration indices of the parameters with a prior, ascending: the design's inputs. Throws
/// Error(config) when there are none, or when parameters come from a posterior, whose draws are
/// whole particles.
std::vector<std::size_t> sensitivity_inputs(const Scenario& scenario);

/// The design over the scenario's priors that its seed gives. Throws as sensitivity_inputs() does,
/// and Error(usage) for all orders of too many inputs.
SensitivityDesign sensitivity_design(const Scenario& scenario, const SensitivitySettings& settings);

class SensitivityExperiment {
 public:
  /// The scenario must outlive this. Throws as sensitivity_design() does, and Error(config) for a
  /// sampler other than philox.
  SensitivityExperiment(const Scenario& scenario, std::vector<PathQuantity> quantities,
                        const SensitivitySettings& settings, int threads = 0);

  const SensitivityDesign& design() const { return *design_; }
  int threads() const { return threads_; }
  std::uint64_t paths_per_row() const { return design_->points() * settings_.repeats; }

  /// Values of each quantity at the rows of `rows`, whose begin is a multiple of tile_paths; of the
  /// first ones of them when controls.stop says so. controls.progress counts paths. The points of
  /// a row have the path numbers, and so the noise, in common; its repeats have others. Bits depend
  /// on scenario, settings and row alone. Throws Error(usage) when a quantity is undefined on some
  /// path, and Error(numeric) as path_values() does.
  std::vector<SensitivityValues> run(PathRange rows, const RunControls& controls) const;

 private:
  bool run_block(PathRange rows, const RunControls& controls,
                 std::vector<SensitivityValues>& values) const;

  const Scenario scenario_;  // without correlations, which are the design's
  const std::vector<PathQuantity> quantities_;
  const SensitivitySettings settings_;
  std::shared_ptr<const SensitivityDesign> design_;
  int threads_;
  mutable PriorMaps maps_;
};

}  // namespace overbuild
