// A parameter that gets a number in place of what a config says of it.
#pragma once

#include <string>

#include "overbuild/config/scenario.hpp"

namespace overbuild {

/// Gives the parameter a number; its prior, its part of the posterior and its rank correlations
/// with others end. `value` must be within the parameter's bounds. Draws of the other parameters
/// stay as they are, but for those that were correlated with it.
void fix_parameter(Scenario& scenario, std::size_t parameter, double value, std::string origin);

/// "found 3, allowed: [0, 1]" where the parameter may not have the value, else "".
std::string value_complaint(const ParameterSpec& spec, double value);

}  // namespace overbuild
