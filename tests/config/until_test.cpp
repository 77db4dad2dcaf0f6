// [run.until]: the precision at which a run has enough paths.
#include <gtest/gtest.h>

#include "config_testing.hpp"

namespace overbuild {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string until(const std::string& lines) {
  return "model = \"gbm\"\n[run]\nhorizon = 2\n[run.until]\n" + lines;
}

PrecisionTarget target_of(const std::string& lines) {
  return parse_scenario(until(lines), "a.toml").run.until.value();
}

TEST(ConfigUntilTest, IsReadForEachKindOfStatistic) {
  using Group = PrecisionTarget::Group;
  using Statistic = PrecisionTarget::Statistic;
  const PrecisionTarget series =
      target_of("statistic = \"series/log_value_sd\"\ntime = 1.5\nstandard_error = 0.1");
  EXPECT_EQ(series.group, Group::series);
  EXPECT_EQ(series.quantity, 1u);
  EXPECT_EQ(series.statistic, Statistic::sd);
  EXPECT_EQ(series.time, 1.5);
  EXPECT_EQ(series.standard_error, 0.1);
  EXPECT_EQ(series.block, 10240u);

  const PrecisionTarget event =
      target_of("statistic = \"events/barrier_passed\"\ntime = 2\nhalf_width = 0.02\nblock = 1000");
  EXPECT_EQ(event.group, Group::events);
  EXPECT_EQ(event.statistic, Statistic::probability);
  EXPECT_NEAR(event.standard_error, 0.02 / 1.959963984540054, 1e-15);
  EXPECT_EQ(event.block, 1024u) << "whole tiles";

  const PrecisionTarget quantile = target_of(
      "statistic = \"outcomes/passage_time_quantile\"\nprobability = 0.05\nstandard_error = 0.1");
  EXPECT_EQ(quantile.group, Group::outcomes);
  EXPECT_EQ(quantile.statistic, Statistic::quantile);
  EXPECT_EQ(quantile.probability, 0.05);
  const PrecisionTarget defined =
      target_of("statistic = \"outcomes/passage_time_defined\"\nstandard_error = 0.1");
  EXPECT_EQ(defined.statistic, Statistic::probability);
}

TEST(ConfigUntilTest, ReadsBackFromTheResolvedConfig) {
  for (const char* lines :
       {"statistic = \"series/value_quantile\"\ntime = 0.5\nprobability = 0.3\nhalf_width = 0.1",
        "statistic = \"outcomes/final_value_mean\"\nstandard_error = 3\nblock = 512"}) {
    const Scenario scenario = parse_scenario(until(lines), "a.toml");
    const Scenario again = parse_scenario(to_toml(scenario), "a.toml");
    ASSERT_TRUE(again.run.until);
    EXPECT_EQ(again.run.until->name, scenario.run.until->name);
    EXPECT_EQ(again.run.until->time, scenario.run.until->time);
    EXPECT_EQ(again.run.until->probability, scenario.run.until->probability);
    EXPECT_EQ(again.run.until->standard_error, scenario.run.until->standard_error);
    EXPECT_EQ(again.run.until->block, scenario.run.until->block);
  }
}

TEST(ConfigUntilTest, IsLeftOutUnlessGiven) {
  const Scenario scenario = parse_scenario("model = \"gbm\"\n", "a.toml");
  EXPECT_FALSE(scenario.run.until);
  EXPECT_THAT(to_toml(scenario), testing::Not(HasSubstr("until")));
}

TEST(ConfigUntilTest, MistakesAreNamed) {
  const auto expect = [](const std::string& lines, const std::string& finding) {
    EXPECT_THAT(findings_in(until(lines)), ElementsAre(HasSubstr(finding))) << lines;
  };
  expect("statistic = \"series/valu_mean\"\ntime = 1\nstandard_error = 1",
         "a.toml:5: run.until.statistic: unknown name \"series/valu_mean\"; did you mean "
         "\"series/value_mean\"?");
  expect("time = 1\nstandard_error = 1", "\"statistic\" is missing");
  expect("statistic = \"series/value_mean\"\nstandard_error = 1", "\"time\" is missing");
  expect("statistic = \"series/value_mean\"\ntime = 0.3\nstandard_error = 1",
         "a.toml:6: run.until.time: found 0.3, allowed: a multiple of the step 0.25");
  expect("statistic = \"series/value_mean\"\ntime = 3\nstandard_error = 1", "up to the horizon 2");
  expect("statistic = \"series/value_mean\"\ntime = 1", "standard_error, or half_width");
  expect("statistic = \"series/value_mean\"\ntime = 1\nstandard_error = 0", "standard_error");
  expect("statistic = \"series/value_mean\"\ntime = 1\nstandard_error = 1\nhalf_width = 1",
         "not both");
  expect("statistic = \"series/value_quantile\"\ntime = 1\nstandard_error = 1",
         "\"probability\" is missing");
  expect("statistic = \"series/value_mean\"\ntime = 1\nstandard_error = 1\nprobability = 0.5",
         "series/value_mean is no quantile");
  expect("statistic = \"outcomes/final_value_mean\"\ntime = 1\nstandard_error = 1", "has no time");
  expect("statistic = \"series/value_mean\"\ntime = 1\nstandard_error = 1\nblock = 0", "block");
  expect("statistic = \"series/value_mean\"\ntime = 1\nstandard_eror = 1\nhalf_width = 1",
         "did you mean \"standard_error\"?");
}

}  // namespace
}  // namespace overbuild
