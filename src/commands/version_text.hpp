#pragma once

#include <string>

namespace overbuild {

/// What `overbuild --version` prints: version, revision, compiler, libraries, instruction sets.
std::string version_text();

}  // namespace overbuild
