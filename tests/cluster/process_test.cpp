#include "overbuild/cluster/process.hpp"

#include <gmock/gmock.h>

#include <system_error>

#include "tests/cluster/fake_programs.hpp"

namespace overbuild::testing_cluster {
namespace {

using testing::HasSubstr;

class ProcessTest : public FakePrograms {};

TEST_F(ProcessTest, GivesWordsAsTheyAreAndTakesStreamsAndCode) {
  const std::string odd = "a b'c\"d$HOME\\`e`*\ng";
  const ProcessOutcome outcome =
      run_process({"sh", "-c", "printf '%s' \"$1\"; pwd >&2; cat; exit 7", "sh", odd}, folder / "");
  EXPECT_EQ(outcome.code, 7);
  EXPECT_EQ(outcome.output, odd) << "and standard input is empty";
  EXPECT_THAT(outcome.error,
              HasSubstr(std::filesystem::canonical(folder / "").filename().string()));
}

TEST_F(ProcessTest, TakesAnyLengthFromBothStreams) {
  const ProcessOutcome outcome =
      run_process({"sh", "-c", "head -c 1000000 /dev/zero; head -c 1000000 /dev/zero >&2"}, ".");
  EXPECT_EQ(outcome.output.size(), 1000000);
  EXPECT_EQ(outcome.error.size(), 1000000);
}

TEST_F(ProcessTest, TellsTheSignalThatEndedIt) {
  EXPECT_EQ(run_process({"sh", "-c", "kill -9 $$"}, ".").code, 137);
}

TEST_F(ProcessTest, KeepsVariablesBack) {
  setenv("OVERBUILD_TEST_A", "1", 1);
  const std::vector<std::string> words = {"sh", "-c", "echo \"${OVERBUILD_TEST_A-none}\""};
  EXPECT_EQ(run_process(words, ".").output, "1\n");
  EXPECT_EQ(run_process(words, ".", "OVERBUILD_TEST").output, "none\n");
  unsetenv("OVERBUILD_TEST_A");
}

TEST_F(ProcessTest, SaysThatThereIsNoSuchProgram) {
  try {
    run_process({"no-such-program-of-overbuild"}, ".");
    FAIL() << "no error";
  } catch (const std::system_error& error) {
    EXPECT_EQ(error.code(), std::errc::no_such_file_or_directory);
  }
}

}  // namespace
}  // namespace overbuild::testing_cluster
