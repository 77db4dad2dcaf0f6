// Errors that reach the user, and the exit code each kind of error ends the program with.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

namespace overbuild {

/// Exit codes of the program, documented in docs/commands.md. A run that a signal stopped ends with
/// 128 + the signal's number.
enum class ExitCode : int {
  success = 0,
  internal = 1,  ///< a defect of the program itself
  usage = 2,     ///< the command line is wrong
  config = 3,    ///< a config file is wrong or cannot be read
  file = 4,      ///< a result cannot be read or written, or exists already
  numeric = 5,   ///< a path left the range of finite numbers, or no path reached a rare event
  queue = 6,     ///< Slurm is missing or refused a job
  at_work = 7,   ///< status: not finished, and what is missing waits or runs
  stuck = 8      ///< status: not finished, and something has to be submitted again
};

/// An error with a message meant for the user; `what()` is complete in itself.
class Error : public std::runtime_error {
 public:
  Error(ExitCode code, const std::string& message) : std::runtime_error(message), code_(code) {}
  ExitCode code() const { return code_; }

 private:
  ExitCode code_;
};

/// One finding in a config: where it is and what is wrong with it.
struct Diagnostic {
  std::string source;   ///< file name, or "--set" for a command-line override
  int line = 0;         ///< 1-based; 0 where no line applies
  std::string key;      ///< full dotted key, e.g. "parameters.price_elasticity"
  std::string message;  ///< what was found and what is allowed

  /// "file:line: key: message"
  std::string text() const;
};

/// All findings of one config at once.
class ConfigError : public Error {
 public:
  explicit ConfigError(std::vector<Diagnostic> diagnostics);
  const std::vector<Diagnostic>& diagnostics() const { return diagnostics_; }

 private:
  std::vector<Diagnostic> diagnostics_;
};

}  // namespace overbuild
