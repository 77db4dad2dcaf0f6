// The Ornstein-Uhlenbeck process as observed with errors: everything is normal, so that likelihood
// and posterior have closed forms.
#pragma once

#include <Eigen/Dense>
#include <cmath>
#include <numbers>
#include <string>
#include <vector>

#include "overbuild/calibration/calibration.hpp"
#include "overbuild/config/load.hpp"

namespace overbuild {

/// dx = kappa (m - x) dt + sigma dW from x0, on the steps 0, dt, 2 dt, ...
struct OuProcess {
  double reversion = 1, volatility = 0.5, dt = 0.25;

  double weight_of_start(double t) const { return std::exp(-reversion * t); }
  double covariance(double s, double t) const {
    return volatility * volatility / (2 * reversion) *
           (std::exp(-reversion * std::abs(t - s)) - std::exp(-reversion * (t + s)));
  }
};

/// The observed values are H x + errors, x being the process at all steps.
inline Eigen::MatrixXd interpolation(const std::vector<Observation>& observations, double dt,
                                     int steps) {
  Eigen::MatrixXd matrix = Eigen::MatrixXd::Zero(Eigen::Index(observations.size()), steps + 1);
  for (Eigen::Index i = 0; i < matrix.rows(); ++i) {
    const double place = observations[std::size_t(i)].time / dt;
    const auto below = static_cast<int>(place);
    matrix(i, below) = 1 - (place - below);
    if (place > below) matrix(i, below + 1) = place - below;
  }
  return matrix;
}

/// Mean (for x0 = start, m = level) and covariance of the observed values.
struct ObservedMoments {
  Eigen::VectorXd start_weight;  ///< the mean is start_weight x0 + (1 - start_weight) m
  Eigen::MatrixXd covariance;    ///< with the errors
};

inline ObservedMoments observed_moments(const OuProcess& process,
                                        const std::vector<Observation>& observations) {
  const int steps = static_cast<int>(std::ceil(observations.back().time / process.dt)) + 1;
  Eigen::VectorXd weight(steps + 1);
  Eigen::MatrixXd covariance(steps + 1, steps + 1);
  for (int i = 0; i <= steps; ++i) {
    weight[i] = process.weight_of_start(i * process.dt);
    for (int j = 0; j <= steps; ++j)
      covariance(i, j) = process.covariance(i * process.dt, j * process.dt);
  }
  const Eigen::MatrixXd h = interpolation(observations, process.dt, steps);
  ObservedMoments moments{h * weight, h * covariance * h.transpose()};
  for (Eigen::Index i = 0; i < h.rows(); ++i)
    moments.covariance(i, i) += std::pow(observations[std::size_t(i)].deviation, 2);
  return moments;
}

inline Eigen::VectorXd values_of(const std::vector<Observation>& observations) {
  Eigen::VectorXd values(Eigen::Index(observations.size()));
  for (Eigen::Index i = 0; i < values.size(); ++i) values[i] = observations[std::size_t(i)].value;
  return values;
}

inline double log_normal_density(const Eigen::VectorXd& deviation,
                                 const Eigen::MatrixXd& covariance) {
  const Eigen::LLT<Eigen::MatrixXd> factor(covariance);
  const Eigen::VectorXd standardised = factor.matrixL().solve(deviation);
  return -standardised.squaredNorm() / 2 - factor.matrixLLT().diagonal().array().log().sum() -
         static_cast<double>(deviation.size()) * std::log(2 * std::numbers::pi) / 2;
}

inline std::vector<Observation> observations_at(const std::vector<double>& times,
                                                const std::vector<double>& values,
                                                double deviation) {
  std::vector<Observation> observations;
  for (std::size_t i = 0; i < times.size(); ++i) {
    Observation& observation = observations.emplace_back();
    observation.time = times[i];
    observation.value = values[i];
    observation.deviation = deviation;
  }
  return observations;
}

/// `lines`: more of [parameters]; `settings`: more of [calibration].
inline Scenario ou_scenario(const std::string& lines, const std::string& settings,
                            const std::string& scale = "linear") {
  return parse_scenario(
      "model = \"ou\"\n[run]\nseed = 17\nhorizon = 4\nstep = 0.25\n[parameters]\nreversion = 1.0\n"
      "volatility = 0.5\n" +
          lines +
          "\n[calibration]\nstart = 2000\nobserve = [{data = \"x\", series = \"value\", "
          "scale = \"" +
          scale + "\"}]\n" + settings,
      "ou.toml");
}

/// All islands of a calibration.
inline std::vector<Island> calibrated(const Calibration& calibration, int islands) {
  std::vector<Island> all;
  for (int k = 0; k < islands; ++k) {
    all.push_back(calibration.begin(k).value());
    while (!all.back().done()) calibration.advance(all.back());
  }
  return all;
}

}  // namespace overbuild
