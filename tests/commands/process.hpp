// Runs the real program, with control over its streams, limits and signals.
#pragma once

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/results/temporary_folder.hpp"

namespace overbuild::testing_commands {

using example::bytes;

/// Waits until `done` is true; throws after minutes, which only a hanging program takes.
inline void wait_until(const std::string& what, const std::function<bool()>& done) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(4);
  while (!done()) {
    if (std::chrono::steady_clock::now() > end)
      throw std::runtime_error("waited in vain until " + what);
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
}

struct Launch {
  std::vector<std::string> arguments;
  std::filesystem::path folder;  ///< working folder
  std::vector<std::pair<std::string, std::string>> environment;
  bool error_is_terminal = false;                ///< standard error is a terminal of 100 columns
  std::function<int()> output;                   ///< opens standard output; -1: closed
  std::optional<std::uint64_t> file_size_limit;  ///< bytes
  int ignored_signal = 0;                        ///< as by nohup
  int pending_signal = 0;                        ///< waits for the program from its start
};

/// A running program; its standard error, and standard output unless the launch says otherwise, are
/// collected in files of a folder of their own.
class Process {
 public:
  explicit Process(const Launch& launch) {
    if (launch.error_is_terminal) {
      const winsize size = {24, 100, 0, 0};
      if (openpty(&terminal_, &terminal_end_, nullptr, nullptr, &size) != 0)
        throw std::runtime_error("openpty failed");
      fcntl(terminal_, F_SETFL, O_NONBLOCK);
      fcntl(terminal_, F_SETFD, FD_CLOEXEC);
    }
    pid_ = fork();
    if (pid_ < 0) throw std::runtime_error("fork failed");
    if (pid_ == 0) start(launch);
    if (terminal_end_ >= 0) close(terminal_end_);
  }

  ~Process() {
    if (!status_) {
      kill(pid_, SIGKILL);
      waitpid(pid_, nullptr, 0);
    }
    if (terminal_ >= 0) close(terminal_);
  }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  void send(int signal) { kill(pid_, signal); }

  std::string output() { return bytes(folder_ / "output"); }
  std::string error() {
    if (terminal_ < 0) return bytes(folder_ / "error");
    std::array<char, 4096> buffer;
    for (ssize_t n; (n = read(terminal_, buffer.data(), buffer.size())) > 0;)
      from_terminal_.append(buffer.data(), static_cast<std::size_t>(n));
    return from_terminal_;
  }

  /// Waits until `done` is true while the program runs.
  void wait_while_running(const std::string& what, const std::function<bool()>& done) {
    wait_until(what, [&] {
      if (done()) return true;
      if (ended()) throw std::runtime_error("the program ended before " + what + ": " + error());
      return false;
    });
  }

  /// The exit code, or minus the number of the signal that killed the program.
  int wait() {
    wait_until("the program ended", [&] {
      if (terminal_ >= 0) error();  // a full terminal would block the program
      return ended();
    });
    return WIFEXITED(*status_) ? WEXITSTATUS(*status_) : -WTERMSIG(*status_);
  }

 private:
  /// In the child: becomes the program.
  [[noreturn]] void start(const Launch& launch) const {
    std::vector<const char*> words = {"overbuild"};
    for (const std::string& argument : launch.arguments) words.push_back(argument.c_str());
    words.push_back(nullptr);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) ::signal(signal, SIG_DFL);
    for (const char* name : {"NO_UNICODE", "COLUMNS", "LC_CTYPE", "LANG"}) unsetenv(name);
    setenv("LC_ALL", "C", 1);
    for (const auto& [name, value] : launch.environment) setenv(name.c_str(), value.c_str(), 1);
    if (!launch.folder.empty() && chdir(launch.folder.c_str()) != 0) _exit(125);
    connect(STDOUT_FILENO, launch.output ? launch.output() : create("output"));
    connect(STDERR_FILENO, terminal_end_ >= 0 ? terminal_end_ : create("error"));
    if (launch.file_size_limit) {
      const rlimit limit = {*launch.file_size_limit, *launch.file_size_limit};
      setrlimit(RLIMIT_FSIZE, &limit);
    }
    if (launch.ignored_signal != 0) ::signal(launch.ignored_signal, SIG_IGN);
    if (launch.pending_signal != 0) {  // exec keeps both the mask and what is pending
      sigset_t blocked;
      sigemptyset(&blocked);
      sigaddset(&blocked, launch.pending_signal);
      sigprocmask(SIG_BLOCK, &blocked, nullptr);
      raise(launch.pending_signal);
    }
    execv(OVERBUILD_PROGRAM, const_cast<char* const*>(words.data()));
    _exit(126);
  }

  bool ended() {
    int status = 0;
    if (!status_ && waitpid(pid_, &status, WNOHANG) == pid_) status_ = status;
    return status_.has_value();
  }

  int create(const char* name) const {
    return open((folder_ / name).c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  }

  static void connect(int stream, int descriptor) {
    if (descriptor < 0)
      close(stream);
    else
      dup2(descriptor, stream);
  }

  example::TemporaryFolder folder_;
  pid_t pid_ = -1;
  int terminal_ = -1, terminal_end_ = -1;
  std::string from_terminal_;
  std::optional<int> status_;
};

struct Finished {
  int code;
  std::string output, error;
};

inline Finished finish(const Launch& launch) {
  Process process(launch);
  const int code = process.wait();
  return {code, process.output(), process.error()};
}

}  // namespace overbuild::testing_commands
