#include "overbuild/sampling/instruction_set.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "overbuild/base/error.hpp"

namespace overbuild {
namespace {

using testing::HasSubstr;

TEST(InstructionSet, EveryAvailableOneCanBeUsed) {
  const std::vector<std::string> names = available_instruction_sets();
  ASSERT_FALSE(names.empty());
  for (const std::string& name : names) {
    use_instruction_set(name);
    EXPECT_EQ(instruction_set_in_use(), name);
    EXPECT_EQ(available_instruction_sets(), names);  // a choice takes none away
  }
  use_instruction_set("auto");
  EXPECT_EQ(instruction_set_in_use(), names.back());
}

#ifdef __x86_64__
TEST(InstructionSet, TheBaselineIsAlwaysThere) {
  EXPECT_EQ(available_instruction_sets().front(), "x86-64-v2");
}
#endif

TEST(InstructionSet, AnUnknownNameIsAUsageError) {
  const std::string before = instruction_set_in_use();
  try {
    use_instruction_set("avx1024");
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::usage);
    EXPECT_THAT(error.what(), HasSubstr("avx1024"));
    EXPECT_THAT(error.what(), HasSubstr("auto"));
    for (const std::string& name : available_instruction_sets())
      EXPECT_THAT(error.what(), HasSubstr(name));
  }
  EXPECT_EQ(instruction_set_in_use(), before);
}

}  // namespace
}  // namespace overbuild
