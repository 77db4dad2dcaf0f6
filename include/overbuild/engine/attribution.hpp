// How much of the difference of a statistic between two scenarios each of their differences makes
// (docs/attribution.md).
//
// All scenarios between the two are run on the same paths. The values are sums of statistics with
// weights that are fixed beforehand, so that the influence of a path on a value is the same sum of
// its influences on the statistics, from which come standard errors that know of all that the
// scenarios have in common.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "overbuild/config/expression.hpp"
#include "overbuild/config/scenario_changes.hpp"
#include "overbuild/engine/run.hpp"
#include "overbuild/statistics/shapley.hpp"

namespace overbuild {

/// What a change adds to the statistic.
struct Contribution {
  Estimate effect;         ///< Shapley value; its error is that of paths and orders together
  double path_error = 0;   ///< of the effect, from the paths
  double order_error = 0;  ///< of the effect, from the choice of the orders; 0 where it is exact
  Estimate alone;          ///< the first scenario with this change, less the first
  Estimate last;           ///< the second scenario, less the second without this change
};

struct Attribution {
  Estimate first, second;           ///< the statistic without changes, and with all
  Estimate total;                   ///< second - first, with the paired error
  std::vector<Contribution> parts;  ///< by change
  ShapleyPlan plan;
  std::vector<Estimate> statistics;  ///< by the plan's coalitions
  int threads = 0;
};

/// Called with the number of scenarios that are done.
using ScenariosDone = std::function<void(std::size_t)>;

/// Memory: the number of changes plus three times a double for each path. Nothing when
/// controls.stop said so. Throws Error(config) for a scenario with run.until or a sampler with
/// replicates, and Error(numeric) where the statistic has no value in one of the scenarios.
std::optional<Attribution> attribute(const ScenarioChanges& changes,
                                     const StatisticExpression& statistic, ShapleyPlan plan,
                                     const RunControls& controls, const ScenariosDone& done = {});

/// The names of the changes of a coalition, or "none".
std::string coalition_text(const ScenarioChanges& changes, Coalition coalition);

}  // namespace overbuild
