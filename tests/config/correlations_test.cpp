// Correlations of shocks and of priors, and tables.
#include <gtest/gtest.h>

#include "config_testing.hpp"

namespace overbuild {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

std::vector<std::string> shock_findings(const std::string& matrix) {
  return findings_in("model = \"merton\"\n[parameters]\nshock_correlation = " + matrix + "\n");
}

TEST(ConfigShockCorrelationTest, AMatrixIsTakenOver) {
  const Scenario scenario = parse_scenario(
      "model = \"merton\"\n[parameters]\nshock_correlation = [[1, 0.25], [0.25, 1]]\n", "a.toml");
  Eigen::MatrixXd expected(2, 2);
  expected << 1, 0.25, 0.25, 1;
  EXPECT_EQ(scenario.shock_correlation, expected);
}

TEST(ConfigShockCorrelationTest, TheShapeMustBeTheShocks) {
  const std::string expected = "expected 2 rows of 2 numbers, for diffusion, jump_size";
  EXPECT_THAT(shock_findings("0.5"),
              ElementsAre("a.toml:3: parameters.shock_correlation: found 0.5, " + expected));
  EXPECT_THAT(shock_findings("[[1, 0]]"),
              ElementsAre("a.toml:3: parameters.shock_correlation: found 1 rows, " + expected));
  EXPECT_THAT(
      shock_findings("[[1, 0],\n [0, 1, 0]]"),
      ElementsAre("a.toml:4: parameters.shock_correlation[2]: found 3 numbers, " + expected));
  EXPECT_THAT(shock_findings("[[1, 0],\n [\"x\", 1]]"),
              ElementsAre("a.toml:4: parameters.shock_correlation[2][1]: found the string \"x\", "
                          "expected a number"));
}

TEST(ConfigShockCorrelationTest, ItMustBeACorrelationMatrix) {
  const auto complaint = [](const std::string& word) {
    return ElementsAre(
        AllOf(StartsWith("a.toml:3: parameters.shock_correlation: "), HasSubstr(word)));
  };
  EXPECT_THAT(shock_findings("[[1, 0.2], [0.3, 1]]"), complaint("symmetric"));
  EXPECT_THAT(shock_findings("[[1, 1], [1, 1]]"), complaint("strictly between -1 and 1"));
  EXPECT_THAT(shock_findings("[[2, 0], [0, 1]]"), complaint("diagonal"));
}

constexpr const char* with_priors = R"(model = "merton"
[parameters]
drift = {prior = "uniform", low = 0, high = 1}
volatility = {prior = "uniform", low = 0, high = 1}
jump_rate = {prior = "uniform", low = 0, high = 1}
)";  // five lines

std::string pair(const std::string& first, const std::string& second, const std::string& rank) {
  return "[[prior_correlation]]\nbetween = [\"" + first + "\", \"" + second +
         "\"]\nrank = " + rank + "\n";
}

TEST(ConfigPriorCorrelationTest, PairsAreTakenOver) {
  const Scenario scenario =
      parse_scenario(with_priors + pair("jump_rate", "drift", "-0.5"), "a.toml");
  ASSERT_EQ(scenario.prior_correlations.size(), 1u);
  EXPECT_EQ(scenario.prior_correlations[0].first, 3u);
  EXPECT_EQ(scenario.prior_correlations[0].second, 1u);
  EXPECT_EQ(scenario.prior_correlations[0].rank_correlation, -0.5);
}

TEST(ConfigPriorCorrelationTest, BothMustBeParametersWithPriors) {
  EXPECT_THAT(findings_in(with_priors + pair("drfit", "jump_mean", "0.5")),
              ElementsAre("a.toml:7: prior_correlation[1].between[1]: unknown name \"drfit\"; did "
                          "you mean \"drift\"?",
                          "a.toml:7: prior_correlation[1].between[2]: \"jump_mean\" has no prior; "
                          "it is the number -0.2 (default)"));
}

TEST(ConfigPriorCorrelationTest, APriorWithAMistakeStillIsOne) {
  EXPECT_THAT(findings_in("model = \"gbm\"\n[parameters]\n"
                          "drift = {prior = \"uniform\", low = 0}\n"
                          "volatility = {prior = \"uniform\", low = 0, high = 1}\n" +
                          pair("drift", "volatility", "0.5")),
              ElementsAre(StartsWith("a.toml:3: parameters.drift: \"high\" is missing")));
}

TEST(ConfigPriorCorrelationTest, EveryPairStandsOnce) {
  EXPECT_THAT(findings_in(with_priors + pair("drift", "drift", "0.5")),
              ElementsAre("a.toml:7: prior_correlation[1].between: a parameter's correlation with "
                          "itself cannot be set"));
  EXPECT_THAT(findings_in(with_priors + pair("drift", "jump_rate", "0.5") +
                          pair("jump_rate", "drift", "0.4")),
              ElementsAre("a.toml:9: prior_correlation[2]: this pair has a correlation already, at "
                          "a.toml:6"));
}

TEST(ConfigPriorCorrelationTest, KeysAndTypesAreChecked) {
  EXPECT_THAT(findings_in(with_priors + pair("drift", "jump_rate", "1")),
              ElementsAre("a.toml:8: prior_correlation[1].rank: found 1; a correlation must lie "
                          "strictly between -1 and 1"));
  EXPECT_THAT(findings_in(std::string(with_priors) + "[[prior_correlation]]\nbetwen = []\n"),
              ElementsAre("a.toml:6: prior_correlation[1]: \"between\" is missing: the names of "
                          "two parameters with priors",
                          "a.toml:6: prior_correlation[1]: \"rank\" is missing: Spearman's rank "
                          "correlation",
                          "a.toml:7: prior_correlation[1].betwen: unknown key \"betwen\"; did you "
                          "mean \"between\"?"));
  EXPECT_THAT(findings_in(std::string(with_priors) +
                          "[[prior_correlation]]\nbetween = [\"drift\"]\nrank = 0.1\n"),
              ElementsAre("a.toml:7: prior_correlation[1].between: found 1 names, expected 2"));
  EXPECT_THAT(findings_in("prior_correlation = 0.5\n" + std::string(with_priors)),
              ElementsAre("a.toml:1: prior_correlation: found 0.5, expected sections "
                          "[[prior_correlation]]"));
}

TEST(ConfigPriorCorrelationTest, TogetherTheyMustBePossible) {
  const auto found =
      findings_in(with_priors + pair("drift", "volatility", "0.9") +
                  pair("volatility", "jump_rate", "0.9") + pair("drift", "jump_rate", "-0.9"));
  EXPECT_THAT(found, ElementsAre(AllOf(StartsWith("a.toml:6: prior_correlation: "),
                                       HasSubstr("positive definite"))));
}

std::vector<std::string> table_findings(const std::string& lines) {
  return findings_in("model = \"overbuild\"\n[run]\nhorizon = 5\n[tables]\n" + lines + "\n");
}

TEST(ConfigTablesTest, PointsAreTakenOver) {
  const Scenario scenario = parse_scenario(
      "model = \"overbuild\"\n[tables.announced_capex]\ntime = [0, 1.5]\nvalue = [300, 420]\n",
      "a.toml");
  ASSERT_EQ(scenario.tables.size(), 2u);
  ASSERT_TRUE(scenario.tables[0].has_value());
  EXPECT_THAT(scenario.tables[0]->time, ElementsAre(0, 1.5));
  EXPECT_THAT(scenario.tables[0]->value, ElementsAre(300, 420));
  EXPECT_FALSE(scenario.tables[1].has_value());
}

TEST(ConfigTablesTest, NamesAreChecked) {
  EXPECT_THAT(table_findings("anounced_capex = {time = [0, 1], value = [1, 1]}"),
              ElementsAre("a.toml:5: tables.anounced_capex: unknown table \"anounced_capex\"; did "
                          "you mean \"announced_capex\"?"));
  EXPECT_THAT(findings_in("model = \"gbm\"\n[tables]\nx = 1\n"),
              ElementsAre("a.toml:3: tables.x: this model takes no tables"));
  EXPECT_THAT(table_findings("announced_capex = {time = [0, 1], values = [1, 1]}"),
              ElementsAre("a.toml:5: tables.announced_capex.values: unknown key \"values\"; did "
                          "you mean \"value\"?",
                          "a.toml:5: tables.announced_capex: \"value\" is missing: an array of "
                          "values, one for each time"));
}

TEST(ConfigTablesTest, TypesAreChecked) {
  EXPECT_THAT(table_findings("announced_capex = [300, 420]"),
              ElementsAre("a.toml:5: tables.announced_capex: found an array, expected a table such "
                          "as {time = [0, 1], value = [1, 2]}"));
  EXPECT_THAT(table_findings("announced_capex = {time = 0, value = [1, \"x\"]}"),
              ElementsAre("a.toml:5: tables.announced_capex.time: found 0, expected an array of "
                          "numbers",
                          "a.toml:5: tables.announced_capex.value[2]: found the string \"x\", "
                          "expected a number"));
}

TEST(ConfigTablesTest, LengthsMustMatchAndSuffice) {
  EXPECT_THAT(table_findings("announced_capex = {time = [0, 1, 2], value = [1, 1]}"),
              ElementsAre("a.toml:5: tables.announced_capex: found 3 times and 2 values"));
  EXPECT_THAT(table_findings("announced_capex = {time = [0], value = [1]}"),
              ElementsAre("a.toml:5: tables.announced_capex: found 1 points, expected at least 2"));
  EXPECT_THAT(
      table_findings("scheduled_shocks = {time = [], value = []}"),
      ElementsAre("a.toml:5: tables.scheduled_shocks: found 0 points, expected at least 1"));
  EXPECT_THAT(table_findings("scheduled_shocks = {time = [2], value = [-1]}"), IsEmpty());
}

TEST(ConfigTablesTest, TimesAscendWithinTheHorizon) {
  EXPECT_THAT(table_findings("announced_capex = {time = [-1, 2, 2, 6], value = [1, 1, 1, 1]}"),
              ElementsAre("a.toml:5: tables.announced_capex.time: entry 1 is -1, allowed: [0, 5] "
                          "(the run's time)",
                          "a.toml:5: tables.announced_capex.time: entry 3 is 2 after 2; times must "
                          "ascend",
                          "a.toml:5: tables.announced_capex.time: entry 4 is 6, allowed: [0, 5] "
                          "(the run's time)"));
  EXPECT_THAT(table_findings("scheduled_shocks = {time = [0, 5], value = [1, 1]}"),
              ElementsAre("a.toml:5: tables.scheduled_shocks.time: entry 1 is 0, allowed: (0, 5] "
                          "(the run's time)"));
}

TEST(ConfigTablesTest, ValuesHaveBounds) {
  EXPECT_THAT(table_findings("announced_capex = {time = [0, 1], value = [0, 1]}"),
              ElementsAre("a.toml:5: tables.announced_capex.value[1]: found 0, allowed: > 0"));
}

TEST(ConfigTablesTest, AWrongHorizonIsNotLaidToTheTimes) {
  EXPECT_THAT(findings_in("model = \"overbuild\"\n[run]\nhorizon = \"x\"\n[tables]\n"
                          "announced_capex = {time = [0, 100], value = [1, 1]}\n"),
              ElementsAre(StartsWith("a.toml:3: run.horizon: ")));
}

}  // namespace
}  // namespace overbuild
