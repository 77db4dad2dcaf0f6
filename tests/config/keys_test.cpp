// Mistakes in keys and values: each is found with its file, line and key.
#include <gtest/gtest.h>

#include "config_testing.hpp"

namespace overbuild {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* gbm = "model = \"gbm\"\n";

std::string in_section(const std::string& section, const std::string& lines) {
  return gbm + ("[" + section + "]\n") + lines;
}

TEST(ConfigKeysTest, AModelAloneGivesTheDefaults) {
  const Scenario scenario = parse_scenario(gbm, "folder/small.toml");
  EXPECT_EQ(scenario.name, "small");
  EXPECT_EQ(scenario.model, find_model("gbm"));
  EXPECT_EQ(scenario.title, "");
  EXPECT_EQ(scenario.run.seed, 1u);
  EXPECT_EQ(scenario.run.paths, 100000u);
  EXPECT_EQ(scenario.run.steps(), 40);
  EXPECT_EQ(scenario.outputs.file, "");
  EXPECT_THAT(scenario.outputs.series, ElementsAre(0, 1));
  EXPECT_TRUE(scenario.shock_correlation.isIdentity(0));
  ASSERT_EQ(scenario.parameters.size(), 4u);
  EXPECT_EQ(scenario.parameters[1].value, 0.05);
  EXPECT_EQ(scenario.parameters[1].origin, "default");
}

TEST(ConfigKeysTest, ValuesAreTakenOver) {
  const Scenario scenario = parse_scenario(R"(
model = "gbm"
title = "T"
description = "D"
run = {seed = 9223372036854775807, paths = 5, horizon = 3, step = 0.1, threads = 2, chunk = 64}
[outputs]
file = "out.h5"
paths = "all"
outcomes = 3
series = ["log_value"]
precision = "float64"
compression = 0
[parameters]
drift = 0
)",
                                           "a.toml");
  EXPECT_EQ(scenario.title, "T");
  EXPECT_EQ(scenario.description, "D");
  EXPECT_EQ(scenario.run.seed, 9223372036854775807u);
  EXPECT_EQ(scenario.run.paths, 5u);
  EXPECT_EQ(scenario.run.steps(), 30);
  EXPECT_EQ(scenario.run.threads, 2);
  EXPECT_EQ(scenario.run.chunk, 64u);
  EXPECT_EQ(scenario.outputs.file, "out.h5");
  EXPECT_EQ(scenario.outputs.paths, all_paths);
  EXPECT_EQ(scenario.outputs.outcomes, 3u);
  EXPECT_THAT(scenario.outputs.series, ElementsAre(1));
  EXPECT_FALSE(scenario.outputs.single_precision);
  EXPECT_EQ(scenario.outputs.compression, 0);
  EXPECT_EQ(scenario.parameters[1].value, 0.0);
  EXPECT_EQ(scenario.parameters[1].origin, "a.toml:14");
}

TEST(ConfigKeysTest, DocumentedDefaultsAreTheDefaults) {
  std::string written = gbm;
  for (const ConfigKey& key : config_keys()) {
    const std::string text(key.default_text);
    if (text == "none" || text == "required" || text == "the identity") continue;
    written += std::string(key.key) + " = " + text + "\n";
  }
  const std::string sections = std::string(gbm) + "calibration = {}\n";  // has no part in a run
  EXPECT_EQ(to_toml(parse_scenario(written, "a.toml")),
            to_toml(parse_scenario(sections, "a.toml")));
}

TEST(ConfigKeysTest, SyntaxErrorsHaveTheirLine) {
  const auto found = findings_in("model = \"gbm\"\n\ntitle = \n");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_THAT(found[0], HasSubstr("a.toml:3: not valid TOML: "));
}

TEST(ConfigKeysTest, AMissingModelIsNamed) {
  const auto found = findings_in("title = \"no model\"\n");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_THAT(found[0], HasSubstr("a.toml: model: the key is missing; known models: "));
  EXPECT_THAT(found[0], HasSubstr("gbm"));
}

TEST(ConfigKeysTest, AnUnknownModelIsToldTheNearest) {
  EXPECT_THAT(findings_in("model = \"mertn\"\n"),
              ElementsAre("a.toml:1: model: unknown name \"mertn\"; did you mean \"merton\"?"));
}

TEST(ConfigKeysTest, UnknownKeysAreToldTheNearest) {
  EXPECT_THAT(findings_in("model = \"gbm\"\ntitel = \"x\"\n"),
              ElementsAre("a.toml:2: titel: unknown key \"titel\"; did you mean \"title\"?"));
  EXPECT_THAT(findings_in(in_section("run", "sede = 1\n")),
              ElementsAre("a.toml:3: run.sede: unknown key \"sede\"; did you mean \"seed\"?"));
  EXPECT_THAT(findings_in(in_section("run", "x.y = 1\n")),
              ElementsAre("a.toml:3: run.x: unknown key \"x\"; known: seed, paths, horizon, step, "
                          "threads, chunk, until, sampler, replicates"));
  EXPECT_THAT(findings_in(in_section("parameters", "drfit = 1\n")),
              ElementsAre("a.toml:3: parameters.drfit: unknown parameter \"drfit\"; did you mean "
                          "\"drift\"?"));
}

TEST(ConfigKeysTest, AQuotedKeyIsNotTakenForItsLastPart) {
  EXPECT_THAT(
      findings_in(in_section("parameters", "\"x.drift\" = 1\n")),
      ElementsAre("a.toml:3: parameters.\"x.drift\": unknown parameter \"x.drift\"; did you "
                  "mean \"drift\"?"));
}

TEST(ConfigKeysTest, KeysInTheWrongSectionAreToldTheRightOne) {
  EXPECT_THAT(findings_in("model = \"gbm\"\npaths = 5\ndrift = 1\n"),
              ElementsAre("a.toml:2: paths: the key does not belong here; did you mean "
                          "\"run.paths\"?",
                          "a.toml:3: drift: the key does not belong here; did you mean "
                          "\"parameters.drift\"?"));
  EXPECT_THAT(
      findings_in("model = \"overbuild\"\n[parameters]\nscheduled_shocks = 1\nseed = 2\n"
                  "[tables]\nwacc = 1\n"),
      ElementsAre("a.toml:3: parameters.scheduled_shocks: the key does not belong here; did "
                  "you mean \"tables.scheduled_shocks\"?",
                  "a.toml:4: parameters.seed: the key does not belong here; did you mean "
                  "\"run.seed\"?",
                  "a.toml:6: tables.wacc: the key does not belong here; did you mean "
                  "\"parameters.wacc\"?"));
}

TEST(ConfigKeysTest, WrongTypesSayWhatWasFound) {
  EXPECT_THAT(findings_in("model = 3\n"),
              ElementsAre(HasSubstr("a.toml:1: model: found 3, expected one of the names gbm")));
  EXPECT_THAT(findings_in("model = \"gbm\"\ntitle = true\n"),
              ElementsAre("a.toml:2: title: found true, expected a string"));
  EXPECT_THAT(findings_in("model = \"gbm\"\nrun = 5\n"),
              ElementsAre("a.toml:2: run: found 5, expected a section [run]"));
  EXPECT_THAT(findings_in("model = \"gbm\"\nparameters = 2020-01-01\n"),
              ElementsAre("a.toml:2: parameters: found a date or time, expected a section "
                          "[parameters]"));
  EXPECT_THAT(findings_in(in_section("run", "paths = 1e5\n")),
              ElementsAre("a.toml:3: run.paths: found 100000.0, expected a whole number without "
                          "point or exponent"));
  EXPECT_THAT(findings_in(in_section("run", "horizon = [10]\n")),
              ElementsAre("a.toml:3: run.horizon: found an array, expected a number"));
  EXPECT_THAT(findings_in(in_section("parameters", "drift = \"high\"\n")),
              ElementsAre("a.toml:3: parameters.drift: found the string \"high\", expected a "
                          "number or a prior such as {prior = \"uniform\", low = 1, high = 2}"));
  EXPECT_THAT(findings_in(in_section("outputs", "series = {}\n")),
              ElementsAre("a.toml:3: outputs.series: found a table, expected \"all\" or an array "
                          "of names such as [\"value\"]"));
}

TEST(ConfigKeysTest, NumbersOutsideTheirBoundsAreToldThem) {
  EXPECT_THAT(findings_in(in_section("parameters", "initial = 0\nvolatility = 10.5\n")),
              ElementsAre("a.toml:3: parameters.initial: found 0, allowed: > 0",
                          "a.toml:4: parameters.volatility: found 10.5, allowed: [0, 10]"));
  EXPECT_THAT(findings_in("model = \"overbuild\"\n[parameters]\nbuild_lag = 2.5\nit_life = 0\n"
                          "min_bust_steps = -1\n"),
              ElementsAre("a.toml:3: parameters.build_lag: found 2.5, allowed: whole numbers, [1, "
                          "24]",
                          "a.toml:4: parameters.it_life: found 0, allowed: (0, 100]",
                          "a.toml:5: parameters.min_bust_steps: found -1, allowed: whole numbers, "
                          "[0, 1000]"));
}

TEST(ConfigKeysTest, NumbersMustBeFinite) {
  EXPECT_THAT(findings_in(in_section("parameters", "drift = nan\ninitial = inf\nbarrier = -inf\n")),
              ElementsAre("a.toml:3: parameters.drift: found nan, expected a finite number",
                          "a.toml:4: parameters.initial: found inf, expected a finite number",
                          "a.toml:5: parameters.barrier: found -inf, expected a finite number"));
}

TEST(ConfigKeysTest, RunSettingsHaveBounds) {
  EXPECT_THAT(
      findings_in(in_section("run",
                             "seed = -1\npaths = 0\nthreads = 4097\nchunk = -3\nstep = 0\n"
                             "horizon = -1.5\n")),
      ElementsAre("a.toml:3: run.seed: found -1, allowed: whole numbers, [0, 9223372036854775807]",
                  "a.toml:4: run.paths: found 0, allowed: whole numbers, [1, 1000000000000]",
                  "a.toml:5: run.threads: found 4097, allowed: whole numbers, [0, 4096]",
                  "a.toml:6: run.chunk: found -3, allowed: whole numbers, [0, 1000000000000]",
                  "a.toml:7: run.step: found 0, allowed: (0, 1]",
                  "a.toml:8: run.horizon: found -1.5, allowed: > 0"));
}

TEST(ConfigKeysTest, TheHorizonIsAWholeNumberOfSteps) {
  EXPECT_THAT(findings_in(in_section("run", "horizon = 1\nstep = 0.3\n")),
              ElementsAre("a.toml:4: run.step: horizon 1 and step 0.3 give 3.3333333333333335 "
                          "steps, allowed: a whole number"));
  EXPECT_THAT(findings_in(in_section("run", "horizon = 0.1\n")),
              ElementsAre("a.toml:3: run.horizon: horizon 0.1 and step 0.25 give 0.4 steps, "
                          "allowed: a whole number"));
  EXPECT_THAT(findings_in(in_section("run", "step = 1e10\n")),
              ElementsAre("a.toml:3: run.step: found 10000000000, allowed: (0, 1]"));
  EXPECT_THAT(findings_in(in_section("run", "step = 1e-5\nhorizon = 1.00001\n")),
              ElementsAre(HasSubstr("steps, allowed: at most 100000")));
  EXPECT_EQ(parse_scenario(in_section("run", "step = 1e-4\n"), "a.toml").run.steps(), 100000);
  EXPECT_EQ(parse_scenario(in_section("run", "step = 0.083333333333\n"), "a").run.steps(), 120);
  EXPECT_THAT(findings_in(in_section("run", "step = 0.0833333333\n")),
              ElementsAre(HasSubstr("allowed: a whole number")));
}

TEST(ConfigKeysTest, OutputsAreChecked) {
  EXPECT_THAT(
      findings_in(in_section("outputs",
                             "file = 1\npaths = -1\noutcomes = \"al\"\n"
                             "series = [\"value\", \"vlaue\", \"value\"]\n"
                             "precision = \"float16\"\ncompression = 10\n")),
      ElementsAre(
          "a.toml:3: outputs.file: found 1, expected a string",
          "a.toml:4: outputs.paths: found -1, allowed: whole numbers, [0, 1000000000000]",
          "a.toml:5: outputs.outcomes: found the string \"al\", expected a whole number or \"all\"",
          "a.toml:6: outputs.series[2]: unknown name \"vlaue\"; did you mean \"value\"?",
          "a.toml:6: outputs.series[3]: \"value\" is listed already",
          "a.toml:7: outputs.precision: unknown name \"float16\"; did you mean "
          "\"float32\"?",
          "a.toml:8: outputs.compression: found 10, allowed: whole numbers, [0, 9]"));
  EXPECT_THAT(findings_in(in_section("outputs", "series = \"value\"\n")),
              ElementsAre("a.toml:3: outputs.series: found the string \"value\", expected \"all\" "
                          "or an array of names such as [\"value\"]"));
  EXPECT_THAT(findings_in(in_section("outputs", "series = []\n")),
              ElementsAre("a.toml:3: outputs.series: found no series, expected one or more; paths "
                          "= 0 keeps none"));
}

TEST(ConfigKeysTest, AnUnknownModelDoesNotHideOtherMistakes) {
  EXPECT_THAT(findings_in("model = \"merten\"\n[run]\nsede = 1\nseed = -2\n[parameters]\nx = 1\n"),
              ElementsAre(HasSubstr("a.toml:1: model: "), HasSubstr("a.toml:3: run.sede: "),
                          HasSubstr("a.toml:4: run.seed: ")));
}

TEST(ConfigKeysTest, LongStringsAreShortenedInMessages) {
  std::string umlauts;
  for (int i = 0; i < 100; ++i) umlauts += "ü";
  const auto found = findings_in(in_section("parameters", "drift = \"x" + umlauts + "\"\n"));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_THAT(found[0], HasSubstr("ü...\", expected"));
}

}  // namespace
}  // namespace overbuild
