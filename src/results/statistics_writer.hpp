// Writes the statistics of a run, or of the scenarios of a batch one after the other.
#pragma once

#include <vector>

#include "overbuild/model/schema.hpp"
#include "overbuild/statistics/summary.hpp"
#include "src/results/variable_group.hpp"

namespace overbuild {

/// The bins of each outcome's histogram; their counts are not used.
using OutcomeBins = std::vector<std::vector<HistogramBin>>;

/// The groups /series, /events, /outcomes and /outcome_histograms.
class StatisticsWriter {
 public:
  /// Creates the groups. `bins` hold every filled bin of the summaries to come; `scenarios`, for a
  /// batch, must outlive this.
  StatisticsWriter(hid_t file, const ModelSchema& schema, const std::vector<double>& time,
                   OutcomeBins bins, const ScenarioAxis* scenarios = nullptr);

  /// Writes a run, or the scenario number `row` of a batch.
  void write(const RunSummary& summary, hsize_t row = 0);

 private:
  /// A series, event or outcome whose statistics are written.
  struct Subject {
    std::string name, unit, meaning;
  };
  /// Where its variables go.
  struct Place {
    VariableGroup& group;
    const Subject& subject;
    hsize_t row;
    Dimensions dimensions;
  };
  using Distributions = std::span<const DistributionSummary>;

  template <class Spec>
  static Subject subject_of(const Spec& spec);
  static Label label_of(const Subject& subject, std::string_view suffix, std::string_view statistic,
                        bool has_unit = true);
  template <class Number>
  static void write_statistic(const Place& place, const Label& label,
                              const std::vector<Number>& values);
  static void write_estimates(const Place& place, const Label& label,
                              const std::vector<Estimate>& estimates);
  static void write_distributions(const Place& place, Distributions distributions,
                                  const Dimension* probability);
  void write_outcome(const OutcomeSpec& spec, const OutcomeSummary& outcome, hsize_t row);
  void create_histogram(const OutcomeSpec& spec, const std::vector<HistogramBin>& bins);
  void write_histogram(std::size_t outcome, const std::vector<HistogramBin>& filled, hsize_t row);

  const ModelSchema& schema_;
  const OutcomeBins bins_;
  const bool is_batch_;
  VariableGroup series_, events_, outcomes_, histograms_;
  const Dimension *series_time_, *series_probability_, *events_time_, *outcomes_probability_;
  std::vector<const Dimension*> bin_dimensions_;  ///< one per outcome
};

/// Writes all statistics of one run.
void write_statistics(hid_t file, const ModelSchema& schema, const RunSummary& summary);

}  // namespace overbuild
