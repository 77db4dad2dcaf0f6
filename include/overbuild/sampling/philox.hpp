// Philox for single blocks: what is drawn once, outside of the loops over paths.
#pragma once

#include <array>
#include <cstdint>

namespace overbuild {

/// Philox4x32-10, the generator of the step loop (sampling/step_random-inl.hpp) for one counter.
/// Source: Salmon, Moraes, Dror, Shaw (2011), Parallel random numbers: as easy as 1, 2, 3, SC'11.
std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> counter, std::uint64_t key);

}  // namespace overbuild
