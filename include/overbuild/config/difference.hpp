// Whether two scenarios give the same result.
#pragma once

#include <optional>
#include <string>

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
std::optional<Difference> first_difference(Scenario first, Scenario second);

}  // namespace overbuild
