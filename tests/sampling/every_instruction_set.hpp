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

/// Expects that make(), a vector of doubles, has the same bits on every instruction set.
template <class Make>
void expect_same_bits(Make make) {
  std::vector<double> first;
  on_every_instruction_set([&] {
    const std::vector<double> values = make();
    if (first.empty()) first = values;
    ASSERT_EQ(values.size(), first.size());
    for (std::size_t i = 0; i < values.size(); ++i)
      ASSERT_EQ(std::bit_cast<std::uint64_t>(values[i]), std::bit_cast<std::uint64_t>(first[i]))
          << "value " << i << ": " << values[i] << " and " << first[i];
  });
}

}  // namespace overbuild
