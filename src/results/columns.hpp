// One number of each of many things: a column of a group that is a table.
#pragma once

#include <string>
#include <vector>

#include "src/results/statistics_layout.hpp"
#include "src/results/variables.hpp"

namespace overbuild {

/// Writes columns of `things`, which must outlive it.
template <class Things>
class ColumnWriter {
 public:
  ColumnWriter(hid_t group, const Things& things, std::vector<const Dimension*> dimensions)
      : group_(group), things_(things), dimensions_(std::move(dimensions)) {}

  /// `of`: the number of one thing.
  template <class Of>
  void write(const Label& label, Of of) const {
    std::vector<double> values;
    for (const auto& thing : things_) values.push_back(static_cast<double>(of(thing)));
    write_variable(group_, label, values, dimensions_);
  }

  /// The same for texts, over one dimension.
  template <class Of>
  void write_texts(const std::string& name, const std::string& meaning, Of of) const {
    std::vector<std::string> texts;
    for (const auto& thing : things_) texts.push_back(of(thing));
    const hdf5::Id variable = hdf5::write_texts(group_, name, texts);
    hdf5::set_attribute(variable, "long_name", meaning);
    attach(variable, dimensions_);
  }

 private:
  hid_t group_;
  const Things& things_;
  std::vector<const Dimension*> dimensions_;
};

/// Reads columns of a group.
class ColumnReader {
 public:
  ColumnReader(hid_t file, const char* group) : file_(file), group_(group) {}

  std::vector<double> operator()(const char* name) const {
    return hdf5::read_doubles(file_, layout::in_group(group_, name));
  }
  std::vector<std::string> texts(const char* name) const {
    return hdf5::read_texts(file_, layout::in_group(group_, name));
  }

 private:
  hid_t file_;
  const char* group_;
};

}  // namespace overbuild
