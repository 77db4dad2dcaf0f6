#include "overbuild/sampling/point_set.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "src/sampling/point_set.cpp"
#include "hwy/foreach_target.h"  // IWYU pragma: keep: includes this file once per instruction set

#include "overbuild/sampling/inverse_normal-inl.hpp"
#include "overbuild/sampling/step_random-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace overbuild {
namespace HWY_NAMESPACE {

/// Bit i of the result depends on the bits 0 to i of x and on the keys: sums, products with odd
/// numbers and x ^ (x * even) carry upwards only, and each can be undone. Adding a uniform key
/// first makes every result equally likely.
HWY_INLINE std::uint32_t scrambled_from_below(std::uint32_t x, const std::uint32_t* key) {
  x += key[0];
  x ^= x * 0x6C50B47Cu;
  x *= key[1] | 1u;
  x ^= x * 0xB82F1E52u;
  x += key[2];
  x ^= x * 0xC7AFE638u;
  x *= key[3] | 1u;
  x ^= x * 0x8D22F6E6u;
  return x;
}

HWY_INLINE std::uint32_t reversed(std::uint32_t x) {
  x = (x >> 16) | (x << 16);
  x = ((x >> 8) & 0x00FF00FFu) | ((x & 0x00FF00FFu) << 8);
  x = ((x >> 4) & 0x0F0F0F0Fu) | ((x & 0x0F0F0F0Fu) << 4);
  x = ((x >> 2) & 0x33333333u) | ((x & 0x33333333u) << 2);
  return ((x >> 1) & 0x55555555u) | ((x & 0x55555555u) << 1);
}

/// Scrambles the reversed coordinates words[lane] and makes uniforms of them.
void scramble(std::uint32_t* HWY_RESTRICT words, int lanes, const std::uint32_t* key,
              double* HWY_RESTRICT uniforms) {
  for (int lane = 0; lane < lanes; ++lane)
    words[lane] = reversed(scrambled_from_below(words[lane], key));
  const hn::Rebind<std::uint32_t, WordTag> narrow;
  for (int lane = 0; lane < lanes; lane += lanes_per_vector)
    uniform32(hn::PromoteTo(WordTag(), hn::LoadU(narrow, words + lane))).store(uniforms + lane);
}

void invert_normals(double* values, int count) {
  for (int i = 0; i < count; i += lanes_per_vector)
    inverse_normal(Real::load(values + i)).store(values + i);
}

}  // namespace HWY_NAMESPACE
}  // namespace overbuild
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <boost/random/sobol.hpp>

#include "overbuild/base/error.hpp"
#include "overbuild/sampling/philox.hpp"

namespace overbuild {
namespace {

HWY_EXPORT(scramble);
HWY_EXPORT(invert_normals);

using Engine = boost::random::sobol_engine<std::uint32_t, 32>;
constexpr int coordinate_bits = 32;
constexpr int most_lanes = 4096;

/// Third words of Philox counters: no step of a path has these numbers (at most 100,000).
constexpr std::uint32_t scrambling = 0xFFFFFFFFu, ordering = 0xFFFFFFFEu, placing = 0xFFFFFFFDu;

std::uint32_t low(std::uint64_t word) { return static_cast<std::uint32_t>(word); }

/// The coordinates of the engine's point whose number's Gray code is `next_number`'s.
std::vector<std::uint32_t> engine_point(Engine& engine, std::uint32_t next_number,
                                        std::size_t dimensions) {
  engine.seed(next_number - 1);  // the engine leaves out the point number 0
  std::vector<std::uint32_t> point(dimensions);
  for (std::uint32_t& coordinate : point) coordinate = engine();
  return point;
}

std::uint32_t bits_reversed(std::uint32_t x) {
  std::uint32_t result = 0;
  for (int i = 0; i < coordinate_bits; ++i) result |= ((x >> i) & 1u) << (coordinate_bits - 1 - i);
  return result;
}

}  // namespace

const std::size_t SobolPoints::most_dimensions = boost::random::default_sobol_table::max_dimension;

// The Gray code of 2^j has the bits j and j - 1, so that the engine's points of these numbers give
// one direction number after the other.
SobolPoints::SobolPoints(std::size_t dimensions, std::uint64_t points)
    : points_(points),
      bits_(std::countr_zero(points)),
      direction_(dimensions * static_cast<std::size_t>(bits_)) {
  if (dimensions == 0) return;
  if (dimensions > most_dimensions || points > most_points || !std::has_single_bit(points))
    throw Error(ExitCode::internal,
                fmt::format("no Sobol points: {} dimensions, {} points", dimensions, points));
  Engine engine(dimensions);
  std::vector<std::uint32_t> before(dimensions);
  for (int j = 0; j < bits_; ++j) {
    std::vector<std::uint32_t> point = engine_point(engine, std::uint32_t{1} << j, dimensions);
    for (std::size_t d = 0; d < dimensions; ++d) {
      point[d] ^= before[d];
      direction_[d * std::size_t(bits_) + std::size_t(j)] = bits_reversed(point[d]);
    }
    before = std::move(point);
  }
}

void SobolPoints::fill(std::uint64_t seed, std::uint64_t first_path, int lanes,
                       std::size_t dimension, double* uniforms) const {
  if (lanes > most_lanes || !std::has_single_bit(static_cast<unsigned>(lanes)) ||
      first_path % static_cast<unsigned>(lanes) != 0)
    throw Error(ExitCode::internal, fmt::format("no tile: {} paths from {}", lanes, first_path));
  const std::uint32_t* direction = &direction_[dimension * static_cast<std::size_t>(bits_)];
  const std::uint64_t number = first_path % points_;
  alignas(64) std::uint32_t words[most_lanes];
  words[0] = 0;
  for (int j = 0; j < bits_; ++j)
    if ((number >> j) & 1) words[0] ^= direction[j];
  for (int j = 0, size = 1; size < lanes; ++j, size *= 2)
    for (int lane = 0; lane < size; ++lane) words[size + lane] = words[lane] ^ direction[j];
  const std::uint64_t replicate = first_path / points_;
  const auto key = philox4x32({low(replicate), low(dimension), scrambling, 0}, seed);
  HWY_DYNAMIC_DISPATCH(scramble)(words, lanes, key.data(), uniforms);
}

LatinHypercube::LatinHypercube(std::uint64_t points) : points_(points), rows_(1) {
  while (points % (rows_ * 2) == 0 && rows_ * rows_ * 4 <= points) rows_ *= 2;
  columns_ = points / rows_;
}

// A Feistel network on pairs (row, column) with sums modulo their numbers permutes all of them.
// Source: Black and Rogaway (2002), Ciphers with arbitrary finite domains, CT-RSA, section 5.
void LatinHypercube::fill(std::uint64_t seed, std::uint64_t first_path, int lanes,
                          std::size_t dimension, double* uniforms) const {
  constexpr std::uint32_t rounds = 6;
  const std::uint32_t replicate = low(first_path / points_);
  const auto word = [&](std::uint64_t of, std::uint32_t round) {
    const std::uint32_t place = (low(dimension) << 3) | round;
    const auto block = philox4x32({low(of), replicate, ordering, place}, seed);
    return block[0] | (std::uint64_t{block[1]} << 32);
  };
  for (int lane = 0; lane < lanes; ++lane) {
    const std::uint64_t path = first_path + static_cast<unsigned>(lane), point = path % points_;
    std::uint64_t row = point % rows_, column = point / rows_;
    for (std::uint32_t round = 0; round < rounds; round += 2) {
      row = (row + word(column, round) % rows_) % rows_;
      column = (column + word(row, round + 1) % columns_) % columns_;
    }
    const auto place = philox4x32({low(path), low(path >> 32), placing, low(dimension)}, seed)[0];
    const double within = (place + 0.5) * 0x1p-32;
    const double uniform =
        (static_cast<double>(column * rows_ + row) + within) / static_cast<double>(points_);
    uniforms[lane] = std::clamp(uniform, 0x1p-33, 1 - 0x1p-33);
  }
}

void uniforms_to_normals(double* uniforms, int count) {
  HWY_DYNAMIC_DISPATCH(invert_normals)(uniforms, count);
}

}  // namespace overbuild
#endif  // HWY_ONCE
