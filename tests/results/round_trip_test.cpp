// What is written is read back, field by field.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "overbuild/results/result_file.hpp"
#include "tests/results/example_result.hpp"
#include "tests/results/temporary_folder.hpp"

namespace overbuild {
namespace {

/// Equal or both NaN.
MATCHER_P(SameNumber, expected, "") {
  return arg == expected || (arg != arg && expected != expected);
}

void expect_same(const Estimate& found, const Estimate& expected) {
  EXPECT_THAT(found.value, SameNumber(expected.value));
  EXPECT_THAT(found.standard_error, SameNumber(expected.standard_error));
}

void expect_same(const DistributionSummary& found, const DistributionSummary& expected) {
  EXPECT_EQ(found.count, expected.count);
  expect_same(found.mean, expected.mean);
  expect_same(found.sd, expected.sd);
  expect_same(found.skew, expected.skew);
  EXPECT_THAT(found.smallest, SameNumber(expected.smallest));
  EXPECT_THAT(found.largest, SameNumber(expected.largest));
  for (std::size_t i = 0; i < quantile_levels.size(); ++i)
    expect_same(found.quantiles[i], expected.quantiles[i]);
}

void expect_same(const HistogramBin& found, const HistogramBin& expected) {
  EXPECT_EQ(found.lower, expected.lower);
  EXPECT_EQ(found.upper, expected.upper);
  EXPECT_EQ(found.count, expected.count);
}

template <class Item>
void expect_same(const std::vector<Item>& found, const std::vector<Item>& expected);

void expect_same(const OutcomeSummary& found, const OutcomeSummary& expected) {
  expect_same(found.defined, expected.defined);
  expect_same(found.distribution, expected.distribution);
  EXPECT_EQ(found.exact_quantiles, expected.exact_quantiles);
  expect_same(found.histogram, expected.histogram);
}

template <class Item>
void expect_same(const std::vector<Item>& found, const std::vector<Item>& expected) {
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) expect_same(found[i], expected[i]);
}

void expect_same(const Provenance& found, const Provenance& expected) {
  EXPECT_EQ(found.config, expected.config);
  EXPECT_EQ(found.config_file, expected.config_file);
  EXPECT_EQ(found.command, expected.command);
  EXPECT_EQ(found.program_version, expected.program_version);
  EXPECT_EQ(found.git_revision, expected.git_revision);
  EXPECT_EQ(found.build_type, expected.build_type);
  EXPECT_EQ(found.compiler, expected.compiler);
  EXPECT_EQ(found.libraries, expected.libraries);
  EXPECT_EQ(found.instruction_set, expected.instruction_set);
  EXPECT_EQ(found.host, expected.host);
  EXPECT_EQ(found.started, expected.started);
  EXPECT_EQ(found.finished, expected.finished);
  EXPECT_EQ(found.host_threads, expected.host_threads);
  EXPECT_EQ(found.threads, expected.threads);
  EXPECT_EQ(found.wall_seconds, expected.wall_seconds);
}

template <class Spec>
void expect_quantity(const Quantity& found, const Spec& spec, std::string_view unit) {
  EXPECT_EQ(found.name, spec.name);
  EXPECT_EQ(found.unit, unit);
  EXPECT_EQ(found.meaning, spec.meaning);
}

ResultContents written_and_read(const Scenario& scenario, const RunResult& result) {
  const example::TemporaryFolder folder;
  const std::filesystem::path path = folder / "result.h5";
  ResultWriter(path, scenario, false).finish(result, example::provenance());
  return read_result(path);
}

TEST(RoundTrip, DescribesTheRun) {
  const Scenario scenario = example::scenario();
  const ResultContents found = written_and_read(scenario, example::result(scenario));
  EXPECT_EQ(found.model, "gbm");
  EXPECT_EQ(found.scenario, scenario.name);
  EXPECT_EQ(found.title, scenario.title);
  EXPECT_EQ(found.description, scenario.description);
  EXPECT_EQ(found.seed, scenario.run.seed);
  EXPECT_EQ(found.paths_asked, scenario.run.paths);
  expect_same(found.provenance, example::provenance());
}

TEST(RoundTrip, NamesTheQuantities) {
  const Scenario scenario = example::scenario();
  const ModelSchema& schema = scenario.model->schema;
  const ResultContents found = written_and_read(scenario, example::result(scenario));
  ASSERT_EQ(found.series.size(), schema.series.size());
  for (std::size_t i = 0; i < found.series.size(); ++i)
    expect_quantity(found.series[i], schema.series[i], schema.series[i].unit);
  ASSERT_EQ(found.events.size(), schema.events.size());
  for (std::size_t i = 0; i < found.events.size(); ++i)
    expect_quantity(found.events[i], schema.events[i], "1");
  ASSERT_EQ(found.outcomes.size(), schema.outcomes.size());
  for (std::size_t i = 0; i < found.outcomes.size(); ++i)
    expect_quantity(found.outcomes[i], schema.outcomes[i], schema.outcomes[i].unit);
}

TEST(RoundTrip, KeepsEveryStatistic) {
  const Scenario scenario = example::scenario();
  const RunSummary expected = example::summary(scenario);
  const RunSummary found = written_and_read(scenario, example::result(scenario)).summary;
  EXPECT_EQ(found.paths, expected.paths);
  EXPECT_TRUE(found.complete);
  EXPECT_EQ(found.time, expected.time);
  expect_same(found.series, expected.series);
  expect_same(found.events, expected.events);
  expect_same(found.outcomes, expected.outcomes);
}

TEST(RoundTrip, MarksAnIncompleteRun) {
  const Scenario scenario = example::scenario();
  RunResult result = example::result(scenario);
  result.summary.complete = false;
  result.summary.paths = 700;
  const ResultContents found = written_and_read(scenario, result);
  EXPECT_FALSE(found.summary.complete);
  EXPECT_EQ(found.summary.paths, 700u);
  EXPECT_EQ(found.paths_asked, scenario.run.paths);
}

TEST(RoundTrip, EqualResultsAreEqualFiles) {
  const Scenario scenario = example::scenario();
  const example::TemporaryFolder folder;
  for (const char* name : {"a.h5", "b.h5"})
    ResultWriter(folder / name, scenario, false)
        .finish(example::result(scenario), example::provenance());
  EXPECT_EQ(example::bytes(folder / "a.h5"), example::bytes(folder / "b.h5"));
}

}  // namespace
}  // namespace overbuild
