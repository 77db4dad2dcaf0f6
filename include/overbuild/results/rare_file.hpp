// HDF5 files of rare events, layout version 1 (docs/format.md).
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "overbuild/engine/rare_event.hpp"
#include "overbuild/results/provenance.hpp"
#include "overbuild/results/result_file.hpp"

namespace overbuild {

inline constexpr int rare_format_version = 1;

/// What a file of a rare event holds.
struct RareContents {
  std::string model, scenario, title;
  std::string event, guide;  ///< as given; guide "" where the event leads by itself
  std::uint64_t seed = 0, paths_asked = 0;
  ResultScope scope;
  bool complete = true;  ///< holds all paths of its scope
  RareEventSettings settings;
  double plain_share = 0, exploring_share = 0;  ///< of the final paths
  std::vector<PilotRound> rounds;
  std::vector<std::string> priors, normals,
      uniforms;  ///< names of the draws that a tilt may change
  TiltTable tilt;
  RareEventSums sums;
  Provenance provenance;
};

/// Writes one file under a temporary name beside `path`, which write() renames.
class RareWriter {
 public:
  /// Throws Error(file) as ResultWriter does.
  RareWriter(std::filesystem::path path, bool force);
  ~RareWriter();

  /// `scenario`: the one that the contents are of.
  void write(const Scenario& scenario, const RareContents& contents);

  const std::filesystem::path& temporary_path() const;

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

/// Throws Error(file) when the file cannot be read, is of another kind or has a newer layout.
RareContents read_rare(const std::filesystem::path& path);

/// The scenario that the file at `path`, whose contents are given, is of, with the origins its
/// values had.
Scenario scenario_of(const RareContents& contents, const std::filesystem::path& path);

/// Whether it is a file of a rare event; false also for one that cannot be read.
bool is_rare_file(const std::filesystem::path& path);

/// What keeps two shards from being merged, or "". Names the files.
std::string difference(const RareContents& a, const std::string& a_name, const RareContents& b,
                       const std::string& b_name);

}  // namespace overbuild
