// Runs whose paths depend on one another: the same bits however they are computed, and standard
// errors that hold.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <boost/math/distributions/normal.hpp>
#include <cmath>

#include "overbuild/base/error.hpp"
#include "overbuild/config/load.hpp"
#include "overbuild/engine/path_values.hpp"
#include "overbuild/engine/run.hpp"
#include "overbuild/sampling/instruction_set.hpp"
#include "tests/engine/scenarios.hpp"

namespace overbuild {
namespace {

using testing::HasSubstr;

constexpr Sampler samplers[] = {Sampler::sobol, Sampler::latin_hypercube, Sampler::antithetic};

Distribution normal(double mean, double sd) { return {Distribution::Kind::normal, {mean, sd}}; }

Scenario sampled(std::string_view model, Sampler sampler, std::uint64_t paths,
                 std::uint64_t replicates) {
  Scenario scenario = default_scenario(model, paths, 2);
  scenario.run.sampler = sampler;
  scenario.run.replicates = replicates;
  return scenario;
}

Scenario bubble(Sampler sampler) {
  Scenario scenario = sampled("overbuild", sampler, 8192, 4);
  set_prior(scenario, "price_elasticity",
            {Distribution::Kind::normal, {1.15, 0.2}, {}, {}, 0.5, 2});
  set_prior(scenario, "shock_rate", {Distribution::Kind::lognormal, {0.35, 0.5}, {}, {}, 0.1, 2});
  scenario.outputs.outcomes = all_paths;
  return scenario;
}

void expect_same(const RunResult& a, const RunResult& b) {
  EXPECT_TRUE(same_bits(a.summary, b.summary));
  EXPECT_EQ(a.kept.outcomes.size(), b.kept.outcomes.size());
  for (std::size_t i = 0; i < a.kept.parameters.size(); ++i)
    EXPECT_TRUE(std::ranges::equal(a.kept.parameters[i], b.kept.parameters[i]));
}

TEST(Samplers, GiveTheSameBitsHoweverTheyRun) {
  for (const Sampler sampler : samplers) {
    SCOPED_TRACE(name_of(sampler));
    Scenario scenario = bubble(sampler);
    const RunResult wanted = run(scenario, {.threads = 1});
    EXPECT_TRUE(wanted.summary.complete);
    scenario.run.chunk = 512;
    expect_same(run(scenario, {.threads = 3}), wanted);
    for (const std::string& name : available_instruction_sets()) {
      use_instruction_set(name);
      expect_same(run(scenario, {.threads = 2}), wanted);
    }
    use_instruction_set("auto");
    const Simulation simulation(scenario, 2);
    RunPart all = simulation.nothing(0);
    for (const int shard : {1, 2, 3}) {  // two replicates and one and one
      const PathRange range = shard_paths(scenario.run, shard, 3);
      EXPECT_EQ(range.size() % 2048, 0u);
      RunPart part = simulation.nothing(range.begin);
      EXPECT_TRUE(simulation.advance(part, range.end, {}));
      append(all, std::move(part));
    }
    expect_same(simulation.result(std::move(all), true), wanted);
  }
}

TEST(Samplers, DifferFromOneAnotherAndBySeed) {
  const auto mean = [](Sampler sampler, std::uint64_t seed) {
    Scenario scenario = bubble(sampler);
    scenario.run.seed = seed;
    return run(scenario).summary.series[0][8].mean.value;
  };
  std::vector<double> means;
  for (const Sampler sampler :
       {Sampler::philox, Sampler::sobol, Sampler::latin_hypercube, Sampler::antithetic})
    for (const std::uint64_t seed : {1, 2}) means.push_back(mean(sampler, seed));
  std::ranges::sort(means);
  EXPECT_EQ(std::ranges::adjacent_find(means), means.end());
  EXPECT_LT(means.back() / means.front(), 1.1);
}

TEST(Samplers, AStoppedReplicateIsLeftOut) {
  Scenario scenario = bubble(Sampler::sobol);
  scenario.run.chunk = 512;
  std::atomic<bool> stop = false;
  RunControls controls{.threads = 1, .stop = [&]() -> bool { return stop; }};
  controls.progress = [&](std::uint64_t done) { stop = done >= 5000; };
  const RunResult stopped = run(scenario, controls);
  EXPECT_FALSE(stopped.summary.complete);
  EXPECT_EQ(stopped.summary.paths, 4096u);
  EXPECT_EQ(stopped.replicates.count(), 2u);
  EXPECT_EQ(stopped.kept.outcomes[0].size(), 4096u);
  EXPECT_GT(stopped.summary.events[0][8].standard_error, 0);
}

TEST(Samplers, APauseWaitsForTheReplicate) {
  const Scenario scenario = bubble(Sampler::sobol);
  const Simulation simulation(scenario, 2);
  RunPart part = simulation.nothing(0);
  EXPECT_FALSE(simulation.advance(part, 8192, {.pause = [] { return true; }}));
  EXPECT_EQ(part.paths.end, 2048u);
  EXPECT_FALSE(simulation.advance(part, 8192, {.pause = [] { return true; }}));
  EXPECT_TRUE(simulation.advance(part, 8192, {}));
  expect_same(simulation.result(std::move(part), true), run(scenario));
}

TEST(Samplers, WithoutReplicatesThereIsNoStandardError) {
  const Scenario scenario = bubble(Sampler::sobol);
  const Simulation simulation(scenario, 2);
  const RunResult result = simulation.result(simulation.run({0, 8192}, {}), false);
  EXPECT_TRUE(std::isnan(result.summary.events[0][8].standard_error));
  EXPECT_TRUE(std::isnan(result.summary.outcomes[0].distribution.mean.standard_error));
  EXPECT_FALSE(std::isnan(result.summary.outcomes[0].distribution.mean.value));
}

TEST(Samplers, ShardsAreReplicates) {
  const Scenario scenario = bubble(Sampler::antithetic);
  EXPECT_EQ(shard_paths(scenario.run, 2, 4), (PathRange{2048, 4096}));
  try {
    shard_paths(scenario.run, 1, 5);
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("at most 4 shards, since a shard has at least one "
                                        "replicate of 2048 paths; found 5"));
  }
}

TEST(Samplers, AreRefusedWhereTheirErrorsWouldBeWrong) {
  const Scenario scenario = bubble(Sampler::sobol);
  const PreparedRun prepared(scenario);
  EXPECT_THROW(path_values(prepared, {}, {0, 512}), Error);
  class Nothing : public ParameterSource {
    void sample(std::uint64_t, std::uint64_t, int, double*) const override {}
  };
  EXPECT_THROW(Simulation(scenario, 1, nullptr, std::make_shared<Nothing>()), Error);
}

/// An estimate over many seeds: how often it is off by more than 2.131 standard errors (5% of the
/// time with 16 replicates, by Student's t), and its spread by its standard errors.
class Repeated {
 public:
  void add(const Estimate& estimate, double truth) {
    const double error = estimate.value - truth;
    off_ += std::abs(error) > 2.131 * estimate.standard_error;
    sum_ += error;
    squares_ += error * error;
    variances_ += estimate.standard_error * estimate.standard_error;
    ++count_;
  }
  int off() const { return off_; }
  double ratio() const { return std::sqrt(squares_ / variances_); }
  double spread() const { return std::sqrt(squares_ / count_); }

 private:
  int off_ = 0, count_ = 0;
  double sum_ = 0, squares_ = 0, variances_ = 0;
};

// ln S(T) of a geometric Brownian motion whose drift is normal: mean, upper quartile and sd have
// closed forms. (The median of pairs that mirror each other about it is a case of its own.) 200
// seeds: more than 35 of them off by 2.131 standard errors have a probability below 1e-9 where 5%
// are expected. The root mean square error by the standard errors has a relative error of
// 1/sqrt(400) from the seeds, and 6 of it are 30%.
TEST(Samplers, StandardErrorsHold) {
  constexpr double mean_drift = 0.05, sd_drift = 0.03, volatility = 0.2, time = 2;
  const double log_sd = std::sqrt(volatility * volatility * time + sd_drift * sd_drift * 4);
  const double log_mean = (mean_drift - volatility * volatility / 2) * time;
  for (const Sampler sampler : samplers) {
    SCOPED_TRACE(name_of(sampler));
    Scenario scenario = sampled("gbm", sampler, 8192, 16);
    set_prior(scenario, "drift", normal(mean_drift, sd_drift));
    scenario.outputs.outcomes = all_paths;  // exact quantiles
    Repeated mean, quantile, sd;
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
      scenario.run.seed = seed;
      const RunSummary summary = run(scenario, {.threads = 1}).summary;
      const DistributionSummary& end = summary.outcomes[2].distribution;
      mean.add(end.mean, std::exp(log_mean + log_sd * log_sd / 2));
      quantile.add(end.quantiles[5], std::exp(log_mean + 0.67448975019608171 * log_sd));
      sd.add(summary.series[1].back().sd, log_sd);
    }
    for (const Repeated* of : {&mean, &quantile, &sd}) {
      EXPECT_LT(of->off(), 36);
      EXPECT_GT(of->ratio(), 0.7);
      EXPECT_LT(of->ratio(), 1.3);
    }
    // Independent paths: sd(S) / sqrt(8192).
    const double plain =
        std::exp(log_mean + log_sd * log_sd / 2) * std::sqrt(std::expm1(log_sd * log_sd) / 8192);
    EXPECT_LT(mean.spread(), plain * (sampler == Sampler::sobol        ? 0.1
                                      : sampler == Sampler::antithetic ? 0.4
                                                                       : 1.1));
  }
}

// The barrier of a Brownian path is a threshold, decided by all steps and their uniforms; the mean
// over 16 replicates of 512 and of 8192 points must still come nearer than independent paths.
TEST(Samplers, SobolPointsConvergeFasterThanIndependentPaths) {
  const auto error = [](std::uint64_t paths) {
    double squares = 0;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
      Scenario scenario = sampled("ou", Sampler::sobol, paths, 16);
      scenario.run.seed = seed;
      const double found = run(scenario).summary.outcomes[0].distribution.mean.value;
      double truth = 0;  // mean of exp(-k dt), k = 1..8
      for (int k = 1; k <= 8; ++k) truth += std::exp(-0.25 * k) / 8;
      squares += (found - truth) * (found - truth);
    }
    return std::sqrt(squares / 20);
  };
  EXPECT_LT(error(16 * 8192), error(16 * 512) / 8);  // independent paths: / 4
}

}  // namespace
}  // namespace overbuild
