#include "src/results/stored_scenario.hpp"

#include "overbuild/config/load.hpp"
#include "src/results/statistics_layout.hpp"

namespace overbuild {

Scenario stored_scenario(hid_t file, const Provenance& provenance, const std::string& name,
                         const std::string& source) {
  Scenario scenario = parse_scenario(provenance.config, source);
  scenario.name = name;
  for (std::size_t i = 0; i < scenario.parameters.size(); ++i) {
    const std::string variable =
        layout::in_group(layout::parameters_group, scenario.model->schema.parameters[i].name);
    ParameterSetting& setting = scenario.parameters[i];
    setting.origin = hdf5::text_attribute(file, variable, "origin");
    if (hdf5::has_attribute(file, variable, "comment"))
      setting.comment = hdf5::text_attribute(file, variable, "comment");
  }
  return scenario;
}

}  // namespace overbuild
