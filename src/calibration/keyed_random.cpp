#include "src/calibration/keyed_random.hpp"

#include <cmath>
#include <numbers>

#include "overbuild/sampling/philox.hpp"

namespace overbuild {
namespace {

std::uint64_t join(std::uint32_t low, std::uint32_t high) {
  return std::uint64_t{high} << 32 | low;
}

double uniform_of(std::uint64_t word) { return (static_cast<double>(word >> 12) + 0.5) * 0x1p-52; }

}  // namespace

std::array<double, 2> KeyedRandom::uniforms(const DrawKey& key, DrawUse use, int pair) const {
  const auto words = philox4x32(
      {key.particle, static_cast<std::uint32_t>(use) << 24 | static_cast<std::uint32_t>(pair),
       static_cast<std::uint32_t>(key.temperature) << 12 | static_cast<std::uint32_t>(key.move),
       static_cast<std::uint32_t>(key.island)},
      seed_);
  return {uniform_of(join(words[0], words[1])), uniform_of(join(words[2], words[3]))};
}

double KeyedRandom::uniform(const DrawKey& key, DrawUse use) const {
  return uniforms(key, use, 0)[0];
}

// In long double, whose functions in the C library have one code path on all processors.
std::array<double, 2> KeyedRandom::normals(const DrawKey& key, DrawUse use, int pair) const {
  const auto u = uniforms(key, use, pair);
  const long double radius = std::sqrt(-2 * std::log(static_cast<long double>(u[0])));
  const long double angle = 2 * std::numbers::pi_v<long double> * u[1];
  return {static_cast<double>(radius * std::cos(angle)),
          static_cast<double>(radius * std::sin(angle))};
}

CalibrationSeeds calibration_seeds(std::uint64_t run_seed) {
  constexpr std::uint32_t tag = 0x63616C69u;  // a counter that no path of a run has
  const auto words = philox4x32({tag, tag, tag, tag}, run_seed);
  return {join(words[0], words[1]), join(words[2], words[3])};
}

}  // namespace overbuild
