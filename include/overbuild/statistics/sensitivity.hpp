// Global sensitivity: estimates from the values that a function, which may have noise of its own,
// has at the points of a SensitivityDesign (docs/sensitivity.md gives the equations).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "overbuild/sampling/sensitivity_design.hpp"
#include "overbuild/statistics/bootstrap.hpp"

namespace overbuild {

/// Values of the rows first_row .. of a design. Repeats have independent noise; the points of a row
/// may have noise in common in the same repeat (common random numbers), which makes the estimates
/// more precise and does not bias them.
struct SensitivityValues {
  std::uint64_t first_row = 0;
  std::size_t repeats = 1;     ///< values at each point; 1: the function has no noise
  std::vector<double> values;  ///< [row][repeat][point]; all finite
};

/// What a method says of each input.
struct SensitivityIndex {
  std::string_view name;     ///< as in files, e.g. "first_order"
  std::string_view meaning;  ///< of one value
  std::vector<IntervalEstimate> by_input;
};

struct SensitivityEstimates {
  std::uint64_t rows = 0;
  /// Of sobol and shapley, whose points have the law of the priors.
  IntervalEstimate mean;
  IntervalEstimate variance;         ///< of a value, with its noise
  IntervalEstimate input_variance;   ///< of the mean given the inputs, of which indices are shares
  IntervalEstimate noise_share;      ///< of the variance of a value: mean variance given the inputs
  IntervalEstimate first_order_sum;  ///< sobol only
  std::vector<SensitivityIndex> indices;  ///< the one that inputs are sorted by comes first

  const SensitivityIndex& main() const { return indices.front(); }
};

/// Indices of E[Y|X], the function's mean given its inputs X, with the noise integrated out:
///   sobol    total, E[Var(E[Y|X] | X without X_i)], and first_order, Var(E[Y|X_i]), as shares of
///            Var(E[Y|X]). Of correlated inputs they are no parts of a whole.
///   shapley  the shares of Var(E[Y|X]) that are each input's mean contribution to
///            Var(E[Y|X_S]) over all orders of the inputs; their sum is 1.
///   morris   mu_star, mu and sigma: mean size, mean and standard deviation of the elementary
///            effects, per morris_step of the input's quantile over that step; and noise, the part
///            of an effect's standard deviation that is the noise of the function.
/// The variances are estimated without bias, by products of differences in different repeats;
/// shares are their ratios, NaN where no variance was found that comes from the inputs. Throws
/// Error(internal) for values that are not whole rows of the design.
SensitivityEstimates estimate_sensitivity(const SensitivityDesign& design,
                                          const SensitivityValues& values,
                                          const BootstrapSettings& bootstrap);

/// Why the estimates are not to be trusted; empty: nothing was found.
std::vector<std::string> doubts(const SensitivityEstimates& estimates);

}  // namespace overbuild
