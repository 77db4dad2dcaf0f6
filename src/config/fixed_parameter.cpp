#include "overbuild/config/fixed_parameter.hpp"

namespace overbuild {

void fix_parameter(Scenario& scenario, std::size_t parameter, double value, std::string origin) {
  scenario.parameters[parameter] = {value, std::nullopt, std::move(origin)};
  std::erase_if(scenario.prior_correlations, [&](const PriorCorrelation& pair) {
    return pair.first == parameter || pair.second == parameter;
  });
}

}  // namespace overbuild
