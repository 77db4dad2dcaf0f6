#include "overbuild/config/difference.hpp"

#include <gtest/gtest.h>

#include "config_testing.hpp"

namespace overbuild {
namespace {

const std::string base = "model = \"gbm\"\n[run]\nseed = 3\n[parameters]\ndrift = 0.1\n";

Difference between(const std::string& a, const std::string& b) {
  return first_difference(parse_scenario(a, "a.toml"), parse_scenario(b, "b.toml")).value();
}

TEST(ConfigDifference, OfTheSameScenarioIsNone) {
  // Other places, other order, and what cannot change a result.
  const std::string same =
      "model = \"gbm\"\n\n[parameters]\ndrift = 0.1\n[run]\nthreads = 7\nchunk = 512\nseed = 3\n"
      "[outputs]\nfile = \"x.h5\"\n";
  EXPECT_FALSE(first_difference(parse_scenario(base, "a.toml"), parse_scenario(same, "b.toml")));
}

TEST(ConfigDifference, IsTheFirstKeyInTheOrderOfTheResolvedConfig) {
  const Difference number = between(base, base + "volatility = 0.5\n");
  EXPECT_EQ(number.key, "parameters.volatility");
  EXPECT_EQ(number.second, "0.5");
  const Difference seed = between(base, "model = \"gbm\"\n[run]\nseed = 4\n");
  EXPECT_EQ(seed.key, "run.seed");
  EXPECT_EQ(seed.first, "3");
  EXPECT_EQ(seed.second, "4");
}

TEST(ConfigDifference, FindsPriors) {
  const Difference found =
      between(base,
              "model = \"gbm\"\n[run]\nseed = 3\n"
              "[parameters]\ndrift = {prior = \"normal\", mean = 0, sd = 1, min = -1, max = 1}\n");
  EXPECT_EQ(found.key, "parameters.drift");
  EXPECT_EQ(found.first, "0.1");
  EXPECT_THAT(found.second, testing::HasSubstr("normal"));
}

TEST(ConfigDifference, FindsKeysThatOnlyOneHas) {
  const std::string until =
      "[run.until]\nstatistic = \"outcomes/final_value_mean\"\nstandard_error = 1\n";
  const Difference second = between(base, base + until);
  EXPECT_EQ(second.key, "run.until");
  EXPECT_EQ(second.first, "nothing");
  const Difference first = between(base + until, base);
  EXPECT_EQ(first.key, "run.until");
  EXPECT_EQ(first.second, "nothing");
}

TEST(ConfigDifference, FindsCorrelationsOfPriors) {
  const std::string two =
      "model = \"gbm\"\n[parameters]\ndrift = {prior = \"normal\", mean = 0.5, sd = 1, min = 0, "
      "max = 1}\n"
      "volatility = {prior = \"normal\", mean = 0.5, sd = 1, min = 0, max = 1}\n";
  const auto pair = [&](const char* rank) {
    return two + "[[prior_correlation]]\nbetween = [\"drift\", \"volatility\"]\nrank = " + rank +
           "\n";
  };
  EXPECT_EQ(between(pair("0.3"), pair("0.4")).key, "prior_correlation [\"drift\", \"volatility\"]");
  EXPECT_EQ(between(two, pair("0.4")).first, "nothing");
}

std::vector<std::string> keys_between(const std::string& a, const std::string& b) {
  std::vector<std::string> keys;
  for (const Difference& found :
       differences(to_toml(parse_scenario(a, "a.toml")), to_toml(parse_scenario(b, "b.toml"))))
    keys.push_back(found.key);
  return keys;
}

TEST(ConfigDifferences, AreAllKeysThatChangePaths) {
  EXPECT_THAT(keys_between(base, base), testing::IsEmpty());
  const std::string other =
      "model = \"gbm\"\ntitle = \"Other\"\ndescription = \"x\"\n[run]\nseed = 4\nthreads = 2\n"
      "[outputs]\npaths = 7\n[parameters]\ndrift = 0.1\nvolatility = 0.5\n";
  EXPECT_THAT(keys_between(base, other), testing::ElementsAre("run.seed", "parameters.volatility"));
}

TEST(ConfigDifferences, NameWhatOnlyOneHas) {
  const std::string shock =
      "model = \"overbuild\"\n[tables]\nscheduled_shocks = {time = [1], value = [2]}\n";
  const std::string none = "model = \"overbuild\"\n";
  const auto config = [](const std::string& text) {
    return to_toml(parse_scenario(text, "a.toml"));
  };
  const std::vector<Difference> found = differences(config(none), config(shock));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].key, "tables.scheduled_shocks");
  EXPECT_EQ(found[0].first, "nothing");
  EXPECT_EQ(found[0].second, "{time = [1.0], value = [2.0]}");
  EXPECT_EQ(differences(config(shock), config(none))[0].second, "nothing");
}

}  // namespace
}  // namespace overbuild
