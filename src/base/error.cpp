#include "overbuild/base/error.hpp"

#include <fmt/format.h>

namespace overbuild {
namespace {

std::string join(const std::vector<Diagnostic>& diagnostics) {
  std::string text;
  for (const Diagnostic& diagnostic : diagnostics) {
    if (!text.empty()) text += '\n';
    text += diagnostic.text();
  }
  return text;
}

}  // namespace

std::string Diagnostic::text() const {
  std::string where = source;
  if (line > 0) where += fmt::format(":{}", line);
  if (!key.empty()) where += fmt::format(": {}", key);
  return fmt::format("{}: {}", where, message);
}

ConfigError::ConfigError(std::vector<Diagnostic> diagnostics)
    : Error(ExitCode::config, join(diagnostics)), diagnostics_(std::move(diagnostics)) {}

}  // namespace overbuild
