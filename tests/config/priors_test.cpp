// Priors: their arguments and their reach.
#include <gtest/gtest.h>

#include "config_testing.hpp"

namespace overbuild {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

std::vector<std::string> findings_of(const std::string& parameter, const std::string& prior) {
  return findings_in("model = \"overbuild\"\n[parameters]\n" + parameter + " = " + prior + "\n");
}

Distribution prior_of(const std::string& parameter, const std::string& prior) {
  const Scenario scenario = parse_scenario(
      "model = \"overbuild\"\n[parameters]\n" + parameter + " = " + prior + "\n", "a.toml");
  return *scenario.parameters[*scenario.model->schema.parameter_index(parameter)].prior;
}

TEST(ConfigPriorsTest, ArgumentsAreTakenOverInTheirOrder) {
  const Distribution prior =
      prior_of("shock_rate", R"({sigma = 1, prior = "lognormal", max = 2, median = 0.35})");
  EXPECT_EQ(prior.kind, Distribution::Kind::lognormal);
  EXPECT_THAT(prior.arguments, ElementsAre(0.35, 1.0));
  EXPECT_EQ(prior.lower, -unbounded);
  EXPECT_EQ(prior.upper, 2);
}

TEST(ConfigPriorsTest, EmpiricalPointsAreSortedWithTheirWeights) {
  const Distribution prior =
      prior_of("shock_rate", R"({prior = "empirical", points = [3, 1, 2], weights = [0.3, 1, 2]})");
  EXPECT_THAT(prior.points, ElementsAre(1, 2, 3));
  EXPECT_THAT(prior.weights, ElementsAre(1, 2, 0.3));
  const Distribution equal = prior_of("shock_rate", R"({prior = "empirical", points = [3, 1]})");
  EXPECT_THAT(equal.weights, ElementsAre(1, 1));
}

TEST(ConfigPriorsTest, TheKindMustBeKnown) {
  EXPECT_THAT(findings_of("shock_rate", "{median = 1, sigma = 1}"),
              ElementsAre("a.toml:3: parameters.shock_rate: \"prior\" is missing: one of normal, "
                          "lognormal, uniform, triangular, beta, gamma, student_t, empirical"));
  EXPECT_THAT(findings_of("shock_rate", R"({prior = "lognorml", median = 1, sigma = 1})"),
              ElementsAre("a.toml:3: parameters.shock_rate.prior: unknown name \"lognorml\"; did "
                          "you mean \"lognormal\"?"));
  EXPECT_THAT(findings_of("shock_rate", "{prior = 7}"),
              ElementsAre(StartsWith("a.toml:3: parameters.shock_rate.prior: found 7, expected one "
                                     "of the names normal, ")));
}

TEST(ConfigPriorsTest, ArgumentsMustBeThereKnownAndNumbers) {
  EXPECT_THAT(findings_of("shock_rate", R"({prior = "lognormal", median = 1})"),
              ElementsAre(StartsWith("a.toml:3: parameters.shock_rate: \"sigma\" is missing: ")));
  EXPECT_THAT(findings_of("capex_0", R"({prior = "lognormal", median = 1, sigma = 1, minn = 1})"),
              ElementsAre("a.toml:3: parameters.capex_0.minn: unknown key \"minn\"; did you mean "
                          "\"min\"?"));
  EXPECT_THAT(findings_of("capex_0", R"({prior = "lognormal", median = 1, sigma = 1, sd = 1})"),
              ElementsAre("a.toml:3: parameters.capex_0.sd: a lognormal prior has no \"sd\"; it "
                          "takes median, sigma, min, max"));
  EXPECT_THAT(
      findings_of("shock_rate",
                  R"({prior = "triangular", low = 0.1, mode = 0.2, high = 0.4, mean = 0.2})"),
      ElementsAre("a.toml:3: parameters.shock_rate.mean: a triangular prior has no "
                  "\"mean\"; it takes low, mode, high, min, max"));
  EXPECT_THAT(
      findings_of("shock_rate", R"({prior = "lognormal", median = "1", sigma = nan, max = inf})"),
      ElementsAre("a.toml:3: parameters.shock_rate.median: found the string \"1\", expected a "
                  "number",
                  "a.toml:3: parameters.shock_rate.sigma: found nan, expected a finite number",
                  "a.toml:3: parameters.shock_rate.max: found inf, expected a finite number"));
}

TEST(ConfigPriorsTest, ArgumentsMustMakeSense) {
  EXPECT_THAT(
      findings_of("shock_rate", R"({prior = "lognormal", median = 1, sigma = -1})"),
      ElementsAre(AllOf(StartsWith("a.toml:3: parameters.shock_rate: "), HasSubstr("sigma"))));
  EXPECT_THAT(
      findings_of("shock_rate", R"({prior = "uniform", low = 2, high = 1})"),
      ElementsAre(AllOf(StartsWith("a.toml:3: parameters.shock_rate: "), HasSubstr("low"))));
  EXPECT_THAT(
      findings_of("shock_rate", R"({prior = "normal", mean = 1, sd = 1, min = 2, max = 1})"),
      ElementsAre("a.toml:3: parameters.shock_rate: min is 2 and max is 1; min must be below "
                  "max"));
}

TEST(ConfigPriorsTest, PointsAndWeightsMustFit) {
  EXPECT_THAT(findings_of("shock_rate", R"({prior = "empirical"})"),
              ElementsAre("a.toml:3: parameters.shock_rate: \"points\" is missing: the observed "
                          "values"));
  EXPECT_THAT(findings_of("shock_rate", R"({prior = "empirical", points = [1, 2], weights = [1]})"),
              ElementsAre("a.toml:3: parameters.shock_rate.weights: found 1 weights for 2 points"));
  EXPECT_THAT(
      findings_of("shock_rate", R"({prior = "empirical", points = [1, true], weights = [1, 0]})"),
      ElementsAre("a.toml:3: parameters.shock_rate.points[2]: found true, expected a number"));
  EXPECT_THAT(
      findings_of("shock_rate", R"({prior = "empirical", points = [1, 2], weights = [1, 0]})"),
      ElementsAre("a.toml:3: parameters.shock_rate.weights[2]: found 0, allowed: > 0"));
  EXPECT_THAT(findings_of("shock_rate", R"({prior = "empirical", points = []})"),
              ElementsAre(StartsWith("a.toml:3: parameters.shock_rate: ")));
}

TEST(ConfigPriorsTest, AReachOutsideTheBoundsIsToldTheTruncationToSet) {
  EXPECT_THAT(findings_of("wacc", R"({prior = "normal", mean = 0.1, sd = 0.02})"),
              ElementsAre("a.toml:3: parameters.wacc: the prior reaches from -inf to inf, allowed: "
                          "[0.001, 1]; set min = 0.001 and max = 1"));
  EXPECT_THAT(findings_of("wacc", R"({prior = "normal", mean = 0.1, sd = 0.02, min = 0.01})"),
              ElementsAre("a.toml:3: parameters.wacc: the prior reaches from 0.01 to inf, allowed: "
                          "[0.001, 1]; set max = 1"));
  EXPECT_THAT(findings_of("it_share", R"({prior = "uniform", low = -0.5, high = 0.5})"),
              ElementsAre("a.toml:3: parameters.it_share: the prior reaches from -0.5 to 0.5, "
                          "allowed: [0, 1]; set min = 0"));
}

TEST(ConfigPriorsTest, AContinuousPriorMayTouchAnExcludedEnd) {
  EXPECT_THAT(findings_of("capex_0", R"({prior = "lognormal", median = 300, sigma = 0.3})"),
              IsEmpty());
  EXPECT_THAT(findings_of("capex_0", R"({prior = "gamma", shape = 2, scale = 100})"), IsEmpty());
  EXPECT_THAT(findings_of("capex_0", R"({prior = "uniform", low = 0, high = 600})"), IsEmpty());
  EXPECT_THAT(findings_of("capex_0", R"({prior = "normal", mean = 300, sd = 100, min = 0})"),
              IsEmpty());
}

TEST(ConfigPriorsTest, APriorMustNotDrawAnExcludedEnd) {
  const std::string finding =
      "a.toml:3: parameters.capex_0: the prior draws 0, allowed: > 0; set min or max to keep off "
      "it";
  EXPECT_THAT(findings_of("capex_0", R"({prior = "empirical", points = [0, 1, 2]})"),
              ElementsAre(finding));
  // Its quantile of 1e-12 is 10^-1200, which is no double but 0.
  EXPECT_THAT(findings_of("capex_0", R"({prior = "gamma", shape = 0.01, scale = 1})"),
              ElementsAre(finding));
}

TEST(ConfigPriorsTest, ArgumentsBeyondComputationAreRefused) {
  EXPECT_THAT(findings_of("capex_0", R"({prior = "gamma", shape = 1e20, scale = 1e-18})"),
              ElementsAre("a.toml:3: parameters.capex_0: the quantiles cannot be computed; the "
                          "arguments are too extreme"));
}

TEST(ConfigPriorsTest, DrawsOfWholeNumbersAreJudgedAfterRounding) {
  EXPECT_THAT(findings_of("build_lag", R"({prior = "uniform", low = 0.5, high = 24.5})"),
              IsEmpty());
  EXPECT_THAT(findings_of("build_lag", R"({prior = "uniform", low = 0.4, high = 24.5})"),
              ElementsAre("a.toml:3: parameters.build_lag: the prior reaches from 0.4 to 24.5, "
                          "allowed: whole numbers, [1, 24]; set min = 1"));
  EXPECT_THAT(findings_of("build_lag", R"({prior = "empirical", points = [0.5, 3]})"),
              ElementsAre("a.toml:3: parameters.build_lag: the prior draws 0, allowed: whole "
                          "numbers, [1, 24]; set min or max to keep off it"));
}

}  // namespace
}  // namespace overbuild
