// Carries out a calibration that is to end in one posterior file.
#pragma once

#include <filesystem>
#include <string>

#include "overbuild/config/observed_data.hpp"

namespace overbuild {

struct CalibrationJob {
  std::filesystem::path file;  ///< the posterior
  bool force = false;          ///< replace an existing one
  bool resume = false;         ///< go on from its checkpoint, if there is one
  bool quiet = false;          ///< no progress and no summary
  bool json = false;           ///< the summary as JSON
  std::string config_file;     ///< as given
  std::string command_line;    ///< for the provenance
};

/// Returns the exit code. After each temperature FILE.checkpoint holds all that is done.
int carry_out(const Scenario& scenario, const ObservedData& data, const CalibrationJob& job);

}  // namespace overbuild
