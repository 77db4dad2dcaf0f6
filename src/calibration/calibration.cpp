#include "overbuild/calibration/calibration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cmath>

#include "overbuild/base/error.hpp"
#include "src/calibration/keyed_random.hpp"
#include "src/calibration/mover.hpp"
#include "src/calibration/resampling.hpp"
#include "src/engine/worker_team.hpp"

namespace overbuild {
namespace {

/// The scenario with its horizon cut to the last observation.
Scenario shortened(Scenario scenario, std::span<const FilterTerm> terms) {
  scenario.run.horizon = std::max(terms.back().step, 1) * scenario.run.step;
  return scenario;
}

void check(const Scenario& scenario, std::span<const Observation> observations) {
  const auto fail = [&](const std::string& message) {
    throw Error(ExitCode::config, fmt::format("{}: {}", scenario.name, message));
  };
  if (!scenario.calibration || observations.empty()) fail("there are no data to calibrate to");
  if (std::ranges::any_of(scenario.parameters, [](auto& p) { return p.posterior_row.has_value(); }))
    fail(
        "parameters are drawn from a posterior, which cannot be updated again; calibrate the "
        "config of its priors to all data at once");
  if (std::ranges::none_of(scenario.parameters, [](auto& p) { return p.prior.has_value(); }))
    fail("no parameter has a prior, so that there is nothing to calibrate");
}

/// A temperature above `now` at which `ess` of the particles are effective, or 1.
double next_temperature(std::span<const double> log_likelihood, double now, double ess) {
  const auto possible =
      std::ranges::count_if(log_likelihood, [](double x) { return x > -HUGE_VAL; });
  const double wanted = ess * static_cast<double>(possible);
  if (effective_size(log_likelihood, 1 - now) >= wanted) return 1;
  double low = now, high = 1;  // effective_size falls with the temperature
  for (int i = 0; i < 100 && low < high; ++i) {
    const double middle = (low + high) / 2;
    if (middle == low || middle == high) break;
    (effective_size(log_likelihood, middle - now) >= wanted ? low : high) = middle;
  }
  return high;
}

/// Resamples by likelihoods raised to `power`; returns the logarithm of their mean.
double resample(Island& island, double power, double uniform) {
  const std::size_t n = island.log_likelihood.size();
  std::vector<double> raised(n), weights(n);
  for (std::size_t i = 0; i < n; ++i) raised[i] = power * island.log_likelihood[i];
  const double largest = std::ranges::max(raised);
  for (std::size_t i = 0; i < n; ++i)
    weights[i] = static_cast<double>(std::exp(static_cast<long double>(raised[i]) - largest));
  const std::vector<int> ancestors = systematic_ancestors(weights, uniform);
  const Eigen::MatrixXd normals = island.normals(Eigen::all, ancestors);
  const std::vector<double> before = island.log_likelihood;
  island.normals = normals;
  for (std::size_t i = 0; i < n; ++i)
    island.log_likelihood[i] = before[static_cast<std::size_t>(ancestors[i])];
  return log_mean_exp(raised);
}

/// Particles shared out among the workers.
class Evaluation {
 public:
  Evaluation(const std::function<void(Evaluation&)>& work, std::size_t count,
             const CalibrationControls& controls)
      : work_(work), count_(count), controls_(controls) {}

  void work() { work_(*this); }
  /// The next particle, or nothing.
  std::optional<std::size_t> next() {
    if (stopped_ || (controls_.stop && controls_.stop())) {
      stopped_ = true;
      return std::nullopt;
    }
    const std::size_t i = next_.fetch_add(1);
    if (i >= count_) return std::nullopt;
    return i;
  }
  bool stopped() const { return stopped_; }

 private:
  const std::function<void(Evaluation&)>& work_;
  const std::size_t count_;
  const CalibrationControls& controls_;
  std::atomic<std::size_t> next_ = 0;
  std::atomic<bool> stopped_ = false;
};

}  // namespace

Calibration::Calibration(const Scenario& scenario, std::span<const Observation> observations,
                         int threads)
    : settings_((check(scenario, observations), *scenario.calibration)),
      terms_(filter_terms(scenario, observations)) {
  scenario_ = shortened(scenario, terms_);
  run_ = std::make_unique<PreparedRun>(scenario_);
  const int wanted = threads > 0 ? threads : scenario.run.threads;
  threads_ = wanted > 0 ? wanted : available_threads();
  const CalibrationSeeds seeds = calibration_seeds(scenario.run.seed);
  noise_seed_ = seeds.noise;
  move_seed_ = seeds.moves;
}

Eigen::MatrixXd Calibration::parameters(const Eigen::MatrixXd& normals) const {
  constexpr int lanes = 8;
  const std::size_t declared = scenario_.parameters.size();
  std::vector<double> block(declared * lanes);
  Eigen::MatrixXd values(normals.rows(), normals.cols());
  for (Eigen::Index first = 0; first < normals.cols(); first += lanes) {
    const auto at = [&](Eigen::Index row, int lane) -> double& {
      return block[priors()[static_cast<std::size_t>(row)].parameter * lanes +
                   static_cast<std::size_t>(lane)];
    };
    const int used = static_cast<int>(std::min<Eigen::Index>(lanes, normals.cols() - first));
    for (Eigen::Index row = 0; row < normals.rows(); ++row)
      for (int lane = 0; lane < lanes; ++lane)
        at(row, lane) = normals(row, first + std::min(lane, used - 1));
    run_->sampler().transform(lanes, block.data());
    for (Eigen::Index row = 0; row < normals.rows(); ++row)
      for (int lane = 0; lane < used; ++lane) values(row, first + lane) = at(row, lane);
  }
  return values;
}

bool Calibration::evaluate(const Eigen::MatrixXd& normals, const Keys& key,
                           std::vector<double>& result, const CalibrationControls& controls) const {
  const Eigen::MatrixXd drawn = parameters(normals);
  result.resize(static_cast<std::size_t>(normals.cols()));
  const std::function<void(Evaluation&)> work = [&](Evaluation& evaluation) {
    ParticleFilter filter(*run_, terms_, settings_.paths, noise_seed_);
    std::vector<double> all;
    for (const ParameterSetting& parameter : scenario_.parameters) all.push_back(parameter.value);
    while (const auto i = evaluation.next()) {
      for (std::size_t p = 0; p < priors().size(); ++p)
        all[priors()[p].parameter] =
            drawn(static_cast<Eigen::Index>(p), static_cast<Eigen::Index>(*i));
      result[*i] = filter.log_likelihood(all, key(*i));
    }
  };
  Evaluation evaluation(work, result.size(), controls);
  const int threads = std::min<int>(threads_, static_cast<int>(result.size()));
  run_on_workers(
      threads, [](void* shared) { static_cast<Evaluation*>(shared)->work(); }, &evaluation);
  return !evaluation.stopped();
}

std::optional<Island> Calibration::begin(int number, const CalibrationControls& controls) const {
  Island island;
  island.number = number;
  island.normals.resize(static_cast<Eigen::Index>(priors().size()), settings_.particles);
  const KeyedRandom random(move_seed_);
  for (int i = 0; i < settings_.particles; ++i)
    draw_normals(random, {number, 0, 0, static_cast<std::uint32_t>(i)}, DrawUse::start,
                 island.normals.col(i));
  if (controls.progress) controls.progress({number, 0, 0, 0});
  const auto key = [&](std::size_t i) {
    return DrawKey{number, 0, 0, static_cast<std::uint32_t>(i)}.noise();
  };
  if (!evaluate(island.normals, key, island.log_likelihood, controls)) return std::nullopt;
  island.evaluations = island.log_likelihood.size();
  if (std::ranges::max(island.log_likelihood) == -HUGE_VAL)
    throw Error(ExitCode::config,
                fmt::format("{}: none of {} draws from the prior comes near the data; widen the "
                            "priors, or state larger uncertainties or a discrepancy",
                            scenario_.name, settings_.particles));
  return island;
}

bool Calibration::advance(Island& island, const CalibrationControls& controls) const {
  if (island.history.size() >= most_temperatures)
    throw Error(ExitCode::numeric,
                fmt::format("after {} temperatures the posterior is still far", most_temperatures));
  Island next = island;
  const double before = island.temperature();
  TemperatureStep& step = next.history.emplace_back();
  step.temperature = next_temperature(island.log_likelihood, before, settings_.ess);
  const double rise = step.temperature - before;
  const int index = static_cast<int>(next.history.size());
  step.ess = effective_size(island.log_likelihood, rise);
  const double uniform =
      KeyedRandom(move_seed_).uniform({island.number, index, 0, 0}, DrawUse::resampling);
  step.log_evidence = island.log_evidence() + resample(next, rise, uniform);
  Mover mover(next, index, move_seed_);
  while (step.moves < settings_.most_moves && (step.moves < 2 || step.correlation > enough)) {
    if (controls.progress)
      controls.progress({island.number, step.temperature, step.moves + 1, next.evaluations});
    std::vector<double> proposed;
    mover.propose();
    const auto key = [&](std::size_t i) {
      return DrawKey{island.number, index, mover.move(), static_cast<std::uint32_t>(i)}.noise();
    };
    if (!evaluate(mover.proposals(), key, proposed, controls)) return false;
    mover.accept(proposed);
    next.evaluations += proposed.size();
    ++step.moves;
    step.correlation = mover.correlation();
  }
  step.acceptance = mover.acceptance();
  step.distinct = mover.distinct();
  island = std::move(next);
  return true;
}

std::optional<double> Calibration::likelihood_noise(std::span<const Island> islands,
                                                    const CalibrationControls& controls) const {
  constexpr int particles = 8, repeats = 16, no_island = 127;
  Eigen::MatrixXd normals(islands[0].normals.rows(), particles * repeats);
  for (int i = 0; i < particles; ++i) {
    const Island& island = islands[static_cast<std::size_t>(i) % islands.size()];
    for (int k = 0; k < repeats; ++k)
      normals.col(i * repeats + k) = island.normals.col(i * island.normals.cols() / particles);
  }
  const auto key = [](std::size_t i) {
    return DrawKey{no_island, 0, 0, static_cast<std::uint32_t>(i)}.noise();
  };
  std::vector<double> values;
  if (!evaluate(normals, key, values, controls)) return std::nullopt;
  double variance = 0;
  for (int i = 0; i < particles; ++i) {
    const Eigen::Map<const Eigen::ArrayXd> own(values.data() + i * repeats, repeats);
    variance += (own - own.mean()).square().sum() / (repeats - 1) / particles;
  }
  return std::sqrt(variance);
}

}  // namespace overbuild
