// What a file of an attribution holds is what was written.
#include "overbuild/results/attribution_file.hpp"

#include <gtest/gtest.h>

#include "overbuild/base/error.hpp"
#include "tests/engine/scenarios.hpp"
#include "tests/results/temporary_folder.hpp"

namespace overbuild {
namespace {

bool same(const Estimate& a, const Estimate& b) {
  return a.value == b.value && a.standard_error == b.standard_error;
}

AttributionContents example(const Scenario& scenario) {
  AttributionContents contents;
  contents.model = "gbm";
  contents.scenario = "a";
  contents.title = "A";
  contents.second_scenario = "b";
  contents.second_title = "B";
  contents.second_config = "model = \"gbm\"\n";
  contents.statistic = "mean(final_value)";
  contents.statistic_unit = "1";
  contents.seed = scenario.run.seed;
  contents.paths = 600;
  contents.orders = 4;
  contents.changes = {{"drift + volatility",
                       {{"parameters.drift", "0.1", "0.2"}, {"parameters.volatility", "1", "2"}}},
                      {"tables.x", {{"tables.x", "nothing", "{time = [1]}"}}}};
  contents.left = {{"run.seed", "1", "2"}};
  Attribution& found = contents.attribution;
  found.first = {1, 0.1};
  found.second = {2, 0.2};
  found.total = {1, 0.05};
  found.parts = {{{0.75, 0.04}, 0.03, 0.02, {0.5, 0.06}, {0.25, 0.07}},
                 {{0.25, 0.01}, 0.01, 0, {-1, 2}, {3, 4}}};
  found.plan.players = 2;
  found.plan.coalitions = {0, 1, 2, 3};
  found.statistics = {{1, 0.1}, {1.5, 0.2}, {0, 0.3}, {2, 0.2}};
  contents.provenance = provenance_at_start(scenario, "a.toml", "overbuild attribute");
  return contents;
}

TEST(AttributionFileTest, IsReadBack) {
  const example::TemporaryFolder folder;
  const Scenario scenario = default_scenario("gbm", 600, 1);
  for (const bool with_left : {true, false}) {
    AttributionContents a = example(scenario);
    if (!with_left) a.left.clear();
    AttributionWriter(folder / "a.h5", true).write(scenario, a);
    const AttributionContents b = read_attribution(folder / "a.h5");
    EXPECT_EQ(b.second_title, "B");
    EXPECT_EQ(b.second_config, a.second_config);
    EXPECT_EQ(b.statistic, a.statistic);
    EXPECT_EQ(b.orders, 4u);
    EXPECT_EQ(b.seed, scenario.run.seed);
    EXPECT_TRUE(same(a.attribution.first, b.attribution.first));
    EXPECT_TRUE(same(a.attribution.second, b.attribution.second));
    EXPECT_TRUE(same(a.attribution.total, b.attribution.total));
    ASSERT_EQ(b.changes.size(), 2u);
    ASSERT_EQ(b.attribution.parts.size(), 2u);
    for (std::size_t i = 0; i < 2; ++i) {
      const Contribution &x = a.attribution.parts[i], &y = b.attribution.parts[i];
      EXPECT_TRUE(same(x.effect, y.effect) && same(x.alone, y.alone) && same(x.last, y.last));
      EXPECT_EQ(x.path_error, y.path_error);
      EXPECT_EQ(x.order_error, y.order_error);
      EXPECT_EQ(a.changes[i].name, b.changes[i].name);
      ASSERT_EQ(a.changes[i].keys.size(), b.changes[i].keys.size());
      EXPECT_EQ(a.changes[i].keys.back().key, b.changes[i].keys.back().key);
      EXPECT_EQ(a.changes[i].keys.back().second, b.changes[i].keys.back().second);
    }
    EXPECT_EQ(b.left.size(), with_left ? 1u : 0u);
    EXPECT_EQ(b.attribution.plan.coalitions, a.attribution.plan.coalitions);
    for (std::size_t c = 0; c < 4; ++c)
      EXPECT_TRUE(same(a.attribution.statistics[c], b.attribution.statistics[c]));
  }
  EXPECT_TRUE(is_attribution_file(folder / "a.h5"));
  EXPECT_THROW(read_attribution(folder / "none.h5"), Error);
}

}  // namespace
}  // namespace overbuild
