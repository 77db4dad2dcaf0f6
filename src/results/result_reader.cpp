#include <cmath>

#include "overbuild/results/result_file.hpp"
#include "src/results/open_result.hpp"
#include "src/results/statistics_reader.hpp"

namespace overbuild {
namespace {

ResultContents read_contents(hid_t file) {
  ResultContents contents;
  contents.model = hdf5::text_attribute(file, "/", "model");
  contents.scenario = hdf5::text_attribute(file, "/", "scenario");
  contents.title = hdf5::text_attribute(file, "/", "title");
  contents.description = hdf5::text_attribute(file, "/", "description");
  contents.seed = hdf5::unsigned_attribute(file, "/", "seed");
  contents.paths_asked = hdf5::unsigned_attribute(file, "/", "paths_asked");
  read_sampler(file, contents);
  contents.scope = read_scope(file);
  contents.summary.paths = hdf5::unsigned_attribute(file, "/", "paths");
  contents.summary.complete = hdf5::integer_attribute(file, "/", "complete") != 0;
  contents.provenance = read_provenance(file);
  StatisticsReader(file).read(contents);
  return contents;
}

}  // namespace

// A bin begins at each whole number up to 128 and ends before the next, so that a code has its own.
Estimate share_of_code(const OutcomeSummary& outcome, std::size_t code) {
  const auto value = static_cast<double>(code);
  std::uint64_t count = 0;
  for (const HistogramBin& bin : outcome.histogram)
    if (bin.lower == value || (bin.lower < value && value < bin.upper)) count += bin.count;
  const auto paths = static_cast<double>(outcome.distribution.count);
  const double share = static_cast<double>(count) / paths;
  return {share, std::sqrt(share * (1 - share) / paths)};
}

ResultContents read_result(const std::filesystem::path& path) {
  return in_reading_terms(path, [&] { return read_contents(open_result(path)); });
}

}  // namespace overbuild
