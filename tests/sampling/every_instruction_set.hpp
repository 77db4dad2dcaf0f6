// Runs a check once per instruction set that this machine has.
#pragma once

#include <gtest/gtest.h>

#include <bit>
#include <cstdint>
#include <string>
#include <vector>

#include "overbuild/sampling/instruction_set.hpp"

namespace overbuild {

template <class Check>
void on_every_instruction_set(Check check) {
  for (const std::string& name : available_instruction_sets()) {
    SCOPED_TRACE(name);
    use_instruction_set(name);
    check();
  }
  use_instruction_set("auto");
}

/// FNV-1a hash of the values' bits. Source: Fowler, Noll and Vo (1991).
inline std::uint64_t hash_of_bits(const std::vector<double>& values) {
  std::uint64_t hash = 0xCBF29CE484222325;
  for (double value : values) hash = (hash ^ std::bit_cast<std::uint64_t>(value)) * 0x100000001B3;
  return hash;
}

/// Expects that make(), a vector of doubles, has the same bits on every instruction set, and those
/// that were recorded: any compiler and machine must give them.
template <class Make>
void expect_same_bits(std::uint64_t recorded_hash, Make make) {
  std::vector<double> first;
  on_every_instruction_set([&] {
    const std::vector<double> values = make();
    if (first.empty()) first = values;
    ASSERT_EQ(values.size(), first.size());
    for (std::size_t i = 0; i < values.size(); ++i)
      ASSERT_EQ(std::bit_cast<std::uint64_t>(values[i]), std::bit_cast<std::uint64_t>(first[i]))
          << "value " << i << ": " << values[i] << " and " << first[i];
  });
  EXPECT_EQ(hash_of_bits(first), recorded_hash);
}

}  // namespace overbuild
