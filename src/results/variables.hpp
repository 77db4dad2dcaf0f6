// Variables of a result file in the form that netCDF-4, and so xarray, reads: datasets with units
// and a description, attached to named dimension scales.
#pragma once

#include <hdf5_hl.h>

#include <cstdint>
#include <string>
#include <vector>

#include "src/hdf5/hdf5.hpp"

namespace overbuild {

/// What a variable says about itself.
struct Label {
  std::string name, unit, long_name;
};

/// A dimension with its coordinate values.
struct Dimension {
  hdf5::Id scale;
  hsize_t length;
};

/// Units and long_name of `dataset`.
void describe(hid_t dataset, const Label& label);

void attach(hid_t dataset, const std::vector<const Dimension*>& dimensions);

/// Writes coordinate values as a dimension scale of the same name.
template <class Number>
Dimension write_dimension(hid_t group, const Label& label, const std::vector<Number>& values) {
  Dimension dimension{hdf5::write_dataset(group, label.name, values, {values.size()}),
                      values.size()};
  hdf5::check(H5DSset_scale(dimension.scale, label.name.c_str()),
              "make " + label.name + " a dimension scale");
  describe(dimension.scale, label);
  return dimension;
}

/// The same for names.
Dimension write_dimension(hid_t group, const Label& label, const std::vector<std::string>& names);

/// A dimension without values, as netCDF-4 writes one: a scale of which no number is stored.
Dimension write_bare_dimension(hid_t group, const std::string& name, std::size_t length);

/// Writes a variable over the given dimensions (none: a scalar), row-major.
template <class Values>
hdf5::Id write_variable(hid_t group, const Label& label, const Values& values,
                        const std::vector<const Dimension*>& dimensions) {
  hdf5::Shape shape;
  for (const Dimension* dimension : dimensions) shape.push_back(dimension->length);
  hdf5::Id dataset = hdf5::write_dataset(group, label.name, values, shape);
  describe(dataset, label);
  attach(dataset, dimensions);
  return dataset;
}

/// The coordinate 0 .. count - 1.
Dimension write_numbers(hid_t group, const std::string& name, const std::string& meaning,
                        std::size_t count);

/// The coordinate `time` of the steps, in years from the start.
Dimension write_time(hid_t group, const std::vector<double>& time);

/// The coordinate `path` with the values first .. first + paths - 1.
Dimension write_paths(hid_t group, std::uint64_t first, std::uint64_t paths);

}  // namespace overbuild
