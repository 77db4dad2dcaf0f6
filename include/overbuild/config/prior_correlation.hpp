// The Gaussian copula of a scenario's priors.
#pragma once

#include <Eigen/Core>

#include "overbuild/config/scenario.hpp"

namespace overbuild {

/// Correlation of the priors' normals, parameters x parameters, from the rank correlations that the
/// scenario gives; parameters without a prior stay alone.
Eigen::MatrixXd normal_correlation(const Scenario& scenario);

}  // namespace overbuild
