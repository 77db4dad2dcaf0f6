// What a [[sweep]] table sweeps: keys and their values.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "overbuild/config/sweep.hpp"
#include "value.hpp"

namespace overbuild {

/// One swept key of a table with its values in the order of the file.
struct Axis {
  SweptKey key;
  std::string written;  ///< the key for findings, e.g. "sweep[1].parameters.wacc"
  std::vector<double> values;
  std::vector<Place> places;  ///< of each value

  void add(double value, const Place& place) {
    values.push_back(value);
    places.push_back(place);
  }
};

/// The scenarios of one table.
struct TableScenarios {
  std::vector<std::string> names;  ///< one per scenario, or none: they are numbered then
  std::vector<Axis> axes;          ///< one value per scenario; NaN: as in the base case
  std::vector<Place> places;       ///< of each scenario
};

/// The key of a parameter or, with a `member`, of a number in its prior. Returns nothing, and in
/// `complaint` why, when there is none.
std::optional<SweptKey> swept_key(std::string_view parameter, std::string_view member,
                                  const Scenario& base, std::string& complaint);

/// What a key's values may be: the parameter's bounds; a prior is checked as a whole.
Bounds bounds_of(const SweptKey& key, const Scenario& base);

/// Reads a key's values into the axis; adds a finding for each mistake.
using ReadValues = std::function<void(const Value& value, const Bounds& bounds, Axis& axis)>;

/// The keys under `parameters` of a sweep table, in the order of the file.
std::vector<Axis> read_axes(const Value& table, const Scenario& base, const ReadValues& read);

/// Numbers in an array.
void read_listed_values(const Value& value, const Bounds& bounds, Axis& axis);

/// Numbers in an array, or {from, to, count, scale}.
void read_grid_values(const Value& value, const Bounds& bounds, Axis& axis);

/// Latin hypercube: from {from, to, scale} or a prior's quantiles, one value for each of `points`
/// strata of equal probability, in random order.
void read_stratified_values(const Value& value, const Bounds& bounds, std::int64_t points,
                            std::int64_t seed, Axis& axis);

}  // namespace overbuild
