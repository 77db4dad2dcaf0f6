// Runs with replicates by the program: shards, checkpoints, stopping, batches, comparisons.
#include "overbuild/results/part_folder.hpp"
#include "tests/commands/program_fixture.hpp"
#include "tests/commands/same_result.hpp"

namespace overbuild::testing_commands {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class SamplerTest : public ProgramTest {
 protected:
  SamplerTest() {
    write("job.toml",
          "model = \"overbuild\"\ntitle = \"Even\"\n[run]\npaths = 32768\nreplicates = 8\n"
          "horizon = 2\nchunk = 512\nsampler = \"sobol\"\n"
          "[outputs]\npaths = 6000\noutcomes = 10000\n"
          "[parameters]\nwacc = {prior = \"uniform\", low = 0.08, high = 0.12}\n");
  }

  void run_whole() const {
    ASSERT_EQ(program({"run", "job.toml", "-q", "-o", "whole.h5"}).code, 0);
  }
};

TEST_F(SamplerTest, ShardsMergeToTheSameBits) {
  run_whole();
  for (const char* shard : {"1/3", "2/3", "3/3"}) {
    const Finished run = program({"run", "job.toml", "-q", "--shard", shard, "-o",
                                  std::string(1, shard[0]) + ".h5", "--threads", "2"});
    ASSERT_EQ(run.code, 0) << run.error;
  }
  ASSERT_EQ(program({"merge", "1.h5", "2.h5", "3.h5", "-q", "-o", "merged.h5"}).code, 0);
  expect_same_result(folder / "whole.h5", folder / "merged.h5");
  EXPECT_THAT(
      program({"run", "job.toml", "--shard", "1/9"}).error,
      HasSubstr("at most 8 shards, since a shard has at least one replicate of 4096 paths"));
}

TEST_F(SamplerTest, CheckpointsAreReplicatesAndChangeNoBit) {
  run_whole();
  const Finished run =
      program({"run", "job.toml", "-q", "--checkpoint-every", "0.001s", "-o", "job.h5"});
  ASSERT_EQ(run.code, 0) << run.error;
  expect_same_result(folder / "whole.h5", folder / "job.h5");
}

TEST_F(SamplerTest, StoppedRunsHoldWholeReplicatesAndGoOn) {
  const std::vector<std::string> longer = {"run",     "job.toml", "-o",        "job.h5",
                                           "--paths", "8388608",  "--threads", "1"};
  std::vector<std::string> checkpointed = longer;
  checkpointed.insert(checkpointed.end(), {"--checkpoint-every", "0.01s"});
  Process process(launch(checkpointed));
  const auto kept = [&]() -> std::uint64_t {
    const std::vector<Part> parts = PartFolder(folder / "job.h5").parts_from(0);
    return parts.empty() ? 0 : parts.back().paths.end;
  };
  process.wait_while_running("a checkpoint was written", [&] { return kept() > 0; });
  process.send(SIGTERM);
  EXPECT_EQ(process.wait(), 128 + SIGTERM);
  EXPECT_GT(kept(), 0u);
  EXPECT_EQ(kept() % 1048576, 0u);
  const Finished resumed = program({"resume", "job.h5", "-q"});
  ASSERT_EQ(resumed.code, 0) << resumed.error;
  ASSERT_EQ(program({"run", "job.toml", "-q", "-o", "whole.h5", "--paths", "8388608"}).code, 0);
  expect_same_result(folder / "whole.h5", folder / "job.h5");
}

TEST_F(SamplerTest, ASignalInTheFirstReplicateLeavesNothing) {
  Process process(launch({"run", "job.toml", "-o", "job.h5", "--paths", "34359738368"}));
  process.wait_while_running("the run has begun", [&] { return !results().empty(); });
  process.send(SIGINT);
  EXPECT_EQ(process.wait(), 128 + SIGINT);
  EXPECT_THAT(process.error(), HasSubstr("stopped before any path was done"));
  EXPECT_TRUE(results().empty());
}

TEST_F(SamplerTest, IsShownAndCompared) {
  run_whole();
  EXPECT_THAT(program({"show", "whole.h5"}).output, HasSubstr("sobol, 8 replicates"));
  ASSERT_EQ(
      program({"run", "job.toml", "-q", "-o", "other.h5", "--set", "parameters.bust_hazard=0.1"})
          .code,
      0);
  const Finished compared = program({"compare", "whole.h5", "other.h5"});
  EXPECT_EQ(compared.code, 0) << compared.error;
  EXPECT_THAT(compared.output, AllOf(HasSubstr("depend on one another"), HasSubstr("~")));
  const ResultContents a = read_result(folder / "whole.h5");
  EXPECT_EQ(a.sampler, "sobol");
  EXPECT_EQ(a.replicates, 8u);
  EXPECT_GT(a.summary.events[0][8].standard_error, 0);
  ASSERT_EQ(program({"run", "gbm.toml", "-q", "-o", "plain.h5"}).code, 0);
  EXPECT_EQ(read_result(folder / "plain.h5").replicates, 0u);
  EXPECT_THAT(program({"show", "plain.h5"}).output, Not(HasSubstr("replicates")));
}

TEST_F(SamplerTest, BatchesHaveTheErrorsOfTheirRuns) {
  write("batch.toml",
        "model = \"gbm\"\n[run]\npaths = 16384\nhorizon = 1\nsampler = \"antithetic\"\n"
        "[[sweep]]\nmethod = \"grid\"\nparameters.drift = [0.01, 0.05]\n");
  write("one.toml",
        "model = \"gbm\"\n[run]\npaths = 16384\nhorizon = 1\nsampler = \"antithetic\"\n"
        "[parameters]\ndrift = 0.05\n");
  ASSERT_EQ(program({"batch", "batch.toml", "-q", "--separate", "-o", "all"}).code, 0);
  ASSERT_EQ(program({"run", "one.toml", "-q", "-o", "one.h5"}).code, 0);
  const ResultContents in_batch = read_result(folder / "all" / "0002.h5");
  EXPECT_EQ(in_batch.sampler, "antithetic");
  EXPECT_EQ(SummaryBits::of(in_batch.summary),
            SummaryBits::of(read_result(folder / "one.h5").summary));
}

}  // namespace
}  // namespace overbuild::testing_commands
