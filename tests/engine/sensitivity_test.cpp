// Sensitivity of whole models against closed forms.
//
// Estimates are held to 6.5 of their standard errors, which the bootstrap gives to a few percent:
// with correct code and a seed chosen at random a comparison fails with probability below 1e-9, and
// no test has more than 30. The seeds are fixed.
#include "overbuild/engine/sensitivity.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <numbers>

#include "overbuild/base/error.hpp"
#include "overbuild/sampling/correlation.hpp"
#include "tests/engine/scenarios.hpp"

namespace overbuild {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr double sigmas = 6.5;

std::vector<PathQuantity> quantities_of(const Scenario& scenario,
                                        const std::vector<std::string>& texts) {
  std::vector<PathQuantity> quantities;
  for (const std::string& text : texts)
    quantities.push_back(parse_quantity(text, scenario, "test"));
  return quantities;
}

std::vector<SensitivityValues> values_of(const Scenario& scenario,
                                         const std::vector<std::string>& texts,
                                         const SensitivitySettings& settings, PathRange rows,
                                         int threads = 2) {
  const SensitivityExperiment experiment(scenario, quantities_of(scenario, texts), settings,
                                         threads);
  return experiment.run(rows, {});
}

SensitivityEstimates estimates_of(const Scenario& scenario, const std::string& text,
                                  const SensitivitySettings& settings, std::uint64_t rows) {
  const auto values = values_of(scenario, {text}, settings, {0, rows});
  return estimate_sensitivity(sensitivity_design(scenario, settings), values.at(0), {});
}

void expect_near(const IntervalEstimate& estimate, double exact, double most_error,
                 const char* what) {
  EXPECT_NEAR(estimate.value, exact, sigmas * estimate.standard_error) << what;
  EXPECT_LT(estimate.standard_error, most_error) << what;
}

Distribution normal(double mean, double sd) {
  return {.kind = Distribution::Kind::normal, .arguments = {mean, sd}};
}

// ln S(1) given the drift is normal; with a normal drift of sd t and volatility s the variance of
// S(1) is e^{2m + t^2} (e^{t^2 + s^2} - 1), that of its mean given the drift lacks the s^2.
TEST(Sensitivity, NoiseShareOfGeometricBrownianMotion) {
  Scenario scenario = default_scenario("gbm", 1, 1);
  set(scenario, "volatility", 0.3);
  set_prior(scenario, "drift", normal(0.05, 0.2));
  const double both = std::expm1(0.04 + 0.09), drift = std::expm1(0.04);
  const double scale = std::exp(2 * 0.05 + 0.04);
  for (const auto method : {SensitivityMethod::sobol, SensitivityMethod::shapley})
    for (const std::uint64_t repeats : {2, 4}) {
      const SensitivityEstimates found =
          estimates_of(scenario, "final_value", {method, {}, repeats}, 16384);
      expect_near(found.noise_share, 1 - drift / both, 0.02, "noise");
      expect_near(found.variance, scale * both, 0.01, "variance");
      expect_near(found.input_variance, scale * drift, 0.005, "input variance");
      expect_near(found.mean, std::exp(0.05 + 0.02), 0.01, "mean");
      EXPECT_NEAR(found.main().by_input.at(0).value, 1, 0.15);
    }
}

/// x(1) = m + (x0 - m) e^-1 + noise, with x0 and m from normals of rank correlation `rank`.
struct OrnsteinUhlenbeck {
  double decay = std::exp(-1), sd_initial = 0.5, sd_mean = 0.4, volatility = 0.5;
  double initial = decay * sd_initial, mean = (1 - decay) * sd_mean;  // sd that they bring
  double noise = volatility * volatility * (1 - decay * decay) / 2;

  Scenario scenario(double rank = 0) const {
    Scenario made = default_scenario("ou", 1, 1);
    set(made, "volatility", volatility);
    set_prior(made, "initial", normal(1, sd_initial));
    set_prior(made, "longrun_mean", normal(0, sd_mean));
    if (rank != 0) made.prior_correlations.push_back({0, 1, rank});
    return made;
  }
};

TEST(Sensitivity, IndicesOfTheOrnsteinUhlenbeckProcess) {
  const OrnsteinUhlenbeck ou;
  const double first = ou.initial * ou.initial, second = ou.mean * ou.mean, all = first + second;
  const SensitivityEstimates found =
      estimates_of(ou.scenario(), "value at 1y", {SensitivityMethod::sobol, {}, 2}, 32768);
  for (const std::size_t index : {0, 1}) {
    expect_near(found.indices[index].by_input.at(0), first / all, 0.03, "initial");
    expect_near(found.indices[index].by_input.at(1), second / all, 0.03, "longrun_mean");
  }
  expect_near(found.noise_share, ou.noise / (ou.noise + all), 0.01, "noise");
  expect_near(found.mean, ou.decay, 0.01, "mean");
}

TEST(Sensitivity, ShapleyEffectsOfCorrelatedPriors) {
  const OrnsteinUhlenbeck ou;
  const double rho = normal_correlation_of_spearman(0.6);
  const double first = ou.initial * ou.initial, second = ou.mean * ou.mean;
  const double both = rho * ou.initial * ou.mean, all = first + second + 2 * both;
  // Owen and Prieur (2017), section 4.1.
  const double shapley = (first * (1 - rho * rho / 2) + both + rho * rho * second / 2) / all;
  for (const InputOrders orders : {InputOrders::random, InputOrders::all}) {
    const SensitivityEstimates found = estimates_of(ou.scenario(0.6), "value at 1y",
                                                    {SensitivityMethod::shapley, orders, 2}, 32768);
    expect_near(found.main().by_input.at(0), shapley, 0.03, "initial");
    expect_near(found.main().by_input.at(1), 1 - shapley, 0.03, "longrun_mean");
    expect_near(found.noise_share, ou.noise / (ou.noise + all), 0.01, "noise");
  }
  // The full first-order and total indices: initial^2 + what the other one brings along, or less.
  const SensitivityEstimates sobol =
      estimates_of(ou.scenario(0.6), "value at 1y", {SensitivityMethod::sobol, {}, 2}, 32768);
  expect_near(sobol.indices[0].by_input.at(0), first * (1 - rho * rho) / all, 0.03, "total");
  expect_near(sobol.indices[1].by_input.at(0), std::pow(ou.initial + rho * ou.mean, 2) / all, 0.03,
              "first");
}

// The process is linear, so that with common noise each effect is that of the mean, exactly: the
// step of the normal times sd and weight, over the step of the quantile.
TEST(Sensitivity, ElementaryEffectsHaveTheNoiseInCommon) {
  const OrnsteinUhlenbeck ou;
  const SensitivityEstimates found =
      estimates_of(ou.scenario(0.6), "value at 1y", {SensitivityMethod::morris, {}, 2}, 2048);
  const auto expect_effects = [&](std::size_t input, double sd) {
    EXPECT_NEAR(found.indices[0].by_input.at(input).value,
                found.indices[1].by_input.at(input).value, 1e-12);
    EXPECT_NEAR(found.indices[3].by_input.at(input).value, 0, 1e-7);
    // The normals of the levels 1/16, 3/16, .. to those of 9/16, 11/16, ..
    const double levels[] = {-1.5341205444, -0.8871465590, -0.4887764111, -0.1573106847};
    double mean = 0;
    for (int i = 0; i < 4; ++i) mean += (-levels[3 - i] - levels[i]) / morris_step / 4;
    expect_near(found.main().by_input.at(input), sd * mean, 0.02 * sd, "effect");
  };
  expect_effects(0, ou.initial);
  expect_effects(1, ou.mean);
}

TEST(Sensitivity, ThreadsChunksAndPartsChangeNoBit) {
  Scenario scenario = default_scenario("overbuild", 1, 2);
  set_prior(scenario, "price_elasticity", normal(1.1, 0.1));
  set_prior(scenario, "bust_hazard",
            {.kind = Distribution::Kind::lognormal, .arguments = {0.1, 0.5}, .upper = 0.9});
  set_prior(scenario, "build_lag",
            {.kind = Distribution::Kind::uniform, .arguments = {2, 6}, .lower = 2, .upper = 6});
  for (const auto method :
       {SensitivityMethod::sobol, SensitivityMethod::shapley, SensitivityMethod::morris}) {
    const SensitivitySettings settings{method, {}, 2};
    const std::vector<std::string> texts = {"coverage at 2y", "bust within 2y"};
    scenario.run.chunk = 0;
    const auto one = values_of(scenario, texts, settings, {0, 1100}, 1);
    scenario.run.chunk = 512;
    const auto three = values_of(scenario, texts, settings, {0, 1100}, 3);
    const auto part = values_of(scenario, texts, settings, {512, 1024}, 2);
    const std::size_t row = one[0].values.size() / 1100;
    for (std::size_t q = 0; q < texts.size(); ++q) {
      EXPECT_EQ(one[q].values, three[q].values);
      EXPECT_EQ(part[q].first_row, 512u);
      ASSERT_EQ(part[q].values.size(), 512 * row);
      EXPECT_TRUE(std::equal(part[q].values.begin(), part[q].values.end(),
                             one[q].values.begin() + std::ptrdiff_t(512 * row)));
    }
  }
}

TEST(Sensitivity, AStopLeavesWholeRows) {
  const Scenario scenario = OrnsteinUhlenbeck().scenario();
  for (const auto method : {SensitivityMethod::sobol, SensitivityMethod::morris}) {
    const SensitivityExperiment experiment(scenario, quantities_of(scenario, {"value at 1y"}),
                                           {method, {}, 2}, 1);
    const std::uint64_t all = 30000;
    std::uint64_t most = 0;
    const auto found = experiment.run({0, all}, {.stop = [&] { return most > 100000; },
                                                 .progress =
                                                     [&](std::uint64_t paths) {
                                                       EXPECT_GE(paths, most);
                                                       most = paths;
                                                     }});
    EXPECT_EQ(found[0].values.size() % experiment.paths_per_row(), 0u);
    EXPECT_GT(found[0].values.size(), 10000u);
    EXPECT_LT(found[0].values.size(), all * experiment.paths_per_row());
    const auto whole = experiment.run({0, all}, {});
    EXPECT_TRUE(
        std::equal(found[0].values.begin(), found[0].values.end(), whole[0].values.begin()));
  }
}

template <class Action>
void expect_error(ExitCode code, const std::string& message, const Action& action) {
  try {
    action();
    FAIL() << message;
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code);
    EXPECT_THAT(error.what(), HasSubstr(message));
  }
}

TEST(Sensitivity, WhatHasNoIndicesIsRefused) {
  Scenario scenario = default_scenario("gbm", 1, 1);
  expect_error(ExitCode::config, "none has a prior", [&] { sensitivity_inputs(scenario); });
  set_prior(scenario, "drift", normal(0, 0.1));
  expect_error(ExitCode::usage, "\"passage_time\" is undefined on ", [&] {
    values_of(scenario, {"passage_time"}, {}, {0, 512});
  });
  Scenario sobol = scenario;
  sobol.run.sampler = Sampler::sobol;
  expect_error(ExitCode::config, "found \"sobol\"", [&] {
    values_of(sobol, {"final_value"}, {}, {0, 512});
  });
  Scenario posterior = scenario;
  posterior.posterior.emplace();
  expect_error(ExitCode::config, "whole particles", [&] { sensitivity_inputs(posterior); });
  Scenario many = default_scenario("overbuild", 1, 1);
  for (std::size_t i = 0; i < 9; ++i) many.parameters[i].prior = normal(1, 0.1);
  expect_error(ExitCode::usage, "all orders of 9 priors are 512 sets", [&] {
    sensitivity_design(many, {SensitivityMethod::shapley, InputOrders::all, 2});
  });
}

}  // namespace
}  // namespace overbuild
