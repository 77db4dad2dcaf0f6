// Geometric Brownian motion against its closed forms. False-alarm rate of a test: below 1e-6
// (closed_forms.hpp).
#include "models/gbm/declaration.hpp"
#include "tests/models/closed_forms.hpp"

namespace overbuild {
namespace {

using models::gbm::Event;
using models::gbm::Outcome;
using models::gbm::Series;

constexpr double initial = 2, drift = 0.08, volatility = 0.5, barrier = 2.6, dt = 0.5;
constexpr double log_drift = drift - volatility * volatility / 2;
constexpr int steps = 8;

KernelPaths simulated() {
  const Model& model = model_called("gbm");
  PathParameters parameters(model.schema, many_paths);
  parameters.set("initial", initial);
  parameters.set("drift", drift);
  parameters.set("volatility", volatility);
  parameters.set("barrier", barrier);
  return KernelPaths(model, {.seed = 101, .steps = steps, .dt = dt}, parameters);
}

class Gbm : public SimulatedOnce<simulated> {};

TEST_F(Gbm, MomentsOfTheLogarithm) {
  for (const int step : {1, 3, 8}) {
    const double t = step * dt;
    expect_cumulants(
        paths->at_step(Series::log_value, step),
        {0, std::log(initial) + log_drift * t, volatility * volatility * t, 0, 0, 0, 0, 0, 0});
  }
}

/// E S(t)^k = S0^k exp(k mu t + k (k - 1) sigma^2 t/2).
double raw_moment(int k, double t) {
  return std::pow(initial, k) *
         std::exp(k * drift * t + k * (k - 1) * volatility * volatility * t / 2);
}

TEST_F(Gbm, MeanOfTheValue) {
  for (const int step : {1, 3, 8}) {
    const double t = step * dt, mean = initial * std::exp(drift * t);
    EXPECT_NEAR(raw_moment(1, t), mean, 1e-12);
    expect_mean(mean_of(paths->at_step(Series::value, step)), mean, raw_moment(2, t) - mean * mean);
  }
}

// Early, since the squares of late values are too heavy-tailed for a normal limit.
TEST_F(Gbm, VarianceOfTheValue) {
  const double mean = raw_moment(1, dt), variance = raw_moment(2, dt) - mean * mean;
  const double fourth = raw_moment(4, dt) - 4 * mean * raw_moment(3, dt) +
                        6 * mean * mean * raw_moment(2, dt) - 3 * std::pow(mean, 4);
  const double estimate =
      mean_of(paths->at_step(Series::value, 1), [=](double x) { return (x - mean) * (x - mean); });
  expect_mean(estimate, variance, fourth - variance * variance);
}

TEST_F(Gbm, TheLogarithmIsNormal) {
  for (const int step : {1, 8}) {
    const double t = step * dt;
    expect_distribution(paths->at_step(Series::log_value, step), [=](double x) {
      return normal_probability((x - std::log(initial) - log_drift * t) /
                                (volatility * std::sqrt(t)));
    });
  }
}

TEST_F(Gbm, IncrementsAreIndependent) {
  for (const int step : {1, 3, 7}) {
    const double s = step * dt, t = steps * dt, sd_s = volatility * std::sqrt(s),
                 sd_rest = volatility * std::sqrt(t - s);
    // The product of the standardised increments to s and from s to t has variance 1.
    const auto product = [&](double x, double y) {
      const double before = x - std::log(initial) - log_drift * s;
      return before / sd_s * (y - x - log_drift * (t - s)) / sd_rest;
    };
    expect_mean(mean_of(paths->at_step(Series::log_value, step),
                        paths->at_step(Series::log_value, steps), product),
                0, 1);
  }
}

/// P(the barrier is reached by t). Source: Harrison (1985), Brownian Motion and Stochastic Flow
/// Systems, 1.8.
double passage_probability(double t) {
  const double b = std::log(barrier / initial), deviation = volatility * std::sqrt(t);
  return normal_probability((-b + log_drift * t) / deviation) +
         std::exp(2 * log_drift * b / (volatility * volatility)) *
             normal_probability((-b - log_drift * t) / deviation);
}

TEST_F(Gbm, FirstPassageInContinuousTime) {
  for (int step = 1; step <= steps; ++step)
    expect_probability(paths->share(Event::barrier_passed, step), passage_probability(step * dt));
}

TEST_F(Gbm, FirstPassageDoesNotDependOnTheStep) {
  const Model& model = model_called("gbm");
  for (const double coarse : {0.1, 4.0}) {
    PathParameters parameters(model.schema, many_paths);
    parameters.set("initial", initial);
    parameters.set("drift", drift);
    parameters.set("volatility", volatility);
    parameters.set("barrier", barrier);
    const int count = int(std::lround(4 / coarse));
    const KernelPaths run(model, {.seed = 102, .steps = count, .dt = coarse}, parameters);
    expect_probability(run.share(Event::barrier_passed, count), passage_probability(4));
  }
}

TEST_F(Gbm, OutcomesAreThoseOfThePath) {
  for (int path = 0; path < 4096; ++path) {
    double largest = initial;
    int passage = steps + 1;
    for (int step = steps; step >= 0; --step) {
      largest = std::max(largest, paths->series(Series::value, step, path));
      if (paths->event(Event::barrier_passed, step, path)) passage = step;
    }
    EXPECT_EQ(paths->outcome(Outcome::largest_value, path), largest);
    EXPECT_EQ(paths->outcome(Outcome::final_value, path),
              paths->series(Series::value, steps, path));
    const double passage_time = paths->outcome(Outcome::passage_time, path);
    if (passage > steps)
      EXPECT_TRUE(std::isnan(passage_time));
    else
      EXPECT_EQ(passage_time, passage * dt);
    // Nobody passes unseen.
    EXPECT_TRUE(largest < barrier || passage <= steps);
  }
}

TEST(GbmStart, ABarrierAtOrBelowTheStartIsPassedAtOnce) {
  const Model& model = model_called("gbm");
  PathParameters parameters(model.schema, 8);
  parameters.set("barrier", 1);  // the start
  const KernelPaths paths(model, {.steps = 4}, parameters);
  for (int step = 0; step <= 4; ++step) EXPECT_TRUE(paths.event(Event::barrier_passed, step, 0));
  EXPECT_EQ(paths.outcome(Outcome::passage_time, 0), 0);
}

}  // namespace
}  // namespace overbuild
