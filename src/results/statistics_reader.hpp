// Reads the statistics of a run, or of one scenario of a batch.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "overbuild/results/result_file.hpp"
#include "src/hdf5/hdf5.hpp"

namespace overbuild {

class StatisticsReader {
 public:
  /// `scenario`: the row of a batch; nothing in a result of one run.
  explicit StatisticsReader(hid_t file, std::optional<hsize_t> scenario = std::nullopt)
      : file_(file), scenario_(scenario) {}

  /// The names, units and meanings of all quantities, and the statistics of the run. Throws
  /// hdf5::Failure.
  void read(ResultContents& contents) const;

  /// The histogram of an outcome alone.
  std::vector<HistogramBin> histogram(const std::string& outcome) const;

  /// Names, units and meanings of a group's quantities, taken from the variables "<name><suffix>".
  std::vector<Quantity> quantities(std::string_view group, const std::string& suffix) const;

  /// Names of an outcome's codes; none where it is no code.
  std::vector<std::string> codes(const std::string& outcome) const;

 private:
  std::vector<double> doubles(const std::string& path, std::size_t count) const;
  std::vector<std::uint64_t> counts(const std::string& path, std::size_t count) const;
  std::vector<Estimate> estimates(const std::string& path, std::size_t count) const;
  void read_quantiles(const std::string& path,
                      std::vector<DistributionSummary>& distributions) const;
  std::vector<DistributionSummary> distributions(const std::string& path, std::size_t count) const;
  OutcomeSummary outcome(const std::string& name) const;

  hid_t file_;
  std::optional<hsize_t> scenario_;
};

}  // namespace overbuild
