// The mark by which a result file is known, and the check that spares every other file.
#pragma once

#include <filesystem>

#include "src/results/hdf5.hpp"

namespace overbuild {

/// Writes the root attributes `format` and `format_version`.
void write_format_mark(hid_t file);

/// Whether the root attribute `format` is that of a result, of any version.
bool has_format_mark(hid_t file);

/// Throws Error(file) when the file exists and is no result, or cannot be opened so as to tell:
/// --force replaces results and nothing else, such as a config whose name was given by mistake.
void check_replaceable(const std::filesystem::path& file);

}  // namespace overbuild
