#include "src/results/statistics_reader.hpp"

#include <fmt/format.h>

#include <iterator>
#include <sstream>

#include "overbuild/statistics/histogram.hpp"
#include "src/results/statistics_layout.hpp"

namespace overbuild {

using hdf5::expect_count;
using layout::in_group;

std::vector<double> StatisticsReader::doubles(const std::string& path, std::size_t count) const {
  return expect_count(
      scenario_ ? hdf5::read_doubles(file_, path, *scenario_) : hdf5::read_doubles(file_, path),
      count, path);
}

std::vector<std::uint64_t> StatisticsReader::counts(const std::string& path,
                                                    std::size_t count) const {
  const auto values = expect_count(
      scenario_ ? hdf5::read_integers(file_, path, *scenario_) : hdf5::read_integers(file_, path),
      count, path);
  return {values.begin(), values.end()};
}

std::vector<Estimate> StatisticsReader::estimates(const std::string& path,
                                                  std::size_t count) const {
  const std::vector<double> value = doubles(path, count);
  const std::vector<double> error = doubles(layout::standard_error_of(path), count);
  std::vector<Estimate> result(count);
  for (std::size_t i = 0; i < count; ++i) result[i] = {value[i], error[i]};
  return result;
}

void StatisticsReader::read_quantiles(const std::string& path,
                                      std::vector<DistributionSummary>& distributions) const {
  const std::size_t levels = quantile_levels.size();
  const std::vector<Estimate> quantiles =
      estimates(layout::statistic_of(path, "quantile"), distributions.size() * levels);
  for (std::size_t i = 0; i < quantiles.size(); ++i)
    distributions[i / levels].quantiles[i % levels] = quantiles[i];
}

/// The statistics of the quantity at `path`, e.g. "/series/value".
std::vector<DistributionSummary> StatisticsReader::distributions(const std::string& path,
                                                                 std::size_t count) const {
  std::vector<DistributionSummary> result(count);
  const auto numbers = counts(layout::statistic_of(path, "count"), count);
  for (std::size_t i = 0; i < count; ++i) result[i].count = numbers[i];
  for (const layout::Moment& moment : layout::moments) {
    const auto values = estimates(layout::statistic_of(path, moment.suffix), count);
    for (std::size_t i = 0; i < count; ++i) result[i].*moment.member = values[i];
  }
  for (const layout::Extreme& extreme : layout::extremes) {
    const auto values = doubles(layout::statistic_of(path, extreme.suffix), count);
    for (std::size_t i = 0; i < count; ++i) result[i].*extreme.member = values[i];
  }
  read_quantiles(path, result);
  return result;
}

std::vector<HistogramBin> StatisticsReader::histogram(const std::string& outcome) const {
  const std::string path = in_group(layout::histograms_group, outcome);
  const auto lower = hdf5::read_doubles(file_, layout::statistic_of(path, "bin_lower"));
  const auto upper = expect_count(
      hdf5::read_doubles(file_, layout::statistic_of(path, "bin_upper")), lower.size(), path);
  const auto count = counts(layout::statistic_of(path, "count"), lower.size());
  std::vector<HistogramBin> bins;
  for (std::size_t i = 0; i < lower.size(); ++i)
    if (!scenario_ || count[i] > 0) bins.push_back({lower[i], upper[i], count[i]});
  return scenario_ ? with_gaps_filled(bins) : bins;
}

OutcomeSummary StatisticsReader::outcome(const std::string& name) const {
  const std::string path = in_group(layout::outcomes_group, name);
  OutcomeSummary outcome;
  outcome.defined = estimates(layout::statistic_of(path, "defined"), 1)[0];
  outcome.distribution = distributions(path, 1)[0];
  outcome.exact_quantiles = hdf5::integer_attribute(file_, layout::statistic_of(path, "quantile"),
                                                    "exact_quantiles") != 0;
  outcome.histogram = histogram(name);
  return outcome;
}

std::vector<Quantity> StatisticsReader::quantities(std::string_view group,
                                                   const std::string& suffix) const {
  std::istringstream names(
      hdf5::text_attribute(file_, in_group(group, ""), layout::quantities_attribute));
  std::vector<Quantity> quantities;
  for (std::string name; names >> name;) {
    const std::string variable = in_group(group, name + suffix);
    quantities.push_back({name, hdf5::text_attribute(file_, variable, "units"),
                          hdf5::text_attribute(file_, variable, layout::meaning_attribute)});
  }
  return quantities;
}

std::vector<std::string> StatisticsReader::codes(const std::string& outcome) const {
  const std::string variable =
      layout::statistic_of(in_group(layout::outcomes_group, outcome), layout::extremes[0].suffix);
  if (!hdf5::has_attribute(file_, variable, layout::code_names_attribute)) return {};
  std::istringstream names(hdf5::text_attribute(file_, variable, layout::code_names_attribute));
  return {std::istream_iterator<std::string>(names), {}};
}

void StatisticsReader::read(ResultContents& contents) const {
  contents.series = quantities(layout::series_group, "_mean");
  contents.events = quantities(layout::events_group, "");
  contents.outcomes = quantities(layout::outcomes_group, "_mean");
  for (Quantity& each : contents.outcomes) each.codes = codes(each.name);
  RunSummary& summary = contents.summary;
  summary.time = hdf5::read_doubles(file_, in_group(layout::series_group, "time"));
  const std::size_t times = summary.time.size();
  for (const Quantity& series : contents.series)
    summary.series.push_back(distributions(in_group(layout::series_group, series.name), times));
  for (const Quantity& event : contents.events)
    summary.events.push_back(estimates(in_group(layout::events_group, event.name), times));
  for (const Quantity& each : contents.outcomes) summary.outcomes.push_back(outcome(each.name));
}

}  // namespace overbuild
