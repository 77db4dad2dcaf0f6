#include "src/results/statistics_writer.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <span>

#include "overbuild/base/error.hpp"
#include "src/results/description_writer.hpp"
#include "src/results/statistics_layout.hpp"

namespace overbuild {
namespace {

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

Dimension write_probability(hid_t group) {
  return write_dimension(group, {"probability", "1", "probability of a value below the quantile"},
                         std::vector<double>(quantile_levels.begin(), quantile_levels.end()));
}

/// A meaning without what follows a semicolon, such as where it is NaN: statistics are over the
/// paths that have a value.
std::string without_remark(const std::string& meaning) {
  return meaning.substr(0, meaning.find(';'));
}

/// "mean: revenue" -> "mean, Monte Carlo standard error: revenue".
std::string error_text(std::string long_name) {
  return long_name.insert(long_name.find(':'), ", Monte Carlo standard error");
}

/// A scenario has most of a batch's bins empty: its row is a chunk and compressed.
hdf5::Id sparse_row(hsize_t bins) {
  hdf5::Id creation = hdf5::dataset_creation();
  if (bins == 0) return creation;
  const hsize_t chunk[] = {1, bins};
  hdf5::check(H5Pset_chunk(creation, 2, chunk), "make dataset properties");
  hdf5::check(H5Pset_shuffle(creation), "make dataset properties");
  hdf5::check(H5Pset_deflate(creation, 4), "make dataset properties");
  return creation;
}

}  // namespace

template <class Spec>
StatisticsWriter::Subject StatisticsWriter::subject_of(const Spec& spec) {
  return {std::string(spec.name), std::string(spec.unit), std::string(spec.meaning)};
}

Label StatisticsWriter::label_of(const Subject& subject, std::string_view suffix,
                                 std::string_view statistic, bool has_unit) {
  return {layout::statistic_of(subject.name, suffix), has_unit ? subject.unit : "1",
          fmt::format("{}: {}", statistic, without_remark(subject.meaning))};
}

template <class Number>
void StatisticsWriter::write_statistic(const Place& place, const Label& label,
                                       const std::vector<Number>& values) {
  place.group.write(place.row, label, values, place.dimensions,
                    {{layout::meaning_attribute, place.subject.meaning}});
}

/// An estimate and, beside it, its standard error.
void StatisticsWriter::write_estimates(const Place& place, const Label& label,
                                       const std::vector<Estimate>& estimates) {
  const std::string error_name = layout::standard_error_of(label.name);
  place.group.write(
      place.row, label, transformed(estimates, [](const Estimate& e) { return e.value; }),
      place.dimensions,
      {{layout::meaning_attribute, place.subject.meaning}, {"ancillary_variables", error_name}});
  write_statistic(place, {error_name, label.unit, error_text(label.long_name)},
                  transformed(estimates, [](const Estimate& e) { return e.standard_error; }));
}

/// One distribution per step (dimension: time) or one alone (no dimension).
void StatisticsWriter::write_distributions(const Place& place, Distributions distributions,
                                           const Dimension* probability) {
  const Subject& subject = place.subject;
  write_statistic(
      place, label_of(subject, "count", "number of paths with a value", false),
      transformed(distributions, [](auto& d) { return static_cast<std::int64_t>(d.count); }));
  for (const layout::Moment& moment : layout::moments)
    write_estimates(place, label_of(subject, moment.suffix, moment.label, moment.has_unit),
                    transformed(distributions, [&](auto& d) { return d.*moment.member; }));
  for (const layout::Extreme& extreme : layout::extremes)
    write_statistic(place, label_of(subject, extreme.suffix, extreme.label),
                    transformed(distributions, [&](auto& d) { return d.*extreme.member; }));
  std::vector<Estimate> quantiles;
  for (const DistributionSummary& distribution : distributions)
    quantiles.insert(quantiles.end(), distribution.quantiles.begin(), distribution.quantiles.end());
  Place by_probability = place;
  by_probability.dimensions.push_back(probability);
  write_estimates(by_probability, label_of(subject, "quantile", "quantile"), quantiles);
}

StatisticsWriter::StatisticsWriter(hid_t file, const ModelSchema& schema,
                                   const std::vector<double>& time, OutcomeBins bins,
                                   const ScenarioAxis* scenarios)
    : schema_(schema),
      bins_(std::move(bins)),
      is_batch_(scenarios != nullptr),
      series_(file, layout::series_group, scenarios),
      events_(file, layout::events_group, scenarios),
      outcomes_(file, layout::outcomes_group, scenarios),
      histograms_(file, layout::histograms_group, scenarios) {
  list_quantities(series_, schema.series);
  list_quantities(events_, schema.events);
  list_quantities(outcomes_, schema.outcomes);
  series_time_ = series_.keep(write_time(series_, time));
  series_probability_ = series_.keep(write_probability(series_));
  events_time_ = events_.keep(write_time(events_, time));
  outcomes_probability_ = outcomes_.keep(write_probability(outcomes_));
  for (std::size_t i = 0; i < schema.outcomes.size(); ++i)
    create_histogram(schema.outcomes[i], bins_[i]);
}

void StatisticsWriter::create_histogram(const OutcomeSpec& spec,
                                        const std::vector<HistogramBin>& bins) {
  const Subject subject = subject_of(spec);
  const Dimension* bin = histograms_.keep(write_dimension(
      histograms_, label_of(subject, "bin", "middle of the bin"),
      transformed(bins, [](const HistogramBin& b) { return b.lower + (b.upper - b.lower) / 2; })));
  bin_dimensions_.push_back(bin);
  const auto write_edges = [&](const Label& label, auto member) {
    const hdf5::Id edges =
        write_variable(histograms_, label,
                       transformed(bins, [&](const HistogramBin& b) { return b.*member; }), {bin});
    hdf5::set_attribute(edges, layout::meaning_attribute, subject.meaning);
  };
  write_edges(label_of(subject, "bin_lower", "lower edge, in the bin"), &HistogramBin::lower);
  write_edges(label_of(subject, "bin_upper", "upper edge, not in the bin"), &HistogramBin::upper);
}

void StatisticsWriter::write_histogram(std::size_t outcome, const std::vector<HistogramBin>& filled,
                                       hsize_t row) {
  const Subject subject = subject_of(schema_.outcomes[outcome]);
  std::vector<std::int64_t> counts(bins_[outcome].size(), 0);
  std::size_t place = 0;
  for (const HistogramBin& bin : filled) {
    if (bin.count == 0) continue;
    while (place < counts.size() &&
           (bins_[outcome][place].lower != bin.lower || bins_[outcome][place].upper != bin.upper))
      ++place;
    if (place == counts.size()) throw Error(ExitCode::internal, "a histogram has an unknown bin");
    counts[place] = static_cast<std::int64_t>(bin.count);
  }
  const hdf5::Id creation = is_batch_ ? sparse_row(counts.size()) : hdf5::Id();
  histograms_.write(row, label_of(subject, "count", "number of paths in the bin", false), counts,
                    {bin_dimensions_[outcome]}, {{layout::meaning_attribute, subject.meaning}},
                    is_batch_ ? hid_t{creation} : H5P_DEFAULT);
}

void StatisticsWriter::write_outcome(const OutcomeSpec& spec, const OutcomeSummary& outcome,
                                     hsize_t row) {
  const Subject subject = subject_of(spec);
  const Place place{outcomes_, subject, row, {}};
  write_estimates(place,
                  label_of(subject, "defined", "share of the paths on which it is defined", false),
                  {outcome.defined});
  write_distributions(place, {&outcome.distribution, 1}, outcomes_probability_);
  const hid_t quantile = outcomes_.variable(layout::statistic_of(subject.name, "quantile"));
  if (row > 0) return;
  hdf5::set_attribute(quantile, "exact_quantiles", std::int64_t{outcome.exact_quantiles});
  for (const layout::Extreme& extreme : layout::extremes)
    describe_codes(outcomes_.variable(layout::statistic_of(subject.name, extreme.suffix)),
                   spec.codes);
}

void StatisticsWriter::write(const RunSummary& summary, hsize_t row) {
  for (std::size_t i = 0; i < schema_.series.size(); ++i) {
    const Subject subject = subject_of(schema_.series[i]);
    write_distributions({series_, subject, row, {series_time_}}, summary.series[i],
                        series_probability_);
  }
  for (std::size_t i = 0; i < schema_.events.size(); ++i) {
    const EventSpec& spec = schema_.events[i];
    const Subject subject{std::string(spec.name), "1", std::string(spec.meaning)};
    write_estimates({events_, subject, row, {events_time_}},
                    {subject.name, "1", fmt::format("probability: {}", spec.meaning)},
                    summary.events[i]);
  }
  for (std::size_t i = 0; i < schema_.outcomes.size(); ++i) {
    write_outcome(schema_.outcomes[i], summary.outcomes[i], row);
    write_histogram(i, summary.outcomes[i].histogram, row);
  }
}

void write_statistics(hid_t file, const ModelSchema& schema, const RunSummary& summary) {
  OutcomeBins bins;
  for (const OutcomeSummary& outcome : summary.outcomes) bins.push_back(outcome.histogram);
  StatisticsWriter(file, schema, summary.time, std::move(bins)).write(summary);
}

}  // namespace overbuild
