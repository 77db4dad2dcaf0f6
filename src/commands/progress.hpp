// How far a run is, on standard error: one line redrawn on a terminal, else a line a minute.
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

#include "src/commands/terminal.hpp"

namespace overbuild {

struct ProgressState {
  std::uint64_t done = 0, total = 0;  ///< paths
  double seconds = 0;                 ///< since the start
  std::uint64_t before = 0;           ///< of the paths done: those done before the start
  std::string note = {};              ///< stands first, e.g. "3 of 20 scenarios"

  double share() const;
  double paths_per_second() const;
  double seconds_left() const;  ///< at the mean speed so far; NaN before the first path
};

/// "12.3% of 100,000 paths, 3,450 paths/s, elapsed 0:04, about 0:25 left"
std::string progress_text(const ProgressState& state);

/// A bar and the same numbers, shorter than the style's width.
std::string progress_bar_text(const ProgressState& state, const TextStyle& style);

/// Seconds of a clock that never goes back.
double seconds_now();

class Progress {
 public:
  using Clock = std::function<double()>;  ///< seconds
  using Output = std::function<void(std::string_view)>;

  /// The run starts now; the paths `before` were done earlier.
  Progress(std::uint64_t total, bool terminal, const TextStyle& style, Clock clock, Output output,
           std::uint64_t before = 0);
  /// Clears the terminal's line, so that what follows, an error for instance, stands by itself.
  ~Progress();

  /// Called by any thread; `done` need not ascend. `note` is that of the state.
  void update(std::uint64_t done, const std::string& note = "");

  /// For runs whose number of paths is not known beforehand.
  void set_total(std::uint64_t total);

 private:
  const bool terminal_;
  const TextStyle style_;
  const Clock clock_;
  const Output output_;
  const double started_;
  std::mutex mutex_;
  ProgressState state_;
  double next_ = 0;
  bool drawn_ = false;
};

}  // namespace overbuild
