// Reads the per-path values that a result file keeps, a block of paths at a time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "overbuild/engine/run.hpp"

namespace overbuild {

/// The kept values of one result; the file stays open. All reading throws Error(file) naming it.
class KeptReader {
 public:
  explicit KeptReader(const std::filesystem::path& file);
  ~KeptReader();
  KeptReader(KeptReader&&) noexcept;
  KeptReader& operator=(KeptReader&&) noexcept;

  /// Paths of which the outcome, or the series, is kept; none where the file does not have it.
  PathRange paths_of_outcome(const std::string& name) const;
  PathRange paths_of_series(const std::string& name) const;

  /// One value for each path of a range within paths_of_outcome(name); NaN where undefined.
  std::vector<double> outcome(const std::string& name, PathRange paths) const;

  /// [path][step], of a range within paths_of_series(name) and the steps first .. end - 1.
  std::vector<double> series(const std::string& name, PathRange paths, std::size_t first_step,
                             std::size_t end_step) const;

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace overbuild
