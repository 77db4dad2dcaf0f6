// Values of per-path quantities against what a whole run keeps and counts.
#include "overbuild/engine/path_values.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <mutex>

#include "overbuild/base/error.hpp"
#include "overbuild/statistics/sample_statistic.hpp"
#include "tests/engine/scenarios.hpp"

namespace overbuild {
namespace {

/// Keeps all series in memory.
class MemorySink : public PathSink {
 public:
  void accept(std::unique_ptr<KeptTile> tile) override {
    const std::lock_guard lock(mutex_);
    tiles_[tile->first_path] = std::move(*tile);
  }
  /// The value of a series of a path at a step, of a model with `series` kept series.
  double value(std::size_t series, std::uint64_t path, int step, int steps) const {
    const KeptTile& tile = std::prev(tiles_.upper_bound(path))->second;
    const auto times = static_cast<std::size_t>(steps + 1);
    return tile
        .values[(series * static_cast<std::size_t>(tile.paths) + (path - tile.first_path)) * times +
                static_cast<std::size_t>(step)];
  }

 private:
  std::mutex mutex_;
  std::map<std::uint64_t, KeptTile> tiles_;
};

constexpr std::uint64_t paths = 2000;  // the last tile is not full

Scenario busts() {
  Scenario scenario = default_scenario("overbuild", paths, 5);
  scenario.outputs.outcomes = scenario.outputs.paths = paths;
  scenario.outputs.single_precision = false;
  return scenario;
}

std::vector<PathQuantity> quantities_of(const Scenario& scenario,
                                        const std::vector<std::string>& texts) {
  std::vector<PathQuantity> quantities;
  for (const std::string& text : texts)
    quantities.push_back(parse_quantity(text, scenario, "test"));
  return quantities;
}

bool same(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

TEST(PathValuesTest, AreThoseThatARunKeeps) {
  const Scenario scenario = busts();
  MemorySink kept;
  const RunResult whole = run(scenario, {.sink = &kept});
  const auto quantities =
      quantities_of(scenario, {"bust_time", "bust_time < 2.5", "coverage at 3y", "coverage at 0y",
                               "coverage at 3y >= 0.5", "coverage < 0.25 by 4y", "bust within 3y",
                               "in_bust at 3y", "covered within 5y"});
  const PathValues found = path_values(scenario, quantities);
  ASSERT_EQ(found.paths, (PathRange{0, paths}));
  for (std::uint64_t path = 0; path < paths; ++path) {
    const double bust = whole.kept.outcomes[0][path];
    const double recovered = bust + whole.kept.outcomes[1][path];
    const auto coverage = [&](int step) { return kept.value(2, path, step, 20); };
    const auto coverage_falls = [&](double limit, int last) {
      for (int t = 0; t <= last; ++t)
        if (coverage(t) < limit) return true;
      return false;
    };
    const auto covered = [&] {
      for (int t = 0; t <= 20; ++t)
        if (coverage(t) >= 1) return true;
      return false;
    };
    const double expected[] = {bust,
                               bust < 2.5 ? 1.0 : 0.0,
                               coverage(12),
                               coverage(0),
                               coverage(12) >= 0.5 ? 1.0 : 0.0,
                               coverage_falls(0.25, 16) ? 1.0 : 0.0,
                               bust <= 3 ? 1.0 : 0.0,
                               bust <= 3 && !(recovered <= 3) ? 1.0 : 0.0,
                               covered() ? 1.0 : 0.0};
    for (std::size_t q = 0; q < quantities.size(); ++q)
      ASSERT_TRUE(same(found.values[q][path], expected[q]))
          << quantities[q].text << " of path " << path << ": " << found.values[q][path];
  }
}

TEST(PathValuesTest, StatisticsAgreeWithTheRunsOwn) {
  const Scenario scenario = busts();
  Scenario unkept = scenario;
  unkept.outputs.paths = 0;
  const RunSummary summary = run(unkept).summary;
  const auto estimate = [&](const std::string& text) {
    const StatisticExpression statistic = parse_statistic(text, scenario, "test");
    const PathValues values = path_values(scenario, std::span(&statistic.quantity, 1));
    return sample_statistic(statistic, values.of(0));
  };
  const auto expect = [&](const std::string& text, const Estimate& expected, double tolerance) {
    const Estimate found = estimate(text);
    EXPECT_NEAR(found.value, expected.value, tolerance * std::abs(expected.value)) << text;
    EXPECT_NEAR(found.standard_error, expected.standard_error, tolerance * expected.standard_error)
        << text;
  };
  expect("P(bust within 3y)", summary.events[0][12], 0);
  expect("P(in_bust at 3y)", summary.events[1][12], 0);
  expect("mean(coverage at 3y)", summary.series[2][12].mean, 1e-12);
  expect("sd(coverage at 3y)", summary.series[2][12].sd, 1e-11);
  expect("mean(bust_time)", summary.outcomes[0].distribution.mean, 1e-12);
  expect("q10(capex_fall)", summary.outcomes[5].distribution.quantiles[2], 0);  // of kept values
}

TEST(PathValuesTest, HaveTheSameBitsWhateverTheThreadsAndChunks) {
  Scenario scenario = busts();
  const auto quantities = quantities_of(scenario, {"debt_peak", "coverage at 4y"});
  const PathValues one = path_values(scenario, quantities, {.threads = 1});
  for (const std::uint64_t chunk : {512u, 1000u, 5000u}) {
    scenario.run.chunk = chunk;
    EXPECT_EQ(path_values(scenario, quantities, {.threads = 3}).values, one.values);
  }
  const PreparedRun prepared(scenario);
  const PathValues part = path_values(prepared, quantities, {512, 1536});
  EXPECT_EQ(part.paths, (PathRange{512, 1536}));
  for (std::uint64_t i = 0; i < 1024; ++i) EXPECT_EQ(part.values[0][i], one.values[0][i + 512]);
}

TEST(PathValuesTest, DoNotDependOnTheHorizonUnlessTheyNeedTheWholePath) {
  Scenario scenario = busts();
  const auto quantities = quantities_of(scenario, {"coverage at 2y", "bust within 2y"});
  const PathValues five = path_values(scenario, quantities);
  scenario.run.horizon = 2;
  EXPECT_EQ(path_values(scenario, quantities).values, five.values);
}

TEST(PathValuesTest, StopLeavesTheFirstPaths) {
  Scenario scenario = busts();
  scenario.run.chunk = 512;
  const auto quantities = quantities_of(scenario, {"coverage at 2y"});
  const PathValues whole = path_values(scenario, quantities);
  std::uint64_t seen = 0;
  RunControls controls{.threads = 1};
  controls.progress = [&](std::uint64_t done) { seen = done; };
  controls.stop = [&] { return seen >= 1024; };
  const PathValues part = path_values(scenario, quantities, controls);
  ASSERT_EQ(part.paths, (PathRange{0, 1024}));
  ASSERT_EQ(part.values[0].size(), 1024u);
  for (std::uint64_t i = 0; i < 1024; ++i) EXPECT_EQ(part.values[0][i], whole.values[0][i]);
}

TEST(PathValuesTest, ASeriesThatLeavesTheRangeOfNumbersEndsTheWork) {
  Scenario scenario = default_scenario("gbm", 600, 10);
  set(scenario, "initial", 1e308);
  set(scenario, "drift", 10);
  const auto quantities = quantities_of(scenario, {"value > 1 by 10y"});
  try {
    path_values(scenario, quantities);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::numeric);
    EXPECT_NE(std::string(error.what()).find("value is inf"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace overbuild
