// Names under which the exact statistics of a part stand in its file; shared by writing and
// reading.
#pragma once

#include <string>

namespace overbuild::layout {

inline constexpr auto state_group = "state";
/// Raised when what the numbers mean changes; parts of another version are refused.
inline constexpr auto state_version_attribute = "state_version";
inline constexpr int state_version = 1;

/// Of a sampler with replicates: the values of all estimates, [replicate][estimate].
inline constexpr auto replicates_dataset = "replicates";

/// The variables of the series' accumulators begin with "series", those of the outcomes' with
/// "outcomes".
inline std::string state_of(const std::string& group, const char* what) {
  return group + "_" + what;
}

}  // namespace overbuild::layout
