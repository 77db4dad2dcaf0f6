// Rare events on the command line.
#include <cmath>
#include <nlohmann/json.hpp>

#include "overbuild/results/rare_file.hpp"
#include "tests/commands/program_fixture.hpp"
#include "tests/commands/same_result.hpp"

namespace overbuild::testing_commands {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class RareTest : public ProgramTest {
 protected:
  RareTest() {
    write("barrier.toml",
          "model = \"gbm\"\ntitle = \"Barrier\"\n[run]\npaths = 7000\nhorizon = 1\nstep = 0.25\n"
          "[parameters]\ndrift = {prior = \"normal\", mean = 0.05, sd = 0.02, min = -1, max = "
          "1}\nbarrier = 2\n");
    write("sweep.toml",
          "extends = \"barrier.toml\"\n[[sweep]]\nmethod = \"grid\"\n"
          "parameters.barrier = [2.0, 2.2]\n");
  }

  Finished rare(std::vector<std::string> more) const {
    std::vector<std::string> words = {"rare",    "barrier.toml",   "--pilot",
                                      "2048",    "--event",        "barrier_passed within 1y",
                                      "--guide", "value > 2 by 1y"};
    words.insert(words.end(), more.begin(), more.end());
    return program(words);
  }
};

TEST_F(RareTest, PrintsTheProbabilityAndWritesTheFile) {
  const Finished run = rare({});
  ASSERT_EQ(run.code, 0) << run.error;
  EXPECT_THAT(run.output,
              AllOf(HasSubstr("Barrier\nevent: barrier_passed within 1y\nguide: value > 2 by 1y"),
                    HasSubstr("probability"), HasSubstr("gain"), HasSubstr("diffusion"),
                    HasSubstr("result: barrier.rare.h5"), Not(HasSubstr("NOT TO BE TRUSTED"))));
  const Finished again = program({"show", "barrier.rare.h5"});
  EXPECT_EQ(again.code, 0) << again.error;
  EXPECT_TRUE(run.output.starts_with(again.output));
  const RareContents contents = read_rare(folder / "barrier.rare.h5");
  EXPECT_EQ(contents.sums.paths, 7000u);
  EXPECT_TRUE(contents.complete);
  EXPECT_EQ(contents.priors, std::vector<std::string>{"drift"});
  EXPECT_EQ(contents.uniforms, std::vector<std::string>{"bridge"});
  EXPECT_THAT(contents.provenance.command, HasSubstr("overbuild rare barrier.toml"));
  const auto json = nlohmann::json::parse(program({"show", "--json", "barrier.rare.h5"}).output);
  EXPECT_EQ(json["estimate"]["probability"].get<double>(),
            rare_event_estimate(contents.sums).probability);
  EXPECT_EQ(json["pilot"].size(), contents.rounds.size());
}

TEST_F(RareTest, ShardsAreMergedToTheSameBits) {
  ASSERT_EQ(rare({"-q", "-o", "whole.h5", "--threads", "1"}).code, 0);
  std::vector<std::string> merge = {"merge", "-o", "merged.h5"};
  for (const int shard : {3, 1, 2}) {
    const std::string number = std::to_string(shard);
    const Finished run = rare({"-q", "--shard", number + "/3", "--threads", number});
    ASSERT_EQ(run.code, 0) << run.error;
    merge.push_back("barrier.rare.shard-" + number + "-of-3.h5");
  }
  const Finished merged = program(merge);
  ASSERT_EQ(merged.code, 0) << merged.error;
  EXPECT_THAT(merged.output, HasSubstr("from 3 shards"));
  expect_same_result(folder / "whole.h5", folder / "merged.h5");
  merge.pop_back();
  merge[2] = "less.h5";
  const Finished missing = program(merge);
  EXPECT_EQ(missing.code, 4);
  EXPECT_THAT(missing.error, HasSubstr("shard 2/3 is given 0 times"));
}

TEST_F(RareTest, ShardsOfDifferentEventsAreNotMerged) {
  ASSERT_EQ(rare({"-q", "--shard", "1/2", "-o", "1.h5"}).code, 0);
  ASSERT_EQ(program({"rare", "barrier.toml", "-q", "--pilot", "2048", "-e", "value > 2 by 1y",
                     "--shard", "2/2", "-o", "2.h5"})
                .code,
            0);
  const Finished merged = program({"merge", "1.h5", "2.h5", "-o", "merged.h5"});
  EXPECT_EQ(merged.code, 4);
  EXPECT_THAT(merged.error, HasSubstr("the event is \"barrier_passed within 1y\" in 1.h5 and "
                                      "\"value > 2 by 1y\" in 2.h5"));
  EXPECT_FALSE(std::filesystem::exists(folder / "merged.h5"));
}

TEST_F(RareTest, ReplacesNothingWithoutForce) {
  ASSERT_EQ(rare({"-q"}).code, 0);
  const Finished again = rare({"-q"});
  EXPECT_EQ(again.code, 4);
  EXPECT_THAT(again.error, HasSubstr("barrier.rare.h5 exists already; --force replaces it"));
  EXPECT_EQ(rare({"-q", "--force"}).code, 0);
}

TEST_F(RareTest, OtherCommandsSayWhatTheFileIs) {
  ASSERT_EQ(rare({"-q"}).code, 0);
  const Finished compared = program({"compare", "barrier.rare.h5", "barrier.rare.h5"});
  EXPECT_EQ(compared.code, 4);
  EXPECT_THAT(compared.error, HasSubstr("it is the result of `overbuild rare`"));
}

TEST_F(RareTest, MistakesAreNamed) {
  const auto fails = [&](std::vector<std::string> words, const std::string& message) {
    words.insert(words.begin(), {"rare", "barrier.toml", "-o", "never.h5"});
    const Finished run = program(words);
    EXPECT_EQ(run.code, 2);
    EXPECT_THAT(run.error, HasSubstr(message));
  };
  fails({}, "rare: --event is needed");
  fails({"-e", "value at 1y"}, "is a number of each path, not a condition");
  fails({"-e", "valu > 2 by 1y"}, "value");
  fails({"-e", "value > 2 by 1y", "-g", "barrier_passed within 1y"}, "how near a path came");
  fails({"-e", "value > 2 by 1y", "--pilot", "x"}, "rare: --pilot: found \"x\", expected a whole");
  fails({"-e", "value > 2 by 1y", "--plain-share", "0"}, "expected a number from 0.01 to 0.8");
  fails({"-e", "value > 2 by 1y", "--shard", "3/2"}, "rare: --shard: found \"3/2\"");
  EXPECT_THAT(results(), IsEmpty());
}

TEST_F(RareTest, APilotThatFailsWritesNothing) {
  const Finished run = program(
      {"rare", "barrier.toml", "-q", "--pilot", "512", "--rounds", "1", "-e", "value > 9 by 1y"});
  EXPECT_EQ(run.code, 5);
  EXPECT_THAT(run.error, AllOf(HasSubstr("did not settle"), HasSubstr("after 1 rounds")));
  EXPECT_THAT(results(), IsEmpty());
}

TEST_F(RareTest, ASweepGivesAFilePerScenarioAndKeepsWhatIsThere) {
  const std::vector<std::string> words = {"rare", "sweep.toml",      "--pilot", "2048",
                                          "-e",   "value > 2 by 1y", "-o",      "all"};
  const Finished run = program(words);
  ASSERT_EQ(run.code, 0) << run.error;
  const auto files = [&] {
    std::map<std::string, std::filesystem::file_time_type> found;
    for (const auto& entry : std::filesystem::directory_iterator(folder / "all"))
      found[entry.path().filename()] = entry.last_write_time();
    return found;
  };
  const auto first = files();
  ASSERT_EQ(first.size(), 2u);
  const Finished again = program(words);
  EXPECT_EQ(again.code, 0) << again.error;
  EXPECT_EQ(again.output, run.output);
  EXPECT_EQ(files(), first);
  const std::string some = (folder / "all" / first.begin()->first).string();
  EXPECT_EQ(program({"show", some}).code, 0);
}

}  // namespace
}  // namespace overbuild::testing_commands
