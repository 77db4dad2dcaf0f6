// Small scenarios for the engine's tests, made without a config file.
#pragma once

#include <gtest/gtest.h>

#include <string_view>

#include "overbuild/config/scenario.hpp"

namespace overbuild {

inline Scenario default_scenario(std::string_view model, std::uint64_t paths, double horizon) {
  Scenario scenario;
  scenario.model = find_model(model);
  if (!scenario.model) throw std::invalid_argument("no such model");
  scenario.name = model;
  scenario.run.paths = paths;
  scenario.run.horizon = horizon;
  const ModelSchema& schema = scenario.model->schema;
  for (const ParameterSpec& parameter : schema.parameters)
    scenario.parameters.push_back({parameter.default_value, std::nullopt, "default"});
  const auto shocks = static_cast<Eigen::Index>(schema.shocks.size());
  scenario.shock_correlation = Eigen::MatrixXd::Identity(shocks, shocks);
  scenario.tables.resize(schema.tables.size());
  for (std::size_t s = 0; s < schema.series.size(); ++s) scenario.outputs.series.push_back(s);
  return scenario;
}

inline void set(Scenario& scenario, std::string_view parameter, double value) {
  scenario.parameters.at(scenario.model->schema.parameter_index(parameter).value()).value = value;
}

inline void set_prior(Scenario& scenario, std::string_view parameter, Distribution prior) {
  scenario.parameters.at(scenario.model->schema.parameter_index(parameter).value()).prior =
      std::move(prior);
}

}  // namespace overbuild
