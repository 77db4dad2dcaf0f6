// Files of calibrations: posteriors, and the checkpoints on the way to them (docs/format.md).
#pragma once

#include <filesystem>
#include <vector>

#include "overbuild/calibration/calibration.hpp"
#include "overbuild/results/provenance.hpp"

namespace overbuild {

inline constexpr int posterior_format_version = 1;

/// Throws Error(file) when `path` exists and may not be replaced, or its folder cannot be written.
void check_posterior_target(const std::filesystem::path& path, bool force);

/// Writes a posterior under a temporary name and renames it. Throws Error(file).
void write_posterior(const std::filesystem::path& path, bool force, const Scenario& scenario,
                     const ObservedData& data, const CalibrationResult& result,
                     const Provenance& provenance);

/// What a checkpoint holds.
struct CalibrationCheckpoint {
  std::vector<Island> islands;  ///< the finished ones, and the one that is going on
  std::vector<Observation> observations;
  Provenance provenance;
};

/// Replaces the checkpoint at `path` in one step. Throws Error(file).
void write_checkpoint(const std::filesystem::path& path, const CalibrationCheckpoint& checkpoint);

/// Data and provenance of a posterior, without islands. Throws Error(file) when the file is none or
/// cannot be read.
CalibrationCheckpoint read_posterior_origin(const std::filesystem::path& path);

/// What a posterior says of a calibration.
struct PosteriorContents {
  Scenario scenario;
  ObservedData data;
  CalibrationResult result;  ///< without the particles' values; an island has its history
};

/// Throws Error(file) when the file cannot be read, is of another kind or has a newer layout.
PosteriorContents read_posterior(const std::filesystem::path& path);

/// Whether it is a posterior; false also for a file that cannot be read.
bool is_posterior_file(const std::filesystem::path& path);

/// Throws Error(file) when it cannot be read.
CalibrationCheckpoint read_checkpoint(const std::filesystem::path& path);

}  // namespace overbuild
