// Names in files of attributions; shared by writing and reading.
#pragma once

namespace overbuild::layout {

inline constexpr auto changes_group = "changes";
inline constexpr auto changed_keys_group = "changed_keys";
inline constexpr auto left_keys_group = "left_keys";
inline constexpr auto coalitions_group = "coalitions";
inline constexpr auto second_config = "second_config";

}  // namespace overbuild::layout
