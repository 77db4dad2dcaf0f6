// A model's declaration for readers and for programs.
#pragma once

#include <string>

#include "overbuild/model/schema.hpp"
#include "src/commands/terminal.hpp"

namespace overbuild {

/// Parameters, draws, shocks, tables, series, events and outcomes as tables.
std::string describe_text(const ModelSchema& schema, const TextStyle& style);

/// The same as a JSON object; bounds that do not exist are null.
std::string describe_json(const ModelSchema& schema);

}  // namespace overbuild
