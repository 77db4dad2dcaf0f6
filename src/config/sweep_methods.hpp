// The methods by which a [[sweep]] table makes scenarios.
#pragma once

#include "sweep_axes.hpp"

namespace overbuild {

/// Reads one table; adds a finding for each mistake, also for more scenarios than are allowed.
TableScenarios read_sweep_table(const Value& table, const Scenario& base, Findings& findings);

/// [[sweep]] in the reference of all keys, in Markdown.
std::string sweep_reference();

}  // namespace overbuild
