// Ctrl-C, SIGTERM and SIGHUP during a run: the first asks it to stop after the chunks in work, a
// second one ends the program at once.
#pragma once

#include <atomic>
#include <filesystem>

namespace overbuild {

/// Holds the signals back from its construction on, handles them from the first listen() on, and
/// leaves all as it was on destruction; one object at a time. Signals that the caller set to be
/// ignored (nohup, background jobs) stay ignored.
///
/// A temporary file that is made before the first listen() and removed before the destruction is
/// left behind at no moment.
class StopSignals {
 public:
  /// What the first signal does: ask the work to stop, or end the program at once as the second
  /// one does.
  enum class OnFirst { stop, end };

  explicit StopSignals(OnFirst on_first = OnFirst::stop);
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  /// Handles what has arrived, and all that comes. `temporary` is removed before the program ends
  /// on the second signal; "" for none. May be called again when another temporary file takes its
  /// place.
  void listen(const std::filesystem::path& temporary);

  /// Set by the first signal.
  const std::atomic<bool>& stop() const;

  /// The number of the first signal, or 0.
  int signal() const;
};

}  // namespace overbuild
