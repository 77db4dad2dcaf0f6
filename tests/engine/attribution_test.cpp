// Attribution between scenarios of geometric Brownian motion, whose statistics have closed forms.
#include "overbuild/engine/attribution.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "overbuild/base/error.hpp"
#include "tests/engine/scenarios.hpp"

namespace overbuild {
namespace {

constexpr double horizon = 2;

Scenario gbm(double drift, double volatility, std::uint64_t paths, std::uint64_t seed) {
  Scenario scenario = default_scenario("gbm", paths, horizon);
  scenario.run.step = 1;
  scenario.run.seed = seed;
  set(scenario, "drift", drift);
  set(scenario, "volatility", volatility);
  return scenario;
}

/// P(S_T > 1.5)
double above(double drift, double volatility) {
  const double d = (std::log(1.5) - (drift - volatility * volatility / 2) * horizon) /
                   (volatility * std::sqrt(horizon));
  return std::erfc(d / std::numbers::sqrt2) / 2;
}

Attribution attribution(const Scenario& first, const Scenario& second, std::string_view statistic,
                        RunControls controls = {}) {
  const ScenarioChanges changes(first, second);
  return *attribute(changes, parse_statistic(statistic, first, "test"),
                    exact_shapley(changes.size()), controls);
}

/// By hand: half of what a change does first and last. Each is held to six of its own standard
/// errors, which are known to a few percent: false alarms below 1e-8 each.
TEST(AttributionTest, TwoChangesOfAProbability) {
  const double low = 0.02, high = 0.15, calm = 0.2, wild = 0.5;
  const Attribution found =
      attribution(gbm(low, calm, 100000, 3), gbm(high, wild, 100000, 3), "P(final_value > 1.5)");
  const double none = above(low, calm), drift = above(high, calm), volatility = above(low, wild),
               both = above(high, wild);
  const double exact[] = {(drift - none + both - volatility) / 2,
                          (volatility - none + both - drift) / 2};
  ASSERT_EQ(found.parts.size(), 2u);
  for (std::size_t i = 0; i < 2; ++i) {
    const Contribution& part = found.parts[i];
    EXPECT_GT(part.effect.standard_error, 0);
    EXPECT_NEAR(part.effect.value, exact[i], 6 * part.effect.standard_error);
    EXPECT_EQ(part.order_error, 0);
  }
  EXPECT_NEAR(found.parts[0].alone.value, drift - none, 6 * found.parts[0].alone.standard_error);
  EXPECT_NEAR(found.parts[0].last.value, both - volatility, 6 * found.parts[0].last.standard_error);
  EXPECT_NEAR(found.total.value, both - none, 6 * found.total.standard_error);
}

/// Three changes of a mean that has a product in it: E S_T = S0 exp(mu T), and the volatility does
/// nothing to it.
TEST(AttributionTest, ThreeChangesOfAMean) {
  Scenario first = gbm(0.02, 0.2, 100000, 4), second = gbm(0.1, 0.3, 100000, 4);
  set(second, "initial", 1.4);
  const Attribution found = attribution(first, second, "mean(final_value)");
  const double low = std::exp(0.02 * horizon), high = std::exp(0.1 * horizon);
  // In the order of the model's parameters: initial, drift, volatility.
  const double exact[] = {0.4 * (low + high) / 2, (high - low) * (1 + 1.4) / 2, 0};
  for (std::size_t i = 0; i < 3; ++i)
    EXPECT_NEAR(found.parts[i].effect.value, exact[i], 6 * found.parts[i].effect.standard_error);
  EXPECT_LT(found.total.standard_error,
            0.7 * std::hypot(found.first.standard_error, found.second.standard_error))
      << "common random numbers";
}

TEST(AttributionTest, PartsSumToTheTotal) {
  Scenario first = default_scenario("overbuild", 2000, 5), second = first;
  set(second, "price_elasticity", 0.8);
  set(second, "bust_hazard", 0.1);
  set(second, "wacc", 0.15);
  for (const char* statistic :
       {"P(bust within 5y)", "q10(coverage at 5y)", "mean(capex_fall)", "sd(coverage at 3y)"}) {
    const Attribution found = attribution(first, second, statistic);
    double sum = 0;
    for (const Contribution& part : found.parts) sum += part.effect.value;
    EXPECT_NEAR(sum, found.total.value, 1e-12) << statistic;
    EXPECT_DOUBLE_EQ(found.total.value, found.second.value - found.first.value);
  }
}

TEST(AttributionTest, OneChangeIsAllOfTheDifference) {
  const Attribution found =
      attribution(gbm(0.02, 0.2, 1000, 3), gbm(0.15, 0.2, 1000, 3), "P(final_value > 1.5)");
  ASSERT_EQ(found.parts.size(), 1u);
  const Contribution& part = found.parts[0];
  EXPECT_LT(found.total.standard_error,
            0.9 * std::hypot(found.first.standard_error, found.second.standard_error));
  for (const Estimate& estimate : {part.effect, part.alone, part.last}) {
    EXPECT_EQ(estimate.value, found.total.value);
    EXPECT_DOUBLE_EQ(estimate.standard_error, found.total.standard_error);
  }
}

TEST(AttributionTest, AChangeThatDoesNothingAddsNothing) {
  const Scenario first = gbm(0.02, 0.2, 1000, 3);
  Scenario second = gbm(0.15, 0.5, 1000, 3);
  set(second, "barrier", 1.7);
  const Attribution found = attribution(first, second, "mean(final_value)");
  ASSERT_EQ(found.parts.size(), 3u);
  EXPECT_EQ(found.parts[2].effect.value, 0);
  EXPECT_EQ(found.parts[2].effect.standard_error, 0);
  EXPECT_GT(found.parts[1].path_error, 0);
}

/// The spread of 200 attributions of other seeds is known to 5%; six of those are 30%.
TEST(AttributionTest, StandardErrorsAreThoseOfRepeatedRuns) {
  constexpr int samples = 200;
  double sum[2] = {}, squares[2] = {}, error[2] = {};
  for (std::uint64_t seed = 1; seed <= samples; ++seed) {
    const Attribution found = attribution(gbm(0.02, 0.2, 1000, seed), gbm(0.15, 0.5, 1000, seed),
                                          "P(final_value > 1.5)", {.threads = 1});
    for (std::size_t i = 0; i < 2; ++i) {
      sum[i] += found.parts[i].effect.value;
      squares[i] += std::pow(found.parts[i].effect.value, 2);
      error[i] += found.parts[i].effect.standard_error / samples;
    }
  }
  for (std::size_t i = 0; i < 2; ++i) {
    const double spread = std::sqrt((squares[i] - sum[i] * sum[i] / samples) / (samples - 1));
    EXPECT_NEAR(error[i] / spread, 1, 0.3);
  }
}

TEST(AttributionTest, SampledOrdersAgreeWithTheExactValues) {
  Scenario first = default_scenario("overbuild", 2000, 5), second = first;
  set(second, "price_elasticity", 0.8);
  set(second, "bust_hazard", 0.1);
  set(second, "wacc", 0.15);
  set(second, "it_life", 3);
  const ScenarioChanges changes(first, second);
  const StatisticExpression statistic = parse_statistic("P(bust within 5y)", first, "test");
  const Attribution exact = *attribute(changes, statistic, exact_shapley(4), {});
  const Attribution sampled = *attribute(changes, statistic, sampled_shapley(4, 400, 1), {});
  for (std::size_t i = 0; i < 4; ++i) {
    // The paths are the same, so that only the orders differ.
    EXPECT_NEAR(sampled.parts[i].effect.value, exact.parts[i].effect.value,
                6 * sampled.parts[i].order_error + 1e-12);
    EXPECT_NEAR(sampled.parts[i].path_error, exact.parts[i].path_error,
                0.1 * exact.parts[i].path_error);
    EXPECT_EQ(sampled.parts[i].alone.value, exact.parts[i].alone.value);
    EXPECT_EQ(sampled.parts[i].last.standard_error, exact.parts[i].last.standard_error);
  }
}

TEST(AttributionTest, ThreadsAndChunksChangeNoBit) {
  Scenario first = default_scenario("overbuild", 3000, 3), second = first;
  set(second, "bust_hazard", 0.1);
  set(second, "wacc", 0.15);
  const Attribution one = attribution(first, second, "P(bust within 3y)", {.threads = 1});
  first.run.chunk = 512;
  const Attribution three = attribution(first, second, "P(bust within 3y)", {.threads = 3});
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(one.parts[i].effect.value, three.parts[i].effect.value);
    EXPECT_EQ(one.parts[i].effect.standard_error, three.parts[i].effect.standard_error);
  }
}

TEST(AttributionTest, AStatisticWithoutAValueIsNamed) {
  Scenario first = gbm(0.05, 0.2, 600, 1), second = first;
  set(second, "barrier", 1e9);
  const ScenarioChanges changes(first, second);
  try {
    attribute(changes, parse_statistic("mean(passage_time)", first, "test"), exact_shapley(1), {});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::numeric);
    EXPECT_NE(std::string(error.what()).find("with these changes: barrier"), std::string::npos);
  }
}

TEST(AttributionTest, StopEndsIt) {
  Scenario first = gbm(0.05, 0.2, 600, 1), second = gbm(0.1, 0.3, 600, 1);
  const ScenarioChanges changes(first, second);
  std::size_t done = 0;
  const RunControls controls{.stop = [&] { return done >= 2; }};
  EXPECT_FALSE(attribute(changes, parse_statistic("mean(final_value)", first, "test"),
                         exact_shapley(2), controls, [&](std::size_t n) { done = n; }));
  EXPECT_EQ(done, 2u);
}

}  // namespace
}  // namespace overbuild
