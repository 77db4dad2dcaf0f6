#include "src/results/statistics_writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "src/results/statistics_layout.hpp"
#include "src/results/variables.hpp"

namespace overbuild {
namespace {

using Dimensions = std::vector<const Dimension*>;
using Distributions = std::span<const DistributionSummary>;

/// A series, event or outcome whose statistics are written.
struct Subject {
  std::string name, unit, meaning;
};

template <class Range, class Function>
auto transformed(const Range& range, Function function) {
  std::vector<decltype(function(*std::begin(range)))> result;
  std::ranges::transform(range, std::back_inserter(result), function);
  return result;
}

template <class Specs>
void list_quantities(hid_t group, const Specs& specs) {
  hdf5::set_attribute(
      group, layout::quantities_attribute,
      fmt::format("{}", fmt::join(transformed(specs, [](auto& spec) { return spec.name; }), " ")));
}

template <class Number>
void write_statistic(hid_t group, const Subject& subject, const Label& label,
                     const std::vector<Number>& values, const Dimensions& dimensions) {
  const hdf5::Id variable = write_variable(group, label, values, dimensions);
  hdf5::set_attribute(variable, layout::meaning_attribute, subject.meaning);
}

/// An estimate and, beside it, its standard error.
void write_estimates(hid_t group, const Subject& subject, const Label& label,
                     const std::vector<Estimate>& estimates, const Dimensions& dimensions) {
  const std::string error_name = layout::standard_error_of(label.name);
  const Label error_label{error_name, label.unit, label.long_name + ", Monte Carlo standard error"};
  const hdf5::Id variable = write_variable(
      group, label, transformed(estimates, [](const Estimate& e) { return e.value; }), dimensions);
  hdf5::set_attribute(variable, layout::meaning_attribute, subject.meaning);
  hdf5::set_attribute(variable, "ancillary_variables", error_name);
  write_statistic(group, subject, error_label,
                  transformed(estimates, [](const Estimate& e) { return e.standard_error; }),
                  dimensions);
}

Label label_of(const Subject& subject, std::string_view suffix, std::string_view statistic,
               bool has_unit = true) {
  return {layout::statistic_of(subject.name, suffix), has_unit ? subject.unit : "1",
          fmt::format("{}: {}", subject.meaning, statistic)};
}

void write_quantiles(hid_t group, const Subject& subject, Distributions distributions,
                     Dimensions dimensions, const Dimension& probability) {
  std::vector<Estimate> quantiles;
  for (const DistributionSummary& distribution : distributions)
    quantiles.insert(quantiles.end(), distribution.quantiles.begin(), distribution.quantiles.end());
  dimensions.push_back(&probability);
  write_estimates(group, subject, label_of(subject, "quantile", "quantile"), quantiles, dimensions);
}

/// One distribution per step (dimension: time) or one alone (no dimension).
void write_distributions(hid_t group, const Subject& subject, Distributions distributions,
                         const Dimensions& dimensions, const Dimension& probability) {
  write_statistic(
      group, subject, label_of(subject, "count", "number of paths with a value", false),
      transformed(distributions, [](auto& d) { return static_cast<std::int64_t>(d.count); }),
      dimensions);
  for (const layout::Moment& moment : layout::moments)
    write_estimates(group, subject, label_of(subject, moment.suffix, moment.label, moment.has_unit),
                    transformed(distributions, [&](auto& d) { return d.*moment.member; }),
                    dimensions);
  for (const layout::Extreme& extreme : layout::extremes)
    write_statistic(group, subject, label_of(subject, extreme.suffix, extreme.label),
                    transformed(distributions, [&](auto& d) { return d.*extreme.member; }),
                    dimensions);
  write_quantiles(group, subject, distributions, dimensions, probability);
}

Dimension write_probability(hid_t group) {
  return write_dimension(group, {"probability", "1", "probability of a value below the quantile"},
                         std::vector<double>(quantile_levels.begin(), quantile_levels.end()));
}

void write_series(hid_t file, const ModelSchema& schema, const RunSummary& summary) {
  const hdf5::Id group = hdf5::create_group(file, layout::series_group);
  list_quantities(group, schema.series);
  const Dimension time = write_time(group, summary.time);
  const Dimension probability = write_probability(group);
  for (std::size_t i = 0; i < schema.series.size(); ++i) {
    const SeriesSpec& spec = schema.series[i];
    write_distributions(group,
                        {std::string(spec.name), std::string(spec.unit), std::string(spec.meaning)},
                        summary.series[i], {&time}, probability);
  }
}

void write_events(hid_t file, const ModelSchema& schema, const RunSummary& summary) {
  const hdf5::Id group = hdf5::create_group(file, layout::events_group);
  list_quantities(group, schema.events);
  const Dimension time = write_time(group, summary.time);
  for (std::size_t i = 0; i < schema.events.size(); ++i) {
    const EventSpec& spec = schema.events[i];
    const Subject subject{std::string(spec.name), "1", std::string(spec.meaning)};
    write_estimates(group, subject,
                    {subject.name, "1", fmt::format("probability: {}", spec.meaning)},
                    summary.events[i], {&time});
  }
}

void write_outcomes(hid_t file, const ModelSchema& schema, const RunSummary& summary) {
  const hdf5::Id group = hdf5::create_group(file, layout::outcomes_group);
  list_quantities(group, schema.outcomes);
  const Dimension probability = write_probability(group);
  for (std::size_t i = 0; i < schema.outcomes.size(); ++i) {
    const OutcomeSpec& spec = schema.outcomes[i];
    const OutcomeSummary& outcome = summary.outcomes[i];
    const Subject subject{std::string(spec.name), std::string(spec.unit),
                          std::string(spec.meaning)};
    write_estimates(
        group, subject,
        label_of(subject, "defined", "share of the paths on which it is defined", false),
        {outcome.defined}, {});
    write_distributions(group, subject, {&outcome.distribution, 1}, {}, probability);
    const std::string quantile = layout::statistic_of(subject.name, "quantile");
    const hdf5::Id dataset(H5Dopen2(group, quantile.c_str(), H5P_DEFAULT), H5Dclose,
                           "open " + quantile);
    hdf5::set_attribute(dataset, "exact_quantiles", std::int64_t{outcome.exact_quantiles});
  }
}

void write_histogram(hid_t group, const OutcomeSpec& spec,
                     const std::vector<HistogramBin>& histogram) {
  const Subject subject{std::string(spec.name), std::string(spec.unit), std::string(spec.meaning)};
  const Dimension bin = write_dimension(group, label_of(subject, "bin", "middle of the bin"),
                                        transformed(histogram, [](const HistogramBin& b) {
                                          return b.lower + (b.upper - b.lower) / 2;
                                        }));
  const auto edges = [&](auto member) {
    return transformed(histogram, [&](const HistogramBin& b) { return b.*member; });
  };
  write_statistic(group, subject, label_of(subject, "bin_lower", "lower edge, in the bin"),
                  edges(&HistogramBin::lower), {&bin});
  write_statistic(group, subject, label_of(subject, "bin_upper", "upper edge, not in the bin"),
                  edges(&HistogramBin::upper), {&bin});
  write_statistic(
      group, subject, label_of(subject, "count", "number of paths in the bin", false),
      transformed(histogram, [](auto& b) { return static_cast<std::int64_t>(b.count); }), {&bin});
}

}  // namespace

void write_statistics(hid_t file, const ModelSchema& schema, const RunSummary& summary) {
  write_series(file, schema, summary);
  write_events(file, schema, summary);
  write_outcomes(file, schema, summary);
  const hdf5::Id group = hdf5::create_group(file, layout::histograms_group);
  for (std::size_t i = 0; i < schema.outcomes.size(); ++i)
    write_histogram(group, schema.outcomes[i], summary.outcomes[i].histogram);
}

}  // namespace overbuild
