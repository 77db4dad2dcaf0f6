// Runs the scenarios of a batch.
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "overbuild/config/sweep.hpp"
#include "overbuild/results/batch_parts.hpp"

namespace overbuild {

struct BatchControls {
  std::string config_file, command;  ///< for the results' provenance
  const std::atomic<bool>* stop = nullptr;
  /// Paths simulated and scenarios finished so far; called by many threads.
  std::function<void(std::uint64_t paths, std::size_t scenarios)> progress;
};

/// How many threads a batch uses.
int batch_threads(const Sweep& sweep);

/// Runs scenarios and writes the result of each into the folder when it is finished. As long as
/// there are enough of them every thread has a scenario of its own, so that small ones keep all
/// busy; the last few are run by all threads together. Returns when all are finished or a stop was
/// asked for, which drops what is not finished. Throws the first error, with the scenario's name.
void run_scenarios(const Sweep& sweep, const std::vector<std::size_t>& scenarios,
                   const BatchParts& parts, const BatchControls& controls);

}  // namespace overbuild
