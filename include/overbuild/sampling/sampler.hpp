// How a run chooses the points of the space of all random numbers, one point per path.
#pragma once

#include <array>
#include <string_view>

namespace overbuild {

/// philox: independent paths. The others part a run into independent replicates, within which the
/// paths depend on one another (docs/sampling.md).
///   sobol            scrambled Sobol points for priors and given draws
///   latin_hypercube  Latin hypercubes for the priors
///   antithetic       pairs of paths with mirrored priors and given draws
enum class Sampler { philox, sobol, latin_hypercube, antithetic };

/// In the order of the enumerators.
inline constexpr std::array<std::string_view, 4> sampler_names = {"philox", "sobol",
                                                                  "latin_hypercube", "antithetic"};

constexpr std::string_view name_of(Sampler sampler) {
  return sampler_names[static_cast<std::size_t>(sampler)];
}

}  // namespace overbuild
