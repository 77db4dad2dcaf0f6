// Opens results and batches for reading, with errors that name the file.
#pragma once

#include <filesystem>

#include "overbuild/base/error.hpp"
#include "overbuild/results/provenance.hpp"
#include "src/results/format_mark.hpp"
#include "src/results/hdf5.hpp"

namespace overbuild {

/// Throws Error(file): cannot read result PATH: REASON.
[[noreturn]] void fail_reading(const std::filesystem::path& path, const std::string& reason);

/// Opens a file of the kind wanted. Throws Error(file) when it cannot be read, is of another kind
/// or has a newer layout. Within an hdf5::Session.
hdf5::Id open_file(const std::filesystem::path& path, FileKind kind);

/// The group /provenance.
Provenance read_provenance(hid_t file);

/// Calls `action` within a session and turns the library's failures into errors that name the file.
template <class Action>
auto in_reading_terms(const std::filesystem::path& path, const Action& action) {
  const hdf5::Session session;
  try {
    return action();
  } catch (const hdf5::Failure& failure) {
    fail_reading(path, failure.what());
  }
}

}  // namespace overbuild
