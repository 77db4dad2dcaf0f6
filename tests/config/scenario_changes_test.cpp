// Two scenarios and those between them.
#include "overbuild/config/scenario_changes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "overbuild/base/error.hpp"
#include "overbuild/config/load.hpp"

namespace overbuild {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Scenario bubble(const std::string& rest) {
  return parse_scenario("model = \"overbuild\"\n" + rest, "a.toml");
}

std::vector<std::string> names_of(const ScenarioChanges& changes) {
  std::vector<std::string> names;
  for (const ScenarioChange& change : changes.changes()) names.push_back(change.name);
  return names;
}

std::string complaint(const auto& action) {
  try {
    action();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::usage);
    return error.what();
  }
  return "";
}

const char two_priors[] =
    "[parameters]\nshock_rate = {prior = \"uniform\", low = 0.1, high = 1.0}\n"
    "shock_mean = {prior = \"uniform\", low = 0.1, high = 1.0}\n";

TEST(ScenarioChangesTest, NumbersPriorsTablesAndCorrelationsAreAChangeEach) {
  const Scenario first = bubble("[parameters]\nprice_elasticity = 1.2\nwacc = 0.1\n");
  const Scenario second = bubble(
      "[parameters]\nprice_elasticity = 1.3\nwacc = 0.1\n"
      "bust_hazard = {prior = \"uniform\", low = 0.01, high = 0.1}\n"
      "shock_correlation = [[1, 0.2, 0, 0, 0], [0.2, 1, 0, 0, 0], [0, 0, 1, 0, 0], [0, 0, 0, 1, "
      "0], [0, 0, 0, 0, 1]]\n"
      "[tables]\nscheduled_shocks = {time = [1], value = [2]}\n");
  const ScenarioChanges changes(first, second);
  EXPECT_THAT(names_of(changes), ElementsAre("price_elasticity", "bust_hazard", "shock_correlation",
                                             "tables.scheduled_shocks"));
  EXPECT_EQ(changes.changes()[0].keys[0].first, "1.2");
  EXPECT_EQ(changes.changes()[0].keys[0].second, "1.3");
  EXPECT_EQ(changes.changes()[3].keys[0].first, "nothing");
  EXPECT_THAT(changes.left(), IsEmpty());
}

TEST(ScenarioChangesTest, NoAndAllChangesAreTheScenariosThemselves) {
  const Scenario first =
      bubble(std::string(two_priors) +
             "[[prior_correlation]]\nbetween = [\"shock_rate\", \"shock_mean\"]\n"
             "rank = -0.4\n");
  const Scenario second = bubble(
      "[parameters]\nshock_rate = 0.5\nwacc = 0.2\n"
      "[tables]\nscheduled_shocks = {time = [1], value = [2]}\n");
  const ScenarioChanges changes(first, second);
  EXPECT_THAT(differences(to_toml(changes.with(0)), to_toml(first)), IsEmpty());
  const std::uint64_t all = (std::uint64_t{1} << changes.size()) - 1;
  EXPECT_THAT(differences(to_toml(changes.with(all)), to_toml(second)), IsEmpty());
}

TEST(ScenarioChangesTest, EachBitIsItsChange) {
  const Scenario first = bubble(""), second = bubble("[parameters]\nwacc = 0.2\nit_life = 4\n");
  const ScenarioChanges changes(first, second);
  ASSERT_EQ(changes.size(), 2u);
  for (std::size_t i = 0; i < 2; ++i) {
    const auto found = differences(to_toml(first), to_toml(changes.with(std::uint64_t{1} << i)));
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].key, "parameters." + changes.changes()[i].name);
  }
}

TEST(ScenarioChangesTest, WhatIsNoParameterStaysAsInTheFirst) {
  const Scenario first = bubble("[run]\nseed = 1\npaths = 1000\nhorizon = 6\n[parameters]\n");
  const Scenario second = bubble(
      "title = \"x\"\n[run]\nseed = 2\npaths = 2000\nhorizon = 10\n[parameters]\nwacc = "
      "0.2\n");
  const ScenarioChanges changes(first, second);
  EXPECT_THAT(names_of(changes), ElementsAre("wacc"));
  std::vector<std::string> left;
  for (const Difference& difference : changes.left()) left.push_back(difference.key);
  EXPECT_THAT(left, ElementsAre("run.seed", "run.paths", "run.horizon"));
  EXPECT_EQ(changes.with(1).run.seed, 1u);
  EXPECT_EQ(changes.with(1).run.horizon, 6);
}

TEST(ScenarioChangesTest, ACorrelationGoesWithTheParameterThatOnlyOneDraws) {
  const std::string pair =
      "[[prior_correlation]]\nbetween = [\"shock_rate\", \"shock_mean\"]\nrank = -0.4\n";
  const Scenario both = bubble(two_priors + pair);
  const Scenario one =
      bubble("[parameters]\nshock_rate = {prior = \"uniform\", low = 0.1, high = 1.0}\n");
  const ScenarioChanges away(both, one), towards(one, both);
  EXPECT_THAT(names_of(away), ElementsAre("shock_mean"));
  EXPECT_EQ(away.with(0).prior_correlations.size(), 1u);
  EXPECT_EQ(away.with(1).prior_correlations.size(), 0u);
  EXPECT_EQ(towards.with(0).prior_correlations.size(), 0u);
  EXPECT_EQ(towards.with(1).prior_correlations.size(), 1u);
}

TEST(ScenarioChangesTest, ACorrelationThatBothCouldHaveIsAChange) {
  const std::string pair =
      "[[prior_correlation]]\nbetween = [\"shock_rate\", \"shock_mean\"]\nrank = ";
  const Scenario first = bubble(two_priors + pair + "-0.4\n"),
                 second = bubble(two_priors + pair + "0.3\n"), without = bubble(two_priors);
  const ScenarioChanges changes(first, second);
  EXPECT_THAT(names_of(changes), ElementsAre("prior_correlation"));
  ASSERT_EQ(changes.with(0).prior_correlations.size(), 1u);
  EXPECT_EQ(changes.with(0).prior_correlations[0].rank_correlation, -0.4);
  ASSERT_EQ(changes.with(1).prior_correlations.size(), 1u);
  EXPECT_EQ(changes.with(1).prior_correlations[0].rank_correlation, 0.3);
  const ScenarioChanges ends(first, without);
  EXPECT_THAT(names_of(ends), ElementsAre("prior_correlation"));
  EXPECT_EQ(ends.with(1).prior_correlations.size(), 0u);
}

TEST(ScenarioChangesTest, APosteriorIsOneChangeWithAllThatItDraws) {
  const Scenario first = bubble("[parameters]\nwacc = 0.09\nbust_hazard = 0.02\nit_life = 4\n");
  Scenario second = bubble("[parameters]\nit_life = 5\n");
  const std::vector<double> weights = {0, 0};
  second.posterior = {"/p.h5", "abc",
                      std::make_shared<const JointSample>(
                          std::vector<std::vector<double>>{{0.1, 0.2}, {0.03, 0.04}}, weights)};
  const std::size_t drawn[] = {first.model->schema.parameter_index("wacc").value(),
                               first.model->schema.parameter_index("bust_hazard").value()};
  for (std::size_t row = 0; row < 2; ++row) second.parameters[drawn[row]].posterior_row = row;
  const ScenarioChanges changes(first, second), back(second, first);
  EXPECT_THAT(names_of(changes), testing::UnorderedElementsAre("posterior", "it_life"));
  const std::size_t place = changes.changes()[0].name == "posterior" ? 0 : 1;
  const Scenario with = changes.with(std::uint64_t{1} << place);
  EXPECT_TRUE(with.posterior);
  for (const std::size_t parameter : drawn) EXPECT_TRUE(with.parameters[parameter].posterior_row);
  const Scenario without = back.with(3);
  EXPECT_FALSE(without.posterior);
  EXPECT_EQ(without.parameters[drawn[0]].value, 0.09);
  EXPECT_FALSE(without.parameters[drawn[0]].posterior_row);
}

TEST(ScenarioChangesTest, JoinedChangesAreOne) {
  ScenarioChanges changes(bubble(""),
                          bubble("[parameters]\nwacc = 0.2\nit_life = 4\nshell_life = 30\n"));
  ASSERT_EQ(changes.size(), 3u);
  changes.join({"parameters.wacc", "shell_life"}, "test: --together");
  EXPECT_EQ(changes.size(), 2u);
  std::uint64_t joined = 0;
  for (std::size_t i = 0; i < 2; ++i)
    if (changes.changes()[i].keys.size() == 2) joined = std::uint64_t{1} << i;
  EXPECT_EQ(differences(to_toml(changes.first()), to_toml(changes.with(joined))).size(), 2u);
  EXPECT_THAT(complaint([&] { changes.join({"waccc"}, "test: --together"); }),
              HasSubstr("test: --together: \"waccc\" is no change"));
}

TEST(ScenarioChangesTest, WhatCannotBeIsRefused) {
  EXPECT_THAT(
      complaint([&] { ScenarioChanges(bubble(""), parse_scenario("model = \"gbm\"", "b.toml")); }),
      HasSubstr("only configs of one model"));
  EXPECT_THAT(complaint([&] {
                ScenarioChanges(bubble("[run]\nhorizon = 6\n"),
                                bubble("[tables]\nscheduled_shocks = {time = [8], value = [2]}\n"));
              }),
              HasSubstr("beyond the horizon"));
}

}  // namespace
}  // namespace overbuild
