// Every shipped config loads, runs and tells the story that docs/scenarios.md tells. Seeds are
// fixed, so that these tests cannot fail by chance; the bounds are wide of the results, so that a
// change of the draws alone should not break them.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "overbuild/config/load.hpp"
#include "overbuild/config/sweep.hpp"
#include "overbuild/engine/run.hpp"

namespace overbuild {
namespace {

std::filesystem::path shipped_file(const std::string& name) {
  return std::filesystem::path(OVERBUILD_SOURCE_DIR) / "configs" / (name + ".toml");
}

Scenario with_paths(Scenario scenario, std::uint64_t paths) {
  scenario.run.paths = paths;
  scenario.outputs.paths = 0;
  scenario.outputs.outcomes = all_paths;
  return scenario;
}

Scenario shipped(const std::string& name, std::uint64_t paths = 8192) {
  return with_paths(load_scenario(shipped_file(name)), paths);
}

template <class Specs>
std::size_t index_of(const Specs& specs, std::string_view name) {
  const auto found =
      std::find_if(specs.begin(), specs.end(), [&](const auto& spec) { return spec.name == name; });
  if (found == specs.end()) throw std::invalid_argument(std::string(name));
  return static_cast<std::size_t>(found - specs.begin());
}

/// A finished run, asked by name and time in years.
struct Ran {
  explicit Ran(Scenario s) : scenario(std::move(s)), result(run(scenario)) {}

  const ModelSchema& schema() const { return scenario.model->schema; }
  std::size_t step(double years) const {
    return static_cast<std::size_t>(std::lround(years / scenario.run.step));
  }
  const DistributionSummary& series(std::string_view name, double years) const {
    return result.summary.series[index_of(schema().series, name)].at(step(years));
  }
  double median(std::string_view name, double years) const {
    return series(name, years).quantiles[4].value;
  }
  double probability(std::string_view event, double years) const {
    return result.summary.events[index_of(schema().events, event)].at(step(years)).value;
  }
  double median_outcome(std::string_view name) const {
    return result.summary.outcomes[index_of(schema().outcomes, name)]
        .distribution.quantiles[4]
        .value;
  }

  Scenario scenario;
  RunResult result;
};

TEST(ShippedConfigs, AllLoadAndRun) {
  int configs = 0;
  for (const auto& entry : std::filesystem::directory_iterator(
           std::filesystem::path(OVERBUILD_SOURCE_DIR) / "configs")) {
    if (entry.path().extension() != ".toml") continue;
    const Sweep sweep = load_sweep(entry.path());
    const std::size_t last = sweep.points().size() - 1;
    const Ran ran(with_paths(sweep.points().empty() ? sweep.base() : sweep.scenario(last), 1024));
    EXPECT_TRUE(ran.result.summary.complete) << entry.path();
    EXPECT_FALSE(ran.scenario.title.empty()) << entry.path();
    EXPECT_FALSE(ran.scenario.description.empty()) << entry.path();
    ++configs;
  }
  EXPECT_GE(configs, 9);
}

TEST(ShippedConfigs, SequoiaStartsWithATenthCovered) {
  const Ran ran(shipped("sequoia_600", 1024));
  const DistributionSummary& coverage = ran.series("coverage_sequoia", 0);
  EXPECT_DOUBLE_EQ(coverage.smallest, 0.10);
  EXPECT_DOUBLE_EQ(coverage.largest, 0.10);
}

TEST(ShippedConfigs, TheDeepseekShockIsTheOnlyDifferenceToItsTwin) {
  const Ran shock(shipped("deepseek_shock")), twin(shipped("deepseek_shock_twin"));
  EXPECT_EQ(shock.result.kept.parameters, twin.result.kept.parameters);
  const TableSetting& table =
      shock.scenario.tables[index_of(shock.schema().tables, "scheduled_shocks")].value();
  ASSERT_EQ(table.value.size(), 1u);
  EXPECT_NEAR(table.value[0], std::log(15.0 / 0.55), 0.005);  // the article's price table
  // Until the shock the paths are the same, from then on more efficiency makes service cheaper.
  for (std::size_t t = 0; t < shock.result.summary.time.size(); ++t) {
    const double time = shock.result.summary.time[t];
    if (time < table.time[0]) {
      EXPECT_EQ(shock.series("price", time).mean.value, twin.series("price", time).mean.value);
    } else if (time <= 5) {
      EXPECT_LT(shock.median("price", time), twin.median("price", time));
    }
  }
  const double soon = table.time[0] + 1;
  EXPECT_GT(shock.probability("bust_begun", soon), 1.5 * twin.probability("bust_begun", soon));
}

TEST(ShippedConfigs, ScarcityLostCoversLessThanTheBaseCase) {
  EXPECT_LT(Ran(shipped("scarcity_lost")).median("coverage", 5),
            0.5 * Ran(shipped("ai_base")).median("coverage", 5));
}

TEST(ShippedConfigs, JevonsCoversMoreThanTheBaseCase) {
  const Ran jevons(shipped("jevons"));
  EXPECT_GT(jevons.median("coverage", 5), 1.5 * Ran(shipped("ai_base")).median("coverage", 5));
}

TEST(ShippedConfigs, CustomersRecoverAfterTheTrough) {
  const Ran ran(shipped("customer_recovery"));
  EXPECT_GT(ran.probability("bust_begun", 5), 0.5);
  EXPECT_GT(ran.median_outcome("capex_fall"), 0.5);
  EXPECT_GT(ran.probability("recovered", ran.scenario.run.horizon), 0.5);
  EXPECT_GT(ran.median("coverage", ran.scenario.run.horizon), 1);
}

TEST(ShippedConfigs, FiberBustsAroundTheTurnOfTheMillennium) {
  const Ran ran(shipped("fiber_1996"));
  const double year = 1996 + ran.median_outcome("bust_time");
  EXPECT_GE(year, 2000);
  EXPECT_LE(year, 2003);
  EXPECT_GT(ran.median_outcome("capex_fall"), 0.4);
}

TEST(ShippedConfigs, TheControlStaysCalm) {
  const Ran ran(shipped("no_bubble"));
  EXPECT_LT(ran.probability("bust_begun", ran.scenario.run.horizon), 0.10);
  EXPECT_GT(ran.median("coverage", ran.scenario.run.horizon), 0.9);
}

/// What docs/sweeps.md reads from the table: leaps hurt below an elasticity of one, and help above.
TEST(ShippedConfigs, LeapsHurtWhereDemandIsInelastic) {
  const Sweep sweep = load_sweep(shipped_file("elasticity_sweep"));
  ASSERT_EQ(sweep.points().size(), 20u);
  const auto coverage = [&](std::size_t scenario) {
    return Ran(with_paths(sweep.scenario(scenario), 8192)).median("coverage", 10);
  };
  ASSERT_EQ(sweep.coordinate(3, 0), 0.6);
  ASSERT_EQ(sweep.coordinate(19, 0), 1.4);
  EXPECT_LT(coverage(3), 0.5 * coverage(0));
  EXPECT_GT(coverage(19), 2 * coverage(16));
}

}  // namespace
}  // namespace overbuild
