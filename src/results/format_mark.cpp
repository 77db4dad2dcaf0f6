#include "src/results/format_mark.hpp"

#include <fmt/format.h>

#include "overbuild/base/error.hpp"
#include "overbuild/results/result_file.hpp"

namespace overbuild {
namespace {

constexpr char format_name[] = "overbuild";

/// Why the file cannot be told to be a result, or "".
std::string doubt(const std::filesystem::path& path) try {
  const hdf5::Session session;
  if (H5Fis_hdf5(path.c_str()) <= 0) return "is not an HDF5 file";
  const hdf5::Id file(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose, "open it");
  return has_format_mark(file) ? "" : "is an HDF5 file, but not a result of overbuild";
} catch (const hdf5::Failure&) {
  return "is an HDF5 file that cannot be opened, perhaps a result that is not whole";
}

}  // namespace

void write_format_mark(hid_t file) {
  hdf5::set_attribute(file, "format", format_name);
  hdf5::set_attribute(file, "format_version", std::int64_t{result_format_version});
}

bool has_format_mark(hid_t file) {
  return hdf5::has_attribute(file, "/", "format") &&
         hdf5::text_attribute(file, "/", "format") == format_name;
}

void check_replaceable(const std::filesystem::path& file) {
  std::error_code error;
  if (!std::filesystem::exists(file, error)) return;
  const std::string why = doubt(file);
  if (!why.empty())
    throw Error(ExitCode::file,
                fmt::format("cannot write result {0}: --force replaces results only, and {0} {1}; "
                            "if it is not needed, remove it by hand",
                            file.string(), why));
}

}  // namespace overbuild
