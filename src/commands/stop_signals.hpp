// Ctrl-C, SIGTERM and SIGHUP during a run: the first asks it to stop after the chunks in work, a
// second one ends the program at once.
#pragma once

#include <atomic>
#include <filesystem>

namespace overbuild {

/// Handles the signals from construction to destruction; one object at a time. Signals that the
/// caller set to be ignored (nohup, background jobs) stay ignored.
class StopSignals {
 public:
  /// `temporary` is removed before the program ends on the second signal.
  explicit StopSignals(const std::filesystem::path& temporary);
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  /// Set by the first signal.
  const std::atomic<bool>& stop() const;

  /// The number of the first signal, or 0.
  int signal() const;
};

}  // namespace overbuild
