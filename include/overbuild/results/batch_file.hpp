// HDF5 files of batches: the results of all scenarios of a sweep in one file (docs/format.md).
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "overbuild/config/sweep.hpp"
#include "overbuild/results/result_file.hpp"

namespace overbuild {

inline constexpr int batch_format_version = 1;

/// Whether a file is a batch, as far as can be told.
bool is_batch_file(const std::filesystem::path& path);

/// Puts the results of scenarios into one file, one scenario in memory at a time. The file has a
/// temporary name beside `path` until finish() renames it, and is removed if that does not happen.
/// Throws Error(file) as ResultWriter does.
class BatchWriter {
 public:
  /// `parts`: the result of each scenario, in their order, with all its paths. Reads their
  /// histograms, whose bins the scenarios are to share.
  BatchWriter(std::filesystem::path path, const Sweep& sweep,
              std::vector<std::filesystem::path> parts, bool force);
  ~BatchWriter();

  /// Adds a scenario; to be called for each in their order.
  void add(std::size_t scenario);

  void finish(const Provenance& provenance);

  const std::filesystem::path& temporary_path() const;

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

/// A swept key with its value in each scenario; NaN where the parameter is drawn.
struct SweptCoordinate {
  std::string name, key;
  std::vector<double> values;
};

/// What a batch file says of itself.
struct BatchContents {
  std::string model, batch, title, description;
  Provenance provenance;
  std::uint64_t seed = 0, paths = 0;
  std::vector<double> time;
  std::vector<std::string> scenarios;
  std::vector<SweptCoordinate> swept;
  std::vector<Quantity> series, events, outcomes;
};

/// Throws Error(file) when the file cannot be read, is no batch or has a newer layout.
class BatchReader {
 public:
  explicit BatchReader(const std::filesystem::path& path);
  ~BatchReader();

  const BatchContents& contents() const;

  /// One scenario as read_result() reads a result of its own; its provenance is the batch's.
  ResultContents scenario(std::size_t index) const;

  /// The probability of an event at the horizon in each scenario.
  std::vector<Estimate> final_event(std::size_t event) const;
  /// The median of a series at the horizon in each scenario.
  std::vector<Estimate> final_median(std::size_t series) const;

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace overbuild
