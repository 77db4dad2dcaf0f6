// Opens results and batches for reading.
#pragma once

#include <filesystem>
#include <string>

#include "overbuild/results/result_file.hpp"
#include "src/hdf5/hdf5.hpp"

namespace overbuild {

/// Throws Error(file) "cannot read result ...".
[[noreturn]] void fail_to_read(const std::filesystem::path& path, const std::string& reason);

/// Throws Error(file) when the file cannot be read, is no result or has a newer layout.
hdf5::Id open_result(const std::filesystem::path& path);
/// The same for a batch.
hdf5::Id open_batch(const std::filesystem::path& path);
/// The same for the posterior of a calibration.
hdf5::Id open_posterior(const std::filesystem::path& path);
/// The same for the checkpoint of a calibration.
hdf5::Id open_checkpoint(const std::filesystem::path& path);
/// The same for a rare event.
hdf5::Id open_rare(const std::filesystem::path& path);
/// The same for a sensitivity analysis.
hdf5::Id open_sensitivity(const std::filesystem::path& path);
/// The same for a reverse stress test.
hdf5::Id open_solve(const std::filesystem::path& path);
/// The same for an attribution.
hdf5::Id open_attribution(const std::filesystem::path& path);

/// What the root attributes say of the file's paths.
ResultScope read_scope(hid_t file);

Provenance read_provenance(hid_t file);
/// The scenario of a resolved config called `name`, with the origins and comments that the file's
/// /parameters give its values.
Scenario read_described_scenario(hid_t file, const std::string& config, const std::string& name,
                                 const std::filesystem::path& path);
/// The sampler and its replicates.
void read_sampler(hid_t file, ResultContents& contents);

/// Calls `action` within a session and turns the library's failures into errors that name the file.
template <class Action>
auto in_reading_terms(const std::filesystem::path& path, const Action& action) {
  const hdf5::Session session;
  try {
    return action();
  } catch (const hdf5::Failure& failure) {
    fail_to_read(path, failure.what());
  }
}

}  // namespace overbuild
