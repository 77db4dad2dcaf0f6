// What this program was built from and with.
#pragma once

#include <string>

namespace overbuild {

const char* program_version();  ///< e.g. "0.1.0"
const char* git_revision();     ///< abbreviated commit, "-dirty" with local changes, or "unknown"
const char* build_type();       ///< CMake's build type
std::string compiler();         ///< e.g. "g++ 12.2.0"
std::string libraries();        ///< names and versions of the libraries, comma-separated

}  // namespace overbuild
