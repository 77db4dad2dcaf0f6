#include "src/results/variable_group.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "src/results/statistics_layout.hpp"

namespace overbuild {

std::string ScenarioAxis::coordinate_names() const {
  std::vector<std::string> all;
  for (const Coordinate& coordinate : coordinates) all.push_back(coordinate.label.name);
  return fmt::format("{}", fmt::join(all, " "));
}

VariableGroup::VariableGroup(hid_t file, const std::string& name, const ScenarioAxis* scenarios)
    : scenarios_(scenarios), group_(hdf5::create_group(file, name)) {
  if (scenarios_) write_coordinates();
}

const Dimension* VariableGroup::keep(Dimension dimension) {
  return &dimensions_.emplace_back(std::move(dimension));
}

void VariableGroup::write_coordinates() {
  const Label label{layout::scenario, "1", "name of the scenario"};
  scenario_ = keep(write_dimension(group_, label, scenarios_->names));
  for (const ScenarioAxis::Coordinate& swept : scenarios_->coordinates) {
    hdf5::Id variable = write_variable(group_, swept.label, swept.values, {scenario_});
    hdf5::set_attribute(variable, layout::key_attribute, swept.key);
    coordinates_.emplace(swept.label.name, std::move(variable));
  }
}

hid_t VariableGroup::create(const Label& label, hid_t type, const Dimensions& dimensions,
                            const Attributes& attributes, hid_t creation) {
  Dimensions all = dimensions;
  if (scenario_) all.insert(all.begin(), scenario_);
  hdf5::Shape shape;
  for (const Dimension* dimension : all) shape.push_back(dimension->length);
  const auto added = variables_.emplace(
      label.name, hdf5::create_dataset(group_, label.name, type, shape, creation));
  const hid_t variable = added.first->second;
  describe(variable, label);
  for (const auto& [name, text] : attributes) hdf5::set_attribute(variable, name, text);
  if (scenario_ && !scenarios_->coordinates.empty())
    hdf5::set_attribute(variable, "coordinates", scenarios_->coordinate_names());
  attach(variable, all);
  return variable;
}

void VariableGroup::store(hid_t variable, const std::string& name, hsize_t row, hid_t type,
                          const void* values, std::size_t count) const {
  const std::string action = "write " + name;
  const hdf5::Id file_space(H5Dget_space(variable), H5Sclose, action);
  if (!scenario_) {
    hdf5::check(H5Dwrite(variable, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values), action);
    return;
  }
  const hdf5::Id row_space = hdf5::select_row(file_space, row, action);
  if (H5Sget_simple_extent_npoints(row_space) != static_cast<hssize_t>(count))
    throw hdf5::Failure(fmt::format("cannot {}: found {} values", action, count));
  if (count == 0) return;
  hdf5::check(H5Dwrite(variable, type, row_space, file_space, H5P_DEFAULT, values), action);
}

}  // namespace overbuild
