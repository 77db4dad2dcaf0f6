// A resolved config reads back to the same scenario.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <bit>
#include <cstdint>

#include "config_testing.hpp"

namespace overbuild {
namespace {

std::vector<std::uint64_t> bits(const std::vector<double>& values) {
  std::vector<std::uint64_t> all;
  for (const double value : values) all.push_back(std::bit_cast<std::uint64_t>(value));
  return all;
}

void expect_same(const Distribution& a, const Distribution& b) {
  EXPECT_EQ(a.kind, b.kind);
  EXPECT_EQ(bits(a.arguments), bits(b.arguments));
  EXPECT_EQ(bits(a.points), bits(b.points));
  EXPECT_EQ(bits(a.weights), bits(b.weights));
  EXPECT_EQ(bits({a.lower, a.upper}), bits({b.lower, b.upper}));
}

void expect_same_settings(const Scenario& a, const Scenario& b) {
  EXPECT_EQ(a.model, b.model);
  EXPECT_EQ(a.name, b.name);
  EXPECT_EQ(a.title, b.title);
  EXPECT_EQ(a.description, b.description);
  EXPECT_EQ(a.run.seed, b.run.seed);
  EXPECT_EQ(a.run.paths, b.run.paths);
  EXPECT_EQ(bits({a.run.horizon, a.run.step}), bits({b.run.horizon, b.run.step}));
  EXPECT_EQ(a.run.threads, b.run.threads);
  EXPECT_EQ(a.run.chunk, b.run.chunk);
  EXPECT_EQ(a.outputs.file, b.outputs.file);
  EXPECT_EQ(a.outputs.paths, b.outputs.paths);
  EXPECT_EQ(a.outputs.outcomes, b.outputs.outcomes);
  EXPECT_EQ(a.outputs.series, b.outputs.series);
  EXPECT_EQ(a.outputs.single_precision, b.outputs.single_precision);
  EXPECT_EQ(a.outputs.compression, b.outputs.compression);
}

void expect_same_inputs(const Scenario& a, const Scenario& b) {
  ASSERT_EQ(a.parameters.size(), b.parameters.size());
  for (std::size_t i = 0; i < a.parameters.size(); ++i) {
    EXPECT_EQ(bits({a.parameters[i].value}), bits({b.parameters[i].value}));
    ASSERT_EQ(a.parameters[i].prior.has_value(), b.parameters[i].prior.has_value());
    if (a.parameters[i].prior) expect_same(*a.parameters[i].prior, *b.parameters[i].prior);
  }
  EXPECT_EQ(a.shock_correlation, b.shock_correlation);
  ASSERT_EQ(a.prior_correlations.size(), b.prior_correlations.size());
  for (std::size_t i = 0; i < a.prior_correlations.size(); ++i) {
    EXPECT_EQ(a.prior_correlations[i].first, b.prior_correlations[i].first);
    EXPECT_EQ(a.prior_correlations[i].second, b.prior_correlations[i].second);
    EXPECT_EQ(a.prior_correlations[i].rank_correlation, b.prior_correlations[i].rank_correlation);
  }
  ASSERT_EQ(a.tables.size(), b.tables.size());
  for (std::size_t i = 0; i < a.tables.size(); ++i) {
    ASSERT_EQ(a.tables[i].has_value(), b.tables[i].has_value());
    if (!a.tables[i]) continue;
    EXPECT_EQ(bits(a.tables[i]->time), bits(b.tables[i]->time));
    EXPECT_EQ(bits(a.tables[i]->value), bits(b.tables[i]->value));
  }
}

void expect_round_trip(const Scenario& scenario) {
  const Scenario again = parse_scenario(to_toml(scenario), scenario.name + ".toml");
  expect_same_settings(scenario, again);
  expect_same_inputs(scenario, again);
}

constexpr const char* rich = R"(model = "overbuild"
title = "Quote \" backslash \\ tab \t bell \u0007 delete \u007f ümläut"
description = """
Two
lines"""
[run]
seed = 9223372036854775807
paths = 12345678901
horizon = 3.3333333333333335
step = 0.33333333333333331
threads = 3
chunk = 4096
[run.until]
statistic = "series/coverage_quantile"
time = 1.0
probability = 0.05
half_width = 0.01

[outputs]
file = "C:\\out.h5"
paths = "all"
outcomes = 7
series = ["valuation", "revenue"]
precision = "float64"
compression = 9
[parameters]
revenue_0 = 1e300
capex_0 = 5e-324
bust_demand_growth = -0.0
it_capital_0 = 9007199254740993
shell_capital_0 = 1e20
build_lag = 24
normal_utilisation = {prior = "beta", alpha = 2.1, beta = 3.3, low = 0.1, high = 0.9}
efficiency_drift = {prior = "normal", mean = 0.1, sd = 0.3, min = -1e-5, max = 5}
efficiency_vol = {prior = "triangular", low = 0.1, mode = 0.12345678901234567, high = 0.3}
shock_rate = {prior = "lognormal", median = 0.35, sigma = 0.5, max = 2}
shock_mean = {prior = "gamma", shape = 2, scale = 0.3, max = 10}
hardware_drift = {prior = "student_t", location = 0.28, scale = 0.1, degrees = 4, min = -1, max = 1}
hardware_vol = {prior = "uniform", low = 0.1, high = 0.30000000000000004}
demand_growth_0 = {prior = "empirical", points = [0.7, 0.1, 0.4], weights = [0.1, 2, 3]}
shock_correlation = [
  [1, 0.1, 0, 0, -0.3],
  [0.1, 1, 0, 0, 0],
  [0, 0, 1, 0.7, 0],
  [0, 0, 0.7, 1, 0],
  [-0.3, 0, 0, 0, 1],
]
[[prior_correlation]]
between = ["shock_rate", "shock_mean"]
rank = 0.4
[[prior_correlation]]
between = ["hardware_vol", "shock_rate"]
rank = -0.1
[tables]
announced_capex = {time = [0, 0.1, 2], value = [300, 420.00000000000006, 500]}
scheduled_shocks = {time = [1.5], value = [-0.25]}

[calibration]
start = 1996
observe = [{data = "x y", series = "price", scale = "relative"}]
)";

TEST(ConfigRoundTripTest, ARichScenarioReadsBackTheSame) {
  expect_round_trip(parse_scenario(rich, "rich.toml"));
}

TEST(ConfigRoundTripTest, TheDefaultsOfEveryModelReadBackTheSame) {
  for (const Model* model : all_models())
    expect_round_trip(
        parse_scenario(fmt::format("model = \"{}\"\n", model->schema.name), "plain.toml"));
}

TEST(ConfigRoundTripTest, TextsOfSeveralLinesAreWrittenSoAndReadBackTheSame) {
  Scenario scenario = parse_scenario("model = \"gbm\"\n", "plain.toml");
  scenario.description = "First \"line\".\nSecond.\n";
  EXPECT_THAT(to_toml(scenario),
              testing::HasSubstr("description = \"\"\"\nFirst \"line\".\nSecond.\n\"\"\"  # "));
  for (const char* text : {"\n", "\n\n two\n", "\"\n\"", "a\n\"\"", "a\n\"\"\"\"\"\"\"b",
                           "\"\"\"\n\"\"\"", "back\\\nslash\\", "carriage\r\nreturn\r",
                           "tab\t\nblank \n  ", "bell\a\ndelete\x7f", "ümläut\n# no comment"}) {
    scenario.title = scenario.description = text;
    expect_round_trip(scenario);
  }
}

TEST(ConfigRoundTripTest, APriorIsWrittenAsAConfigGivesIt) {
  const Distribution prior{
      .kind = Distribution::Kind::lognormal, .arguments = {0.7, 0.5}, .lower = 0.1, .upper = 2};
  EXPECT_EQ(to_toml(prior),
            "{prior = \"lognormal\", median = 0.7, sigma = 0.5, min = 0.1, max = 2.0}");
}

TEST(ConfigRoundTripTest, EveryKeyIsWritten) {
  const std::string text = to_toml(parse_scenario(rich, "rich.toml"));
  for (const ConfigKey& key : config_keys()) {
    if (key.key == "extends" || key.key == "sweep")
      continue;  // a scenario is one file and has none
    if (key.key == "posterior") continue;  // needs a file: tests/commands/calibrate_test.cpp
    EXPECT_NE(text.find(std::string(key.key.substr(key.key.find('.') + 1))), std::string::npos)
        << key.key;
  }
  for (const ParameterSpec& spec : find_model("overbuild")->schema.parameters)
    EXPECT_NE(text.find(fmt::format("\n{} = ", spec.name)), std::string::npos) << spec.name;
}

TEST(ConfigRoundTripTest, ParametersCarryUnitMeaningAndOrigin) {
  const std::string text =
      to_toml(parse_scenario("model = \"gbm\"\n[parameters]\ndrift = 1\n", "a.toml"));
  EXPECT_THAT(text, testing::HasSubstr(
                        "drift = 1.0  # 1/yr · growth rate of the expected value (a.toml:3)\n"));
  EXPECT_THAT(text, testing::HasSubstr("initial = 1.0  # 1 · value at t = 0 (default)\n"));
}

TEST(ConfigRoundTripTest, OddFileNamesDoNotBreakTheComments) {
  for (const char* source : {"line\nmodel = 3", "\x7f\x01", "not UTF-8 \xff\xfe", "ümlaut"}) {
    const Scenario scenario = parse_scenario("model = \"gbm\"\nparameters.drift = 1\n", source);
    EXPECT_NO_THROW(parse_scenario(to_toml(scenario), "again.toml")) << source;
  }
}

TEST(ConfigRoundTripTest, TheTextIsTheSameEveryTime) {
  const std::string text = to_toml(parse_scenario(rich, "rich.toml"));
  EXPECT_EQ(text, to_toml(parse_scenario(rich, "rich.toml")));
}

}  // namespace
}  // namespace overbuild
