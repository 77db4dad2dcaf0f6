// The standard streams: what they can show, and writing to them.
#pragma once

#include <string_view>

namespace overbuild {

struct TextStyle {
  int width = 100;       ///< columns to fill at most
  bool unicode = false;  ///< UTF-8 characters may be written
};

/// The terminal's width (else $COLUMNS, else 100), and whether the locale is UTF-8 and the
/// environment variable NO_UNICODE is unset or empty. `descriptor` is 1 or 2.
TextStyle style_of(int descriptor);

bool is_terminal(int descriptor);

/// Opens /dev/null for every standard stream that the caller has closed: otherwise the result file
/// would get a standard stream's number and receive what is printed there. Ignores SIGPIPE, so that
/// a reader that went away is noticed by write errors and does not end a run.
void prepare_standard_streams();

/// Writes to standard output at once. A reader that went away is no error; Error(file) otherwise.
void print(std::string_view text);

/// Writes to standard error at once; whether that works makes no difference to the program.
void print_error(std::string_view text);

}  // namespace overbuild
