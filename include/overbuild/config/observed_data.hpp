// What has been observed of a scenario: rows of a data file in the model's time.
#pragma once

#include <string>
#include <vector>

#include "overbuild/config/scenario.hpp"

namespace overbuild {

/// One row of the data.
struct Observation {
  std::size_t observed = 0;  ///< index in CalibrationSettings::observe
  double time = 0;           ///< years from the start of the run
  double value = 0;          ///< as the file gives it
  /// Standard deviation of the value's error, of its logarithm unless the scale is linear; the
  /// uncertainty of the file and the discrepancy of the config, added as squares.
  double deviation = 0;
  std::string date, unit, status, source;  ///< as the file gives them
  int line = 0;                            ///< in the file

  bool operator==(const Observation&) const = default;
};

struct ObservedData {
  std::vector<Observation> observations;  ///< by time
  std::size_t before = 0;                 ///< rows of observed series before the start
  std::size_t after = 0;                  ///< rows after CalibrationSettings::until
  std::size_t of_status = 0;              ///< rows within, of a status that is left out
};

/// Reads the file that the scenario's [calibration] names: comma-separated values under the header
/// series,date,value,unit,uncertainty,status,source,note, of which series, date, value and
/// uncertainty are needed. A year stands for its middle, and so does a month; the model's year has
/// 365.25 days. Throws ConfigError with all findings: a missing file, a mistake in a row of an
/// observed series, a series without data, or data beyond the horizon.
ObservedData read_observed_data(const Scenario& scenario);

}  // namespace overbuild
