// The Ornstein-Uhlenbeck process against its closed forms. False-alarm rate of a test: below 1e-6
// (closed_forms.hpp).
#include "models/ou/declaration.hpp"
#include "tests/models/closed_forms.hpp"

namespace overbuild {
namespace {

using models::ou::Event;
using models::ou::Outcome;
using models::ou::Series;

constexpr double initial = 2, longrun = 0.5, reversion = 0.7, volatility = 0.4, dt = 0.25;
constexpr int steps = 12;

KernelPaths simulated() {
  const Model& model = model_called("ou");
  PathParameters parameters(model.schema, many_paths);
  parameters.set("initial", initial);
  parameters.set("longrun_mean", longrun);
  parameters.set("reversion", reversion);
  parameters.set("volatility", volatility);
  return KernelPaths(model, {.seed = 301, .steps = steps, .dt = dt}, parameters);
}

double mean_at(double t) { return longrun + (initial - longrun) * std::exp(-reversion * t); }

/// Cov(x(s), x(t)) = sigma^2/(2 kappa) (exp(-kappa |t - s|) - exp(-kappa (t + s))).
double covariance(double s, double t) {
  return volatility * volatility / (2 * reversion) *
         (std::exp(-reversion * std::abs(t - s)) - std::exp(-reversion * (t + s)));
}

class Ou : public SimulatedOnce<simulated> {};

TEST_F(Ou, MeanAndVariance) {
  for (const int step : {1, 2, 4, 12}) {
    const double t = step * dt;
    const double variance =
        volatility * volatility * (1 - std::exp(-2 * reversion * t)) / (2 * reversion);
    EXPECT_NEAR(covariance(t, t), variance, 1e-15);
    expect_cumulants(paths->at_step(Series::value, step),
                     {0, mean_at(t), variance, 0, 0, 0, 0, 0, 0});
    EXPECT_NEAR(mean_of(paths->at_step(Series::change, step)),
                mean_of(paths->at_step(Series::value, step)) - initial, 1e-12);
  }
}

// All steps together, so that an error of one percent in the variance shows.
TEST_F(Ou, InnovationsAreStandardNormal) {
  const double persistence = std::exp(-reversion * dt);
  const double deviation = std::sqrt(covariance(dt, dt));
  std::vector<double> z;
  for (int step = 1; step <= steps; ++step)
    for (int path = 0; path < many_paths; ++path)
      z.push_back((paths->series(Series::value, step, path) - longrun -
                   (paths->series(Series::value, step - 1, path) - longrun) * persistence) /
                  deviation);
  expect_cumulants(z, {0, 0, 1, 0, 0, 0, 0, 0, 0});
}

TEST_F(Ou, IsNormal) {
  for (const int step : {1, 12}) {
    const double t = step * dt, deviation = std::sqrt(covariance(t, t));
    expect_distribution(paths->at_step(Series::value, step),
                        [=](double x) { return normal_probability((x - mean_at(t)) / deviation); });
  }
}

TEST_F(Ou, Autocovariance) {
  for (const int first : {1, 4}) {
    for (const int second : {5, 8, 12}) {
      const double s = first * dt, t = second * dt;
      const double product =
          mean_of(paths->at_step(Series::value, first), paths->at_step(Series::value, second),
                  [=](double x, double y) { return (x - mean_at(s)) * (y - mean_at(t)); });
      // Var(x y) = Var x Var y + Cov(x, y)^2 for centred normals (Isserlis 1918).
      const double variance =
          covariance(s, s) * covariance(t, t) + covariance(s, t) * covariance(s, t);
      expect_mean(product, covariance(s, t), variance);
    }
  }
}

TEST_F(Ou, AverageOverTime) {
  double mean = 0, variance = 0;
  for (int i = 1; i <= steps; ++i) {
    mean += mean_at(i * dt) / steps;
    for (int j = 1; j <= steps; ++j) variance += covariance(i * dt, j * dt) / (steps * steps);
  }
  expect_cumulants(paths->outcomes(Outcome::average), {0, mean, variance, 0, 0, 0, 0, 0, 0});
}

TEST_F(Ou, ShareAboveTheLongRunMean) {
  EXPECT_EQ(paths->share(Event::above_mean, 0), 1);
  for (const int step : {4, 8, 12}) {
    const double t = step * dt, deviation = std::sqrt(covariance(t, t));
    expect_probability(paths->share(Event::above_mean, step),
                       normal_probability((mean_at(t) - longrun) / deviation));
  }
}

TEST_F(Ou, OutcomesAreThoseOfThePath) {
  for (int path = 0; path < 4096; ++path) {
    double smallest = initial;
    for (int step = 1; step <= steps; ++step)
      smallest = std::min(smallest, paths->series(Series::value, step, path));
    EXPECT_EQ(paths->outcome(Outcome::smallest_value, path), smallest);
    EXPECT_EQ(paths->outcome(Outcome::final_value, path),
              paths->series(Series::value, steps, path));
  }
}

}  // namespace
}  // namespace overbuild
