#include "keys.hpp"
#include "readers.hpp"

namespace overbuild {
namespace {

void read_parameter(const Value& value, const ParameterSpec& spec, ParameterSetting& setting) {
  setting.origin = value.origin();
  if (value.is_table()) {
    // A prior with a mistake still is one, so that correlations with it are not blamed.
    setting.prior = read_prior(value, spec.bounds).value_or(Distribution{});
    return;
  }
  constexpr std::string_view expected =
      "a number or a prior such as {prior = \"uniform\", low = 1, high = 2}";
  if (const auto number = value.number(spec.bounds, expected)) setting.value = *number;
}

}  // namespace

void read_parameters(const Value& section, Scenario& scenario) {
  const auto members = section.members("a section [parameters]");
  if (!members) return;
  const ModelSchema& schema = scenario.model->schema;
  std::vector<std::string> known = names_of(schema.parameters);
  known.emplace_back(shock_correlation_name);
  for (const Value& value : *members) {
    if (value.name() == shock_correlation_name) continue;
    if (const auto index = schema.parameter_index(value.name()))
      read_parameter(value, schema.parameters[*index], scenario.parameters[*index]);
    else
      value.complain(misplaced_text("parameter", value.name(), known, scenario));
  }
}

}  // namespace overbuild
