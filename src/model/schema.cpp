#include "overbuild/model/schema.hpp"

#include <algorithm>
#include <cmath>

namespace overbuild {

bool Bounds::contain(double value) const {
  if (std::isnan(value)) return false;
  if (lower_excluded ? value <= lower : value < lower) return false;
  if (upper_excluded ? value >= upper : value > upper) return false;
  return !integer || value == std::nearbyint(value);
}

std::optional<std::size_t> ModelSchema::parameter_index(std::string_view wanted) const {
  for (std::size_t i = 0; i < parameters.size(); ++i)
    if (parameters[i].name == wanted) return i;
  return std::nullopt;
}

int ModelSchema::given_draws() const {
  return static_cast<int>(std::ranges::count_if(draws, &DrawSpec::given));
}

}  // namespace overbuild
