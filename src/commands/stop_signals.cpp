#include "src/commands/stop_signals.hpp"

#include <signal.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <string>
#include <string_view>

namespace overbuild {
namespace {

constexpr std::array handled = {SIGINT, SIGTERM, SIGHUP};

// A signal handler can reach global objects only, and may use lock-free atomics and the system
// calls write, unlink and _exit (signal-safety(7)), nothing else.
std::atomic<bool> stop_asked = false;
std::atomic<int> first_signal = 0;
std::string temporary_file;  // not changed while a handler is installed
std::array<struct sigaction, handled.size()> previous;
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<int>::is_always_lock_free);

extern "C" void on_stop_signal(int number) {
  if (stop_asked.exchange(true)) {
    unlink(temporary_file.c_str());
    _exit(128 + number);
  }
  first_signal = number;
  constexpr std::string_view message =
      "\nstopping: paths in work are finished first (once more to end at once)\n";
  const ssize_t written = write(STDERR_FILENO, message.data(), message.size());
  static_cast<void>(written);
}

}  // namespace

StopSignals::StopSignals(const std::filesystem::path& temporary) {
  stop_asked = false;
  first_signal = 0;
  temporary_file = std::filesystem::absolute(temporary).string();
  struct sigaction action {};
  action.sa_handler = on_stop_signal;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  for (std::size_t i = 0; i < handled.size(); ++i) {
    sigaction(handled[i], nullptr, &previous[i]);
    if (previous[i].sa_handler != SIG_IGN) sigaction(handled[i], &action, nullptr);
  }
  // Some callers start programs with signals blocked; then Ctrl-C would do nothing.
  sigset_t unblocked;
  sigemptyset(&unblocked);
  for (const int number : handled) sigaddset(&unblocked, number);
  pthread_sigmask(SIG_UNBLOCK, &unblocked, nullptr);
}

StopSignals::~StopSignals() {
  for (std::size_t i = 0; i < handled.size(); ++i) sigaction(handled[i], &previous[i], nullptr);
}

const std::atomic<bool>& StopSignals::stop() const { return stop_asked; }

int StopSignals::signal() const { return first_signal; }

}  // namespace overbuild
