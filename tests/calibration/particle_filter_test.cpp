// The particle filter's likelihood against closed forms.
#include <gtest/gtest.h>

#include "gaussian_process.hpp"

namespace overbuild {
namespace {

/// Mean of the estimates over their exact value, and its standard error.
struct Ratio {
  double mean, error;
};

Ratio ratio_to(double exact, const Scenario& scenario, const std::vector<Observation>& observations,
               const std::vector<double>& parameters) {
  constexpr int repeats = 4000;
  const PreparedRun run(scenario);
  const std::vector<FilterTerm> terms = filter_terms(scenario, observations);
  ParticleFilter filter(run, terms, 64, 99);
  Eigen::ArrayXd ratios(repeats);
  for (int i = 0; i < repeats; ++i)
    ratios[i] = std::exp(filter.log_likelihood(parameters, std::uint64_t(i)) - exact);
  const double variance = (ratios - ratios.mean()).square().sum() / (repeats - 1);
  return {ratios.mean(), std::sqrt(variance / repeats)};
}

// Between steps the value is interpolated; the second and third fall into one step,
// the fifth into the step after the fourth.
const std::vector<double> times = {0.5, 1.05, 1.15, 2.0, 2.1, 3.5};

// False alarm: |t| > 6 with 3999 degrees of freedom, 2e-9.
constexpr double most_errors = 6;

TEST(ParticleFilterTest, LikelihoodOfALinearSeriesIsUnbiased) {
  const auto observations = observations_at(times, {1.2, 0.8, 0.9, 0.1, 0.7, -0.2}, 0.15);
  const ObservedMoments moments = observed_moments({}, observations);
  const double start = 1.5, level = 0.2;
  const Eigen::VectorXd mean = (moments.start_weight * (start - level)).array() + level;
  const double exact = log_normal_density(values_of(observations) - mean, moments.covariance);
  const Ratio ratio = ratio_to(exact, ou_scenario("", ""), observations, {start, level, 1.0, 0.5});
  EXPECT_LT(ratio.error, 0.015);
  EXPECT_NEAR(ratio.mean, 1, most_errors * ratio.error);
}

/// The logarithm of geometric Brownian motion is a Brownian motion; the density of what is seen up
/// to a constant factor is that of all data, integrated over the constant.
TEST(ParticleFilterTest, LikelihoodOfARelativeSeriesIsUnbiased) {
  const Scenario scenario = parse_scenario(
      "model = \"gbm\"\n[run]\nhorizon = 4\nstep = 0.25\n[calibration]\nstart = 2000\n"
      "observe = [{data = \"x\", series = \"value\", scale = \"relative\"}]\n",
      "gbm.toml");
  const auto observations = observations_at(times, {30, 34, 31, 45, 40, 55}, 0.1);
  const double drift = 0.2, volatility = 0.3;
  const Eigen::MatrixXd h = interpolation(observations, 0.25, 16);
  Eigen::VectorXd mean(17);
  Eigen::MatrixXd covariance(17, 17);
  for (int i = 0; i <= 16; ++i) {
    mean[i] = (drift - volatility * volatility / 2) * i * 0.25;
    for (int j = 0; j <= 16; ++j)
      covariance(i, j) = volatility * volatility * std::min(i, j) * 0.25;
  }
  Eigen::MatrixXd v = h * covariance * h.transpose();
  v.diagonal().array() += 0.01;
  const Eigen::VectorXd residual = values_of(observations).array().log().matrix() - h * mean;
  const Eigen::VectorXd ones = Eigen::VectorXd::Ones(6);
  const double precision = ones.dot(v.llt().solve(ones));
  const double constant = ones.dot(v.llt().solve(residual)) / precision;
  const double exact = log_normal_density(residual - constant * ones, v) +
                       std::log(2 * std::numbers::pi / precision) / 2;
  const Ratio ratio = ratio_to(exact, scenario, observations, {7.0, drift, volatility, 1.5});
  EXPECT_LT(ratio.error, 0.015);
  EXPECT_NEAR(ratio.mean, 1, most_errors * ratio.error) << "whatever the initial value, here 7";
}

TEST(ParticleFilterTest, AValueWithoutALogarithmIsImpossible) {
  const Scenario scenario = ou_scenario("", "", "level");
  const auto observations = observations_at({0.25}, {1.0}, 0.1);
  const PreparedRun run(scenario);
  const auto terms = filter_terms(scenario, observations);
  ParticleFilter filter(run, terms, 64, 1);
  const std::vector<double> negative = {-50, -50, 1.0, 0.5}, positive = {1, 1, 1.0, 0.1};
  EXPECT_EQ(filter.log_likelihood(negative, 0), -HUGE_VAL);
  EXPECT_TRUE(std::isfinite(filter.log_likelihood(positive, 0)));
}

/// value / log_value of a path without noise is known, also between two steps.
TEST(ParticleFilterTest, ASeriesMayBeDividedByAnother) {
  const Scenario scenario = parse_scenario(
      "model = \"gbm\"\n[run]\nhorizon = 2\nstep = 0.5\n[calibration]\nstart = 2000\n"
      "observe = [{data = \"x\", series = \"value\", per = \"log_value\", scale = \"linear\"}]\n",
      "gbm.toml");
  const std::vector<double> parameters = {2.0, 0.4, 0.0, 9.0};
  const auto quotient = [](double t) {
    const double logarithm = std::log(2.0) + 0.4 * t;
    return std::exp(logarithm) / logarithm;
  };
  const double expected = 0.6 * quotient(0.5) + 0.4 * quotient(1.0);
  const PreparedRun run(scenario);
  const auto terms = filter_terms(scenario, observations_at({0.7}, {expected + 0.3}, 0.1));
  ParticleFilter filter(run, terms, 8, 1);
  EXPECT_NEAR(filter.log_likelihood(parameters, 0),
              -4.5 - std::log(0.1 * std::sqrt(2 * std::numbers::pi)), 1e-9);
}

TEST(ParticleFilterTest, LikelihoodDependsOnItsKeyAlone) {
  const auto observations = observations_at(times, {1.2, 0.8, 0.9, 0.1, 0.7, -0.2}, 0.15);
  const Scenario scenario = ou_scenario("", "");
  const PreparedRun run(scenario);
  const auto terms = filter_terms(scenario, observations);
  const std::vector<double> parameters = {1.5, 0.2, 1.0, 0.5};
  ParticleFilter filter(run, terms, 64, 5), other(run, terms, 64, 5);
  const double first = filter.log_likelihood(parameters, 7);
  EXPECT_NE(filter.log_likelihood(parameters, 8), first);
  EXPECT_EQ(filter.log_likelihood(parameters, 7), first) << "nothing is left of other estimates";
  EXPECT_EQ(other.log_likelihood(parameters, 7), first);
}

}  // namespace
}  // namespace overbuild
