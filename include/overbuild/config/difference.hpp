// Whether two scenarios give the same result.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "overbuild/config/scenario.hpp"

namespace overbuild {

/// A key with its value, as TOML, in each of two scenarios; "nothing" where it is not given.
struct Difference {
  std::string key;
  std::string first, second;
};

/// The first key, in the order of the resolved config, that the two do not agree in. What cannot
/// change a result is left out: threads, chunk and the result's name; so is where values were
/// given.
std::optional<Difference> first_difference(const Scenario& first, const Scenario& second);

/// All keys in which two resolved configs differ, as to_toml() writes them, in the order of the
/// first and then the second. Keys that have no part in the paths' numbers are left out: also
/// titles, descriptions and [outputs].
std::vector<Difference> differences(const std::string& first, const std::string& second);

}  // namespace overbuild
