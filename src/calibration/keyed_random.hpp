// Random numbers of a calibration, keyed by what they are for.
#pragma once

#include <array>
#include <cstdint>

namespace overbuild {

/// Where in a calibration a random number is drawn.
struct DrawKey {
  int island = 0, temperature = 0, move = 0;
  std::uint32_t particle = 0;

  /// A number below 2^52 for the noise of a likelihood estimate.
  std::uint64_t noise() const {
    return (((std::uint64_t(island) << 12 | std::uint64_t(temperature)) << 10 | std::uint64_t(move))
            << 20) |
           particle;
  }
};

inline constexpr int most_temperatures = 4000;

/// What a number is used for.
enum class DrawUse : std::uint32_t { start, resampling, proposal, acceptance };

class KeyedRandom {
 public:
  explicit KeyedRandom(std::uint64_t seed) : seed_(seed) {}

  /// Uniform on (0, 1) with 52 bits.
  double uniform(const DrawKey& key, DrawUse use) const;
  /// The standard normals number 2 `pair` and 2 `pair` + 1, by Box and Muller (1958).
  std::array<double, 2> normals(const DrawKey& key, DrawUse use, int pair) const;

 private:
  std::array<double, 2> uniforms(const DrawKey& key, DrawUse use, int pair) const;

  std::uint64_t seed_;
};

/// Seeds that have nothing to do with those of runs: of the paths' noise and of all else.
struct CalibrationSeeds {
  std::uint64_t noise, moves;
};
CalibrationSeeds calibration_seeds(std::uint64_t run_seed);

}  // namespace overbuild
