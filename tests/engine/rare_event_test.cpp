// Probabilities of rare events of whole models against closed forms.
//
// Each comparison is held to 6 standard errors. The estimates have a thousand effective hits or
// more and a variance that is known to 15%, so that with correct code and a seed chosen at random a
// comparison fails with probability below 1e-7. No test has more than 8. The seeds are fixed.
#include "overbuild/engine/rare_event.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <numbers>
#include <vector>

#include "overbuild/base/error.hpp"
#include "tests/engine/scenarios.hpp"

namespace overbuild {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

constexpr double sigmas = 6;

double normal_share(double x) { return std::erfc(-x / std::numbers::sqrt2) / 2; }
double normal_density(double x) { return std::exp(-x * x / 2) / std::sqrt(2 * std::numbers::pi); }

RareEvent event_of(const Scenario& scenario, const char* condition, const char* guide = nullptr) {
  const PathQuantity quantity = parse_quantity(condition, scenario, "test");
  if (!guide) return rare_event(quantity);
  return rare_event(quantity, parse_quantity(guide, scenario, "test"));
}

/// Pilot and estimate together.
struct Found {
  RareEventPilot pilot;
  RareEventSums sums;
  RareEventEstimate estimate;

  std::uint64_t all_paths() const {
    std::uint64_t paths = sums.paths;
    for (const PilotRound& round : pilot.rounds) paths += round.paths;
    return paths;
  }
  /// How many times more paths plain sampling needs for the same standard error.
  double saving(double exact) const {
    const double error = estimate.standard_error;
    return exact * (1 - exact) / (error * error) / double(all_paths());
  }
};

Found find(const Scenario& scenario, const RareEvent& event, RareEventSettings settings = {},
           int threads = 2) {
  RareEventSimulation simulation(scenario, event, settings, threads);
  Found found;
  found.pilot = simulation.pilot({}).value();
  found.sums = simulation.run(found.pilot.mixture, {0, scenario.run.paths}, {});
  found.estimate = rare_event_estimate(found.sums);
  return found;
}

void expect_probability(const Found& found, double exact) {
  const RareEventEstimate& e = found.estimate;
  EXPECT_THAT(doubts(e), IsEmpty());
  EXPECT_GT(e.effective_hits, 1000);
  EXPECT_LT(e.variance_error, 0.15);
  EXPECT_NEAR(e.probability, exact, sigmas * e.standard_error) << exact;
}

Scenario gbm(double barrier, std::uint64_t paths = 20480) {
  Scenario scenario = default_scenario("gbm", paths, 1);
  scenario.run.step = 0.125;
  set(scenario, "drift", 0.05);
  set(scenario, "volatility", 0.25);
  set(scenario, "barrier", barrier);
  return scenario;
}

/// P(max over [0, 1] of S > B) of gbm(), in continuous time: with m = mu - sigma^2/2, b = ln(B/S0),
/// N((m - b)/sigma) + exp(2 m b/sigma^2) N((-b - m)/sigma). Source: Glasserman (2003), 6.4; the
/// model's bridge between steps makes the passage exact at any step.
double gbm_passage(double barrier) {
  const double sigma = 0.25, m = 0.05 - sigma * sigma / 2, b = std::log(barrier);
  return normal_share((m - b) / sigma) +
         std::exp(2 * m * b / (sigma * sigma)) * normal_share((-b - m) / sigma);
}

/// The barrier that is passed with this probability.
double barrier_for(double probability) {
  double low = 1, high = 20;
  for (int i = 0; i < 100; ++i) {
    const double middle = (low + high) / 2;
    (gbm_passage(middle) > probability ? low : high) = middle;
  }
  return low;
}

TEST(RareEvent, FirstPassageOfGeometricBrownianMotionDownToOneInAMillion) {
  for (const double probability : {1e-3, 1e-4, 1e-5, 1e-6}) {
    const Scenario scenario = gbm(barrier_for(probability), 81920);
    expect_probability(
        find(scenario, event_of(scenario, "barrier_passed within 1y", "value > 1.5 by 1y")),
        probability);
  }
}

TEST(RareEvent, LowValueOfGeometricBrownianMotion) {
  Scenario scenario = gbm(2);
  const double m = 0.05 - 0.25 * 0.25 / 2;
  for (const double z : {-3.719, -4.753}) {  // 1e-4 and 1e-6
    const double level = std::exp(m + 0.25 * z);
    const std::string event = "final_value < " + std::to_string(level);
    const double exact = normal_share((std::log(std::stod(std::to_string(level))) - m) / 0.25);
    expect_probability(find(scenario, event_of(scenario, event.c_str())), exact);
  }
}

/// Density and distribution of the logarithm's change in a step of Merton's model: a mixture over
/// the Poisson number of jumps. Source: Merton (1976), J. Financial Economics 3.
struct MertonStep {
  double dt, drift = 0.05, volatility = 0.2, rate = 0.5, mean = -0.2, deviation = 0.3;

  template <class Term>
  double mixture(Term term) const {
    const double jump = std::exp(mean + deviation * deviation / 2) - 1;
    const double location = (drift - volatility * volatility / 2 - rate * jump) * dt;
    double probability = std::exp(-rate * dt), sum = 0;
    for (int n = 0; n < 40; ++n) {
      sum += probability * term(location + n * mean, std::sqrt(volatility * volatility * dt +
                                                               n * deviation * deviation));
      probability *= rate * dt / (n + 1);
    }
    return sum;
  }
  double density(double x) const {
    return mixture([x](double m, double s) { return normal_density((x - m) / s) / s; });
  }
  double share_below(double x) const {
    return mixture([x](double m, double s) { return normal_share((x - m) / s); });
  }
};

Scenario merton(std::uint64_t paths, double step) {
  Scenario scenario = default_scenario("merton", paths, 1);
  scenario.run.step = step;
  return scenario;
}

TEST(RareEvent, FinalValueOfMertonsModel) {
  const MertonStep year{.dt = 1};
  for (const double level : {0.15, 0.1}) {
    const Scenario scenario = merton(81920, 0.125);
    const std::string event = "final_value < " + std::to_string(level);
    const double exact = year.share_below(std::log(level));
    EXPECT_LT(exact, 2e-4);
    expect_probability(find(scenario, event_of(scenario, event.c_str())), exact);
  }
}

/// P(min of S at the times dt, 2 dt, .. < level): the density of paths that are still above is
/// carried from time to time by Simpson's rule on a grid.
double merton_barrier(double level, int times) {
  const MertonStep step{.dt = 1.0 / times};
  const double lowest = std::log(level), highest = 2.5;
  constexpr int n = 1200;  // even
  const double h = (highest - lowest) / n;
  std::vector<double> kernel(2 * n + 1), alive(n + 1), next(n + 1);
  for (int i = -n; i <= n; ++i) kernel[std::size_t(i + n)] = step.density(i * h);
  for (int i = 0; i <= n; ++i) alive[std::size_t(i)] = step.density(lowest + i * h);
  double passed = step.share_below(lowest);
  const auto weight = [&](int i) { return (i == 0 || i == n ? 1.0 : i % 2 ? 4.0 : 2.0) * h / 3; };
  for (int t = 2; t <= times; ++t) {
    for (int i = 0; i <= n; ++i)
      passed += weight(i) * alive[std::size_t(i)] * step.share_below(-i * h);
    for (int to = 0; to <= n; ++to) {
      next[std::size_t(to)] = 0;
      for (int i = 0; i <= n; ++i)
        next[std::size_t(to)] +=
            weight(i) * alive[std::size_t(i)] * kernel[std::size_t(to - i + n)];
    }
    alive = next;
  }
  return passed;
}

TEST(RareEvent, LowerBarrierOfMertonsModelAtQuarters) {
  EXPECT_NEAR(merton_barrier(0.2, 1), MertonStep{.dt = 1}.share_below(std::log(0.2)), 1e-12);
  for (const double level : {0.17, 0.1}) {
    const Scenario scenario = merton(81920, 0.25);
    const std::string event = "value < " + std::to_string(level) + " by 1y";
    expect_probability(find(scenario, event_of(scenario, event.c_str())), merton_barrier(level, 4));
  }
}

Scenario calm(double hazard) {
  Scenario scenario = default_scenario("overbuild", 20480, 10);
  set(scenario, "bust_hazard", hazard);
  for (const char* response : {"bust_hazard_shortfall", "bust_hazard_shock", "bust_hazard_funding"})
    set(scenario, response, 0);
  return scenario;
}

// A constant hazard: P(bust within 1y) = 1 - exp(-h), whatever the rest of the model does.
TEST(RareEvent, BustUnderAConstantHazardDownToOneInAMillion) {
  for (const double hazard : {1e-3, 1e-4, 1e-5, 1e-6}) {
    const Scenario scenario = calm(hazard);
    const Found found = find(scenario, event_of(scenario, "bust_begun within 1y"));
    expect_probability(found, -std::expm1(-hazard));
  }
}

TEST(RareEvent, AtOneInTenThousandTwentyTimesFewerPathsThanPlainSampling) {
  const Scenario passage = gbm(barrier_for(1e-4));
  EXPECT_GT(find(passage, event_of(passage, "barrier_passed within 1y", "value > 1.5 by 1y"))
                .saving(1e-4),
            20);
  const Scenario bust = calm(1e-4);
  EXPECT_GT(find(bust, event_of(bust, "bust_begun within 1y")).saving(1e-4), 20);
  const Scenario jumps = merton(81920, 0.25);
  const double exact = merton_barrier(0.133, 4);
  EXPECT_NEAR(exact, 1e-4, 0.1e-4);
  EXPECT_GT(find(jumps, event_of(jumps, "value < 0.133 by 1y")).saving(exact), 20);
}

// 150 estimates from small pilots and few paths. Their mean is held to 6 standard errors of the
// sample, and what they claim to be their variance to the sample's, which 150 values give to 12%.
TEST(RareEvent, EstimatesAreUnbiasedAndTheirErrorsTrueOverManySeeds) {
  constexpr int runs = 150;
  const double exact = 1e-3;
  Scenario scenario = gbm(barrier_for(exact), 2048);
  scenario.run.step = 0.25;
  const RareEvent event = event_of(scenario, "barrier_passed within 1y", "value > 1.5 by 1y");
  double sum = 0, square = 0, claimed = 0;
  for (int seed = 1; seed <= runs; ++seed) {
    scenario.run.seed = std::uint64_t(seed);
    const RareEventEstimate found = find(scenario, event, {.pilot_paths = 2048}, 1).estimate;
    sum += found.probability;
    square += found.probability * found.probability;
    claimed += found.standard_error * found.standard_error;
  }
  const double mean = sum / runs, variance = square / runs - mean * mean;
  EXPECT_NEAR(mean, exact, sigmas * std::sqrt(variance / runs));
  EXPECT_NEAR(claimed / runs, variance, sigmas * 0.12 * variance);
}

TEST(RareEvent, PriorsAreTiltedToo) {
  // A normal prior of the drift and of nothing else: ln S(1) is normal.
  Scenario scenario = gbm(50);
  Distribution prior{.kind = Distribution::Kind::normal, .arguments = {0.05, 0.3}};
  set_prior(scenario, "drift", prior);
  const double m = 0.05 - 0.25 * 0.25 / 2, deviation = std::sqrt(0.25 * 0.25 + 0.3 * 0.3);
  const Found found = find(scenario, event_of(scenario, "value at 1y > 5"));
  expect_probability(found, normal_share((m - std::log(5)) / deviation));
  EXPECT_GT(found.pilot.mixture.tilts[0].priors()[0].mean, 2);
}

void expect_same_sums(const RareEventSums& a, const RareEventSums& b) {
  EXPECT_EQ(a.paths, b.paths);
  EXPECT_EQ(a.hits, b.hits);
  EXPECT_EQ(a.plain_paths, b.plain_paths);
  EXPECT_EQ(a.plain_hits, b.plain_hits);
  EXPECT_EQ(a.hits_by_class, b.hits_by_class);
  EXPECT_EQ(a.largest, b.largest);
  for (std::size_t k = 0; k < a.value.size(); ++k)
    EXPECT_EQ(a.value[k].carried_limbs(), b.value[k].carried_limbs());
  for (std::size_t k = 0; k < a.weight.size(); ++k)
    EXPECT_EQ(a.weight[k].carried_limbs(), b.weight[k].carried_limbs());
}

TEST(RareEvent, ThreadsChunksAndPartsChangeNoBit) {
  Scenario scenario = default_scenario("overbuild", 7000, 3);
  Distribution prior{.kind = Distribution::Kind::normal, .arguments = {1.1, 0.1}};
  set_prior(scenario, "price_elasticity", prior);
  const RareEvent event = event_of(scenario, "coverage < 0.1 by 2y");
  const RareEventSettings settings{.pilot_paths = 3000};
  const Found one = find(scenario, event, settings, 1);
  scenario.run.chunk = 512;
  const Found three = find(scenario, event, settings, 3);
  EXPECT_EQ(tilt_table(one.pilot.mixture.tilts[0]), tilt_table(three.pilot.mixture.tilts[0]));
  ASSERT_EQ(one.pilot.rounds.size(), three.pilot.rounds.size());
  for (std::size_t i = 0; i < one.pilot.rounds.size(); ++i)
    EXPECT_EQ(one.pilot.rounds[i].probability, three.pilot.rounds[i].probability);
  expect_same_sums(one.sums, three.sums);
  RareEventSimulation simulation(scenario, event, settings, 2);
  RareEventSums parts;
  for (int shard = 3; shard >= 1; --shard)
    parts.merge(simulation.run(one.pilot.mixture, shard_paths(scenario.run, shard, 3), {}));
  expect_same_sums(one.sums, parts);
}

// Else the tilt would be fitted to the estimate's own paths. With the first round's mixture and the
// same seed the estimate would have the round's hits.
TEST(RareEvent, TheEstimateHasOtherPathsThanThePilot) {
  const Scenario scenario = calm(0.1);
  RareEventSimulation simulation(scenario, event_of(scenario, "bust_begun within 1y"), {}, 2);
  const PilotRound first = simulation.pilot({}).value().rounds.at(0);
  const DrawMixture same{simulation.counts(), {exploring_tilt(simulation.counts())}, {0.5}};
  const RareEventSums sums = simulation.run(same, {0, first.paths}, {});
  EXPECT_NE(sums.hits, first.hits);
  EXPECT_NE(sums.value[0].value() / double(sums.paths), first.probability);
}

TEST(RareEvent, APilotThatDoesNotReachTheEventSaysSo) {
  // The largest value at the steps tells nothing of a model whose event never happens.
  const Scenario scenario = calm(0);
  try {
    find(scenario, event_of(scenario, "bust_begun within 1y"));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::numeric);
    EXPECT_THAT(error.what(), HasSubstr("none of the pilot's 20480 paths hit"));
  }
}

TEST(RareEvent, WithoutAnythingRandomBeforeItIsRefused) {
  const Scenario scenario = calm(0.1);
  try {
    find(scenario, event_of(scenario, "coverage at 0y < 0.05"));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::usage);
    EXPECT_THAT(error.what(), HasSubstr("nothing is random before it"));
  }
}

}  // namespace
}  // namespace overbuild
