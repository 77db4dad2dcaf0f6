// The folder of a batch's finished scenarios: what a batch that was stopped goes on from.
#pragma once

#include <filesystem>
#include <string>

#include "overbuild/config/sweep.hpp"

namespace overbuild {

/// The base case and all scenarios as TOML, without what never changes a number of the results
/// (threads, chunk, file name) and without the places where values come from.
std::string batch_config(const Sweep& sweep);

/// A folder with the results of finished scenarios, `NAME.h5`, and `batch.toml`, which says of
/// which batch they are. One process at a time.
class BatchParts {
 public:
  /// Creates the folder, or goes on with it and removes what a killed process left unfinished.
  /// Throws Error(file) when it holds something else or scenarios of another batch, saying what
  /// differs, or when another process is at work in it.
  BatchParts(std::filesystem::path folder, const Sweep& sweep);
  ~BatchParts();
  BatchParts(const BatchParts&) = delete;
  BatchParts& operator=(const BatchParts&) = delete;

  const std::filesystem::path& folder() const { return folder_; }
  std::filesystem::path part(std::size_t scenario) const;
  bool is_done(std::size_t scenario) const;

  /// Removes the folder with all parts.
  void remove() const;
  /// Removes the folder if it holds no part.
  void remove_if_empty() const;
  /// Adds `index.csv` and gives the folder the name `target`. An older folder of that name is
  /// replaced if it is that of a batch.
  void publish(const std::filesystem::path& target) const;

 private:
  void lock();
  void check_mark() const;
  void clean() const;

  std::filesystem::path folder_;
  const Sweep& sweep_;
  int lock_ = -1;
};

enum class BatchTarget {
  free,    ///< nothing is there
  same,    ///< the finished result of this batch
  replace  ///< a result that --force replaces
};

/// What is to be done about the place where a batch's file is to be, or with `separate` its folder.
/// Throws Error(file) when something is there that may not be replaced.
BatchTarget batch_target(const std::filesystem::path& target, const Sweep& sweep, bool separate,
                         bool force);

}  // namespace overbuild
