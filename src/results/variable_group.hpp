// A group of variables: those of one result, or those of a batch, which have a first dimension
// `scenario` and are written row by row.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "src/results/variables.hpp"

namespace overbuild {

/// The scenarios of a batch and what is swept.
struct ScenarioAxis {
  struct Coordinate {
    Label label;
    std::string key;             ///< full key in the config
    std::vector<double> values;  ///< one per scenario
  };
  std::vector<std::string> names;  ///< one per scenario
  std::vector<Coordinate> coordinates;

  /// The coordinates' names, separated by blanks.
  std::string coordinate_names() const;
};

/// Text attributes of a variable, by name.
using Attributes = std::vector<std::pair<std::string, std::string>>;
using Dimensions = std::vector<const Dimension*>;

class VariableGroup {
 public:
  /// Creates the group. With `scenarios`, which must outlive it, also their coordinates.
  VariableGroup(hid_t file, const std::string& name, const ScenarioAxis* scenarios = nullptr);

  operator hid_t() const { return group_; }

  /// Keeps a dimension of the group for its variables.
  const Dimension* keep(Dimension dimension);

  /// The coordinate variable of the scenarios called `name`.
  hid_t coordinate(const std::string& name) const { return coordinates_.at(name); }

  /// A variable that was written.
  hid_t variable(const std::string& name) const { return variables_.at(name); }

  /// Writes a variable over `dimensions`; in a batch the row of the scenario `row`, and the
  /// variable is made with its first row. Values are row-major.
  template <class Number>
  void write(hsize_t row, const Label& label, const std::vector<Number>& values,
             const Dimensions& dimensions, const Attributes& attributes = {},
             hid_t creation = H5P_DEFAULT) {
    const auto found = variables_.find(label.name);
    const hid_t variable = found == variables_.end() ? create(label, hdf5::number_type<Number>(),
                                                              dimensions, attributes, creation)
                                                     : hid_t{found->second};
    store(variable, label.name, row, hdf5::number_type<Number>(), values.data(), values.size());
  }

 private:
  void write_coordinates();
  hid_t create(const Label& label, hid_t type, const Dimensions& dimensions,
               const Attributes& attributes, hid_t creation);
  void store(hid_t variable, const std::string& name, hsize_t row, hid_t type, const void* values,
             std::size_t count) const;

  const ScenarioAxis* scenarios_;
  hdf5::Id group_;
  const Dimension* scenario_ = nullptr;
  std::deque<Dimension> dimensions_;
  std::map<std::string, hdf5::Id> coordinates_, variables_;
};

}  // namespace overbuild
