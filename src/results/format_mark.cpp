#include "src/results/format_mark.hpp"

#include <fmt/format.h>

#include "overbuild/base/error.hpp"
#include "overbuild/results/batch_file.hpp"
#include "overbuild/results/rare_file.hpp"
#include "overbuild/results/result_file.hpp"

namespace overbuild {
namespace {

constexpr char result_name[] = "overbuild";
constexpr char batch_name[] = "overbuild batch";
constexpr char rare_name[] = "overbuild rare";

/// Why the file cannot be told to be a result, or "".
std::string doubt(const std::filesystem::path& path) try {
  const hdf5::Session session;
  if (H5Fis_hdf5(path.c_str()) <= 0) return "is not an HDF5 file";
  const hdf5::Id file(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose, "open it");
  return file_kind(file) != FileKind::other ? "" : "is an HDF5 file, but not a result of overbuild";
} catch (const hdf5::Failure&) {
  return "is an HDF5 file that cannot be opened, perhaps a result that is not whole";
}

}  // namespace

int format_version(FileKind kind) {
  if (kind == FileKind::rare) return rare_format_version;
  return kind == FileKind::batch ? batch_format_version : result_format_version;
}

void write_format_mark(hid_t file, FileKind kind) {
  const char* name = kind == FileKind::rare    ? rare_name
                     : kind == FileKind::batch ? batch_name
                                               : result_name;
  hdf5::set_attribute(file, "format", std::string(name));
  hdf5::set_attribute(file, "format_version", std::int64_t{format_version(kind)});
}

FileKind file_kind(hid_t file) {
  if (!hdf5::has_attribute(file, "/", "format")) return FileKind::other;
  const std::string name = hdf5::text_attribute(file, "/", "format");
  if (name == result_name) return FileKind::result;
  if (name == rare_name) return FileKind::rare;
  return name == batch_name ? FileKind::batch : FileKind::other;
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
