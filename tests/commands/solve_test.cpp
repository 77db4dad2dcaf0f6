// Reverse stress tests on the command line.
#include <nlohmann/json.hpp>

#include "overbuild/results/solve_file.hpp"
#include "tests/commands/program_fixture.hpp"
#include "tests/commands/same_result.hpp"

namespace overbuild::testing_commands {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class SolveTest : public ProgramTest {
 protected:
  SolveTest() {
    write("barrier.toml",
          "model = \"gbm\"\ntitle = \"Barrier\"\n[run]\npaths = 3000\nhorizon = 1\nstep = 0.25\n"
          "[parameters]\ndrift = {prior = \"normal\", mean = 0.05, sd = 0.2, min = -1, max = 1}\n");
    write("sweep.toml",
          "extends = \"barrier.toml\"\n[[sweep]]\nmethod = \"grid\"\n"
          "parameters.volatility = [0.2, 0.3, 0.4]\n");
  }

  Finished solve(std::vector<std::string> more) const {
    std::vector<std::string> words = {"solve", "barrier.toml", "--for",
                                      "drift", "-t",           "P(final_value > 1.2) = 0.3"};
    words.insert(words.end(), more.begin(), more.end());
    return program(words);
  }
};

TEST_F(SolveTest, PrintsTheRootAndWritesTheFile) {
  const Finished run = solve({});
  ASSERT_EQ(run.code, 0) << run.error;
  EXPECT_THAT(run.output,
              AllOf(HasSubstr("Barrier\nP(final_value > 1.2) = 0.3 by drift"),
                    HasSubstr("95% interval"), HasSubstr("of the prior below"), HasSubstr("scan"),
                    HasSubstr("result: barrier.solve.h5"), Not(HasSubstr("NOTE"))));
  const Finished again = program({"show", "barrier.solve.h5"});
  EXPECT_EQ(again.code, 0) << again.error;
  EXPECT_GT(again.output.size(), 200u);
  EXPECT_TRUE(run.output.starts_with(again.output));
  const SolveContents contents = read_solve(folder / "barrier.solve.h5");
  EXPECT_EQ(contents.paths, 3000u);
  ASSERT_EQ(contents.searches.size(), 1u);
  ASSERT_EQ(contents.searches[0].roots.size(), 1u);
  EXPECT_EQ(contents.searches[0].scan.size(), 25u);
  EXPECT_THAT(contents.provenance.command, HasSubstr("overbuild solve barrier.toml"));
  const auto json = nlohmann::json::parse(program({"show", "--json", "barrier.solve.h5"}).output);
  EXPECT_EQ(json["searches"][0]["roots"][0]["x"].get<double>(), contents.searches[0].roots[0].x);
  EXPECT_EQ(json["searches"][0]["evaluations"].size(), contents.searches[0].evaluations.size());
}

TEST_F(SolveTest, ThreadsChangeNoBit) {
  ASSERT_EQ(solve({"-q", "-o", "1.h5", "--threads", "1"}).code, 0);
  ASSERT_EQ(solve({"-q", "-o", "3.h5", "--threads", "3", "--chunk", "512"}).code, 0);
  expect_same_result(folder / "1.h5", folder / "3.h5");
}

TEST_F(SolveTest, ShardsOfAFrontierAreMergedToTheSameBits) {
  const std::vector<std::string> frontier = {
      "--against", "barrier",    "--values", "1.1:2:5",
      "--for",     "volatility", "-t",       "P(barrier_passed within 1y) = 0.3"};
  const auto run = [&](std::vector<std::string> more) {
    std::vector<std::string> words = {"solve", "barrier.toml", "-q"};
    words.insert(words.end(), frontier.begin(), frontier.end());
    words.insert(words.end(), more.begin(), more.end());
    return program(words);
  };
  const Finished whole = run({"-o", "whole.h5"});
  ASSERT_EQ(whole.code, 0) << whole.error;
  EXPECT_EQ(read_solve(folder / "whole.h5").searches.size(), 5u);
  std::vector<std::string> merge = {"merge", "-o", "merged.h5"};
  for (const int shard : {2, 1}) {
    const std::string number = std::to_string(shard);
    ASSERT_EQ(run({"--shard", number + "/2"}).code, 0);
    merge.push_back("barrier.solve.shard-" + number + "-of-2.h5");
  }
  const Finished merged = program(merge);
  ASSERT_EQ(merged.code, 0) << merged.error;
  EXPECT_THAT(merged.output, HasSubstr("from 2 shards"));
  expect_same_result(folder / "whole.h5", folder / "merged.h5");
  EXPECT_THAT(program({"merge", merge.back(), "-o", "less.h5"}).error,
              HasSubstr("shard 2/2 is given 0 times"));
  EXPECT_THAT(run({"--shard", "6/6"}).error, HasSubstr("only 5 values to part"));
}

TEST_F(SolveTest, OfASweepThereIsAFileForEachScenario) {
  const std::vector<std::string> words = {"solve", "sweep.toml", "--for",
                                          "drift", "-t",         "P(final_value > 1.2) = 0.3"};
  const Finished run = program(words);
  ASSERT_EQ(run.code, 0) << run.error;
  EXPECT_THAT(run.output, AllOf(HasSubstr("0001: "), HasSubstr("0003: "), HasSubstr("folder: ")));
  const auto file = folder / "sweep.solve/0002.solve.h5";
  const auto written = std::filesystem::last_write_time(file);
  EXPECT_EQ(program(words).output, run.output);
  EXPECT_EQ(std::filesystem::last_write_time(file), written) << "what is there is kept";
  std::vector<std::string> quiet = words;
  quiet.push_back("--quiet");
  EXPECT_EQ(program(quiet).code, 0) << "there are roots, whether or not they are printed";
  std::vector<std::string> shard = words;
  shard.insert(shard.end(), {"--shard", "2/2", "-o", "other"});
  ASSERT_EQ(program(shard).code, 0);
  EXPECT_TRUE(std::filesystem::exists(folder / "other/0002.solve.h5"));
  EXPECT_FALSE(std::filesystem::exists(folder / "other/0001.solve.h5"));
  const Finished swept =
      program({"solve", "sweep.toml", "--for", "volatility", "-t", "P(final_value > 1.2) = 0.3"});
  EXPECT_EQ(swept.code, 2);
  EXPECT_THAT(swept.error, HasSubstr("the config's sweep gives volatility values of its own"));

  const Finished shown = program({"show", "sweep.solve"});
  EXPECT_EQ(shown.code, 0) << shown.error;
  EXPECT_EQ(shown.output + "folder: sweep.solve\n", run.output);
  EXPECT_EQ(program({"show", "sweep.solve", "--json"}).code, 2);
  std::vector<std::string> other = words;
  other.back() = "P(final_value > 1.2) = 0.4";
  const Finished refused = program(other);
  EXPECT_EQ(refused.code, 4);
  EXPECT_THAT(refused.error, HasSubstr("is not the whole answer to this question"));
  std::filesystem::create_directory(folder / "empty");
  const Finished nothing = program({"show", "empty"});
  EXPECT_EQ(nothing.code, 4);
  EXPECT_THAT(nothing.error, HasSubstr("it is a folder without files of `rare`"));
}

TEST_F(SolveTest, AHandfulOfPathsIsDoubted) {
  const auto solve = [&](const char* target, const char* paths) {
    return program(
               {"solve", "barrier.toml", "--for", "drift", "-t", target, "--paths", paths, "-f"})
        .output;
  };
  EXPECT_THAT(solve("P(final_value > 1.3) = 0.005", "500"), HasSubstr("NOT TO BE TRUSTED"));
  EXPECT_THAT(solve("P(final_value > 1.3) = 0.5", "500"), Not(HasSubstr("NOT TO BE TRUSTED")));
}

TEST_F(SolveTest, WithoutARootWhatWasTriedIsWritten) {
  const Finished run = solve({"--between", "0.5,1"});
  EXPECT_EQ(run.code, 5);
  EXPECT_THAT(run.output,
              AllOf(HasSubstr("NO ROOT: "), HasSubstr("values of drift from 0.5 to 1")));
  EXPECT_THAT(run.error, HasSubstr("it comes nearest at 0.5, where it is"));
  EXPECT_THAT(run.error,
              testing::ContainsRegex("where it is 0\\.[0-9]+ .*, 0\\.[0-9]+ above the target"));
  EXPECT_THAT(results(), ElementsAre("barrier.solve.h5"));
  EXPECT_FALSE(read_solve(folder / "barrier.solve.h5").has_roots());
  EXPECT_EQ(program({"show", "barrier.solve.h5"}).code, 0);
}

TEST_F(SolveTest, TheRangeIsFoundWhereBoundsHaveNoEnd) {
  const Finished run = program({"solve", "barrier.toml", "-q", "--json", "--for", "barrier", "-t",
                                "P(barrier_passed within 1y) = 0.01"});
  ASSERT_EQ(run.code, 0) << run.error;
  const auto json = nlohmann::json::parse(run.output);
  EXPECT_GT(json["searches"][0]["roots"][0]["x"].get<double>(), 1.5);
}

TEST_F(SolveTest, ReplacesNothingWithoutForce) {
  ASSERT_EQ(solve({"-q"}).code, 0);
  const Finished again = solve({"-q"});
  EXPECT_EQ(again.code, 4);
  EXPECT_THAT(again.error, HasSubstr("barrier.solve.h5 exists already; --force replaces it"));
  EXPECT_EQ(solve({"-q", "--force"}).code, 0);
}

TEST_F(SolveTest, NothingIsChosenOfAFileWithOneSummary) {
  ASSERT_EQ(program({"solve", "barrier.toml", "--for", "drift", "-t", "P(final_value > 1.3) = 0.5",
                     "-q", "-o", "one.h5"})
                .code,
            0);
  EXPECT_THAT(program({"show", "one.h5", "--series", "value"}).error,
              HasSubstr("--series: one.h5 is not the result of a run or a batch"));
}

TEST_F(SolveTest, OtherCommandsSayWhatTheFileIs) {
  ASSERT_EQ(solve({"-q"}).code, 0);
  const Finished compared = program({"compare", "barrier.solve.h5", "barrier.solve.h5"});
  EXPECT_EQ(compared.code, 4);
  EXPECT_THAT(compared.error, HasSubstr("it is the result of `overbuild solve`"));
}

TEST_F(SolveTest, MistakesAreNamed) {
  const auto fails = [&](std::vector<std::string> words, const std::string& message) {
    words.insert(words.begin(), {"solve", "barrier.toml", "-o", "never.h5"});
    const Finished run = program(words);
    EXPECT_EQ(run.code, 2) << run.error;
    EXPECT_THAT(run.error, HasSubstr(message));
  };
  const std::string target = "P(final_value > 1.2) = 0.3";
  fails({}, "solve: --for is needed");
  fails({"--for", "drift"}, "solve: --such-that is needed");
  fails({"--for", "drif", "-t", target}, "has no parameter \"drif\", did you mean \"drift\"?");
  fails({"--for", "drift.mean", "-t", target}, "is a number within a prior");
  fails({"--for", "drift", "-t", "P(final_value > 1.2)"}, "solve: --such-that");
  fails({"--for", "drift", "-t", "P(final_value > 1.2) = 2"}, "found the probability 2");
  fails({"--for", "drift", "-t", target, "--between", "1"}, "expected two numbers LOW,HIGH");
  fails({"--for", "drift", "-t", target, "--between", "-20,1"}, "found -20, allowed: [-10, 10]");
  fails({"--for", "drift", "-t", target, "--between", "1,1"}, "different numbers");
  fails({"--for", "drift", "-t", target, "--grid", "1"}, "expected a whole number from 2");
  fails({"--for", "drift", "-t", target, "--against", "barrier"}, "belong together");
  fails({"--for", "drift", "-t", target, "--against", "drift", "--values", "1,2"},
        "drift is the parameter that is looked for");
  fails({"--for", "drift", "-t", target, "--against", "barrier", "--values", "0,2"},
        "solve: --values: barrier: found 0, allowed: > 0");
  fails({"--for", "drift", "-t", target, "--against", "barrier", "--values", "2:1:3"},
        "FROM:TO:COUNT with FROM below TO");
  fails({"--for", "drift", "-t", target, "--against", "barrier", "--values", "a,2"},
        "\"a\" is no number");
  fails({"--for", "drift", "-t", target, "--shard", "1/2"}, "solve: --shard: parts of the values");
  EXPECT_THAT(results(), IsEmpty());
  const Finished until =
      program({"solve", "barrier.toml", "--for", "drift", "-t", target, "--set",
               "run.until={statistic=\"outcomes/final_value_mean\", standard_error=0.01}"});
  EXPECT_EQ(until.code, 3) << until.error;
  EXPECT_THAT(until.error, HasSubstr("run.until"));
}

TEST_F(SolveTest, StoppedItWritesNothing) {
  Process process(launch({"solve", "bubble.toml", "--for", "bust_hazard", "-t",
                          "P(bust within 3y) = 0.4", "--paths", "20000000"}));
  process.wait_while_running("a temporary file", [&] { return !results().empty(); });
  process.send(SIGINT);
  EXPECT_EQ(process.wait(), 130);
  EXPECT_THAT(process.error(), HasSubstr("no result was written"));
  EXPECT_THAT(results(), IsEmpty());
}

}  // namespace
}  // namespace overbuild::testing_commands
