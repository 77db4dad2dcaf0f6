// The marks by which results and batches are known, and the check that spares every other file.
#pragma once

#include <filesystem>

#include "src/hdf5/hdf5.hpp"

namespace overbuild {

enum class FileKind {
  result,       ///< of one scenario
  batch,        ///< of the scenarios of a sweep
  posterior,    ///< of a calibration
  checkpoint,   ///< of a calibration that is going on
  rare,         ///< of a rare event
  solve,        ///< of a reverse stress test
  sensitivity,  ///< of a sensitivity analysis
  attribution,
  other
};

/// The newest version of the layout.
int format_version(FileKind kind);

/// Writes the root attributes `format` and `format_version`.
void write_format_mark(hid_t file, FileKind kind = FileKind::result);

/// What the root attribute `format` says, in any version.
FileKind file_kind(hid_t file);

/// Whether the file is of the kind; false also for one that cannot be read.
bool is_file_of_kind(const std::filesystem::path& file, FileKind kind);

/// Throws Error(file) when the file exists and is no result of any kind, or cannot be opened so as
/// to tell: --force replaces results and nothing else, such as a config whose name was given by
/// mistake.
void check_replaceable(const std::filesystem::path& file);

}  // namespace overbuild
