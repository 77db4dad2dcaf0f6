// HDF5 files of attributions, layout version 1 (docs/format.md).
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "overbuild/engine/attribution.hpp"
#include "overbuild/results/provenance.hpp"

namespace overbuild {

inline constexpr int attribution_format_version = 1;

/// What a file of an attribution holds. Provenance is that of the first scenario.
struct AttributionContents {
  std::string model, scenario, title;         ///< of the first scenario
  std::string second_scenario, second_title;  ///< of the second one
  std::string second_config;                  ///< whole resolved config, TOML
  std::string statistic, statistic_unit;      ///< as given
  std::uint64_t seed = 0, paths = 0;
  std::vector<ScenarioChange> changes;
  std::vector<Difference> left;  ///< keys that differ and were left as in the first scenario
  std::size_t orders = 0;        ///< that were drawn; 0 where the values are exact
  Attribution attribution;       ///< when read: without plan.share and plan.orders
  Provenance provenance;
};

/// Writes one file under a temporary name beside `path`, which write() renames.
class AttributionWriter {
 public:
  /// Throws Error(file) as ResultWriter does.
  AttributionWriter(std::filesystem::path path, bool force);
  ~AttributionWriter();

  /// `first`: the scenario that the changes begin from.
  void write(const Scenario& first, const AttributionContents& contents);

  const std::filesystem::path& temporary_path() const;

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

/// Throws Error(file) when the file cannot be read, is of another kind or has a newer layout.
AttributionContents read_attribution(const std::filesystem::path& path);

/// Whether it is such a file; false also for one that cannot be read.
bool is_attribution_file(const std::filesystem::path& path);

}  // namespace overbuild
