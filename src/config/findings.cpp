#include "findings.hpp"

#include <algorithm>
#include <tuple>

namespace overbuild {

void Findings::throw_if_any() const {
  if (findings_.empty()) return;
  std::vector<Diagnostic> sorted = findings_;
  std::ranges::stable_sort(sorted, [](const Diagnostic& a, const Diagnostic& b) {
    return std::tie(a.source, a.line) < std::tie(b.source, b.line);
  });
  throw ConfigError(std::move(sorted));
}

}  // namespace overbuild
