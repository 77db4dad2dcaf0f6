// Small text files that appear whole or not at all.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

namespace overbuild {

/// Writes the text under a temporary name, syncs and renames it; an existing file is replaced.
/// Throws Error(file) with the system's reason.
void write_text_file(const std::filesystem::path& path, const std::string& text);

/// The last `limit` bytes at most; "" when there is no such file.
std::string end_of_file(const std::filesystem::path& path, std::size_t limit);

}  // namespace overbuild
