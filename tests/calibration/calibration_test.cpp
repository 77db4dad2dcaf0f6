// Posteriors against their closed form, simulation-based calibration, and the same bits.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <random>

#include "gaussian_process.hpp"
#include "overbuild/base/error.hpp"

namespace overbuild {
namespace {

const std::string priors =
    "initial = {prior = \"normal\", mean = 1.0, sd = 0.5}\n"
    "longrun_mean = {prior = \"normal\", mean = 0.0, sd = 1.0}\n";

std::vector<Observation> some_observations() {
  return observations_at({0.25, 0.75, 1.3, 2.4, 3.25, 4.0}, {1.3, 0.4, 1.0, 1.4, 1.1, 1.7}, 0.2);
}

/// The exact posterior of x0 and m, both normal.
struct ExactPosterior {
  Eigen::Vector2d mean;
  Eigen::Matrix2d covariance;
  double log_evidence;
};

ExactPosterior exact_posterior(const std::vector<Observation>& observations) {
  const ObservedMoments moments = observed_moments({}, observations);
  const Eigen::Index n = moments.start_weight.size();
  Eigen::MatrixXd design(n, 2);
  design << moments.start_weight, Eigen::VectorXd::Ones(n) - moments.start_weight;
  const Eigen::Vector2d prior_mean(1.0, 0.0);
  const Eigen::Matrix2d prior = Eigen::Vector2d(0.25, 1.0).asDiagonal();
  const Eigen::MatrixXd v = moments.covariance + design * prior * design.transpose();
  const Eigen::VectorXd deviation = values_of(observations) - design * prior_mean;
  const Eigen::MatrixXd gain = prior * design.transpose() * v.inverse();
  return {prior_mean + gain * deviation, prior - gain * design * prior,
          log_normal_density(deviation, v)};
}

/// Differences from `exact`, one per island, judged by Student's t: islands are independent. False
/// alarm 1e-7. A bias of O(1/particles), which an adaptive sampler has, is far below the error.
void expect_mean(const Eigen::ArrayXd& by_island, double exact, const std::string& what) {
  const double n = static_cast<double>(by_island.size());
  const double variance = (by_island - by_island.mean()).square().sum() / (n - 1);
  const double error = std::sqrt(variance / n);
  const double limit = quantile(boost::math::students_t(n - 1), 1 - 0.5e-7);
  EXPECT_NEAR(by_island.mean(), exact, limit * error) << what << ", error " << error;
  EXPECT_LT(limit * error, 0.25) << what << ": the test would see nothing";
}

TEST(CalibrationTest, FindsTheExactPosteriorOfTheOrnsteinUhlenbeckProcess) {
  constexpr int islands = 24;
  const auto observations = some_observations();
  const ExactPosterior exact = exact_posterior(observations);
  const Scenario scenario = ou_scenario(priors, "particles = 256\npaths = 64\nislands = 24");
  const Calibration calibration(scenario, observations, 2);
  const CalibrationResult result =
      calibration_result(calibration, calibrated(calibration, islands), 0);
  Eigen::ArrayXd evidence(islands);
  for (int p = 0; p < 2; ++p) {
    Eigen::ArrayXd means(islands), variances(islands);
    for (int k = 0; k < islands; ++k) {
      const Eigen::ArrayXd own = result.parameters.row(p).segment(k * 256, 256);
      means[k] = own.mean();
      variances[k] = (own - exact.mean[p]).square().mean();
      evidence[k] = std::exp(result.islands[std::size_t(k)].log_evidence() - exact.log_evidence);
    }
    const double sd = std::sqrt(exact.covariance(p, p));
    expect_mean((means - exact.mean[p]) / sd, 0, "mean of parameter " + std::to_string(p));
    expect_mean(variances / exact.covariance(p, p), 1, "variance " + std::to_string(p));
    EXPECT_NEAR(result.summary[std::size_t(p)].mean, exact.mean[p],
                9 * result.summary[std::size_t(p)].mean_error);
  }
  expect_mean(evidence, 1, "evidence, which is unbiased");
  EXPECT_LT(result.summary[0].rhat, 1.05);
  EXPECT_TRUE(doubts(result).empty());
}

/// One data set from the prior, by code of its own.
class SimulatedTruth {
 public:
  explicit SimulatedTruth(unsigned seed) : random_(seed) {}

  /// initial, longrun_mean, volatility
  std::vector<double> draw_parameters(const Scenario& scenario) {
    std::vector<double> parameters;
    for (const char* name : {"initial", "longrun_mean", "volatility"}) {
      const double u = std::uniform_real_distribution<double>(1e-12, 1)(random_);
      const std::size_t index = scenario.model->schema.parameter_index(name).value();
      parameters.push_back(scenario.parameters[index].prior->quantile(u, 1 - u));
    }
    return parameters;
  }

  std::vector<Observation> observe(const std::vector<double>& p, const std::vector<double>& times,
                                   double deviation) {
    std::vector<double> values;
    double x = p[0], now = 0;
    for (const double time : times) {
      const double kept = std::exp(-(time - now));  // the reversion is 1/yr
      x = p[1] + (x - p[1]) * kept + p[2] * std::sqrt((1 - kept * kept) / 2) * normal_(random_);
      now = time;
      values.push_back(x + deviation * normal_(random_));
    }
    return observations_at(times, values, deviation);
  }

 private:
  std::mt19937 random_;
  std::normal_distribution<double> normal_;
};

/// Talts, Betancourt, Simpson, Vehtari, Gelman (2018), arXiv:1804.06788: the rank of the truth
/// among draws from the posterior is uniform. Seven particles far from each other stand for
/// independent draws. False alarm 1e-6 in all.
TEST(CalibrationTest, RanksOfTheTruthAreUniform) {
  constexpr int replicates = 320, draws = 7, particles = 63;
  const std::string three =
      priors + "volatility = {prior = \"lognormal\", median = 0.5, sigma = 0.7, max = 1e6}\n";
  Scenario scenario = parse_scenario(
      "model = \"ou\"\n[run]\nhorizon = 4\n[parameters]\nreversion = 1.0\n" + three +
          "[calibration]\nstart = 2000\nparticles = 63\npaths = 64\nobserve = [{data = \"x\", "
          "series = \"value\", scale = \"linear\"}]\n",
      "sbc.toml");
  SimulatedTruth truth(20180418);
  std::array<std::array<int, draws + 1>, 3> counts{};
  for (int replicate = 0; replicate < replicates; ++replicate) {
    scenario.run.seed = std::uint64_t(replicate);
    const std::vector<double> parameters = truth.draw_parameters(scenario);
    const auto observations = truth.observe(parameters, {0.25, 0.75, 1.5, 2.0, 3.0, 4.0}, 0.2);
    const Calibration calibration(scenario, observations, 2);
    const Eigen::MatrixXd drawn =
        calibration.parameters(calibrated(calibration, 1).front().normals);
    for (int p = 0; p < 3; ++p) {
      int rank = 0;
      for (int i = 0; i < draws; ++i)
        rank += drawn(p, i * (particles / draws)) < parameters[std::size_t(p)];
      ++counts[std::size_t(p)][std::size_t(rank)];
    }
  }
  const double expected = static_cast<double>(replicates) / (draws + 1);
  const double limit = quantile(boost::math::chi_squared(draws), 1 - 1e-6 / 3);
  for (const auto& ranks : counts) {
    double chi_squared = 0;
    for (const int count : ranks) chi_squared += (count - expected) * (count - expected) / expected;
    EXPECT_LT(chi_squared, limit) << testing::PrintToString(ranks);
  }
}

bool same(const Island& a, const Island& b) {
  return a.normals == b.normals && a.log_likelihood == b.log_likelihood && a.history == b.history;
}

TEST(CalibrationTest, ThreadsAndInterruptionsChangeNoBit) {
  const auto observations = some_observations();
  const Scenario scenario = ou_scenario(priors, "particles = 40\npaths = 32");
  const Calibration one(scenario, observations, 1), three(scenario, observations, 3);
  const std::vector<Island> expected = calibrated(one, 2);
  EXPECT_TRUE(same(expected[1], calibrated(three, 2)[1]));
  EXPECT_FALSE(same(expected[0], expected[1])) << "islands are independent";

  // A stop in the midst of a temperature leaves the island as it was.
  Island island = three.begin(1).value();
  const Island before = island;
  std::atomic<int> asked = 0;
  CalibrationControls controls;
  controls.stop = [&] { return ++asked > 50; };
  EXPECT_FALSE(three.advance(island, controls));
  EXPECT_TRUE(same(island, before));
  while (!island.done()) three.advance(island);
  EXPECT_TRUE(same(island, expected[1]));
}

TEST(CalibrationTest, RefusesWhatCannotBeCalibrated) {
  const auto message = [](const Scenario& scenario, const std::vector<Observation>& observations) {
    try {
      const Calibration calibration(scenario, observations, 1);
      static_cast<void>(calibration.begin(0));
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::config);
      return std::string(error.what());
    }
    return std::string("nothing");
  };
  using testing::HasSubstr;
  EXPECT_THAT(message(ou_scenario("", ""), some_observations()),
              HasSubstr("no parameter has a prior"));
  EXPECT_THAT(message(ou_scenario(priors, ""), {}), HasSubstr("no data"));
  EXPECT_THAT(message(ou_scenario("initial = {prior = \"uniform\", low = -900, high = -800}",
                                  "particles = 16", "level"),
                      observations_at({0.25}, {1}, 0.1)),
              HasSubstr("none of 16 draws from the prior comes near the data"));
}

TEST(CalibrationTest, DoubtsAreSaid) {
  CalibrationResult result;
  result.summary.resize(1);
  result.summary[0].rhat = 1.3;
  result.likelihood_noise = 3;
  result.log_evidence_error = 2;
  result.log_weights.assign(100, 0.0);
  result.ess = 20;
  Island island;
  island.history.push_back({.temperature = 1, .acceptance = 0.01, .correlation = 0.9});
  result.islands = {island};
  EXPECT_EQ(doubts(result).size(), 6u);
}

}  // namespace
}  // namespace overbuild
