// A config's [[sweep]] tables: many scenarios that differ in a few parameters and share all else,
// the seed among it, so that their paths have common random numbers.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "overbuild/config/scenario.hpp"

namespace overbuild {

/// The most scenarios that a config may have.
inline constexpr std::size_t most_scenarios = 100000;

/// A parameter, or a number in a parameter's prior, that differs between scenarios.
struct SweptKey {
  std::string key;            ///< e.g. "parameters.shock_rate" or "parameters.shock_rate.sigma"
  std::string name;           ///< the same for results: "shock_rate", "shock_rate_sigma"
  std::size_t parameter = 0;  ///< index in the schema
  std::string member;         ///< of its prior, e.g. "sigma"; "" for the parameter itself
};

/// One scenario of a sweep.
struct SweepPoint {
  std::string name;
  std::vector<double> values;        ///< one per swept key; NaN: as in the base case
  std::vector<std::string> origins;  ///< "file:line" of each value; "" for those of the base case
};

/// Scenarios are made when they are asked for, so that a hundred thousand of them need little
/// memory.
class Sweep {
 public:
  Sweep(Scenario base, std::vector<SweptKey> keys, std::vector<SweepPoint> points);

  const Scenario& base() const { return base_; }
  std::span<const SweptKey> keys() const { return keys_; }
  std::span<const SweepPoint> points() const { return points_; }

  /// The number that a swept key has in a scenario, also where the base case gives it; NaN where
  /// the parameter is drawn from its prior, or has no such prior.
  double coordinate(std::size_t point, std::size_t key) const;

  /// The base case with the point's values and name: what load_scenario() gives with these values
  /// as overrides. Throws ConfigError when the values make no prior.
  Scenario scenario(std::size_t point) const;

 private:
  Scenario base_;
  std::vector<SweptKey> keys_;
  std::vector<SweepPoint> points_;
};

/// Reads and checks a config file with all scenarios of its sweep; without a sweep there are no
/// points. Throws ConfigError with all findings at once, as load_scenario() does.
Sweep load_sweep(const std::filesystem::path& file, std::span<const std::string> overrides = {});

/// The same from a text without `extends`; files are looked for in the working folder.
Sweep parse_sweep(std::string_view toml, const std::string& source);

/// The base case and its scenarios as a config; reading it back gives the same scenarios.
std::string to_toml(const Sweep& sweep);

}  // namespace overbuild
