// Names in files of rare events; shared by writing and reading.
#pragma once

#include <array>
#include <string>

namespace overbuild::layout {

inline constexpr auto estimate_group = "estimate";
inline constexpr auto pilot_group = "pilot";
inline constexpr auto tilt_group = "tilt";
inline constexpr auto weights_group = "weights";
inline constexpr auto sums_group = "sums";

/// Counts of RareEventSums as attributes of the group of the sums.
inline constexpr std::array sum_counts = {"paths", "hits", "plain_paths", "plain_hits"};

}  // namespace overbuild::layout
