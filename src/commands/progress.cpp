#include "src/commands/progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

#include "src/commands/number_text.hpp"
#include "src/commands/text_table.hpp"

namespace overbuild {
namespace {

constexpr double redraw_seconds = 0.1;  // on a terminal
constexpr double log_seconds = 60;      // elsewhere, e.g. in a batch system's log
constexpr int longest_bar = 30;
constexpr std::string_view clear_line = "\r\x1b[K";

std::string left_text(const ProgressState& state) {
  const double left = state.seconds_left();
  return std::isfinite(left) ? "about " + duration_text(left) + " left" : "time left unknown";
}

std::string speed_text(const ProgressState& state) {
  return grouped(static_cast<std::uint64_t>(std::llround(state.paths_per_second()))) + " paths/s";
}

std::string bar(double share, int width, bool unicode) {
  const int filled = static_cast<int>(share * width);
  std::string text;
  for (int i = 0; i < width; ++i) {
    if (i < filled)
      text += unicode ? "█" : "#";
    else
      text += unicode ? "░" : ".";
  }
  return text;
}

}  // namespace

double seconds_now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

double ProgressState::share() const {
  return total > 0 ? static_cast<double>(done) / static_cast<double>(total) : 0;
}

double ProgressState::paths_per_second() const {
  return seconds > 0 ? static_cast<double>(done - before) / seconds : 0;
}

double ProgressState::seconds_left() const {
  if (done == before || seconds <= 0) return std::numeric_limits<double>::quiet_NaN();
  return static_cast<double>(total - done) / paths_per_second();
}

std::string progress_text(const ProgressState& state) {
  return fmt::format("{}{}{:.1f}% of {} paths, {}, elapsed {}, {}", state.note,
                     state.note.empty() ? "" : ", ", 100 * state.share(), grouped(state.total),
                     speed_text(state), duration_text(state.seconds), left_text(state));
}

std::string progress_bar_text(const ProgressState& state, const TextStyle& style) {
  const std::string done = state.note.empty() ? grouped(state.done) + " paths" : state.note;
  const std::string numbers =
      fmt::format("{:5.1f}%  {}  {}  {}  {}", 100 * state.share(), done, speed_text(state),
                  duration_text(state.seconds), left_text(state));
  const int room = style.width - 2 - static_cast<int>(display_width(numbers));
  return bar(state.share(), std::clamp(room, 0, longest_bar), style.unicode) + ' ' + numbers;
}

Progress::Progress(std::uint64_t total, bool terminal, const TextStyle& style, Clock clock,
                   Output output, std::uint64_t before)
    : terminal_(terminal),
      style_(style),
      clock_(std::move(clock)),
      output_(std::move(output)),
      started_(clock_()),
      state_{before, total, 0, before, ""},
      next_(terminal ? redraw_seconds : log_seconds) {}

Progress::~Progress() {
  if (terminal_ && drawn_) output_(clear_line);
}

void Progress::set_total(std::uint64_t total) {
  const std::lock_guard lock(mutex_);
  state_.total = std::max(total, state_.done);
}

void Progress::update(std::uint64_t done, const std::string& note) {
  const std::lock_guard lock(mutex_);
  state_.note = note;
  state_.done = std::max(state_.done, done);
  state_.seconds = clock_() - started_;
  if (state_.seconds < next_) return;
  next_ = state_.seconds + (terminal_ ? redraw_seconds : log_seconds);
  drawn_ = true;
  if (terminal_)
    output_(fmt::format("{}{}", clear_line, progress_bar_text(state_, style_)));
  else
    output_(progress_text(state_) + '\n');
}

}  // namespace overbuild
