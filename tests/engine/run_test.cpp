#include "overbuild/engine/run.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/resource.h>
#include <tbb/cache_aligned_allocator.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <memory>
#include <mutex>

#include "overbuild/base/error.hpp"
#include "overbuild/engine/prepared_run.hpp"
#include "overbuild/model/generated_draws.hpp"
#include "overbuild/sampling/instruction_set.hpp"
#include "tests/engine/scenarios.hpp"

namespace overbuild {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

Distribution normal(double mean, double sd, double lower = -infinity, double upper = infinity) {
  return {Distribution::Kind::normal, {mean, sd}, {}, {}, lower, upper};
}

/// A scenario that uses all the engine has: priors with correlation, an odd number of paths.
Scenario rich_scenario() {
  Scenario scenario = default_scenario("overbuild", 3333, 5);
  set_prior(scenario, "price_elasticity", normal(1.15, 0.2, 0.5, 2));
  set_prior(scenario, "demand_growth_0", normal(0.8, 0.1, 0.3, 1.3));
  set_prior(scenario, "build_lag", normal(4, 1.5, 1, 8));
  const auto index = [&](const char* name) {
    return scenario.model->schema.parameter_index(name).value();
  };
  scenario.prior_correlations.push_back({index("price_elasticity"), index("demand_growth_0"), 0.5});
  scenario.shock_correlation(0, 1) = scenario.shock_correlation(1, 0) = 0.3;
  scenario.tables[1] = TableSetting{{1.0}, {2.0}};
  scenario.outputs.outcomes = all_paths;
  return scenario;
}

template <class T>
void expect_same_bits(const T& a, const T& b, const char* what) {
  EXPECT_EQ(std::memcmp(&a, &b, sizeof a), 0) << what;
}

void expect_same_result(const RunResult& a, const RunResult& b) {
  ASSERT_EQ(a.summary.paths, b.summary.paths);
  for (std::size_t s = 0; s < a.summary.series.size(); ++s)
    for (std::size_t t = 0; t < a.summary.time.size(); ++t)
      expect_same_bits(a.summary.series[s][t], b.summary.series[s][t], "series");
  for (std::size_t e = 0; e < a.summary.events.size(); ++e)
    for (std::size_t t = 0; t < a.summary.time.size(); ++t)
      expect_same_bits(a.summary.events[e][t], b.summary.events[e][t], "events");
  for (std::size_t o = 0; o < a.summary.outcomes.size(); ++o) {
    const OutcomeSummary &x = a.summary.outcomes[o], &y = b.summary.outcomes[o];
    expect_same_bits(x.defined, y.defined, "defined");
    expect_same_bits(x.distribution, y.distribution, "outcome");
    ASSERT_EQ(x.histogram.size(), y.histogram.size());
    for (std::size_t i = 0; i < x.histogram.size(); ++i)
      expect_same_bits(x.histogram[i], y.histogram[i], "bin");
  }
  ASSERT_EQ(a.kept.paths, b.kept.paths);
  for (std::size_t o = 0; o < a.kept.outcomes.size(); ++o)
    EXPECT_EQ(std::memcmp(a.kept.outcomes[o].data(), b.kept.outcomes[o].data(),
                          a.kept.paths * sizeof(double)),
              0);
  EXPECT_EQ(a.kept.parameters, b.kept.parameters);
}

TEST(Run, HasTheSameBitsForAnyNumberOfThreads) {
  const Scenario scenario = rich_scenario();
  const RunResult one = run(scenario, {.threads = 1});
  EXPECT_TRUE(one.summary.complete);
  for (const int threads : {2, 7}) expect_same_result(run(scenario, {.threads = threads}), one);
}

TEST(Run, HasTheSameBitsForAnyChunk) {
  Scenario scenario = rich_scenario();
  const RunResult expected = run(scenario, {.threads = 2});
  for (const std::uint64_t chunk : {1u, 512u, 1000u, 1000000u}) {
    scenario.run.chunk = chunk;
    expect_same_result(run(scenario, {.threads = 3}), expected);
  }
}

TEST(Run, HasTheSameBitsOnEveryInstructionSet) {
  const Scenario scenario = rich_scenario();
  const RunResult expected = run(scenario);
  for (const std::string& name : available_instruction_sets()) {
    use_instruction_set(name);
    expect_same_result(run(scenario), expected);
  }
  use_instruction_set("auto");
}

TEST(Simulation, PartsPutTogetherHaveTheSameBitsAsTheRun) {
  const Scenario scenario = rich_scenario();
  const Simulation simulation(scenario, 2);
  RunPart whole = simulation.nothing(0);
  for (const PathRange range : {PathRange{0, 512}, {512, 2560}, {2560, 3333}})
    append(whole, simulation.run(range, {}));
  EXPECT_EQ(whole.paths, (PathRange{0, 3333}));
  expect_same_result(simulation.result(std::move(whole), true), run(scenario));
}

TEST(Simulation, PartsKeepTheirOwnPathsOutcomes) {
  Scenario scenario = rich_scenario();
  scenario.outputs.outcomes = 1500;
  const Simulation simulation(scenario, 2);
  const RunResult all = run(scenario);
  const RunPart second = simulation.run({1024, 2048}, {});
  EXPECT_EQ(second.kept.first_path, 1024u);
  ASSERT_EQ(second.kept.paths, 1500u - 1024u);
  for (std::size_t i = 0; i < second.kept.paths; ++i)
    EXPECT_EQ(second.kept.parameters[0][i], all.kept.parameters[0][1024 + i]);
  EXPECT_EQ(simulation.run({2048, 2560}, {}).kept.paths, 0u);
}

TEST(Simulation, StateHoldsAllThatStatisticsDo) {
  const Scenario scenario = rich_scenario();
  const Simulation simulation(scenario, 2);
  RunPart part = simulation.run({0, 1024}, {});
  part.statistics =
      RunStatistics(scenario.model->schema, scenario.run.steps(), part.statistics.state());
  append(part, simulation.run({1024, 3333}, {}));
  expect_same_result(simulation.result(std::move(part), true), run(scenario));
}

TEST(Simulation, PartsThatDoNotMeetAreRefused) {
  const Scenario scenario = rich_scenario();
  const Simulation simulation(scenario, 1);
  RunPart part = simulation.run({0, 512}, {});
  EXPECT_THROW(append(part, simulation.run({1024, 1536}, {})), Error);
  EXPECT_THROW(append(part, simulation.run({0, 512}, {})), Error);
}

TEST(Run, DependsOnTheSeed) {
  Scenario scenario = rich_scenario();
  const RunResult a = run(scenario);
  scenario.run.seed = 2;
  const RunResult b = run(scenario);
  EXPECT_NE(a.summary.series[0][3].mean.value, b.summary.series[0][3].mean.value);
  EXPECT_NE(a.kept.parameters, b.kept.parameters);
}

TEST(Run, SmallerRunsAreThePrefixOfLargerOnes) {
  Scenario scenario = rich_scenario();
  const RunResult large = run(scenario);
  scenario.run.paths = 700;
  const RunResult small = run(scenario);
  ASSERT_EQ(small.kept.paths, 700u);
  for (std::size_t o = 0; o < small.kept.outcomes.size(); ++o)
    EXPECT_EQ(std::memcmp(small.kept.outcomes[o].data(), large.kept.outcomes[o].data(),
                          700 * sizeof(double)),
              0);
}

TEST(Run, StoppedEarlyHoldsExactlyTheFirstPaths) {
  Scenario scenario = rich_scenario();
  scenario.run.paths = 100000;
  scenario.run.chunk = 512;
  std::atomic<bool> stop = false;
  RunControls controls{.threads = 2, .stop = [&] { return stop.load(); }};
  controls.progress = [&](std::uint64_t done) { stop = done >= 2048; };
  const RunResult stopped = run(scenario, controls);
  EXPECT_FALSE(stopped.summary.complete);
  ASSERT_LT(stopped.summary.paths, scenario.run.paths);
  ASSERT_GE(stopped.summary.paths, 2048u);
  scenario.run.paths = stopped.summary.paths;
  expect_same_result(stopped, run(scenario));
}

TEST(Run, OutcomeQuantilesAreExactWhenAllAreKept) {
  Scenario scenario = rich_scenario();
  const RunResult exact = run(scenario);
  scenario.outputs.outcomes = 100;
  const RunResult binned = run(scenario);
  EXPECT_EQ(binned.kept.paths, 100u);
  for (std::size_t o = 0; o < exact.summary.outcomes.size(); ++o) {
    EXPECT_TRUE(exact.summary.outcomes[o].exact_quantiles);
    EXPECT_FALSE(binned.summary.outcomes[o].exact_quantiles);
    for (std::size_t q = 0; q < quantile_levels.size(); ++q) {
      const double x = exact.summary.outcomes[o].distribution.quantiles[q].value;
      const double y = binned.summary.outcomes[o].distribution.quantiles[q].value;
      EXPECT_LE(std::abs(x - y), std::abs(x) / 128 + 1e-12) << o << ' ' << q;
    }
  }
}

TEST(Run, CountsPathsOnWhichAnOutcomeIsDefined) {
  Scenario scenario = rich_scenario();
  const RunResult result = run(scenario);
  for (std::size_t o = 0; o < result.kept.outcomes.size(); ++o) {
    double defined = 0;
    for (const double x : result.kept.outcomes[o]) defined += !std::isnan(x);
    EXPECT_EQ(result.summary.outcomes[o].defined.value, defined / 3333);
    EXPECT_EQ(double(result.summary.outcomes[o].distribution.count), defined);
  }
}

class CollectingSink : public PathSink {
 public:
  void accept(std::unique_ptr<KeptTile> tile) override {
    const std::lock_guard lock(mutex_);
    tiles.push_back(std::move(tile));
  }
  std::vector<std::unique_ptr<KeptTile>> tiles;

 private:
  std::mutex mutex_;
};

TEST(Run, KeptPathsGiveTheStatistics) {
  Scenario scenario = rich_scenario();
  scenario.outputs.paths = all_paths;
  scenario.outputs.series = {0, 2};
  CollectingSink sink;
  const RunResult result = run(scenario, {.threads = 2, .sink = &sink});
  const std::size_t times = result.summary.time.size();
  std::vector<double> sum(2 * times), smallest(2 * times, infinity);
  std::size_t paths = 0;
  for (const auto& tile : sink.tiles) {
    const auto n = static_cast<std::size_t>(tile->paths);
    ASSERT_EQ(tile->values.size(), 2 * n * times);
    for (std::size_t i = 0; i < tile->values.size(); ++i) {
      const std::size_t place = i / (n * times) * times + i % times;
      sum[place] += tile->values[i];
      smallest[place] = std::min(smallest[place], tile->values[i]);
    }
    paths += n;
  }
  ASSERT_EQ(paths, 3333u);
  for (std::size_t k = 0; k < 2; ++k) {
    for (std::size_t t = 0; t < times; ++t) {
      const DistributionSummary& s = result.summary.series[scenario.outputs.series[k]][t];
      EXPECT_NEAR(sum[k * times + t] / 3333, s.mean.value, 1e-9 * std::abs(s.mean.value));
      EXPECT_EQ(smallest[k * times + t], s.smallest);
    }
  }
}

TEST(Run, KeepsOnlyThePathsAskedFor) {
  Scenario scenario = rich_scenario();
  scenario.outputs.paths = 600;
  CollectingSink sink;
  run(scenario, {.threads = 2, .sink = &sink});
  int paths = 0;
  for (const auto& tile : sink.tiles) paths += tile->paths;
  EXPECT_EQ(paths, 600);
}

TEST(Run, SaysWhenItCannotStartItsWorkers) {
  const auto run_with_few_processes = [] {
    // The limit does not bind root.
    if (geteuid() == 0 && setuid(65534) != 0) std::_Exit(99);
    const rlimit limit{1, 1};
    setrlimit(RLIMIT_NPROC, &limit);
    try {
      run(rich_scenario(), {.threads = 7});
    } catch (const Error& error) {
      std::fputs(error.what(), stderr);
      std::_Exit(static_cast<int>(error.code()));
    }
    std::_Exit(0);
  };
  EXPECT_EXIT(run_with_few_processes(), testing::ExitedWithCode(2), "cannot start 7 threads: ");
}

class FailingSink : public PathSink {
 public:
  void accept(std::unique_ptr<KeptTile>) override { throw Error(ExitCode::file, "no space"); }
};

TEST(Run, PassesOnWhatASinkThrows) {
  Scenario scenario = rich_scenario();
  scenario.outputs.paths = all_paths;
  FailingSink sink;
  EXPECT_THROW(run(scenario, {.threads = 2, .sink = &sink}), Error);
}

TEST(Run, NamesPathStepAndSeriesOfANumberThatIsNotFinite) {
  Scenario scenario = default_scenario("gbm", 2000, 10);
  set(scenario, "drift", 10);
  scenario.run.horizon = 1000;
  scenario.run.step = 10;
  scenario.run.chunk = tile_paths;
  for (const int threads : {1, 4, 4, 4}) {
    try {
      run(scenario, {.threads = threads});
      FAIL() << "no error";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::numeric);
      EXPECT_THAT(error.what(), testing::HasSubstr("path 0, step 8: value is inf"));
    }
  }
}

// ln S(t) of a geometric Brownian motion is normal with mean (mu - sigma^2/2) t and sd sigma sqrt
// t. 200 comparisons at 6 standard errors: false-alarm rate below 4e-7.
TEST(Run, MatchesTheClosedFormsOfGbm) {
  const Scenario scenario = default_scenario("gbm", 200000, 10);
  const RunResult result = run(scenario);
  for (std::size_t t = 1; t < result.summary.time.size(); ++t) {
    const double time = result.summary.time[t];
    const DistributionSummary& value = result.summary.series[0][t];
    const DistributionSummary& log_value = result.summary.series[1][t];
    EXPECT_NEAR(value.mean.value, std::exp(0.05 * time), 6 * value.mean.standard_error);
    EXPECT_NEAR(log_value.mean.value, 0.03 * time, 6 * log_value.mean.standard_error);
    EXPECT_NEAR(log_value.sd.value, 0.2 * std::sqrt(time), 6 * log_value.sd.standard_error);
    EXPECT_NEAR(log_value.skew.value, 0, 6 * log_value.skew.standard_error);
    const double median = std::exp(0.03 * time);
    EXPECT_NEAR(value.quantiles[4].value, median,
                6 * value.quantiles[4].standard_error + median / 128);
  }
}

TEST(TableByStep, InterpolatesPathsLogLinearly) {
  const TableSpec spec{"x", "1", TableSpec::Kind::path, positive(), ""};
  const auto x = table_by_step(spec, {{0.5, 1.5}, {100, 400}}, 8, 0.25);
  ASSERT_EQ(x.size(), 9u);
  EXPECT_TRUE(std::isnan(x[1]));
  EXPECT_DOUBLE_EQ(x[2], 100);
  EXPECT_DOUBLE_EQ(x[4], 200);
  EXPECT_DOUBLE_EQ(x[6], 400);
  EXPECT_TRUE(std::isnan(x[7]));
}

TEST(TableByStep, PutsImpulsesIntoTheStepTheyArriveIn) {
  const TableSpec spec{"x", "1", TableSpec::Kind::impulse, any_number(), ""};
  const auto x = table_by_step(spec, {{0.1, 0.25, 0.26, 1.0}, {1, 2, 4, 8}}, 4, 0.25);
  EXPECT_EQ(x, (std::vector<double>{0, 3, 4, 0, 8}));
}

/// Every path's initial value is its number.
class NumberedPaths : public ParameterSource {
 public:
  NumberedPaths(std::size_t parameters, std::size_t numbered)
      : parameters_(parameters), numbered_(numbered) {}
  void sample(std::uint64_t, std::uint64_t first_path, int lanes,
              double* parameters) const override {
    std::fill_n(parameters, parameters_ * static_cast<std::size_t>(lanes), 0.0);
    for (int lane = 0; lane < lanes; ++lane)
      parameters[numbered_ * static_cast<std::size_t>(lanes) + static_cast<std::size_t>(lane)] =
          static_cast<double>(first_path) + lane + 1;
  }

 private:
  std::size_t parameters_, numbered_;
};

TEST(Simulation, TakesItsParametersFromAnotherSource) {
  const Scenario scenario = default_scenario("gbm", 1000, 1);
  const ModelSchema& schema = scenario.model->schema;
  const std::size_t start = schema.parameter_index("initial").value();
  const Simulation simulation(scenario, 2, nullptr,
                              std::make_shared<NumberedPaths>(schema.parameters.size(), start));
  const RunPart part = simulation.run({0, 1000}, {});
  const DistributionSummary first = part.statistics.summary(1).series[0][0];
  EXPECT_DOUBLE_EQ(first.mean.value, 500.5);
  EXPECT_DOUBLE_EQ(first.smallest, 1);
  EXPECT_DOUBLE_EQ(first.largest, 1000);
}

TEST(Simulation, TakesItsDrawsFromAnotherSource) {
  for (const Model* model : all_models()) {
    SCOPED_TRACE(model->schema.name);
    const Scenario scenario = default_scenario(model->schema.name, 1700, 10);
    const Simulation plain(scenario, 2);
    const Simulation given(scenario, 2, nullptr, nullptr, std::make_shared<GeneratedDraws>(*model));
    expect_same_result(given.result(given.run({0, 1700}, {}), true),
                       plain.result(plain.run({0, 1700}, {}), true));
  }
}

/// Zero normals; the Ornstein-Uhlenbeck process has no uniforms.
class NoNoise : public DrawSource {
 public:
  std::unique_ptr<TileDraws> tiles(int lanes, int segment_steps) const override {
    return std::make_unique<Tiles>(lanes * segment_steps);
  }

 private:
  struct Tiles : TileDraws {
    explicit Tiles(int count) : zeros(static_cast<std::size_t>(count)) {}
    void begin(std::uint64_t, std::uint64_t) override {}
    const double* steps(int, int) override { return zeros.data(); }
    std::vector<double, tbb::cache_aligned_allocator<double>> zeros;
  };
};

TEST(Simulation, UsesTheDrawsItIsGiven) {
  const Scenario scenario = default_scenario("ou", 1000, 1);
  const Simulation simulation(scenario, 1, nullptr, nullptr, std::make_shared<NoNoise>());
  const RunSummary summary = simulation.run({0, 1000}, {}).statistics.summary(0.25);
  const DistributionSummary& end = summary.series[0][4];
  EXPECT_EQ(end.smallest, end.largest);
  EXPECT_NEAR(end.smallest, std::exp(-1), 1e-14);
}

}  // namespace
}  // namespace overbuild
