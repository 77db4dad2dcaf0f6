#include "overbuild/cluster/process.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>

namespace overbuild {
namespace {

void throw_on(int error, const std::string& what) {
  if (error != 0) throw std::system_error(error, std::generic_category(), what);
}

/// A file in memory: what a program prints fits in it at any length, so that nothing has to be read
/// while the program runs, as from a pipe.
class MemoryFile {
 public:
  MemoryFile() : descriptor_(memfd_create("output", MFD_CLOEXEC)) {
    if (descriptor_ < 0) throw_on(errno, "memfd_create");
  }
  ~MemoryFile() { close(descriptor_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  int descriptor() const { return descriptor_; }

  std::string text() const {
    std::string text;
    std::array<char, 4096> buffer;
    for (ssize_t n; (n = pread(descriptor_, buffer.data(), buffer.size(),
                               static_cast<off_t>(text.size()))) > 0;)
      text.append(buffer.data(), static_cast<std::size_t>(n));
    return text;
  }

 private:
  int descriptor_;
};

/// How the program is to be started: streams, working folder and signals.
class StartSettings {
 public:
  StartSettings(const std::filesystem::path& folder, int output, int error) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawnattr_init(&attributes_);
    throw_on(posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0),
             "/dev/null");
    throw_on(posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO), "output");
    throw_on(posix_spawn_file_actions_adddup2(&actions_, error, STDERR_FILENO), "error");
    throw_on(posix_spawn_file_actions_addchdir_np(&actions_, folder.c_str()), folder.string());
    // This program ignores SIGPIPE (prepare_standard_streams); others do not expect that.
    sigset_t defaults;
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    posix_spawnattr_setsigdefault(&attributes_, &defaults);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGDEF);
  }
  ~StartSettings() {
    posix_spawnattr_destroy(&attributes_);
    posix_spawn_file_actions_destroy(&actions_);
  }
  StartSettings(const StartSettings&) = delete;
  StartSettings& operator=(const StartSettings&) = delete;

  const posix_spawn_file_actions_t* actions() const { return &actions_; }
  const posix_spawnattr_t* attributes() const { return &attributes_; }

 private:
  posix_spawn_file_actions_t actions_;
  posix_spawnattr_t attributes_;
};

std::vector<char*> environment_without(const std::string& prefix) {
  std::vector<char*> kept;
  for (char** variable = environ; *variable != nullptr; ++variable)
    if (prefix.empty() || !std::string_view(*variable).starts_with(prefix))
      kept.push_back(*variable);
  kept.push_back(nullptr);
  return kept;
}

int code_of(pid_t process) {
  int status = 0;
  while (waitpid(process, &status, 0) < 0)
    if (errno != EINTR) throw_on(errno, "waitpid");
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

ProcessOutcome run_process(const std::vector<std::string>& words,
                           const std::filesystem::path& folder, const std::string& without) {
  const MemoryFile output, error;
  const StartSettings settings(folder, output.descriptor(), error.descriptor());
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const std::vector<char*> environment = environment_without(without);
  pid_t process = 0;
  throw_on(posix_spawnp(&process, arguments[0], settings.actions(), settings.attributes(),
                        arguments.data(), environment.data()),
           words[0]);
  const int code = code_of(process);
  return {code, output.text(), error.text()};
}

}  // namespace overbuild
