// The vectorised Philox generator against the published values and Random123.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "tests/sampling/philox_test.cpp"
#include "hwy/foreach_target.h"  // IWYU pragma: keep

#include "overbuild/sampling/step_random-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace overbuild {
namespace HWY_NAMESPACE {

void store(const RandomBlock& block, std::uint64_t* words) {
  for (int i = 0; i < 4; ++i) hn::StoreU(block.word[i], WordTag(), words + 8 * i);
}

/// words[i][lane] of the counters counter[i][lane], 8 lanes; high halves are the generator's.
void philox_blocks(const std::uint64_t* counter, std::uint64_t key, std::uint64_t* words) {
  const WordTag d;
  for (int lane = 0; lane < 8; lane += lanes_per_vector) {
    const std::uint64_t* c = counter + lane;
    store(philox4x32(hn::LoadU(d, c), hn::LoadU(d, c + 8), hn::LoadU(d, c + 16),
                     hn::LoadU(d, c + 24), key),
          words + lane);
  }
}

void step_blocks(std::uint64_t seed, std::uint64_t first_path, int step, int draw,
                 std::uint64_t* words) {
  for (int lane = 0; lane < 8; lane += lanes_per_vector) {
    const WordVector path = hn::Iota(WordTag(), first_path + static_cast<unsigned>(lane));
    store(StepRandom(seed, path, step).block(draw), words + lane);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace overbuild
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include <Random123/philox.h>
#undef philox4x32  // Random123's macro

#include <array>
#include <random>

#include "overbuild/sampling/philox.hpp"
#include "tests/sampling/every_instruction_set.hpp"

namespace overbuild {
namespace {

HWY_EXPORT(philox_blocks);
HWY_EXPORT(step_blocks);

using Counter = std::array<std::uint32_t, 4>;

/// The blocks of eight counters that share a key.
std::array<Counter, 8> blocks(const std::array<Counter, 8>& counters, std::uint64_t key) {
  std::array<std::uint64_t, 32> input{}, output{};
  for (std::size_t lane = 0; lane < 8; ++lane)
    for (std::size_t i = 0; i < 4; ++i) input[8 * i + lane] = counters[lane][i];
  HWY_DYNAMIC_DISPATCH(philox_blocks)(input.data(), key, output.data());
  std::array<Counter, 8> result{};
  for (std::size_t lane = 0; lane < 8; ++lane)
    for (std::size_t i = 0; i < 4; ++i)
      result[lane][i] = static_cast<std::uint32_t>(output[8 * i + lane]);
  return result;
}

// Source: kat_vectors of Random123 1.14, lines "philox4x32 10".
TEST(Philox, GivesThePublishedValues) {
  struct Known {
    Counter counter;
    std::uint64_t key;
    Counter block;
  };
  const Known all_known[] = {{{0, 0, 0, 0}, 0, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
                             {{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
                              0xffffffffffffffff,
                              {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
                             {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
                              0x299f31d0a4093822,
                              {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}}};
  on_every_instruction_set([&] {
    for (const Known& known : all_known) {
      std::array<Counter, 8> counters;
      counters.fill(known.counter);
      for (const Counter& block : blocks(counters, known.key)) EXPECT_EQ(block, known.block);
    }
  });
  for (const Known& known : all_known)
    EXPECT_EQ(overbuild::philox4x32(known.counter, known.key), known.block) << "a single block";
}

TEST(Philox, AgreesWithRandom123) {
  std::mt19937_64 generator(1);
  on_every_instruction_set([&] {
    for (int repetition = 0; repetition < 100000 / 8; ++repetition) {
      std::array<Counter, 8> counters;
      for (Counter& counter : counters)
        for (std::uint32_t& word : counter) word = static_cast<std::uint32_t>(generator());
      const std::uint64_t key = generator();
      const std::array<Counter, 8> found = blocks(counters, key);
      for (std::size_t lane = 0; lane < 8; ++lane) {
        const Counter& c = counters[lane];
        const r123::Philox4x32::ctr_type wanted = r123::Philox4x32()(
            {{c[0], c[1], c[2], c[3]}},
            {{static_cast<std::uint32_t>(key), static_cast<std::uint32_t>(key >> 32)}});
        for (std::size_t i = 0; i < 4; ++i) ASSERT_EQ(found[lane][i], wanted[i]);
      }
    }
  });
}

// The layout is part of what makes results reproducible: counter (path low, path high, step, draw),
// key (seed low, seed high).
TEST(Philox, StepsHaveTheDocumentedCounters) {
  const std::uint64_t seed = 0x0123456789abcdef, first_path = 0xfffffffc;  // carries into bit 32
  on_every_instruction_set([&] {
    std::array<std::uint64_t, 32> words{};
    HWY_DYNAMIC_DISPATCH(step_blocks)(seed, first_path, 17, 3, words.data());
    for (std::uint32_t lane = 0; lane < 8; ++lane) {
      const std::uint64_t path = first_path + lane;
      const r123::Philox4x32::ctr_type wanted = r123::Philox4x32()(
          {{static_cast<std::uint32_t>(path), static_cast<std::uint32_t>(path >> 32), 17, 3}},
          {{0x89abcdef, 0x01234567}});
      for (std::size_t i = 0; i < 4; ++i)
        EXPECT_EQ(static_cast<std::uint32_t>(words[8 * i + lane]), wanted[i]) << lane;
    }
  });
}

}  // namespace
}  // namespace overbuild
#endif  // HWY_ONCE
