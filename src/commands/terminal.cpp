#include "src/commands/terminal.hpp"

#include <fcntl.h>
#include <langinfo.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <clocale>
#include <csignal>
#include <cstdlib>
#include <string>
#include <system_error>

#include "overbuild/base/error.hpp"

namespace overbuild {
namespace {

constexpr int least_width = 60, most_width = 160;

bool unicode_wanted() {
  const char* no_unicode = std::getenv("NO_UNICODE");
  if (no_unicode && *no_unicode) return false;
  // Only the character set is taken from the environment; numbers keep their decimal point.
  return std::setlocale(LC_CTYPE, "") && std::string_view(nl_langinfo(CODESET)) == "UTF-8";
}

int columns(int descriptor) {
  winsize size{};
  if (ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  const char* columns = std::getenv("COLUMNS");
  const int width = columns ? std::atoi(columns) : 0;
  return width > 0 ? width : TextStyle{}.width;
}

/// The errno of the write that failed, or 0.
int write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

}  // namespace

TextStyle style_of(int descriptor) {
  return {std::clamp(columns(descriptor), least_width, most_width), unicode_wanted()};
}

bool is_terminal(int descriptor) { return isatty(descriptor) == 1; }

void prepare_standard_streams() {
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    // open() takes the lowest free number, which is this descriptor's as those below are open.
    if (fcntl(descriptor, F_GETFD) == -1 && errno == EBADF)
      static_cast<void>(open("/dev/null", O_RDWR));
  }
  std::signal(SIGPIPE, SIG_IGN);
}

void print(std::string_view text) {
  const int error = write_all(STDOUT_FILENO, text);
  if (error != 0 && error != EPIPE)
    throw Error(ExitCode::file,
                "cannot write to standard output: " + std::generic_category().message(error));
}

void print_error(std::string_view text) { static_cast<void>(write_all(STDERR_FILENO, text)); }

}  // namespace overbuild
