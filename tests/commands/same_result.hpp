// Whether two result files hold the same bits, apart from their provenance.
#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "src/hdf5/hdf5.hpp"

namespace overbuild::testing_commands {

/// Everything in a file: the bytes of each dataset under its path, of each attribute under
/// path@name. Left out are /provenance, `history`, and the references between variables and their
/// dimensions, which are places in the file.
class FileContents {
 public:
  static std::map<std::string, std::string> of(const std::filesystem::path& path) {
    const hdf5::Session session;
    FileContents contents;
    const hdf5::Id file(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose,
                        "open " + path.string());
    hdf5::check(H5Ovisit2(file, H5_INDEX_NAME, H5_ITER_NATIVE, &visit, &contents, H5O_INFO_BASIC),
                "visit " + path.string());
    return contents.found_;
  }

 private:
  static herr_t visit(hid_t file, const char* name, const H5O_info_t* info, void* contents) {
    const std::string path = name;
    if (path.starts_with("provenance")) return 0;
    auto& self = *static_cast<FileContents*>(contents);
    const hdf5::Id object(H5Oopen(file, name, H5P_DEFAULT), H5Oclose, "open " + path);
    if (info->type == H5O_TYPE_DATASET) self.found_[path] = dataset_bytes(file, path, object);
    if (info->type == H5O_TYPE_GROUP) self.found_[path];
    self.add_attributes(object, path);
    return 0;
  }

  static std::string dataset_bytes(hid_t file, const std::string& path, hid_t dataset) {
    const hdf5::Id type(H5Dget_type(dataset), H5Tclose, "read");
    if (H5Tis_variable_str(type) > 0) return texts_in(file, fmt::format("/{}", path));
    const hdf5::Id space(H5Dget_space(dataset), H5Sclose, "read");
    const auto count = static_cast<std::size_t>(H5Sget_simple_extent_npoints(space));
    std::string bytes(count * H5Tget_size(type), '\0');
    hdf5::check(H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes.data()), "read");
    return bytes;
  }

  static std::string texts_in(hid_t file, const std::string& path) {
    if (hdf5::shape_of(file, path).empty()) return hdf5::read_text(file, path);
    return fmt::format("{}", fmt::join(hdf5::read_texts(file, path), "\n"));
  }

  void add_attributes(hid_t object, const std::string& path) {
    static const std::set<std::string> left_out = {"history", "DIMENSION_LIST", "REFERENCE_LIST"};
    const auto count = static_cast<hsize_t>(H5Aget_num_attrs(object));
    for (hsize_t i = 0; i < count; ++i) {
      const hdf5::Id attribute(
          H5Aopen_by_idx(object, ".", H5_INDEX_NAME, H5_ITER_INC, i, H5P_DEFAULT, H5P_DEFAULT),
          H5Aclose, "open an attribute");
      std::string name(static_cast<std::size_t>(H5Aget_name(attribute, 0, nullptr)), '\0');
      H5Aget_name(attribute, name.size() + 1, name.data());
      if (!left_out.contains(name))
        found_[path + "@" + name] = attribute_bytes(object, attribute, name);
    }
  }

  static std::string attribute_bytes(hid_t object, hid_t attribute, const std::string& name) {
    const hdf5::Id type(H5Aget_type(attribute), H5Tclose, "read");
    if (H5Tis_variable_str(type) > 0) return hdf5::text_attribute(object, ".", name);
    std::string bytes(H5Aget_storage_size(attribute), '\0');
    hdf5::check(H5Aread(attribute, type, bytes.data()), "read " + name);
    return bytes;
  }

  std::map<std::string, std::string> found_;
};

/// Of parameters: the file and line that a value was given in.
enum class Origins { same, may_differ };

inline void expect_same_result(const std::filesystem::path& a, const std::filesystem::path& b,
                               Origins origins = Origins::same) {
  const auto in_a = FileContents::of(a), in_b = FileContents::of(b);
  ASSERT_GT(in_a.size(), 100u) << "a result holds much";
  for (const auto& [name, bytes] : in_a) {
    if (origins == Origins::may_differ && name.ends_with("@origin")) continue;
    const auto found = in_b.find(name);
    ASSERT_NE(found, in_b.end()) << name << " is missing in " << b;
    EXPECT_TRUE(found->second == bytes) << name << " differs";
  }
  EXPECT_EQ(in_a.size(), in_b.size());
}

}  // namespace overbuild::testing_commands
