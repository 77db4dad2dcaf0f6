#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "src/sampling/independent_draws.cpp"
#include "hwy/foreach_target.h"  // IWYU pragma: keep: includes this file once per instruction set

#include "overbuild/sampling/independent_draws.hpp"
#include "overbuild/sampling/step_random-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace overbuild {
namespace HWY_NAMESPACE {

// Far from the numbers that models give their draws.
inline constexpr int first_normal_block = 1 << 16, first_uniform_block = 1 << 17;

HWY_INLINE StepRandom random_of(const DrawKey& key, int lane) {
  const WordVector path = hn::Iota(WordTag(), key.first_path + static_cast<unsigned>(lane));
  return {key.seed, path, key.step};
}

/// Stores the vectors of consecutive rows, as far as there are so many rows.
template <int n>
HWY_INLINE void store_rows(const Real (&values)[n], int rows, int lanes, double* to) {
  for (int i = 0; i < n && i < rows; ++i)
    values[i].store(to + static_cast<std::ptrdiff_t>(i) * lanes);
}

void write_normals(const DrawKey& key, int lanes, int rows, double* normals) {
  for (int row = 0; row < rows; row += 4) {
    double* to = normals + static_cast<std::ptrdiff_t>(row) * lanes;
    for (int lane = 0; lane < lanes; lane += lanes_per_vector) {
      const RandomBlock block = random_of(key, lane).block(first_normal_block + row / 4);
      const RealPair front = normal_pair(block.word[0], block.word[1]);
      const RealPair back = normal_pair(block.word[2], block.word[3]);
      store_rows<4>({front.first, front.second, back.first, back.second}, rows - row, lanes,
                    to + lane);
    }
  }
}

void write_uniforms(const DrawKey& key, int lanes, int rows, double* uniforms) {
  for (int row = 0; row < rows; row += 2) {
    double* to = uniforms + static_cast<std::ptrdiff_t>(row) * lanes;
    for (int lane = 0; lane < lanes; lane += lanes_per_vector) {
      const RandomBlock block = random_of(key, lane).block(first_uniform_block + row / 2);
      store_rows<2>(
          {uniform52(block.word[0], block.word[1]), uniform52(block.word[2], block.word[3])},
          rows - row, lanes, to + lane);
    }
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace overbuild
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace overbuild {
namespace {

HWY_EXPORT(write_normals);
HWY_EXPORT(write_uniforms);

}  // namespace

void independent_normals(const DrawKey& key, int lanes, int rows, double* normals) {
  HWY_DYNAMIC_DISPATCH(write_normals)(key, lanes, rows, normals);
}

void independent_uniforms(const DrawKey& key, int lanes, int rows, double* uniforms) {
  HWY_DYNAMIC_DISPATCH(write_uniforms)(key, lanes, rows, uniforms);
}

}  // namespace overbuild
#endif  // HWY_ONCE
