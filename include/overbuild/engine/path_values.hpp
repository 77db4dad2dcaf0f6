// Values of per-path quantities, without the statistics of everything else: for commands that ask
// one question of many scenarios.
#pragma once

#include <span>
#include <vector>

#include "overbuild/config/expression.hpp"
#include "overbuild/engine/run.hpp"

namespace overbuild {

/// The values of the paths paths.begin .. paths.end - 1.
struct PathValues {
  PathRange paths;
  std::vector<KeptValues> values;  ///< [quantity][path]

  std::span<const double> of(std::size_t quantity) const {
    return {values[quantity].data(), values[quantity].size()};
  }
};

/// The quantities of the paths of `range`, which begins at a multiple of tile_paths; fewer of them
/// when controls.stop says so. Paths are advanced only as far as the quantities look. The bits of a
/// value depend on the scenario and the path alone. controls.sink and .checked are not used; of a
/// PreparedRun's scenario, run.until is not. Throws Error(numeric) naming path, step and series
/// when a value that is looked at is not finite.
PathValues path_values(const PreparedRun& prepared, std::span<const PathQuantity> quantities,
                       PathRange range, const RunControls& controls = {});

/// Of all paths of a scenario.
PathValues path_values(const Scenario& scenario, std::span<const PathQuantity> quantities,
                       const RunControls& controls = {});

}  // namespace overbuild
