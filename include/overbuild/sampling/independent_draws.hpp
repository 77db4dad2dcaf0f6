// Standard normals and uniforms of tiles of paths outside of the step loop, for designs that choose
// the step loop's draws themselves.
#pragma once

#include <cstdint>

namespace overbuild {

/// Which random numbers: those of a step (0: before the first one) of consecutive paths.
struct DrawKey {
  std::uint64_t seed = 0, first_path = 0;
  int step = 0;
};

/// Writes `rows` independent standard normals per path, normals[row][lane], by Box and Muller from
/// the Philox blocks keyed (seed, path, step, 2^16 + row / 4); |z| <= 7.54. `lanes` is a multiple
/// of 8, `normals` is aligned to 64 bytes.
void independent_normals(const DrawKey& key, int lanes, int rows, double* normals);

/// The same for uniforms on (0, 1), (n + 1/2) / 2^52, from the blocks keyed 2^17 + row / 2.
void independent_uniforms(const DrawKey& key, int lanes, int rows, double* uniforms);

}  // namespace overbuild
