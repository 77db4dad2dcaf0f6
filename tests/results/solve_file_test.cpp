// What a file of a reverse stress test holds is what was written.
#include "overbuild/results/solve_file.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>

#include "overbuild/base/error.hpp"
#include "overbuild/config/load.hpp"
#include "tests/engine/scenarios.hpp"
#include "tests/results/temporary_folder.hpp"

namespace overbuild {
namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

RootEvaluation evaluation(double x) { return {x, {{x / 3, 0.01 * x}, x / 3 - 0.5, 0.02}}; }

SolveContents example(const Scenario& scenario) {
  SolveContents contents;
  contents.model = "gbm";
  contents.scenario = "example";
  contents.title = "An example";
  contents.statistic = "P(final_value > 1)";
  contents.statistic_unit = "1";
  contents.target = 0.5;
  contents.parameter = {"drift", "1/yr", "growth", "{prior = \"normal\", mean = 0.0, sd = 1.0}"};
  contents.seed = scenario.run.seed;
  contents.paths = 600;
  contents.grid_points = 3;
  contents.grid = {0, 1, 2};
  RootSearch search;
  search.scan = {evaluation(0), evaluation(1), evaluation(2)};
  search.scan[0].at = {{none, none}, none, 0};
  search.evaluations = search.scan;
  search.evaluations.insert(search.evaluations.begin() + 2, evaluation(1.5));
  search.roots = {{1.5, 1.4, 1.7, false, true, 1.49, 1.51, {0.5, 0.01}}};
  contents.searches = {search};
  contents.prior_shares = {{0.93}};
  contents.provenance = provenance_at_start(scenario, "example.toml", "overbuild solve");
  return contents;
}

bool same(double a, double b) {
  return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b) ||
         (std::isnan(a) && std::isnan(b));
}

void expect_same(const std::vector<RootEvaluation>& a, const std::vector<RootEvaluation>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(a[i].x, b[i].x);
    EXPECT_TRUE(same(a[i].at.distance, b[i].at.distance));
    EXPECT_TRUE(same(a[i].at.standard_error, b[i].at.standard_error));
    EXPECT_TRUE(same(a[i].at.statistic.value, b[i].at.statistic.value));
    EXPECT_TRUE(same(a[i].at.statistic.standard_error, b[i].at.statistic.standard_error));
  }
}

void expect_same(const SolveContents& a, const SolveContents& b) {
  EXPECT_EQ(a.title, b.title);
  EXPECT_EQ(a.statistic, b.statistic);
  EXPECT_EQ(a.target, b.target);
  EXPECT_EQ(a.parameter, b.parameter);
  EXPECT_EQ(a.against, b.against);
  EXPECT_EQ(a.values, b.values);
  EXPECT_EQ(a.all_values, b.all_values);
  EXPECT_EQ(a.shard, b.shard);
  EXPECT_EQ(a.shards, b.shards);
  EXPECT_EQ(a.seed, b.seed);
  EXPECT_EQ(a.paths, b.paths);
  EXPECT_EQ(a.grid, b.grid);
  EXPECT_EQ(a.grid_points, b.grid_points);
  EXPECT_TRUE(same(a.between.lower, b.between.lower) && same(a.between.upper, b.between.upper));
  EXPECT_EQ(a.prior_shares, b.prior_shares);
  EXPECT_EQ(a.provenance.config, b.provenance.config);
  ASSERT_EQ(a.searches.size(), b.searches.size());
  for (std::size_t s = 0; s < a.searches.size(); ++s) {
    expect_same(a.searches[s].scan, b.searches[s].scan);
    expect_same(a.searches[s].evaluations, b.searches[s].evaluations);
    ASSERT_EQ(a.searches[s].roots.size(), b.searches[s].roots.size());
    for (std::size_t r = 0; r < a.searches[s].roots.size(); ++r) {
      const Root &x = a.searches[s].roots[r], &y = b.searches[s].roots[r];
      EXPECT_EQ(x.x, y.x);
      EXPECT_EQ(x.lower, y.lower);
      EXPECT_EQ(x.upper, y.upper);
      EXPECT_EQ(x.lower_open, y.lower_open);
      EXPECT_EQ(x.upper_open, y.upper_open);
      EXPECT_EQ(x.low, y.low);
      EXPECT_EQ(x.high, y.high);
      EXPECT_EQ(x.statistic.value, y.statistic.value);
      EXPECT_EQ(x.statistic.standard_error, y.statistic.standard_error);
    }
  }
}

class SolveFileTest : public testing::Test {
 protected:
  SolveContents written_and_read(const SolveContents& contents) const {
    SolveWriter(folder / "a.h5", true).write(scenario, contents);
    return read_solve(folder / "a.h5");
  }

  example::TemporaryFolder folder;
  const Scenario scenario = default_scenario("gbm", 600, 1);
};

TEST_F(SolveFileTest, ASearchIsReadBack) {
  const SolveContents contents = example(scenario);
  expect_same(contents, written_and_read(contents));
  EXPECT_TRUE(is_solve_file(folder / "a.h5"));
}

TEST_F(SolveFileTest, AShardOfAFrontierIsReadBack) {
  SolveContents contents = example(scenario);
  contents.against = {"volatility", "1/sqrt(yr)", "noise", "0.2", true};
  contents.values = {0.2, 0.3};
  contents.all_values = {0.1, 0.2, 0.3};
  contents.shard = 2;
  contents.shards = 2;
  contents.between = {0, 2};
  contents.searches.push_back(contents.searches[0]);
  contents.searches[0].roots.clear();
  contents.prior_shares = {{}, {0.25}};
  expect_same(contents, written_and_read(contents));
}

TEST_F(SolveFileTest, ThereMayBeNoRoot) {
  SolveContents contents = example(scenario);
  contents.searches[0].roots.clear();
  contents.prior_shares = {{}};
  const SolveContents found = written_and_read(contents);
  expect_same(contents, found);
  EXPECT_FALSE(found.has_roots());
}

TEST_F(SolveFileTest, DifferencesOfShardsAreNamed) {
  const SolveContents a = example(scenario);
  SolveContents b = a;
  EXPECT_EQ(difference(a, "a", b, "b"), "");
  b.target = 0.6;
  EXPECT_EQ(difference(a, "a", b, "b"), "the target is \"0.5\" in a and \"0.6\" in b");
  b = a;
  b.grid = {0, 1, 3};
  EXPECT_EQ(difference(a, "a", b, "b"), "a and b are of different values");
  b = a;
  Scenario other = scenario;
  other.run.seed = 4;
  b.provenance.config = to_toml(other);
  EXPECT_EQ(difference(a, "a", b, "b"), "run.seed is \"1\" in a and \"4\" in b");
}

TEST_F(SolveFileTest, OtherFilesAreRefused) {
  EXPECT_FALSE(is_solve_file(folder / "none.h5"));
  EXPECT_THROW(read_solve(folder / "none.h5"), Error);
}

}  // namespace
}  // namespace overbuild
