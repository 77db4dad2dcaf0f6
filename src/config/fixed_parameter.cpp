#include "overbuild/config/fixed_parameter.hpp"

#include <fmt/format.h>

#include <cmath>

#include "toml_text.hpp"

namespace overbuild {

void fix_parameter(Scenario& scenario, std::size_t parameter, double value, std::string origin) {
  scenario.parameters[parameter] = {value, std::nullopt, std::move(origin)};
  std::erase_if(scenario.prior_correlations, [&](const PriorCorrelation& pair) {
    return pair.first == parameter || pair.second == parameter;
  });
}

std::string value_complaint(const ParameterSpec& spec, double value) {
  const bool allowed = std::isfinite(value) && spec.bounds.contain(value) &&
                       (!spec.bounds.integer || value == std::nearbyint(value));
  return allowed ? "" : fmt::format("found {}, allowed: {}", value, allowed_text(spec.bounds));
}

}  // namespace overbuild
