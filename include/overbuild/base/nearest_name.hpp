// The known name nearest to a mistyped one, for error messages.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace overbuild {

/// Edits (insertions, deletions, substitutions, swaps of neighbours) between two words:
/// the optimal string alignment distance.
int edit_distance(std::string_view a, std::string_view b);

/// The candidate nearest to `name`, or "" when none is near enough to be meant
/// (more than a third of the letters differ, at least two edits being forgiven).
std::string nearest_name(std::string_view name, std::span<const std::string> candidates);

/// `separator` and then: did you mean "NEAREST"? An option (--NEAREST) is not quoted. "" when
/// `nearest` is empty, as nearest_name() leaves it.
std::string suggestion_text(std::string_view separator, std::string_view nearest);

}  // namespace overbuild
