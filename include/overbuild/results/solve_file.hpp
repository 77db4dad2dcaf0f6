// HDF5 files of reverse stress tests, layout version 1 (docs/format.md).
#pragma once

#include <filesystem>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "overbuild/engine/reverse_stress.hpp"
#include "overbuild/results/provenance.hpp"

namespace overbuild {

inline constexpr int solve_format_version = 1;

/// A parameter as a file names it.
struct SolvedParameter {
  std::string name, unit, meaning;
  std::string setting;  ///< number or prior of the config, as TOML
  bool whole = false;   ///< takes whole numbers only

  bool operator==(const SolvedParameter&) const = default;
};

/// What a file of a reverse stress test holds.
struct SolveContents {
  static constexpr double none = std::numeric_limits<double>::quiet_NaN();

  std::string model, scenario, title;
  std::string statistic, statistic_unit;  ///< as given
  double target = 0;
  SolvedParameter parameter;
  SolvedParameter against;         ///< name "" without a frontier
  std::vector<double> values;      ///< of `against` in this file, ascending
  std::vector<double> all_values;  ///< of the whole frontier
  int shard = 1, shards = 1;       ///< part of the frontier
  std::uint64_t seed = 0, paths = 0;
  int grid_points = 0;               ///< as asked
  Range between = {none, none};      ///< as asked; NaN where it was not
  std::vector<double> grid;          ///< of the scan
  std::vector<RootSearch> searches;  ///< one, or one for each of `values`
  /// [search][root]: share of the parameter's prior below the root; NaN without a prior.
  std::vector<std::vector<double>> prior_shares;
  Provenance provenance;

  bool is_frontier() const { return !against.name.empty(); }
  bool has_roots() const;
};

/// Writes one file under a temporary name beside `path`, which write() renames.
class SolveWriter {
 public:
  /// Throws Error(file) as ResultWriter does.
  SolveWriter(std::filesystem::path path, bool force);
  ~SolveWriter();

  /// `scenario`: the one that the contents are of.
  void write(const Scenario& scenario, const SolveContents& contents);

  const std::filesystem::path& temporary_path() const;

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

/// Throws Error(file) when the file cannot be read, is of another kind or has a newer layout.
SolveContents read_solve(const std::filesystem::path& path);

/// The scenario that the file at `path`, whose contents are given, is of, with the origins its
/// values had.
Scenario scenario_of(const SolveContents& contents, const std::filesystem::path& path);

/// Whether it is such a file; false also for one that cannot be read.
bool is_solve_file(const std::filesystem::path& path);

/// What keeps two shards of a frontier from being merged, or "". Names the files.
std::string difference(const SolveContents& a, const std::string& a_name, const SolveContents& b,
                       const std::string& b_name);

}  // namespace overbuild
