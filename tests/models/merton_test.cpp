// Merton's jump diffusion against its closed forms. False-alarm rate of a test: below 1e-6
// (closed_forms.hpp).
#include "models/merton/declaration.hpp"
#include "tests/models/closed_forms.hpp"

namespace overbuild {
namespace {

using models::merton::Event;
using models::merton::Outcome;
using models::merton::Series;

constexpr double initial = 1.5, drift = 0.06, volatility = 0.2, dt = 0.25;
constexpr double rate = 0.8, jump_mean = -0.15, jump_deviation = 0.25;
constexpr int steps = 16;

KernelPaths simulated() {
  const Model& model = model_called("merton");
  PathParameters parameters(model.schema, many_paths);
  parameters.set("initial", initial);
  parameters.set("drift", drift);
  parameters.set("volatility", volatility);
  parameters.set("jump_rate", rate);
  parameters.set("jump_mean", jump_mean);
  parameters.set("jump_deviation", jump_deviation);
  return KernelPaths(model, {.seed = 201, .steps = steps, .dt = dt}, parameters);
}

/// E exp(k Y) - 1 of a jump Y.
double jump_growth(int k) {
  return std::exp(k * jump_mean + k * k * jump_deviation * jump_deviation / 2) - 1;
}

/// Growth of ln S without jumps.
double log_drift() { return drift - volatility * volatility / 2 - rate * jump_growth(1); }

class Merton : public SimulatedOnce<simulated> {};

TEST_F(Merton, TheValueGrowsAtTheDrift) {
  for (const int step : {1, 4, 16}) {
    const double t = step * dt, mean = initial * std::exp(drift * t);
    const double second =
        initial * initial *
        std::exp(2 * log_drift() * t + 2 * volatility * volatility * t + rate * t * jump_growth(2));
    expect_mean(mean_of(paths->at_step(Series::value, step)), mean, second - mean * mean);
  }
}

/// E Y^k of a jump Y ~ N(m, s^2), k = 0..8.
std::vector<double> jump_moments() {
  std::vector<double> moment{1, jump_mean};
  for (int k = 2; k <= 8; ++k)
    moment.push_back(jump_mean * moment[std::size_t(k - 1)] +
                     (k - 1) * jump_deviation * jump_deviation * moment[std::size_t(k - 2)]);
  return moment;
}

TEST_F(Merton, CumulantsOfTheLogarithm) {
  for (const int step : {1, 4, 16}) {
    const double t = step * dt;
    std::vector<double> cumulant = jump_moments();
    for (double& c : cumulant) c *= rate * t;
    cumulant[1] += std::log(initial) + log_drift() * t;
    cumulant[2] += volatility * volatility * t;
    EXPECT_NEAR(cumulant[3],
                rate * t * (std::pow(jump_mean, 3) + 3 * jump_mean * std::pow(jump_deviation, 2)),
                1e-15);
    expect_cumulants(paths->at_step(Series::log_value, step), cumulant);
  }
}

TEST_F(Merton, TheLogarithmIsAPoissonMixtureOfNormals) {
  for (const int step : {1, 16}) {
    const double t = step * dt;
    expect_distribution(paths->at_step(Series::log_value, step), [=](double x) {
      double probability = 0, weight = std::exp(-rate * t);
      for (int n = 0; n <= 30; ++n) {
        const double mean = std::log(initial) + log_drift() * t + n * jump_mean;
        const double variance = volatility * volatility * t + n * jump_deviation * jump_deviation;
        probability += weight * normal_probability((x - mean) / std::sqrt(variance));
        weight *= rate * t / (n + 1);
      }
      return probability;
    });
  }
}

TEST_F(Merton, JumpsArePoisson) {
  for (const int step : {1, 4, 16}) {
    const double mean = rate * step * dt;
    const auto jumps = paths->at_step(Series::jumps, step);
    expect_cumulants(jumps, std::vector<double>(9, mean));
    expect_probability(paths->share(Event::has_jumped, step), 1 - std::exp(-mean));
    const double one = mean_of(jumps, [](double n) { return n == 1; });
    expect_probability(one, mean * std::exp(-mean));
  }
}

TEST_F(Merton, WithoutJumpsItIsGeometricBrownianMotion) {
  const int step = 4;
  const double t = step * dt;
  std::vector<double> calm;
  for (int path = 0; path < many_paths; ++path)
    if (!paths->event(Event::has_jumped, step, path))
      calm.push_back(paths->series(Series::log_value, step, path));
  expect_distribution(calm, [=](double x) {
    return normal_probability((x - std::log(initial) - log_drift() * t) /
                              (volatility * std::sqrt(t)));
  });
}

TEST_F(Merton, OutcomesAreThoseOfThePath) {
  for (int path = 0; path < 4096; ++path) {
    const double jumps = paths->series(Series::jumps, steps, path);
    EXPECT_EQ(paths->outcome(Outcome::total_jumps, path), jumps);
    EXPECT_EQ(paths->outcome(Outcome::final_value, path),
              paths->series(Series::value, steps, path));
    EXPECT_EQ(paths->event(Event::has_jumped, steps, path), jumps > 0);
  }
}

TEST(MertonJumps, SizesAreNormal) {
  const Model& model = model_called("merton");
  PathParameters parameters(model.schema, many_paths);
  parameters.set("volatility", 0);
  parameters.set("jump_rate", 12);
  parameters.set("jump_mean", -0.2);
  parameters.set("jump_deviation", 0.4);
  const KernelPaths run(model, {.seed = 203, .steps = 4}, parameters);  // a year
  const double calm = 0.05 - 12 * (std::exp(-0.2 + 0.4 * 0.4 / 2) - 1);
  // Without diffusion ln S - calm is the sum of N sizes, N m + s sqrt(N) z.
  std::vector<double> z;
  for (int path = 0; path < many_paths; ++path) {
    const double n = run.series(Series::jumps, 4, path);
    if (n > 0)
      z.push_back((run.series(Series::log_value, 4, path) - calm + 0.2 * n) / (0.4 * std::sqrt(n)));
  }
  EXPECT_GT(z.size(), many_paths * 0.999);
  expect_cumulants(z, {0, 0, 1, 0, 0, 0, 0, 0, 0});
  expect_distribution(z, normal_probability);
}

TEST(MertonCorrelation, OfJumpsAndDiffusion) {
  const Model& model = model_called("merton");
  PathParameters parameters(model.schema, many_paths);
  const double correlation = -0.6;
  const KernelPaths run(
      model,
      {.seed = 202,
       .steps = 1,
       .dt = 1,
       .shock_factor = {1, 0, correlation, std::sqrt(1 - correlation * correlation)}},
      parameters);
  // Given one jump, ln S is normal with variance sigma^2 + s^2 + 2 rho sigma s (defaults 0.2, 0.3).
  const double mean_jump = std::exp(-0.2 + 0.3 * 0.3 / 2) - 1;
  const double mean = 0.05 - 0.2 * 0.2 / 2 - 0.5 * mean_jump - 0.2;
  const double deviation = std::sqrt(0.2 * 0.2 + 0.3 * 0.3 + 2 * correlation * 0.2 * 0.3);
  std::vector<double> with_one_jump;
  for (int path = 0; path < many_paths; ++path)
    if (run.series(Series::jumps, 1, path) == 1)
      with_one_jump.push_back(run.series(Series::log_value, 1, path));
  expect_distribution(with_one_jump,
                      [=](double x) { return normal_probability((x - mean) / deviation); });
}

}  // namespace
}  // namespace overbuild
