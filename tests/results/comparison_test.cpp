// Comparisons of results that the engine made, against what their kept values say directly.
#include "overbuild/results/comparison.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "overbuild/base/error.hpp"
#include "tests/engine/scenarios.hpp"
#include "tests/results/example_result.hpp"
#include "tests/results/temporary_folder.hpp"

namespace overbuild {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// Writes the paths of a scenario, all or a part that begins at `range.begin`.
ComparedResult result_of(const example::TemporaryFolder& folder, const std::string& name,
                         const Scenario& scenario, PathRange range) {
  const std::filesystem::path file = folder / name;
  ResultWriter writer(file, scenario, false, {.first_path = range.begin});
  const Simulation simulation(scenario, 2);
  RunControls controls;
  if (scenario.outputs.paths > range.begin) controls.sink = &writer;
  RunPart part = simulation.run(range, controls);
  writer.finish(simulation.result(std::move(part), range.size() == scenario.run.paths),
                example::provenance());
  return {name, read_result(file), KeptReader(file)};
}

ComparedResult result_of(const example::TemporaryFolder& folder, const std::string& name,
                         const Scenario& scenario) {
  return result_of(folder, name, scenario, {0, scenario.run.paths});
}

Scenario scenario(std::string_view model, std::uint64_t kept) {
  Scenario scenario = default_scenario(model, 2000, 4);
  scenario.outputs.paths = kept;
  scenario.outputs.outcomes = kept;
  scenario.outputs.single_precision = false;
  return scenario;
}

Scenario faster_gbm(std::uint64_t kept) {
  Scenario faster = scenario("gbm", kept);
  set(faster, "drift", 0.2);
  return faster;
}

Scenario riskier_bubble() {
  Scenario riskier = scenario("overbuild", all_paths);
  set(riskier, "bust_hazard", 0.2);
  return riskier;
}

/// sd / sqrt(n) of the differences of two lists.
double error_of_differences(const std::vector<double>& first, const std::vector<double>& second) {
  double sum = 0, squares = 0;
  const auto n = static_cast<double>(first.size());
  for (std::size_t i = 0; i < first.size(); ++i) {
    const double d = second[i] - first[i];
    sum += d;
    squares += d * d;
  }
  return std::sqrt((squares - sum * sum / n) / n / n);
}

double correlation(const std::vector<double>& first, const std::vector<double>& second) {
  double x = 0, y = 0, xx = 0, yy = 0, xy = 0;
  for (std::size_t i = 0; i < first.size(); ++i) {
    x += first[i];
    y += second[i];
    xx += first[i] * first[i];
    yy += second[i] * second[i];
    xy += first[i] * second[i];
  }
  const auto n = static_cast<double>(first.size());
  return (xy - x * y / n) / std::sqrt((xx - x * x / n) * (yy - y * y / n));
}

/// One step of a kept series.
std::vector<double> at_step(const ComparedResult& result, const std::string& series,
                            std::size_t step) {
  return result.kept.series(series, result.kept.paths_of_series(series), step, step + 1);
}

/// Where an event holds, from its definition in docs/model.md.
std::vector<double> holds(const ComparedResult& result, const std::string& event, double time) {
  const std::vector<double> bust = result.kept.outcome("bust_time", {0, 2000});
  const std::vector<double> duration = result.kept.outcome("recovery_time", {0, 2000});
  std::vector<double> holds;
  for (std::size_t i = 0; i < bust.size(); ++i) {
    const bool begun = bust[i] <= time + 0.01, recovered = bust[i] + duration[i] <= time + 0.01;
    holds.push_back(event == "bust_begun" ? begun
                    : event == "in_bust"  ? begun && !recovered
                                          : begun && recovered);
  }
  return holds;
}

double share(const std::vector<double>& holds) {
  double sum = 0;
  for (const double one : holds) sum += one;
  return sum / static_cast<double>(holds.size());
}

TEST(Comparison, OfSeriesIsThatOfTheirPaths) {
  const example::TemporaryFolder folder;
  const ComparedResult base = result_of(folder, "a.h5", scenario("gbm", all_paths));
  const ComparedResult other = result_of(folder, "b.h5", faster_gbm(all_paths));
  const Comparison comparison = compare(base, other, {"value"});
  EXPECT_TRUE(comparison.same_seed);
  EXPECT_FALSE(comparison.same_bits);
  EXPECT_EQ(comparison.paths.common, 2000u);
  EXPECT_EQ(comparison.kept_series, 2000u);
  ASSERT_EQ(comparison.series.size(), 1u);
  for (const std::size_t step : {1u, 7u, 16u}) {
    const DifferenceEstimate& difference = comparison.series[0].mean[step].difference;
    const double error =
        error_of_differences(at_step(base, "value", step), at_step(other, "value", step));
    EXPECT_EQ(difference.pairing, Pairing::paired);
    EXPECT_NEAR(difference.estimate.standard_error / error, 1, 1e-3);  // n - 1 for n
    EXPECT_LT(error, difference.unpaired_error / 2);
    EXPECT_EQ(comparison.series[0].median[step].difference.pairing, Pairing::paired);
    EXPECT_GT(comparison.series[0].median[step].difference.resolution, 0.003);
  }
}

TEST(Comparison, OfEventsFollowsFromOutcomes) {
  const example::TemporaryFolder folder;
  const ComparedResult base = result_of(folder, "a.h5", scenario("overbuild", all_paths));
  const ComparedResult other = result_of(folder, "b.h5", riskier_bubble());
  const Comparison comparison = compare(base, other, {});
  EXPECT_TRUE(comparison.series.empty());
  for (std::size_t event = 0; event < 3; ++event) {
    const auto& [quantity, probability] = comparison.events[event];
    for (std::size_t step = 0; step < comparison.time.size(); ++step) {
      const auto first = holds(base, quantity.name, comparison.time[step]);
      const auto second = holds(other, quantity.name, comparison.time[step]);
      // The outcomes give the very probabilities that the run counted.
      EXPECT_DOUBLE_EQ(probability[step].base.value, share(first)) << quantity.name << step;
      EXPECT_DOUBLE_EQ(probability[step].other.value, share(second)) << quantity.name << step;
      EXPECT_NEAR(probability[step].difference.estimate.standard_error,
                  error_of_differences(first, second), 1e-12);
      EXPECT_EQ(probability[step].difference.pairing, Pairing::paired);
    }
    EXPECT_GT(probability.back().difference.estimate.value, 0) << quantity.name;
  }
  EXPECT_EQ(comparison.events[3].quantity.name, "covered");  // nothing tells it path by path
  EXPECT_EQ(comparison.events[3].probability.back().difference.pairing, Pairing::unknown);
}

TEST(Comparison, OfEventsOfGbmFollowsFromItsOutcome) {
  const example::TemporaryFolder folder;
  const ComparedResult base = result_of(folder, "a.h5", scenario("gbm", all_paths));
  const std::vector<double> passage = base.kept.outcome("passage_time", {0, 2000});
  const Comparison comparison = compare(base, result_of(folder, "b.h5", faster_gbm(all_paths)), {});
  for (std::size_t step = 0; step < comparison.time.size(); ++step) {
    std::vector<double> passed;
    for (const double time : passage) passed.push_back(time <= comparison.time[step] + 0.01);
    const ComparedEstimate& probability = comparison.events[0].probability[step];
    EXPECT_DOUBLE_EQ(probability.base.value, share(passed));
    EXPECT_EQ(probability.difference.pairing, Pairing::paired);
  }
}

TEST(Comparison, OfOutcomesIsThatOfTheirPaths) {
  const example::TemporaryFolder folder;
  const ComparedResult base = result_of(folder, "a.h5", scenario("gbm", all_paths));
  const ComparedResult other = result_of(folder, "b.h5", faster_gbm(all_paths));
  const Comparison comparison = compare(base, other, {});
  EXPECT_EQ(comparison.kept_outcomes, 2000u);
  const ComparedOutcome& last = comparison.outcomes[2];
  EXPECT_EQ(last.quantity.name, "final_value");
  const auto values = [](const ComparedResult& result) {
    return result.kept.outcome("final_value", {0, 2000});
  };
  EXPECT_NEAR(last.mean.difference.estimate.standard_error /
                  error_of_differences(values(base), values(other)),
              1, 1e-3);
  EXPECT_EQ(last.defined.difference.estimate.standard_error, 0);
  EXPECT_EQ(last.median.difference.resolution, 0);  // exact
  EXPECT_GT(comparison.outcomes[0].defined.difference.estimate.standard_error, 0);
  EXPECT_EQ(comparison.outcomes[0].mean.difference.pairing, Pairing::paired);
}

TEST(Comparison, OfACodeIsThatOfTheSharesOfEach) {
  const example::TemporaryFolder folder;
  const ComparedResult base = result_of(folder, "a.h5", scenario("overbuild", all_paths));
  const ComparedResult other = result_of(folder, "b.h5", riskier_bubble());
  const Comparison comparison = compare(base, other, {});
  const auto regime = std::ranges::find_if(comparison.outcomes, [](const ComparedOutcome& outcome) {
    return outcome.quantity.name == "regime_final";
  });
  ASSERT_NE(regime, comparison.outcomes.end());
  ASSERT_EQ(regime->shares.size(), 3u);
  for (std::size_t code = 0; code < 3; ++code) {
    const auto holds = [&](const ComparedResult& result) {
      std::vector<double> values = result.kept.outcome("regime_final", {0, 2000});
      for (double& value : values) value = value == static_cast<double>(code);
      return values;
    };
    const std::vector<double> first = holds(base), second = holds(other);
    const DifferenceEstimate& difference = regime->shares[code].difference;
    EXPECT_EQ(difference.pairing, Pairing::paired);
    EXPECT_NEAR(difference.estimate.value,
                (std::accumulate(second.begin(), second.end(), 0.0) -
                 std::accumulate(first.begin(), first.end(), 0.0)) /
                    2000,
                1e-12);
    EXPECT_NEAR(difference.estimate.standard_error / error_of_differences(first, second), 1, 1e-3);
  }
}

// The correlation from 600 paths has an error of at most 2/sqrt(600) = 8% of the variance, hence of
// 4% of the standard error; the five and a half of a false alarm below 1e-7 are 22%.
TEST(Comparison, SomeKeptPathsStandForAll) {
  const example::TemporaryFolder folder;
  const Comparison all = compare(result_of(folder, "a.h5", scenario("gbm", all_paths)),
                                 result_of(folder, "b.h5", faster_gbm(all_paths)), {"log_value"});
  const Comparison some = compare(result_of(folder, "c.h5", scenario("gbm", 600)),
                                  result_of(folder, "d.h5", faster_gbm(all_paths)), {"log_value"});
  EXPECT_EQ(some.kept_outcomes, 600u);
  EXPECT_EQ(some.kept_series, 600u);
  const auto& expected = all.outcomes[1].mean.difference.estimate;
  const auto& found = some.outcomes[1].mean.difference.estimate;
  EXPECT_EQ(found.value, expected.value);
  EXPECT_NE(found.standard_error, expected.standard_error);
  EXPECT_NEAR(found.standard_error / expected.standard_error, 1, 0.22);
  EXPECT_GT(some.outcomes[1].median.difference.resolution, 0);  // one of them is from a histogram
  // The drift shifts every logarithm by the same.
  for (std::size_t step = 1; step < some.time.size(); ++step) {
    EXPECT_NEAR(some.series[0].mean[step].difference.estimate.value, 0.15 * some.time[step], 1e-12);
    EXPECT_LT(some.series[0].mean[step].difference.estimate.standard_error, 1e-7);
  }
}

TEST(Comparison, WithoutKeptPathsPairingIsUnknown) {
  const example::TemporaryFolder folder;
  const Comparison comparison = compare(result_of(folder, "a.h5", scenario("gbm", 0)),
                                        result_of(folder, "b.h5", faster_gbm(0)), {"value"});
  EXPECT_EQ(comparison.paths.common, 2000u);
  EXPECT_EQ(comparison.kept_outcomes, 0u);
  for (const ComparedEstimate& estimate :
       {comparison.series[0].mean[4], comparison.events[0].probability[16],
        comparison.outcomes[0].defined, comparison.outcomes[2].median}) {
    EXPECT_EQ(estimate.difference.pairing, Pairing::unknown);
    EXPECT_EQ(estimate.difference.estimate.standard_error, estimate.difference.unpaired_error);
    EXPECT_GT(estimate.difference.unpaired_error, 0);
  }
}

TEST(Comparison, OtherSeedsAreIndependent) {
  const example::TemporaryFolder folder;
  Scenario other = faster_gbm(all_paths);
  other.run.seed = 2;
  const Comparison comparison = compare(result_of(folder, "a.h5", scenario("gbm", all_paths)),
                                        result_of(folder, "b.h5", other), {"value"});
  EXPECT_FALSE(comparison.same_seed);
  EXPECT_EQ(comparison.paths.common, 0u);
  EXPECT_EQ(comparison.kept_series, 0u);
  const ComparedEstimate& mean = comparison.series[0].mean[8];
  EXPECT_EQ(mean.difference.pairing, Pairing::independent);
  EXPECT_DOUBLE_EQ(mean.difference.estimate.standard_error,
                   std::hypot(mean.base.standard_error, mean.other.standard_error));
}

TEST(Comparison, PartsOfRunsArePairedByTheNumbersOfTheirPaths) {
  const example::TemporaryFolder folder;
  const Scenario slow = scenario("gbm", all_paths), fast = faster_gbm(all_paths);
  const ComparedResult whole = result_of(folder, "a.h5", slow);
  const ComparedResult last = result_of(folder, "b.h5", fast, {1024, 2000});
  const Comparison comparison = compare(whole, last, {"value"});
  EXPECT_EQ(comparison.paths.first, 2000u);
  EXPECT_EQ(comparison.paths.second, 976u);
  EXPECT_EQ(comparison.paths.common, 976u);
  EXPECT_EQ(comparison.kept_series, 976u);
  const auto all = whole.kept.series("value", {0, 2000}, 16, 17);
  EXPECT_THAT(whole.kept.series("value", {1024, 2000}, 16, 17),
              testing::ElementsAreArray(all.begin() + 1024, all.end()));
  const std::vector<double> first = whole.kept.series("value", {1024, 2000}, 16, 17);
  const std::vector<double> second = last.kept.series("value", {1024, 2000}, 16, 17);
  const ComparedEstimate& mean = comparison.series[0].mean[16];
  const double a = mean.base.standard_error, b = mean.other.standard_error;
  EXPECT_EQ(mean.difference.pairing, Pairing::paired);
  EXPECT_NEAR(mean.difference.estimate.standard_error,
              std::sqrt(a * a + b * b -
                        2 * correlation(first, second) * a * b * 976 / std::sqrt(2000.0 * 976.0)),
              1e-9);

  const Comparison apart = compare(result_of(folder, "c.h5", slow, {0, 1024}), last, {"value"});
  EXPECT_TRUE(apart.same_seed);
  EXPECT_EQ(apart.paths.common, 0u);
  EXPECT_EQ(apart.series[0].mean[16].difference.pairing, Pairing::independent);
}

TEST(Comparison, OtherStepsMeetAtCommonTimes) {
  const example::TemporaryFolder folder;
  Scenario coarse = scenario("gbm", all_paths);
  coarse.run.horizon = 3;
  coarse.run.step = 0.5;
  const ComparedResult base = result_of(folder, "a.h5", scenario("gbm", all_paths));
  const ComparedResult other = result_of(folder, "b.h5", coarse);
  const Comparison comparison = compare(base, other, {"value"});
  EXPECT_FALSE(comparison.same_times);
  EXPECT_THAT(comparison.time, ElementsAre(0, 0.5, 1, 1.5, 2, 2.5, 3));
  const ComparedEstimate& at_two = comparison.series[0].mean[4];
  EXPECT_EQ(at_two.base.value, base.contents.summary.series[0][8].mean.value);
  EXPECT_EQ(at_two.other.value, other.contents.summary.series[0][4].mean.value);
  EXPECT_NEAR(at_two.difference.estimate.standard_error /
                  error_of_differences(at_step(base, "value", 8), at_step(other, "value", 4)),
              1, 1e-3);
}

TEST(Comparison, KnowsTheSameBits) {
  const example::TemporaryFolder folder;
  const ComparedResult base = result_of(folder, "a.h5", scenario("gbm", all_paths));
  const Comparison same = compare(base, base, {"value"});
  EXPECT_TRUE(same.same_bits);
  EXPECT_EQ(same.series[0].mean[5].difference.estimate.standard_error, 0);
  // Equal paths of which fewer are kept: quantiles are from the histogram.
  const Comparison fewer = compare(base, result_of(folder, "b.h5", scenario("gbm", 600)), {});
  EXPECT_FALSE(fewer.same_bits);
  EXPECT_EQ(fewer.outcomes[2].mean.difference.estimate.standard_error, 0);
  EXPECT_FALSE(is_clear(fewer.outcomes[2].median.difference));
}

TEST(Comparison, RefusesOtherModelsByName) {
  const example::TemporaryFolder folder;
  const ComparedResult base = result_of(folder, "a.h5", scenario("gbm", 0));
  const ComparedResult other = result_of(folder, "b.h5", scenario("ou", 0));
  try {
    compare(base, other, {});
    FAIL() << "different models were compared";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::file);
    EXPECT_STREQ(error.what(),
                 "cannot compare results of different models: a.h5 is of gbm, b.h5 of ou");
  }
}

TEST(KeptReader, AreThoseOfTheFile) {
  const example::TemporaryFolder folder;
  Scenario scenario = example::scenario();
  scenario.outputs.paths = all_paths;
  scenario.outputs.series = {1};
  {
    ResultWriter writer(folder / "result.h5", scenario, false);
    RunResult result = example::result(scenario);
    result.summary.paths = 1300;
    result.kept = example::kept_outcomes(scenario, 700);
    for (std::uint64_t path = 0; path < 1300; path += tile_paths)
      writer.accept(example::tile(scenario, path, 1300));
    writer.finish(result, example::provenance());
  }
  const KeptReader kept(folder / "result.h5");
  EXPECT_EQ(kept.paths_of_series("log_value"), (PathRange{0, 1300}));
  EXPECT_EQ(kept.paths_of_series("value"), (PathRange{}));
  EXPECT_EQ(kept.paths_of_outcome("final_value"), (PathRange{0, 700}));
  EXPECT_EQ(kept.paths_of_outcome("nonsense"), (PathRange{}));
  EXPECT_TRUE(std::isnan(kept.outcome("passage_time", {0, 1})[0]));
  EXPECT_THAT(kept.outcome("final_value", {510, 513}),
              ElementsAre(example::kept_value(2, 510), example::kept_value(2, 511),
                          example::kept_value(2, 512)));
  EXPECT_THAT(kept.series("log_value", {1298, 1300}, 3, 5),
              ElementsAre(example::series_value(1, 1298, 3), example::series_value(1, 1298, 4),
                          example::series_value(1, 1299, 3), example::series_value(1, 1299, 4)));
  try {
    kept.outcome("final_value", {699, 701});
    FAIL() << "read more paths than there are";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::file);
    EXPECT_THAT(error.what(), HasSubstr("cannot read result"));
  }
}

TEST(KeptReader, NeedAResult) {
  const example::TemporaryFolder folder;
  EXPECT_THROW(KeptReader(folder / "missing.h5"), Error);
}

}  // namespace
}  // namespace overbuild
