// HDF5 files of sensitivity analyses, layout version 1 (docs/format.md).
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "overbuild/engine/sensitivity.hpp"
#include "overbuild/results/provenance.hpp"

namespace overbuild {

inline constexpr int sensitivity_format_version = 1;

/// What a file of a sensitivity analysis holds.
struct SensitivityContents {
  std::string model, scenario, title;
  std::uint64_t seed = 0;
  SensitivitySettings settings;
  int resamples = 1000;          ///< of the bootstrap
  std::uint64_t rows_asked = 0;  ///< of all shards
  PathRange rows;                ///< of the design that are in the file
  int shard = 1, shards = 1;
  bool complete = true;                         ///< holds all rows of its shard
  bool correlated = false;                      ///< the priors are
  std::size_t points = 0;                       ///< of a row
  std::vector<std::string> inputs;              ///< names of the parameters
  std::vector<std::string> quantities, units;   ///< as given
  std::vector<SensitivityValues> values;        ///< [quantity]
  std::vector<SensitivityEstimates> estimates;  ///< [quantity], what estimate() makes of them
  Provenance provenance;
};

/// Makes the estimates of the values; `scenario`: the one that the contents are of.
void estimate(SensitivityContents& contents, const Scenario& scenario);

/// Writes one file under a temporary name beside `path`, which write() renames.
class SensitivityWriter {
 public:
  /// Throws Error(file) as ResultWriter does.
  SensitivityWriter(std::filesystem::path path, bool force);
  ~SensitivityWriter();

  void write(const Scenario& scenario, const SensitivityContents& contents);

  const std::filesystem::path& temporary_path() const;

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

/// Reads the values and makes the estimates of them again. Throws Error(file) when the file cannot
/// be read, is of another kind or has a newer layout.
SensitivityContents read_sensitivity(const std::filesystem::path& path);

/// The scenario that the file at `path`, whose contents are given, is of.
Scenario scenario_of(const SensitivityContents& contents, const std::filesystem::path& path);

/// Whether it is such a file; false also for one that cannot be read.
bool is_sensitivity_file(const std::filesystem::path& path);

/// What keeps two shards from being merged, or "". Names the files.
std::string difference(const SensitivityContents& a, const std::string& a_name,
                       const SensitivityContents& b, const std::string& b_name);

}  // namespace overbuild
