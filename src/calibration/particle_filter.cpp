#include "overbuild/calibration/particle_filter.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "overbuild/sampling/philox.hpp"
#include "src/calibration/resampling.hpp"
#include "src/calibration/vector_functions.hpp"

namespace overbuild {
namespace {

using Scale = ObservedSeries::Scale;

constexpr int segment_steps = 4;  // steps that are advanced at a time, at most
constexpr double impossible = -std::numeric_limits<double>::infinity();

/// In long double, whose functions in the C library have one code path on all processors.
double log_of(double x) { return static_cast<double>(std::log(static_cast<long double>(x))); }

/// A draw of the step that no model makes, of the filter's first path.
double resampling_uniform(std::uint64_t seed, std::uint64_t path, int step) {
  constexpr std::uint32_t draw = 0xC0000000u;
  const auto words =
      philox4x32({static_cast<std::uint32_t>(path), static_cast<std::uint32_t>(path >> 32),
                  static_cast<std::uint32_t>(step), draw},
                 seed);
  return (static_cast<double>(words[0]) + 0.5) * 0x1p-32;
}

void place(FilterTerm& term, double time, double dt) {
  const double steps = time / dt, nearest = std::nearbyint(steps);
  const bool on_step = std::abs(steps - nearest) < 1e-9;
  term.step = static_cast<int>(on_step ? nearest : std::ceil(steps));
  term.share = on_step ? 1 : steps - (term.step - 1);
}

}  // namespace

std::vector<FilterTerm> filter_terms(const Scenario& scenario,
                                     std::span<const Observation> observations) {
  std::vector<double> precision(scenario.calibration->observe.size(), 0.0);  // W of relative ones
  std::vector<FilterTerm> terms;
  for (const Observation& observation : observations) {
    const Scale scale = scenario.calibration->observe[observation.observed].scale;
    FilterTerm& term = terms.emplace_back();
    term.observed = observation.observed;
    place(term, observation.time, scenario.run.step);
    term.logarithm = scale != Scale::linear;
    term.value = term.logarithm ? log_of(observation.value) : observation.value;
    term.variance = observation.deviation * observation.deviation;
    if (scale == Scale::relative) {
      double& before = precision[observation.observed];
      const double own = 1 / term.variance;
      term.first = before == 0;
      if (!term.first) term.variance += 1 / before;
      term.gain = own / (before + own);
      before += own;
    }
    term.log_factor = -0.5 * log_of(2 * std::numbers::pi * term.variance);
  }
  return terms;
}

ParticleFilter::ParticleFilter(const PreparedRun& run, std::span<const FilterTerm> terms, int paths,
                               std::uint64_t seed)
    : run_(run),
      terms_(terms),
      observed_(run.scenario().calibration->observe),
      lanes_(static_cast<std::size_t>(paths)),
      seed_(seed),
      context_(run.context()) {
  const ModelSchema& schema = run.schema();
  context_.seed = seed;
  parameters_.resize(schema.parameters.size() * lanes_);
  workspace_.resize(run.kernel().workspace_bytes(paths) / sizeof(double) + 1);
  other_workspace_.resize(workspace_.size());
  series_.resize(schema.series.size() * segment_steps * lanes_);
  events_.resize(schema.events.size() * segment_steps * lanes_ / 8);
  for (Doubles* rows : {&current_, &previous_, &means_}) rows->resize(observed_.size() * lanes_);
  for (Doubles* lane : {&log_weights_, &weights_, &values_}) lane->resize(lanes_);
  ancestors_.resize(lanes_);
}

double ParticleFilter::log_likelihood(std::span<const double> parameters, std::uint64_t key) {
  start(parameters, key);
  for (std::size_t i = 0; i < terms_.size(); ++i) {
    advance_to(terms_[i].step);
    weigh(terms_[i]);
    const bool last_here = i + 1 < terms_.size() && terms_[i + 1].step > terms_[i].step;
    if (last_here) resample_if_uneven();
    if (log_total_ == impossible) return impossible;
  }
  return log_total_ + mean_weight();
}

void ParticleFilter::start(std::span<const double> parameters, std::uint64_t key) {
  first_path_ = key * lanes_;
  step_ = 0;
  log_total_ = 0;
  for (std::size_t p = 0; p < parameters.size(); ++p)
    std::fill_n(parameters_.data() + p * lanes_, lanes_, parameters[p]);
  std::ranges::fill(means_, 0.0);
  std::ranges::fill(log_weights_, 0.0);
  const TileOutput output{series_.data(), events_.data(), 0, segment_steps,
                          static_cast<int>(lanes_)};
  run_.kernel().begin(context_, first_path_, parameters_.data(), workspace_.data(), output);
  take_rows(1);
}

void ParticleFilter::advance_to(int step) {
  TileOutput output{series_.data(), events_.data(), 0, segment_steps, static_cast<int>(lanes_)};
  while (step_ < step) {
    const int end = std::min(step_ + segment_steps, step);
    output.first_step = step_ + 1;
    run_.kernel().advance(context_, first_path_, workspace_.data(), step_ + 1, end + 1, output,
                          nullptr);
    take_rows(end - step_);
    step_ = end;
  }
}

/// Keeps the last two steps of the observed series; the buffer holds `steps` new ones.
void ParticleFilter::take_rows(int steps) {
  if (steps == 1) std::swap(current_, previous_);
  for (std::size_t o = 0; o < observed_.size(); ++o) {
    if (steps > 1) take_row(o, steps - 2, row(previous_, o));
    take_row(o, steps - 1, row(current_, o));
  }
}

/// What is observed, at a step of the buffer: a series, or one divided by another.
void ParticleFilter::take_row(std::size_t observed, int step, double* to) const {
  const auto at = [&](std::size_t series) {
    return series_.data() + (series * segment_steps + static_cast<std::size_t>(step)) * lanes_;
  };
  std::copy_n(at(observed_[observed].series), lanes_, to);
  if (!observed_[observed].per) return;
  const double* divisor = at(*observed_[observed].per);
  for (std::size_t lane = 0; lane < lanes_; ++lane) to[lane] /= divisor[lane];
}

/// The model's values at the observation's time: interpolated log-linearly, or linearly on the
/// linear scale.
void ParticleFilter::values_of(const FilterTerm& term) {
  const double* now = row(current_, term.observed);
  std::copy_n(now, lanes_, values_.data());
  if (term.logarithm) take_logarithms(values_.data(), lanes_);
  if (term.share == 1) return;
  Doubles& before = weights_;  // free until the weights are wanted
  std::copy_n(row(previous_, term.observed), lanes_, before.data());
  if (term.logarithm) take_logarithms(before.data(), lanes_);
  for (std::size_t lane = 0; lane < lanes_; ++lane)
    values_[lane] = term.share * values_[lane] + (1 - term.share) * before[lane];
}

void ParticleFilter::weigh(const FilterTerm& term) {
  values_of(term);
  double* means = row(means_, term.observed);
  for (std::size_t lane = 0; lane < lanes_; ++lane) {
    const double residual = term.value - values_[lane];
    if (!std::isfinite(residual)) {  // a path without a logarithm, or of no number
      log_weights_[lane] = impossible;
      continue;
    }
    if (term.first) {
      means[lane] = residual;
      continue;
    }
    const double surprise = residual - means[lane];
    log_weights_[lane] += term.log_factor - surprise * surprise / (2 * term.variance);
    means[lane] += term.gain * surprise;
  }
}

/// The logarithm of the mean weight; leaves the weights, up to a factor, in weights_.
double ParticleFilter::mean_weight() {
  const double largest = std::ranges::max(log_weights_);
  if (!std::isfinite(largest)) return impossible;
  std::ranges::copy(log_weights_, weights_.begin());
  take_exponentials(weights_.data(), lanes_, largest);
  const double sum = std::accumulate(weights_.begin(), weights_.end(), 0.0);
  return largest + log_of(sum / static_cast<double>(lanes_));
}

void ParticleFilter::resample_if_uneven() {
  const double mean = mean_weight();
  if (mean == impossible) {
    log_total_ = impossible;
    return;
  }
  double sum = 0, squares = 0;
  for (const double weight : weights_) {
    sum += weight;
    squares += weight * weight;
  }
  if (sum * sum >= squares * static_cast<double>(lanes_) / 2) return;
  log_total_ += mean;
  std::ranges::fill(log_weights_, 0.0);
  ancestors_ = systematic_ancestors(weights_, resampling_uniform(seed_, first_path_, step_));
  run_.kernel().gather(workspace_.data(), ancestors_.data(), static_cast<int>(lanes_),
                       other_workspace_.data());
  std::swap(workspace_, other_workspace_);
  for (std::size_t o = 0; o < observed_.size(); ++o)
    for (Doubles* rows : {&current_, &means_}) {
      double* lane_values = row(*rows, o);
      std::copy_n(lane_values, lanes_, values_.data());
      for (std::size_t lane = 0; lane < lanes_; ++lane)
        lane_values[lane] = values_[static_cast<std::size_t>(ancestors_[lane])];
    }
}

}  // namespace overbuild
