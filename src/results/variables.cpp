#include "src/results/variables.hpp"

#include <numeric>

namespace overbuild {

void describe(hid_t dataset, const Label& label) {
  hdf5::set_attribute(dataset, "units", label.unit);
  hdf5::set_attribute(dataset, "long_name", label.long_name);
}

void attach(hid_t dataset, const std::vector<const Dimension*>& dimensions) {
  for (std::size_t i = 0; i < dimensions.size(); ++i)
    hdf5::check(H5DSattach_scale(dataset, dimensions[i]->scale, static_cast<unsigned>(i)),
                "attach a dimension scale");
}

Dimension write_dimension(hid_t group, const Label& label, const std::vector<std::string>& names) {
  Dimension dimension{hdf5::write_texts(group, label.name, names), names.size()};
  hdf5::check(H5DSset_scale(dimension.scale, label.name.c_str()),
              "make " + label.name + " a dimension scale");
  describe(dimension.scale, label);
  return dimension;
}

Dimension write_bare_dimension(hid_t group, const std::string& name, std::size_t length) {
  Dimension dimension{hdf5::create_dataset(group, name, H5T_IEEE_F32BE, {length}), length};
  const std::string mark =
      fmt::format("This is a netCDF dimension but not a netCDF variable.{:10}", length);
  hdf5::check(H5DSset_scale(dimension.scale, mark.c_str()), "make " + name + " a dimension scale");
  return dimension;
}

Dimension write_numbers(hid_t group, const std::string& name, const std::string& meaning,
                        std::size_t count) {
  std::vector<std::int64_t> number(count);
  std::iota(number.begin(), number.end(), 0);
  return write_dimension(group, {name, "1", meaning}, number);
}

Dimension write_time(hid_t group, const std::vector<double>& time) {
  Dimension dimension =
      write_dimension(group, {"time", "yr", "time from the start of the scenario"}, time);
  hdf5::set_attribute(dimension.scale, "axis", std::string("T"));
  return dimension;
}

Dimension write_paths(hid_t group, std::uint64_t first, std::uint64_t paths) {
  std::vector<std::int64_t> number(paths);
  std::iota(number.begin(), number.end(), static_cast<std::int64_t>(first));
  return write_dimension(group, {"path", "1", "number of the path"}, number);
}

}  // namespace overbuild
