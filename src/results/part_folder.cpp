#include "overbuild/results/part_folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>

#include "overbuild/base/error.hpp"

namespace overbuild {
namespace {

namespace fs = std::filesystem;

constexpr auto prefix = "part-";
constexpr auto suffix = ".h5";

[[noreturn]] void fail(const fs::path& folder, const char* action, const std::error_code& error) {
  throw Error(ExitCode::file,
              fmt::format("cannot {} {}: {}", action, folder.string(), error.message()));
}

/// Names in the folder that begin as parts' names do; none when there is no folder.
std::vector<fs::path> files_in(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  fs::directory_iterator entries(folder, error);
  if (error == std::errc::no_such_file_or_directory) return files;
  if (error) fail(folder, "read the folder", error);
  for (const fs::directory_entry& entry : entries)
    if (entry.path().filename().string().starts_with(prefix)) files.push_back(entry.path());
  std::ranges::sort(files);
  return files;
}

}  // namespace

PartFolder::PartFolder(const fs::path& result) : result_(result), folder_(result) {
  folder_ += ".parts";
}

std::vector<Part> PartFolder::all_parts() const {
  std::vector<Part> parts;
  if (is_part(result_)) parts.push_back(read_part(result_));
  for (const fs::path& file : files_in(folder_))
    if (file.filename().string().ends_with(suffix)) parts.push_back(read_part(file));
  // Of parts with the same beginning the longest first.
  std::ranges::stable_sort(parts, [](const Part& a, const Part& b) {
    return a.paths.begin != b.paths.begin ? a.paths.begin < b.paths.begin
                                          : a.paths.end > b.paths.end;
  });
  return parts;
}

std::vector<Part> PartFolder::parts_from(std::uint64_t begin) const {
  std::vector<Part> chain;
  for (Part& part : all_parts()) {
    if (part.paths.begin != begin || part.paths.size() == 0) continue;
    begin = part.paths.end;
    chain.push_back(std::move(part));
  }
  return chain;
}

std::optional<Part> PartFolder::last_part() const {
  // Names are padded with zeros, so that they are in the order of the first paths.
  std::vector<fs::path> files = files_in(folder_);
  std::erase_if(files,
                [](const fs::path& file) { return !file.filename().string().ends_with(suffix); });
  if (!files.empty()) return read_part(files.back());
  if (is_part(result_)) return read_part(result_);
  return std::nullopt;
}

fs::path PartFolder::new_part(std::uint64_t begin) const {
  std::error_code error;
  fs::create_directories(folder_, error);
  if (error) fail(folder_, "make the folder", error);
  return folder_ / fmt::format("{}{:013}{}", prefix, begin, suffix);
}

void PartFolder::remove() const {
  std::error_code error;
  for (const fs::path& file : files_in(folder_)) {
    fs::remove(file, error);
    if (error) fail(file, "remove", error);
  }
  fs::remove(folder_, error);  // stays when something else is in it
}

}  // namespace overbuild
