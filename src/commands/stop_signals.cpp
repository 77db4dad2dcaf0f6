#include "src/commands/stop_signals.hpp"

#include <signal.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <string>
#include <string_view>

namespace overbuild {
namespace {

constexpr std::array handled = {SIGINT, SIGTERM, SIGHUP};

// A signal handler can reach global objects only, and may use lock-free atomics and the system
// calls write, unlink and _exit (signal-safety(7)), nothing else.
std::atomic<bool> stop_asked = false;
std::atomic<bool> ends_at_once = false;
std::atomic<int> first_signal = 0;
// A handler reads one of the two names while the other is changed.
std::array<std::string, 2> names;
std::atomic<const char*> temporary_file = nullptr;
std::array<struct sigaction, handled.size()> previous;
sigset_t previous_mask;
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<int>::is_always_lock_free &&
              std::atomic<const char*>::is_always_lock_free);

extern "C" void on_stop_signal(int number) {
  const int interrupted_errno = errno;  // of the code the signal came between
  int none = 0;
  first_signal.compare_exchange_strong(none, number);  // before others see that a stop is asked
  if (stop_asked.exchange(true) || ends_at_once) {
    if (const char* name = temporary_file) unlink(name);
    _exit(128 + number);
  }
  constexpr std::string_view message =
      "\nstopping: paths in work are finished first (once more to end at once)\n";
  const ssize_t written = write(STDERR_FILENO, message.data(), message.size());
  static_cast<void>(written);
  errno = interrupted_errno;
}

sigset_t handled_set() {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : handled) sigaddset(&set, number);
  return set;
}

}  // namespace

StopSignals::StopSignals(OnFirst on_first) {
  stop_asked = false;
  ends_at_once = on_first == OnFirst::end;
  first_signal = 0;
  temporary_file = nullptr;
  const sigset_t held_back = handled_set();
  pthread_sigmask(SIG_BLOCK, &held_back, &previous_mask);
  struct sigaction action {};
  action.sa_handler = on_stop_signal;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  for (std::size_t i = 0; i < handled.size(); ++i) {
    sigaction(handled[i], nullptr, &previous[i]);
    if (previous[i].sa_handler != SIG_IGN) sigaction(handled[i], &action, nullptr);
  }
}

void StopSignals::listen(const std::filesystem::path& temporary) {
  std::string& unused = temporary_file == names[0].c_str() ? names[1] : names[0];
  unused = temporary.empty() ? "" : std::filesystem::absolute(temporary).string();
  temporary_file = unused.c_str();
  // Also where the caller started the program with signals blocked: Ctrl-C would do nothing.
  const sigset_t unblocked = handled_set();
  pthread_sigmask(SIG_UNBLOCK, &unblocked, nullptr);
}

StopSignals::~StopSignals() {
  for (std::size_t i = 0; i < handled.size(); ++i) sigaction(handled[i], &previous[i], nullptr);
  pthread_sigmask(SIG_SETMASK, &previous_mask, nullptr);
}

const std::atomic<bool>& StopSignals::stop() const { return stop_asked; }

int StopSignals::signal() const { return first_signal; }

}  // namespace overbuild
