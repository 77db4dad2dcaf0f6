// The values of a per-path quantity (config/expression.hpp), tile by tile beside the step loop.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "overbuild/config/expression.hpp"

namespace overbuild {

/// Follows one tile of paths: begin(), observe() for every segment of steps in order from step 0,
/// finish() after the last one. Memory for one tile.
class TileQuantity {
 public:
  /// `quantity` and `schema` must outlive this.
  TileQuantity(const PathQuantity& quantity, const ModelSchema& schema)
      : quantity_(&quantity), schema_(&schema) {}

  /// The paths first_path .. first_path + count - 1 come next, in the first lanes.
  void begin(std::uint64_t first_path, int count);

  /// Looks at the steps output.first_step .. + steps - 1. Throws Error(numeric) where the
  /// quantity's series is not finite.
  void observe(const TileOutput& output, int steps);

  /// Looks at outcomes[outcome][lane]; does nothing, and need not be called, for a quantity that
  /// does not need whole paths. Throws Error(numeric) for an infinite outcome.
  void finish(const double* outcomes, int lanes);

  /// One value per path; NaN where an outcome is undefined. A condition on an undefined outcome
  /// does not hold.
  std::span<const double> values() const { return values_; }

 private:
  void observe_series(const TileOutput& output, int row);
  void observe_event(const TileOutput& output, int row);
  double value_of(double x) const;

  const PathQuantity* quantity_;
  const ModelSchema* schema_;
  std::uint64_t first_path_ = 0;
  std::vector<double> values_;
};

/// The last step that the quantities look at; `steps` where one needs whole paths.
int last_step(std::span<const PathQuantity> quantities, int steps);

}  // namespace overbuild
