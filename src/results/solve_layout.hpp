// Names in files of reverse stress tests; shared by writing and reading.
#pragma once

namespace overbuild::layout {

inline constexpr auto scan_group = "scan";
inline constexpr auto roots_group = "roots";
inline constexpr auto evaluations_group = "evaluations";

/// Values of the second parameter in all shards.
inline constexpr auto frontier = "frontier";

}  // namespace overbuild::layout
