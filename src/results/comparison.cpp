#include "overbuild/results/comparison.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "overbuild/base/error.hpp"
#include "overbuild/model/model.hpp"
#include "overbuild/statistics/histogram.hpp"
#include "src/results/kept_pairs.hpp"

namespace overbuild {
namespace {

constexpr std::size_t median_level = 4;
static_assert(quantile_levels[median_level] == 0.5);

const Estimate& median_of(const DistributionSummary& distribution) {
  return distribution.quantiles[median_level];
}

std::vector<CommonStep> common_steps(const std::vector<double>& first,
                                     const std::vector<double>& second) {
  std::vector<CommonStep> steps;
  for (std::size_t i = 0, j = 0; i < first.size() && j < second.size();) {
    if (std::abs(first[i] - second[j]) <= 1e-9 * std::fmax(1.0, first[i]))
      steps.push_back({first[i], i++, j++});
    else
      ++(first[i] < second[j] ? i : j);
  }
  return steps;
}

PathOverlap overlap_of(const ResultContents& a, const ResultContents& b) {
  const std::uint64_t begin = std::max(a.scope.first_path, b.scope.first_path);
  const std::uint64_t end =
      std::min(a.scope.first_path + a.summary.paths, b.scope.first_path + b.summary.paths);
  const bool same_seed = a.seed == b.seed;
  return {a.summary.paths, b.summary.paths, same_seed && end > begin ? end - begin : 0,
          same_seed && (a.replicates > 0 || b.replicates > 0)};
}

std::size_t index_of(const std::vector<Quantity>& quantities, const std::string& name) {
  const auto found = std::ranges::find(quantities, name, &Quantity::name);
  return static_cast<std::size_t>(found - quantities.begin());
}

/// Equal values may differ in their quantiles, which are exact or from a histogram.
bool same_moments(const DistributionSummary& a, DistributionSummary b) {
  b.quantiles = a.quantiles;
  return same_bits(a, b);
}

/// Equal medians have the same bin, and no bin is wider than this.
double widest_bin(const DistributionSummary& a, const DistributionSummary& b) {
  return std::fmax(std::abs(median_of(a).value), std::abs(median_of(b).value)) / bins_per_octave;
}

/// What two results have in common, and the comparisons of their quantities.
class Pair {
 public:
  Pair(const ComparedResult& base, const ComparedResult& other)
      : base_(base),
        other_(other),
        steps_(common_steps(base.contents.summary.time, other.contents.summary.time)),
        overlap_(overlap_of(base.contents, other.contents)) {}

  const std::vector<CommonStep>& steps() const { return steps_; }
  const PathOverlap& overlap() const { return overlap_; }

  ComparedSeries series(std::size_t base, std::size_t other) const;
  ComparedEvent event(std::size_t base, std::size_t other) const;
  ComparedOutcome outcome(std::size_t base, std::size_t other) const;

 private:
  ComparedEstimate compared(const Estimate& base, const Estimate& other,
                            const PairCorrelation& correlation) const {
    return {base, other, difference_of(base, other, overlap_, correlation)};
  }

  /// Whether the values behind two summaries are the same on every path, as far as can be told:
  /// those that are kept are, and sums of all of them to the last bit.
  bool same_values(const DistributionSummary& a, const DistributionSummary& b,
                   const PairCorrelation& correlation) const {
    return overlap_.common == overlap_.first && overlap_.common == overlap_.second &&
           correlation.pairs >= least_pairs && correlation.differing == 0 && same_moments(a, b);
  }

  /// Differences of the means and of the medians, which are exact or from histograms.
  std::array<ComparedEstimate, 2> locations(const DistributionSummary& base,
                                            const DistributionSummary& other,
                                            const PairedSample& sample, bool exact) const;

  const ComparedResult& base_;
  const ComparedResult& other_;
  std::vector<CommonStep> steps_;
  PathOverlap overlap_;
};

PairedSample sample_about(const DistributionSummary& base, const DistributionSummary& other) {
  const auto centre = [](const DistributionSummary& distribution) -> PairedSample::Centre {
    if (distribution.count == 0) return {};
    return {distribution.mean.value, median_of(distribution).value};
  };
  return {centre(base), centre(other)};
}

std::array<ComparedEstimate, 2> Pair::locations(const DistributionSummary& base,
                                                const DistributionSummary& other,
                                                const PairedSample& sample, bool exact) const {
  std::array<ComparedEstimate, 2> result = {
      compared(base.mean, other.mean, sample.means()),
      compared(median_of(base), median_of(other), sample.medians())};
  if (!exact) result[1].difference.resolution = widest_bin(base, other);
  if (same_values(base, other, sample.means()))
    for (ComparedEstimate& location : result) {
      location.difference.pairing = Pairing::paired;
      location.difference.estimate.standard_error = 0;
    }
  return result;
}

ComparedSeries Pair::series(std::size_t base, std::size_t other) const {
  const Quantity& quantity = base_.contents.series[base];
  const auto& first = base_.contents.summary.series[base];
  const auto& second = other_.contents.summary.series[other];
  std::vector<PairedSample> samples;
  for (const CommonStep& step : steps_)
    samples.push_back(sample_about(first[step.first], second[step.second]));
  add_series_pairs(base_, other_, quantity.name, steps_, samples);
  ComparedSeries result{quantity, {}, {}};
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    const auto [mean, median] =
        locations(first[steps_[i].first], second[steps_[i].second], samples[i], false);
    result.mean.push_back(mean);
    result.median.push_back(median);
  }
  return result;
}

ComparedEvent Pair::event(std::size_t base, std::size_t other) const {
  ComparedEvent result{base_.contents.events[base], {}};
  std::vector<PairedEvent> pairs(steps_.size());
  if (const Model* model = find_model(base_.contents.model)) {
    const auto spec =
        std::ranges::find(model->schema.events, result.quantity.name, &EventSpec::name);
    if (spec != model->schema.events.end()) pairs = event_pairs(base_, other_, *spec, steps_);
  }
  for (std::size_t i = 0; i < steps_.size(); ++i)
    result.probability.push_back(compared(base_.contents.summary.events[base][steps_[i].first],
                                          other_.contents.summary.events[other][steps_[i].second],
                                          pairs[i].probabilities()));
  return result;
}

ComparedOutcome Pair::outcome(std::size_t base, std::size_t other) const {
  const OutcomeSummary& first = base_.contents.summary.outcomes[base];
  const OutcomeSummary& second = other_.contents.summary.outcomes[other];
  ComparedOutcome result{base_.contents.outcomes[base], {}, {}, {}, {}};
  PairedSample sample = sample_about(first.distribution, second.distribution);
  add_outcome_pairs(base_, other_, result.quantity.name, sample);
  result.defined = compared(first.defined, second.defined, sample.shares());
  const bool exact = first.exact_quantiles && second.exact_quantiles;
  const auto [mean, median] = locations(first.distribution, second.distribution, sample, exact);
  result.mean = mean;
  result.median = median;
  const std::size_t codes = result.quantity.codes.size();
  const auto pairs = code_pairs(base_, other_, result.quantity.name, codes);
  for (std::size_t code = 0; code < codes; ++code)
    result.shares.push_back(compared(share_of_code(first, code), share_of_code(second, code),
                                     pairs[code].probabilities()));
  return result;
}

/// Calls action(index in base, index in other) for each quantity of the base that is `wanted`;
/// notes those that only one result has.
template <class Wanted, class Action>
void for_common(const std::vector<Quantity>& base, const std::vector<Quantity>& other,
                std::vector<std::string>& left_out, Wanted wanted, Action action) {
  for (std::size_t i = 0; i < base.size(); ++i) {
    if (!wanted(base[i].name)) continue;
    const std::size_t j = index_of(other, base[i].name);
    if (j < other.size())
      action(i, j);
    else
      left_out.push_back(base[i].name);
  }
  for (const Quantity& quantity : other)
    if (wanted(quantity.name) && index_of(base, quantity.name) == base.size())
      left_out.push_back(quantity.name);
}

void check_models(const ComparedResult& base, const ComparedResult& other) {
  if (base.contents.model == other.contents.model) return;
  throw Error(ExitCode::file,
              fmt::format("cannot compare results of different models: {} is of {}, {} of {}",
                          base.name, base.contents.model, other.name, other.contents.model));
}

}  // namespace

Comparison compare(const ComparedResult& base, const ComparedResult& other,
                   const std::vector<std::string>& series) {
  check_models(base, other);
  const ResultContents &a = base.contents, &b = other.contents;
  const Pair pair(base, other);
  Comparison result;
  result.same_seed = a.seed == b.seed;
  result.same_bits = result.same_seed && a.scope.first_path == b.scope.first_path &&
                     same_bits(a.summary, b.summary);
  result.paths = pair.overlap();
  for (const CommonStep& step : pair.steps()) result.time.push_back(step.time);
  result.same_times =
      result.time.size() == a.summary.time.size() && result.time.size() == b.summary.time.size();
  const auto asked = [&](const std::string& name) { return std::ranges::count(series, name) > 0; };
  const auto any = [](const std::string&) { return true; };
  for_common(a.series, b.series, result.left_out, asked, [&](std::size_t i, std::size_t j) {
    result.series.push_back(pair.series(i, j));
    const PathRange kept = common_series_paths(base, other, a.series[i].name);
    result.kept_series = std::max(result.kept_series, kept.size());
  });
  for_common(a.events, b.events, result.left_out, any,
             [&](std::size_t i, std::size_t j) { result.events.push_back(pair.event(i, j)); });
  for_common(a.outcomes, b.outcomes, result.left_out, any, [&](std::size_t i, std::size_t j) {
    result.outcomes.push_back(pair.outcome(i, j));
    const PathRange kept = common_outcome_paths(base, other, a.outcomes[i].name);
    result.kept_outcomes = std::max(result.kept_outcomes, kept.size());
  });
  return result;
}

}  // namespace overbuild
