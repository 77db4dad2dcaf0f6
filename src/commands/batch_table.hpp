// What is printed of all scenarios of a batch.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "overbuild/config/sweep.hpp"
#include "overbuild/results/batch_file.hpp"
#include "src/commands/terminal.hpp"

namespace overbuild {

/// The title of a batch with the name of one of its scenarios.
std::string scenario_title(const std::string& title, const std::string& scenario);

/// The swept values of the scenarios: the first ones, where there are more than fit a screen.
std::string scenarios_text(const Sweep& sweep, const TextStyle& style);

/// The header of a batch and, for each scenario, the swept values, the median of each series given
/// at the horizon and the probability of each event at the horizon; as many of each as fit a
/// screen. `series` are indices into the contents' series.
std::string batch_text(const BatchReader& batch, std::span<const std::size_t> series,
                       const TextStyle& style);

/// All statistics of each scenario, with its swept values (null where a parameter is left to its
/// prior), as a JSON object.
std::string batch_json(const BatchReader& batch);

}  // namespace overbuild
