// Weights of particles, and resampling by them.
#pragma once

#include <span>
#include <vector>

namespace overbuild {

/// ln(sum of exp(x) / n); -infinity when all are. Exact order of summation: that of the span.
double log_mean_exp(std::span<const double> log_values);

/// (sum w)^2 / sum w^2 with w = exp(factor x); 0 when all x are -infinity.
double effective_size(std::span<const double> log_values, double factor = 1);

/// Systematic resampling: ancestors of as many particles as there are weights, ascending, each
/// particle having n w / sum w of them up to rounding. `uniform`: in (0, 1). Source: Kitagawa
/// (1996), J. Computational and Graphical Statistics 5.
std::vector<int> systematic_ancestors(std::span<const double> weights, double uniform);

}  // namespace overbuild
