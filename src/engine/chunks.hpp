// How the paths of a range are dealt out to threads.
#pragma once

#include <cstdint>

#include "overbuild/config/scenario.hpp"

namespace overbuild {

/// Paths a worker takes at a time: whole tiles, small enough to keep all threads busy to the end
/// and to stop within a fraction of a second.
std::uint64_t chunk_paths(const RunSettings& settings, std::uint64_t paths, int threads);

/// `asked`, else the settings' threads, else as many as the machine has.
int threads_to_use(const RunSettings& settings, int asked);

/// No more threads than there are tiles.
int threads_for(std::uint64_t paths, int threads);

}  // namespace overbuild
