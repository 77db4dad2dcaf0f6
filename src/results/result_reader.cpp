#include <fmt/format.h>

#include <sstream>

#include "overbuild/results/result_file.hpp"
#include "src/results/open_result.hpp"
#include "src/results/statistics_layout.hpp"

namespace overbuild {
namespace {

std::string in_group(std::string_view group, const std::string& name) {
  return fmt::format("/{}/{}", group, name);
}

template <class Number>
std::vector<Number> expect_count(std::vector<Number> values, std::size_t count,
                                 const std::string& path) {
  if (values.size() != count)
    throw hdf5::Failure(
        fmt::format("dataset {} has {} values instead of {}", path, values.size(), count));
  return values;
}

std::vector<double> doubles(hid_t file, const std::string& path, std::size_t count) {
  return expect_count(hdf5::read_doubles(file, path), count, path);
}

std::vector<std::uint64_t> counts(hid_t file, const std::string& path, std::size_t count) {
  const auto values = expect_count(hdf5::read_integers(file, path), count, path);
  return {values.begin(), values.end()};
}

std::vector<Estimate> estimates(hid_t file, const std::string& path, std::size_t count) {
  const std::vector<double> value = doubles(file, path, count);
  const std::vector<double> error = doubles(file, layout::standard_error_of(path), count);
  std::vector<Estimate> result(count);
  for (std::size_t i = 0; i < count; ++i) result[i] = {value[i], error[i]};
  return result;
}

void read_quantiles(hid_t file, const std::string& path,
                    std::vector<DistributionSummary>& distributions) {
  const std::size_t levels = quantile_levels.size();
  const std::vector<Estimate> quantiles =
      estimates(file, layout::statistic_of(path, "quantile"), distributions.size() * levels);
  for (std::size_t i = 0; i < quantiles.size(); ++i)
    distributions[i / levels].quantiles[i % levels] = quantiles[i];
}

/// The statistics of the quantity at `path`, e.g. "/series/value".
std::vector<DistributionSummary> read_distributions(hid_t file, const std::string& path,
                                                    std::size_t count) {
  std::vector<DistributionSummary> result(count);
  const auto numbers = counts(file, layout::statistic_of(path, "count"), count);
  for (std::size_t i = 0; i < count; ++i) result[i].count = numbers[i];
  for (const layout::Moment& moment : layout::moments) {
    const auto values = estimates(file, layout::statistic_of(path, moment.suffix), count);
    for (std::size_t i = 0; i < count; ++i) result[i].*moment.member = values[i];
  }
  for (const layout::Extreme& extreme : layout::extremes) {
    const auto values = doubles(file, layout::statistic_of(path, extreme.suffix), count);
    for (std::size_t i = 0; i < count; ++i) result[i].*extreme.member = values[i];
  }
  read_quantiles(file, path, result);
  return result;
}

std::vector<HistogramBin> read_histogram(hid_t file, const std::string& path) {
  const auto lower = hdf5::read_doubles(file, layout::statistic_of(path, "bin_lower"));
  const auto upper = doubles(file, layout::statistic_of(path, "bin_upper"), lower.size());
  const auto count = counts(file, layout::statistic_of(path, "count"), lower.size());
  std::vector<HistogramBin> bins(lower.size());
  for (std::size_t i = 0; i < bins.size(); ++i) bins[i] = {lower[i], upper[i], count[i]};
  return bins;
}

OutcomeSummary read_outcome(hid_t file, const std::string& name) {
  const std::string path = in_group(layout::outcomes_group, name);
  OutcomeSummary outcome;
  outcome.defined = estimates(file, layout::statistic_of(path, "defined"), 1)[0];
  outcome.distribution = read_distributions(file, path, 1)[0];
  outcome.exact_quantiles =
      hdf5::integer_attribute(file, layout::statistic_of(path, "quantile"), "exact_quantiles") != 0;
  outcome.histogram = read_histogram(file, in_group(layout::histograms_group, name));
  return outcome;
}

/// The quantities of a group, their units and meanings taken from the variables "<name><suffix>".
std::vector<Quantity> read_quantities(hid_t file, std::string_view group,
                                      const std::string& suffix) {
  std::istringstream names(
      hdf5::text_attribute(file, in_group(group, ""), layout::quantities_attribute));
  std::vector<Quantity> quantities;
  for (std::string name; names >> name;) {
    const std::string variable = in_group(group, name + suffix);
    quantities.push_back({name, hdf5::text_attribute(file, variable, "units"),
                          hdf5::text_attribute(file, variable, layout::meaning_attribute)});
  }
  return quantities;
}

void read_statistics(hid_t file, ResultContents& contents) {
  RunSummary& summary = contents.summary;
  summary.time = hdf5::read_doubles(file, in_group(layout::series_group, "time"));
  for (const Quantity& series : contents.series)
    summary.series.push_back(
        read_distributions(file, in_group(layout::series_group, series.name), summary.time.size()));
  for (const Quantity& event : contents.events)
    summary.events.push_back(
        estimates(file, in_group(layout::events_group, event.name), summary.time.size()));
  for (const Quantity& outcome : contents.outcomes)
    summary.outcomes.push_back(read_outcome(file, outcome.name));
}

ResultContents read_contents(hid_t file) {
  ResultContents contents;
  contents.model = hdf5::text_attribute(file, "/", "model");
  contents.scenario = hdf5::text_attribute(file, "/", "scenario");
  contents.title = hdf5::text_attribute(file, "/", "title");
  contents.description = hdf5::text_attribute(file, "/", "description");
  contents.seed = hdf5::unsigned_attribute(file, "/", "seed");
  contents.paths_asked = hdf5::unsigned_attribute(file, "/", "paths_asked");
  contents.scope = read_scope(file);
  contents.summary.paths = hdf5::unsigned_attribute(file, "/", "paths");
  contents.summary.complete = hdf5::integer_attribute(file, "/", "complete") != 0;
  contents.provenance = read_provenance(file);
  contents.series = read_quantities(file, layout::series_group, "_mean");
  contents.events = read_quantities(file, layout::events_group, "");
  contents.outcomes = read_quantities(file, layout::outcomes_group, "_mean");
  read_statistics(file, contents);
  return contents;
}

}  // namespace

ResultContents read_result(const std::filesystem::path& path) {
  const hdf5::Session session;
  try {
    return read_contents(open_result(path));
  } catch (const hdf5::Failure& failure) {
    fail_to_read(path, failure.what());
  }
}

}  // namespace overbuild
