// Reverse stress tests: which value of a parameter makes a statistic what it is asked to be
// (docs/reverse_stress.md).
//
// Every value is tried on the same paths, those of the scenario with the parameter's prior replaced
// by a number, so that the statistic is a smooth function of it up to the paths that change sides.
#pragma once

#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "overbuild/config/expression.hpp"
#include "overbuild/engine/run.hpp"
#include "overbuild/statistics/root_search.hpp"

namespace overbuild {

struct ReverseStressQuestion {
  StatisticTarget target;
  std::size_t parameter = 0;           ///< that is looked for
  std::optional<std::size_t> against;  ///< of a frontier: the parameter that is given values
  std::vector<double> values = {};     ///< which; empty without a frontier
  std::optional<Range> between = {};   ///< where to look; else chosen (search_grid.hpp)
  int grid = 25;                       ///< values of the scan
  bool is_frontier() const { return against.has_value(); }
  /// Searches: one for each value of a frontier.
  std::size_t searches() const { return is_frontier() ? values.size() : 1; }
};

/// Called after each value that was tried.
using Tried = std::function<void(double x, const TargetDistance&)>;

class ReverseStress {
 public:
  /// The scenario must outlive this. Throws Error(config) for one with run.until or a sampler with
  /// replicates.
  ReverseStress(const Scenario& scenario, ReverseStressQuestion question, int threads = 0);

  const ReverseStressQuestion& question() const { return question_; }
  int threads() const { return threads_; }

  /// The values of the scan, the same for all searches. Nothing when controls.stop said so.
  std::optional<std::vector<double>> grid(const RunControls& controls, const Tried& tried = {});

  /// One search on that grid. A value at which a path leaves the range of finite numbers has no
  /// statistic. Nothing when controls.stop said so.
  std::optional<RootSearch> search(std::size_t index, const std::vector<double>& grid,
                                   const RunControls& controls, const Tried& tried = {});

 private:
  TargetDistance distance(const Scenario& given, double x, const RunControls& controls,
                          const Tried& tried);
  Scenario given(std::size_t index) const;

  const Scenario& scenario_;
  const ReverseStressQuestion question_;
  const int threads_;
  PriorMaps maps_;
};

}  // namespace overbuild
