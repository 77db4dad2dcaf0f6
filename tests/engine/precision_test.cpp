// Runs that end when a statistic is precise enough.
#include <gtest/gtest.h>

#include "overbuild/engine/run.hpp"
#include "tests/engine/scenarios.hpp"

namespace overbuild {
namespace {

using Group = PrecisionTarget::Group;
using Statistic = PrecisionTarget::Statistic;

/// The mean of an Ornstein-Uhlenbeck process after a year.
Scenario scenario_until(double standard_error, std::uint64_t most_paths = 1000000) {
  Scenario scenario = default_scenario("ou", most_paths, 1);
  scenario.outputs.outcomes = all_paths;
  PrecisionTarget target;
  target.group = Group::series;
  target.statistic = Statistic::mean;
  target.time = 1;
  target.standard_error = standard_error;
  target.block = 1024;
  scenario.run.until = target;
  return scenario;
}

/// The numbers of paths at which the precision is to be checked: a quarter more, or a block.
std::vector<std::uint64_t> check_points(std::uint64_t block, std::uint64_t most) {
  std::vector<std::uint64_t> points;
  for (std::uint64_t n = block; n < most; n += std::max(block, n / 4 / tile_paths * tile_paths))
    points.push_back(n);
  points.push_back(most);
  return points;
}

double standard_error_with(Scenario scenario, std::uint64_t paths) {
  scenario.run.until.reset();
  scenario.run.paths = paths;
  return run(scenario).summary.series[0].back().mean.standard_error;
}

TEST(Precision, EndsAtTheFirstCheckThatIsPreciseEnough) {
  const Scenario scenario = scenario_until(0.002);
  const RunResult result = run(scenario);
  EXPECT_TRUE(result.summary.complete);
  EXPECT_LE(result.summary.series[0].back().mean.standard_error, 0.002);
  std::uint64_t expected = 0;
  for (const std::uint64_t n : check_points(1024, 1000000)) {
    expected = n;
    if (standard_error_with(scenario, n) <= 0.002) break;
  }
  EXPECT_EQ(result.summary.paths, expected);
  EXPECT_EQ(result.kept.paths, expected);
}

TEST(Precision, GivesTheRunOfAsManyPaths) {
  Scenario scenario = scenario_until(0.002);
  const RunResult result = run(scenario);
  scenario.run.until.reset();
  scenario.run.paths = result.summary.paths;
  const RunResult fixed = run(scenario);
  for (std::size_t t = 1; t < fixed.summary.time.size(); ++t) {
    EXPECT_EQ(result.summary.series[0][t].mean.value, fixed.summary.series[0][t].mean.value);
    EXPECT_EQ(result.summary.series[0][t].skew.standard_error,
              fixed.summary.series[0][t].skew.standard_error);
  }
  EXPECT_EQ(result.kept.outcomes, fixed.kept.outcomes);
}

TEST(Precision, DoesNotDependOnThreadsAndChunks) {
  Scenario scenario = scenario_until(0.003);
  const RunResult expected = run(scenario, {.threads = 1});
  for (const std::uint64_t chunk : {512u, 5000u, 1000000u}) {
    scenario.run.chunk = chunk;
    const RunResult result = run(scenario, {.threads = 3});
    EXPECT_EQ(result.summary.paths, expected.summary.paths);
    EXPECT_EQ(result.summary.series[0].back().mean.value,
              expected.summary.series[0].back().mean.value);
  }
}

TEST(Precision, StopsAtTheMostPaths) {
  const RunResult result = run(scenario_until(1e-9, 5000));
  EXPECT_TRUE(result.summary.complete);
  EXPECT_EQ(result.summary.paths, 5000u);
}

TEST(Precision, IsNotReachedByAnEventThatDoesNotHappen) {
  Scenario scenario = default_scenario("gbm", 20000, 1);
  set(scenario, "barrier", 1e6);
  PrecisionTarget target;
  target.group = Group::events;
  target.statistic = Statistic::probability;
  target.time = 1;
  target.standard_error = 0.01;
  target.block = 1024;
  scenario.run.until = target;
  const RunResult result = run(scenario);
  EXPECT_EQ(result.summary.events[0].back().value, 0);
  EXPECT_EQ(result.summary.paths, 20000u) << "a standard error of 0 tells nothing";
}

TEST(Precision, GoesOnAfterPartsAsIfTheyHadNeverEnded) {
  const Scenario scenario = scenario_until(0.002);
  const std::uint64_t expected = run(scenario).summary.paths;
  const Simulation simulation(scenario, 2);
  // Ends of the first part: between two checks, at an early check, and at the last one.
  for (const std::uint64_t first : {std::uint64_t{1536}, std::uint64_t{2048}, expected}) {
    const RunPart before = simulation.run({0, first}, {});
    RunPart rest = simulation.nothing(first);
    EXPECT_TRUE(simulation.advance(rest, 1000000, {}, &before.statistics));
    EXPECT_EQ(rest.paths.end, expected) << "first part ends at " << first;
  }
}

TEST(Precision, EveryStatisticIsTheSummarys) {
  Scenario scenario = default_scenario("gbm", 3000, 1);
  const Simulation simulation(scenario, 1);
  const RunPart part = simulation.run({0, 3000}, {});
  const RunSummary summary = part.statistics.summary(scenario.run.step);
  const auto expect = [&](PrecisionTarget target, const Estimate& estimate) {
    const Estimate found = part.statistics.estimate(target, scenario.run.step);
    EXPECT_EQ(found.value, estimate.value) << target.name;
    EXPECT_EQ(found.standard_error, estimate.standard_error) << target.name;
  };
  for (std::size_t s = 0; s < summary.series.size(); ++s) {
    const DistributionSummary& at = summary.series[s][3];
    const auto series = [&](Statistic statistic, double p = 0) {
      return PrecisionTarget{"", Group::series, s, statistic, 0.75, p, 1, 512};
    };
    expect(series(Statistic::mean), at.mean);
    expect(series(Statistic::sd), at.sd);
    expect(series(Statistic::skew), at.skew);
    expect(series(Statistic::quantile, 0.05), at.quantiles[1]);
  }
  expect({"", Group::events, 0, Statistic::probability, 0.75, 0, 1, 512}, summary.events[0][3]);
  expect({"", Group::outcomes, 0, Statistic::probability, 0, 0, 1, 512},
         summary.outcomes[0].defined);
  expect({"", Group::outcomes, 1, Statistic::mean, 0, 0, 1, 512},
         summary.outcomes[1].distribution.mean);
}

}  // namespace
}  // namespace overbuild
