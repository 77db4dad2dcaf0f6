// Where a result comes from.
#pragma once

#include <string>

#include "overbuild/config/scenario.hpp"

namespace overbuild {

struct Provenance {
  std::string config;       ///< whole resolved config, TOML
  std::string config_file;  ///< as given on the command line
  std::string command;      ///< the command line
  std::string program_version;
  std::string git_revision;
  std::string build_type;
  std::string compiler;
  std::string libraries;
  std::string instruction_set;
  std::string host;
  std::string started, finished;  ///< UTC, ISO 8601
  int host_threads = 0;
  int threads = 0;
  double wall_seconds = 0;
};

/// The time now: UTC, ISO 8601, whole seconds.
std::string utc_now();

/// All that is known before the run starts.
Provenance provenance_at_start(const Scenario& scenario, const std::string& config_file,
                               const std::string& command);

/// Adds what is known at the end; `finished` is now.
void provenance_at_end(Provenance& provenance, int threads, double wall_seconds);

}  // namespace overbuild
