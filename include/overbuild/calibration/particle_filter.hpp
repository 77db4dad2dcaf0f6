// The likelihood of a parameter vector, estimated by a bootstrap particle filter.
#pragma once

#include <tbb/cache_aligned_allocator.h>

#include <cstdint>
#include <span>
#include <vector>

#include "overbuild/config/observed_data.hpp"
#include "overbuild/engine/prepared_run.hpp"

namespace overbuild {

/// One observation as the filter uses it. With x the model's series (its logarithm unless the
/// scale is linear) and y the datum, the residual is r = y - x. It is compared with m, the mean of
/// the earlier residuals of a relative series and zero for others:
///   ln density += log_factor - (r - m)^2 / (2 variance),   m += gain (r - m).
/// For a relative series this is the density in which the constant, with a flat prior, has been
/// integrated out: residual n given those before is normal with mean m and variance
/// sigma_n^2 + 1/W, W = sum of 1/sigma_i^2 over those before; the first has none and sets m.
struct FilterTerm {
  std::size_t observed = 0;  ///< index in CalibrationSettings::observe
  int step = 0;              ///< the first step at or after the observation's time
  double share = 1;          ///< of the value at `step`; the rest is that of the step before
  bool logarithm = true;
  bool first = false;  ///< of a relative series: has no density
  double value = 0;    ///< y
  double variance = 1, gain = 0, log_factor = 0;
};

/// The terms of observations that ascend in time, in the same order.
std::vector<FilterTerm> filter_terms(const Scenario& scenario,
                                     std::span<const Observation> observations);

/// Estimates likelihoods; one object per thread.
///
/// The paths of a filter share their parameters. They advance to each time of observation, are
/// weighted by the densities above, and are resampled (systematically) when fewer than half of them
/// are effective. The product of the mean weights is an unbiased estimate of the likelihood.
/// Sources: Gordon, Salmond, Smith (1993), IEE Proceedings F 140; Del Moral (2004), Feynman-Kac
/// Formulae, 7.4.2, for the unbiasedness.
class ParticleFilter {
 public:
  /// `paths`: a multiple of 8. `seed`: of the paths' noise. All arguments must outlive the filter.
  ParticleFilter(const PreparedRun& run, std::span<const FilterTerm> terms, int paths,
                 std::uint64_t seed);

  /// The logarithm of the estimate; -infinity when no path comes near the data. `parameters`: one
  /// per declared parameter. `key`: names the noise, below 2^64 / paths.
  double log_likelihood(std::span<const double> parameters, std::uint64_t key);

 private:
  using Doubles = std::vector<double, tbb::cache_aligned_allocator<double>>;

  void start(std::span<const double> parameters, std::uint64_t key);
  void advance_to(int step);
  void take_rows(int steps);
  void take_row(std::size_t observed, int step, double* to) const;
  void weigh(const FilterTerm& term);
  void values_of(const FilterTerm& term);
  double mean_weight();
  void resample_if_uneven();
  double* row(Doubles& rows, std::size_t observed) { return rows.data() + observed * lanes_; }

  const PreparedRun& run_;
  std::span<const FilterTerm> terms_;
  std::span<const ObservedSeries> observed_;
  const std::size_t lanes_;
  std::uint64_t seed_, first_path_ = 0;
  RunContext context_;
  int step_ = 0;
  double log_total_ = 0;
  Doubles parameters_, workspace_, other_workspace_, series_;
  Doubles current_, previous_, means_;  ///< [observed][lane]: at step_ and step_ - 1
  Doubles log_weights_, weights_, values_;
  std::vector<std::uint8_t> events_;
  std::vector<int> ancestors_;
};

}  // namespace overbuild
