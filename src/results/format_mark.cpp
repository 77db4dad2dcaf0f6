#include "src/results/format_mark.hpp"

#include <fmt/format.h>

#include "overbuild/base/error.hpp"
#include "overbuild/results/attribution_file.hpp"
#include "overbuild/results/batch_file.hpp"
#include "overbuild/results/posterior_file.hpp"
#include "overbuild/results/rare_file.hpp"
#include "overbuild/results/result_file.hpp"
#include "overbuild/results/sensitivity_file.hpp"
#include "overbuild/results/solve_file.hpp"

namespace overbuild {
namespace {

struct Mark {
  FileKind kind;
  const char* name;
  int version;
};
constexpr Mark marks[] = {
    {FileKind::result, "overbuild", result_format_version},
    {FileKind::batch, "overbuild batch", batch_format_version},
    {FileKind::posterior, "overbuild posterior", posterior_format_version},
    {FileKind::rare, "overbuild rare", rare_format_version},
    {FileKind::sensitivity, "overbuild sensitivity", sensitivity_format_version},
    {FileKind::solve, "overbuild solve", solve_format_version},
    {FileKind::attribution, "overbuild attribution", attribution_format_version},
    {FileKind::checkpoint, "overbuild calibration checkpoint", posterior_format_version}};

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
  for (const Mark& mark : marks)
    if (mark.kind == kind) return mark.version;
  return 0;
}

void write_format_mark(hid_t file, FileKind kind) {
  for (const Mark& mark : marks)
    if (mark.kind == kind) hdf5::set_attribute(file, "format", std::string(mark.name));
  hdf5::set_attribute(file, "format_version", std::int64_t{format_version(kind)});
}

FileKind file_kind(hid_t file) {
  if (!hdf5::has_attribute(file, "/", "format")) return FileKind::other;
  const std::string name = hdf5::text_attribute(file, "/", "format");
  for (const Mark& mark : marks)
    if (name == mark.name) return mark.kind;
  return FileKind::other;
}

bool is_file_of_kind(const std::filesystem::path& path, FileKind kind) try {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) return false;
  const hdf5::Session session;
  if (H5Fis_hdf5(path.c_str()) <= 0) return false;
  const hdf5::Id file(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose, "open it");
  return file_kind(file) == kind;
} catch (const hdf5::Failure&) {
  return false;
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
