// The posterior of a scenario's priors, by adaptive tempered sequential Monte Carlo.
//
// Particles are vectors of the independent standard normals behind the priors. They go through the
// densities  prior(z) L(z)^t  with temperatures t from 0 to 1, L being the particle filter's
// estimate of the likelihood; since the estimate is unbiased, those at t = 1 have the exact
// posterior (density-tempered marginalised SMC: Duan and Fulop 2015, J. Business & Economic
// Statistics 33; pseudo-marginal Metropolis-Hastings: Andrieu and Roberts 2009, Ann. Statist. 37).
// Several islands do so independently of each other, so that their spread shows the Monte Carlo
// error. All random numbers are keyed, so that nothing depends on threads and on interruptions.
#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "overbuild/calibration/particle_filter.hpp"

namespace overbuild {

/// What happened at one temperature.
struct TemperatureStep {
  double temperature = 0;
  double ess = 0;           ///< effective particles after the rise to it, before resampling
  double log_evidence = 0;  ///< of the data, raised to the temperature
  double acceptance = 0;    ///< mean share of accepted moves
  double correlation = 0;   ///< largest of a parameter with itself before the moves
  int moves = 0;
  int distinct = 0;  ///< different particles after the moves

  bool operator==(const TemperatureStep&) const = default;
};

/// Particles of one repetition.
struct Island {
  int number = 0;
  Eigen::MatrixXd normals;             ///< drawn parameters x particles
  std::vector<double> log_likelihood;  ///< of each particle, as estimated
  double walk_scale = 1;               ///< of the random walk's steps, adapted
  double jump_scale = 1;               ///< of the jumps within a normal approximation, adapted
  std::uint64_t evaluations = 0;       ///< likelihood estimates so far
  std::vector<TemperatureStep> history;

  double temperature() const { return history.empty() ? 0 : history.back().temperature; }
  double log_evidence() const { return history.empty() ? 0 : history.back().log_evidence; }
  bool done() const { return temperature() == 1; }
};

/// What is going on, for progress.
struct CalibrationProgress {
  int island = 0;
  double temperature = 0;  ///< at which the particles are moved
  int move = 0;
  std::uint64_t evaluations = 0;  ///< of the island
};

struct CalibrationControls {
  std::function<bool()> stop = {};  ///< asked by worker threads between likelihood estimates
  std::function<void(const CalibrationProgress&)> progress = {};
};

class Calibration {
 public:
  /// The scenario, whose horizon may be longer than the data, must have priors and [calibration];
  /// Error(config) otherwise. `threads`: 0 for the scenario's.
  Calibration(const Scenario& scenario, std::span<const Observation> observations, int threads = 0);
  Calibration(const Calibration&) = delete;
  Calibration& operator=(const Calibration&) = delete;

  const Scenario& scenario() const { return scenario_; }
  std::span<const Prior> priors() const { return run_->sampler().priors(); }
  int threads() const { return threads_; }

  /// Draws the particles of island 0, 1, ... from the prior; nothing when stopped. Throws
  /// Error(config) when no particle comes near the data.
  std::optional<Island> begin(int island, const CalibrationControls& controls = {}) const;

  /// Takes the island to its next temperature. Returns false, and leaves it as it was, when
  /// stopped.
  bool advance(Island& island, const CalibrationControls& controls = {}) const;

  /// Values of the drawn parameters, rows as priors(), of particles in the columns.
  Eigen::MatrixXd parameters(const Eigen::MatrixXd& normals) const;

  /// Standard deviation of the estimated log-likelihood, over fresh noise, of particles of the
  /// posterior. Nothing when stopped.
  std::optional<double> likelihood_noise(std::span<const Island> islands,
                                         const CalibrationControls& controls = {}) const;

 private:
  using Keys = std::function<std::uint64_t(std::size_t)>;

  /// Estimates the likelihood of each column; false when stopped.
  bool evaluate(const Eigen::MatrixXd& normals, const Keys& key, std::vector<double>& result,
                const CalibrationControls& controls) const;

  Scenario scenario_;  ///< with the horizon of the data
  const CalibrationSettings settings_;
  std::unique_ptr<PreparedRun> run_;
  std::vector<FilterTerm> terms_;
  int threads_;
  std::uint64_t noise_seed_, move_seed_;
};

/// A prior's or posterior's median and central 90% interval.
struct Spread {
  double low = 0, median = 0, high = 0;
};

/// What became of a drawn parameter.
struct ParameterSummary {
  std::size_t parameter = 0;  ///< declaration index
  Spread prior, posterior;
  double mean = 0, sd = 0;  ///< of the posterior
  double mean_error = 0;    ///< Monte Carlo standard error of the mean, from the islands
  double rhat = 0;          ///< potential scale reduction over the islands
  double ess = 0;           ///< (sd / mean_error)^2, at most the number of particles
  double shrinkage = 0;     ///< 1 - width of the posterior's interval / the prior's
};

struct CalibrationResult {
  std::vector<Island> islands;
  Eigen::MatrixXd parameters;       ///< drawn parameters x particles, island after island
  std::vector<double> log_weights;  ///< of the particles; an island's weight is its evidence
  double log_evidence = 0;
  double log_evidence_error = 0;  ///< standard deviation between islands / sqrt(islands)
  double likelihood_noise = 0;    ///< sd of the estimated log-likelihood
  double ess = 0;                 ///< effective particles by their weights
  std::vector<ParameterSummary> summary;
};

/// Puts finished islands together.
CalibrationResult calibration_result(const Calibration& calibration, std::vector<Island> islands,
                                     double likelihood_noise);

/// What is to be doubted, in plain sentences; empty when nothing is.
std::vector<std::string> doubts(const CalibrationResult& result);

}  // namespace overbuild
