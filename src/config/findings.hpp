// Collects what is wrong with a config, so that all of it is reported at once.
#pragma once

#include <string>
#include <vector>

#include "overbuild/base/error.hpp"

namespace overbuild {

class Findings {
 public:
  void add(Diagnostic finding) { findings_.push_back(std::move(finding)); }

  bool empty() const { return findings_.empty(); }
  const std::vector<Diagnostic>& all() const { return findings_; }

  /// Throws ConfigError with all findings, by file and line, when there are any.
  void throw_if_any() const;

 private:
  std::vector<Diagnostic> findings_;
};

}  // namespace overbuild
