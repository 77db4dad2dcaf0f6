// The scenario that a file is of, as its provenance and its parameters tell.
#pragma once

#include "overbuild/config/scenario.hpp"
#include "overbuild/results/provenance.hpp"
#include "src/hdf5/hdf5.hpp"

namespace overbuild {

/// Called `name`, with the origins and comments that its values had; `source` names the file in
/// messages.
Scenario stored_scenario(hid_t file, const Provenance& provenance, const std::string& name,
                         const std::string& source);

}  // namespace overbuild
