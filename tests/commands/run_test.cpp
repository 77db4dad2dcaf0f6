// `overbuild run`: what it writes, where, and that only config and seed decide the numbers.
#include <fcntl.h>

#include <nlohmann/json.hpp>

#include "overbuild/config/load.hpp"
#include "overbuild/sampling/instruction_set.hpp"
#include "tests/commands/program_fixture.hpp"

namespace overbuild::testing_commands {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class RunTest : public ProgramTest {
 protected:
  /// Runs a config into a new file and returns what the file holds.
  ResultContents contents(std::vector<std::string> arguments) {
    const std::string file = "run" + std::to_string(++runs_) + ".h5";
    arguments.insert(arguments.begin(), "run");
    arguments.insert(arguments.end(), {"-o", file, "--quiet"});
    const Finished run = program(arguments);
    EXPECT_EQ(run.code, 0) << run.error;
    return read_result(folder / file);
  }

 private:
  int runs_ = 0;
};

TEST_F(RunTest, WritesWhatTheEngineComputes) {
  const ResultContents written = contents({"gbm.toml"});
  const Scenario scenario = load_scenario(
      folder / "gbm.toml", std::vector<std::string>{"outputs.paths=0"});  // no sink here
  EXPECT_EQ(SummaryBits::of(written.summary), SummaryBits::of(run(scenario).summary));
  EXPECT_TRUE(written.summary.complete);
  EXPECT_EQ(written.model, "gbm");
  EXPECT_EQ(written.seed, 11u);
}

TEST_F(RunTest, RecordsWhereTheResultComesFrom) {
  const Provenance origin =
      contents({"gbm.toml", "--set", "title=\"New title\"", "--threads", "2"}).provenance;
  EXPECT_EQ(origin.command,
            "overbuild run gbm.toml --set 'title=\"New title\"' --threads 2 -o run1.h5 --quiet");
  EXPECT_EQ(origin.config_file, "gbm.toml");
  EXPECT_THAT(origin.config, HasSubstr("title = \"New title\""));
  EXPECT_EQ(origin.threads, 2);
  EXPECT_GT(origin.wall_seconds, 0);
  EXPECT_THAT(origin.started, testing::MatchesRegex("....-..-..T..:..:..Z"));
  EXPECT_GE(origin.finished, origin.started);
}

TEST_F(RunTest, GivesTheSameBitsForAnyThreads) {
  for (const char* config : {"gbm.toml", "bubble.toml"}) {
    const auto one = SummaryBits::of(contents({config, "--threads", "1"}).summary);
    for (const char* threads : {"2", "7"})
      EXPECT_EQ(SummaryBits::of(contents({config, "--threads", threads}).summary), one) << threads;
  }
}

TEST_F(RunTest, GivesTheSameBitsForAnyChunk) {
  const auto chosen = SummaryBits::of(contents({"gbm.toml"}).summary);
  for (const char* chunk : {"1", "512", "1000", "1000000"})
    EXPECT_EQ(SummaryBits::of(contents({"gbm.toml", "--chunk", chunk}).summary), chosen) << chunk;
}

TEST_F(RunTest, GivesTheSameBitsForAnyInstructionSet) {
  for (const char* config : {"gbm.toml", "bubble.toml"}) {
    const auto best = SummaryBits::of(contents({config, "--isa", "auto"}).summary);
    for (const std::string& name : available_instruction_sets()) {
      const ResultContents result = contents({config, "--isa", name});
      EXPECT_EQ(result.provenance.instruction_set, name);
      EXPECT_EQ(SummaryBits::of(result.summary), best) << name;
    }
  }
}

TEST_F(RunTest, TakesShortNamesOfInstructionSets) {
  EXPECT_EQ(contents({"ou.toml", "--isa", "v2"}).provenance.instruction_set, "x86-64-v2");
}

TEST_F(RunTest, GivesOtherNumbersForAnotherSeed) {
  const ResultContents first = contents({"gbm.toml"});
  const ResultContents second = contents({"gbm.toml", "--seed", "12"});
  EXPECT_EQ(second.seed, 12u);
  EXPECT_NE(SummaryBits::of(first.summary), SummaryBits::of(second.summary));
}

TEST_F(RunTest, GivesShorthandsTheLastWord) {
  const ResultContents result =
      contents({"gbm.toml", "--paths", "700", "--set", "run.paths=900", "--set", "run.seed=5"});
  EXPECT_EQ(result.summary.paths, 700u);
  EXPECT_EQ(result.seed, 5u);
}

TEST_F(RunTest, NamesTheFile) {
  ASSERT_EQ(program({"run", "ou.toml"}).code, 0);
  ASSERT_EQ(program({"run", "ou.toml", "--set", "outputs.file=\"named.h5\""}).code, 0);
  ASSERT_EQ(
      program({"run", "ou.toml", "--set", "outputs.file=\"named.h5\"", "-o", "given.h5"}).code, 0);
  EXPECT_THAT(results(), ElementsAre("given.h5", "named.h5", "ou.h5"));
}

TEST_F(RunTest, DoesNotReplaceAFileUnasked) {
  write("ou.h5", "precious");
  // So many paths would take hours: the file is noticed before.
  const Finished refused = program({"run", "ou.toml", "--paths", most_paths});
  EXPECT_EQ(refused.code, 4);
  EXPECT_THAT(refused.error, AllOf(HasSubstr("ou.h5"), HasSubstr("--force")));
  EXPECT_EQ(bytes(folder / "ou.h5"), "precious");
  EXPECT_THAT(results(), ElementsAre("ou.h5"));
}

TEST_F(RunTest, ReplacesAResultWhenForced) {
  ASSERT_EQ(program({"run", "gbm.toml", "-o", "ou.h5"}).code, 0);
  EXPECT_EQ(program({"run", "ou.toml"}).code, 4);
  EXPECT_EQ(program({"run", "ou.toml", "--force"}).code, 0);
  EXPECT_EQ(read_result(folder / "ou.h5").model, "ou");
}

TEST_F(RunTest, NeverReplacesItsConfig) {
  const std::string config = bytes(folder / "ou.toml");
  // So many paths would take hours: the mistake is noticed before.
  const Finished refused =
      program({"run", "ou.toml", "-o", "ou.toml", "-f", "--paths", most_paths});
  EXPECT_EQ(refused.code, 4);
  EXPECT_THAT(refused.error,
              AllOf(HasSubstr("--force replaces results only"), HasSubstr("by hand")));
  EXPECT_EQ(bytes(folder / "ou.toml"), config);
}

TEST_F(RunTest, KeepsTheOldFileWhenAForcedRunFails) {
  write("gbm.h5", "precious");
  const Finished run = program({"run", "gbm.toml", "--force", "--set", "parameters.volatility=-1"});
  EXPECT_EQ(run.code, 3);
  EXPECT_EQ(bytes(folder / "gbm.h5"), "precious");
}

TEST_F(RunTest, PrintsNothingWhenQuiet) {
  const Finished run = program({"run", "ou.toml", "--quiet"});
  EXPECT_EQ(run.code, 0);
  EXPECT_EQ(run.output + run.error, "");
}

TEST_F(RunTest, ShowsNoProgressOfAShortRunInALog) {
  EXPECT_THAT(program({"run", "ou.toml"}).error, IsEmpty());
}

TEST_F(RunTest, EndsWithItsCodeWhenNumbersLeaveTheFiniteRange) {
  write("wild.toml",
        "model = \"gbm\"\n[run]\npaths = 1000\nhorizon = 100\nstep = 1\n"
        "[parameters]\ndrift = 10.0\n");
  const Finished run = program({"run", "wild.toml"});
  EXPECT_EQ(run.code, 5);
  EXPECT_THAT(run.error, AllOf(HasSubstr("path"), HasSubstr("step"), HasSubstr("value")));
  EXPECT_THAT(results(), IsEmpty());
}

TEST_F(RunTest, SurvivesAClosedStandardOutput) {
  Launch closed = launch({"run", "ou.toml"});
  closed.output = [] { return -1; };
  EXPECT_EQ(finish(closed).code, 0);
  EXPECT_EQ(finish(closed).error.find("Bad file"), std::string::npos);
  // Without care the file would have become standard output, and hold the summary.
  EXPECT_EQ(read_result(folder / "ou.h5").summary.paths, 1000u);
}

TEST_F(RunTest, IsQuietWhenTheReaderWentAway) {
  for (const std::vector<std::string>& arguments :
       std::vector<std::vector<std::string>>{{"run", "ou.toml"}, {"describe", "overbuild"}}) {
    Launch broken = launch(arguments);
    broken.output = [] {
      int ends[2];
      if (pipe(ends) != 0) _exit(124);
      close(ends[0]);
      return ends[1];
    };
    const Finished run = finish(broken);
    EXPECT_EQ(run.code, 0);
    EXPECT_THAT(run.error, IsEmpty());
  }
  EXPECT_EQ(read_result(folder / "ou.h5").summary.paths, 1000u);
}

TEST_F(RunTest, ReportsAStandardOutputThatIsFull) {
  Launch full = launch({"models"});
  full.output = [] { return open("/dev/full", O_WRONLY); };
  const Finished run = finish(full);
  EXPECT_EQ(run.code, 4);
  EXPECT_THAT(run.error, HasSubstr("cannot write to standard output: No space left on device"));
}

}  // namespace
}  // namespace overbuild::testing_commands
