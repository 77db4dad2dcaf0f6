// What happened at the temperatures of a calibration, as columns.
#pragma once

#include "overbuild/calibration/calibration.hpp"

namespace overbuild {

struct TemperatureColumn {
  const char* name;
  const char* meaning;
  double (*get)(const TemperatureStep&);
  void (*set)(TemperatureStep&, double);
};

template <auto member>
constexpr TemperatureColumn temperature_column(const char* name, const char* meaning) {
  return {name, meaning,
          [](const TemperatureStep& step) { return static_cast<double>(step.*member); },
          [](TemperatureStep& step, double value) {
            step.*member = static_cast<std::remove_reference_t<decltype(step.*member)>>(value);
          }};
}

inline constexpr TemperatureColumn temperature_columns[] = {
    temperature_column<&TemperatureStep::temperature>("temperature",
                                                      "power to which the likelihood is raised"),
    temperature_column<&TemperatureStep::ess>("ess", "effective particles after the rise"),
    temperature_column<&TemperatureStep::log_evidence>(
        "log_evidence", "logarithm of the mean likelihood, raised to the temperature"),
    temperature_column<&TemperatureStep::acceptance>("acceptance", "mean share of accepted moves"),
    temperature_column<&TemperatureStep::correlation>(
        "correlation", "largest correlation of a parameter with itself before the moves"),
    temperature_column<&TemperatureStep::moves>("moves", "moves of each particle"),
    temperature_column<&TemperatureStep::distinct>("distinct", "different particles")};

}  // namespace overbuild
