// HDF5 result files, layout version 1 (docs/format.md).
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "overbuild/engine/run.hpp"
#include "overbuild/results/provenance.hpp"

namespace overbuild {

inline constexpr int result_format_version = 1;

/// Which of a run's paths a file is for: all of them, one shard of several, or what comes after an
/// earlier part.
struct ResultScope {
  std::uint64_t first_path = 0;
  int shard = 1, shards = 1;
};

/// Writes one result. The file has a temporary name beside `path` until finish() renames it; if the
/// writer is destroyed before, the temporary file is removed and nothing appears under `path`.
///
/// As a PathSink it takes kept tiles into a bounded queue that a thread of its own writes from,
/// beside the workers. All errors (no space, no permission) are Error(file) with the system's
/// reason.
class ResultWriter : public PathSink {
 public:
  /// Throws Error(file) when `path` exists and `force` is false or it is no result, or when the
  /// folder cannot be written.
  ResultWriter(std::filesystem::path path, const Scenario& scenario, bool force,
               ResultScope scope = {});
  ~ResultWriter() override;

  void accept(std::unique_ptr<KeptTile> tile) override;
  /// Throws what stopped the writing thread, so that a full disk ends the run at once.
  void check() override;

  /// Writes statistics, kept outcomes, the state where there is one, and provenance; closes, syncs
  /// and renames the file.
  void finish(const RunResult& result, const Provenance& provenance);

  /// Where the result is until finish(), for a program that has to end at once.
  const std::filesystem::path& temporary_path() const;

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

/// A named quantity of a result file.
struct Quantity {
  std::string name, unit, meaning;
  std::vector<std::string> codes = {};  ///< names of 0, 1, ..., of an outcome that is a code
};

/// Share of the paths with a code, of those on which the outcome is defined.
Estimate share_of_code(const OutcomeSummary& outcome, std::size_t code);

/// What a result file holds, except kept paths and outcomes.
struct ResultContents {
  std::string model;
  std::string scenario;  ///< the config's name
  std::string title;
  std::string description;
  Provenance provenance;
  std::uint64_t seed = 0;
  std::uint64_t paths_asked = 0;
  std::string sampler;           ///< run.sampler, e.g. "sobol"
  std::uint64_t replicates = 0;  ///< of the whole run; 0 with the sampler "philox"
  ResultScope scope;
  std::vector<Quantity> series, events, outcomes;  ///< as in summary
  RunSummary summary;
};

/// Throws Error(file) when the file cannot be read, is not a result or has a newer major layout.
ResultContents read_result(const std::filesystem::path& path);

}  // namespace overbuild
