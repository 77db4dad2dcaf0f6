// Checkpoints, and runs that go on after they were stopped or killed.
#include <random>

#include "overbuild/results/part_folder.hpp"
#include "tests/commands/program_fixture.hpp"
#include "tests/commands/same_result.hpp"

namespace overbuild::testing_commands {
namespace {

using std::chrono::duration;
using std::chrono::steady_clock;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class ResumeTest : public ProgramTest {
 protected:
  ResumeTest() {
    write(
        "job.toml",
        "model = \"gbm\"\n[run]\npaths = 400000\nhorizon = 2\nchunk = 1024\n"
        "[outputs]\npaths = 3000\noutcomes = 20000\n"
        "[parameters]\ndrift = {prior = \"normal\", mean = 0.05, sd = 0.01, min = 0, max = 0.1}\n");
  }

  Launch job(std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {"run", "job.toml", "-o", "job.h5"});
    return launch(more);
  }

  /// The result of a run that nothing interrupts.
  void run_whole() const {
    ASSERT_EQ(program({"run", "job.toml", "-q", "-o", "whole.h5"}).code, 0);
  }

  /// Paths that checkpoints hold, from the first on; every part must be whole.
  std::uint64_t paths_kept() const {
    const std::vector<Part> parts = PartFolder(folder / "job.h5").parts_from(0);
    return parts.empty() ? 0 : parts.back().paths.end;
  }

  bool parts_exist() const { return std::filesystem::exists(folder / "job.h5.parts"); }

  /// Stops a run with checkpoints by a signal, after a few of them.
  void stop_after_checkpoints(int signal) const {
    Process process(job({"--checkpoint-every", "0.01s", "--paths", most_paths}));
    process.wait_while_running("checkpoints were written", [&] { return paths_kept() > 20000; });
    process.send(signal);
    EXPECT_EQ(process.wait(), 128 + signal);
    EXPECT_THAT(process.error(), AllOf(HasSubstr("kept in job.h5.parts"),
                                       HasSubstr("`overbuild resume job.h5` goes on")));
  }
};

TEST_F(ResumeTest, CheckpointsChangeNoBit) {
  run_whole();
  ASSERT_EQ(finish(job({"-q", "--checkpoint-every", "0.01s"})).code, 0);
  expect_same_result(folder / "whole.h5", folder / "job.h5");
  EXPECT_FALSE(parts_exist());
}

TEST_F(ResumeTest, KilledAt200MomentsGivesTheSameBits) {
  const auto started = steady_clock::now();
  ASSERT_EQ(finish(job({"-q", "--checkpoint-every", "0.01s"})).code, 0);
  const duration<double> whole = steady_clock::now() - started;
  std::filesystem::rename(folder / "job.h5", folder / "whole.h5");

  std::mt19937 random(20261125);
  std::uniform_real_distribution<double> moment(0, 1);
  // The longest wait for a kill; it grows until runs get on, and shrinks when they end before it,
  // however busy the machine is.
  duration<double> longest = 0.7 * whole;
  std::uint64_t kept = 0;
  int finished = 0;
  for (int kill = 0; kill < 200; ++kill) {
    Process process(job({"-q", "--resume", "--checkpoint-every", "0.01s"}));
    std::this_thread::sleep_for(moment(random) * longest);
    process.send(SIGKILL);
    process.wait();
    if (std::filesystem::exists(folder / "job.h5")) {
      expect_same_result(folder / "whole.h5", folder / "job.h5");
      std::filesystem::remove_all(folder / "job.h5.parts");
      std::filesystem::remove(folder / "job.h5");
      kept = 0;
      ++finished;
      longest *= 0.8;
      continue;
    }
    const std::uint64_t now = paths_kept();
    EXPECT_GE(now, kept) << "a checkpoint was lost";
    if (now == kept) longest *= 1.1;
    kept = now;
  }
  EXPECT_GT(finished, 0) << "kills came too early to show anything";
  EXPECT_LT(finished, 200) << "kills came too late to show anything";
  ASSERT_EQ(finish(job({"-q", "--resume"})).code, 0);
  expect_same_result(folder / "whole.h5", folder / "job.h5");
  EXPECT_FALSE(parts_exist());
}

TEST_F(ResumeTest, ASignalLeadsToACheckpoint) {
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) {
    stop_after_checkpoints(signal);
    EXPECT_FALSE(std::filesystem::exists(folder / "job.h5"));
    for (const auto& entry : std::filesystem::directory_iterator(folder / "job.h5.parts"))
      EXPECT_EQ(entry.path().extension(), ".h5");
    PartFolder(folder / "job.h5").remove();
  }
}

TEST_F(ResumeTest, ResumeNeedsNoConfig) {
  run_whole();
  Process process(job({"--checkpoint-every", "0.01s"}));
  process.wait_while_running("a checkpoint was written", [&] { return paths_kept() > 0; });
  process.send(SIGKILL);
  process.wait();
  std::filesystem::remove(folder / "job.toml");
  const Finished resumed = program({"resume", "job.h5", "--threads", "1"});
  ASSERT_EQ(resumed.code, 0) << resumed.error;
  EXPECT_THAT(resumed.output, HasSubstr("400,000 paths"));
  expect_same_result(folder / "whole.h5", folder / "job.h5");
  EXPECT_FALSE(parts_exist());
}

TEST_F(ResumeTest, AnIncompleteResultIsResumed) {
  const std::string paths = "4000000";  // more than are done before progress is drawn
  ASSERT_EQ(program({"run", "job.toml", "-q", "--paths", paths, "-o", "whole.h5"}).code, 0);
  Launch run = job({"--paths", paths});
  run.error_is_terminal = true;
  Process process(run);
  process.wait_while_running("paths were done",
                             [&] { return process.error().find("paths/s") != std::string::npos; });
  process.send(SIGINT);
  ASSERT_EQ(process.wait(), 130);
  const std::uint64_t done = read_result(folder / "job.h5").summary.paths;
  EXPECT_EQ(paths_kept(), done);
  ASSERT_EQ(program({"resume", "job.h5", "-q"}).code, 0);
  expect_same_result(folder / "whole.h5", folder / "job.h5");
}

TEST_F(ResumeTest, AShardIsResumed) {
  ASSERT_EQ(program({"run", "job.toml", "-q", "--shard", "2/3", "-o", "whole.h5"}).code, 0);
  Process process(job({"--shard", "2/3", "--checkpoint-every", "0.01s"}));
  process.wait_while_running("a checkpoint was written", [&] {
    return parts_exist() && !PartFolder(folder / "job.h5").all_parts().empty();
  });
  process.send(SIGKILL);
  process.wait();
  ASSERT_EQ(program({"resume", "job.h5", "-q"}).code, 0);
  expect_same_result(folder / "whole.h5", folder / "job.h5");
}

TEST_F(ResumeTest, AFinishedResultIsLeftAlone) {
  ASSERT_EQ(finish(job({"-q"})).code, 0);
  const auto written = std::filesystem::last_write_time(folder / "job.h5");
  for (const Finished& again : {finish(job({"--resume"})), program({"resume", "job.h5"})}) {
    EXPECT_EQ(again.code, 0);
    EXPECT_EQ(again.output, "job.h5 is finished already\n");
  }
  EXPECT_EQ(std::filesystem::last_write_time(folder / "job.h5"), written);
}

TEST_F(ResumeTest, WhatBelongsToAnotherRunIsRefused) {
  stop_after_checkpoints(SIGTERM);
  const Finished seed = finish(job({"--resume", "--paths", most_paths, "--seed", "5"}));
  EXPECT_EQ(seed.code, 4);
  EXPECT_THAT(seed.error, HasSubstr("run.seed is 1 in "));
  const Finished shard = finish(job({"--resume", "--paths", most_paths, "--shard", "1/2"}));
  EXPECT_EQ(shard.code, 4);
  EXPECT_THAT(shard.error, HasSubstr("is of a whole run, not of shard 1/2"));
  const Finished fresh = finish(job());
  EXPECT_EQ(fresh.code, 4);
  EXPECT_THAT(fresh.error, AllOf(HasSubstr("job.h5.parts"), HasSubstr("--resume")));
  EXPECT_GT(paths_kept(), 0u) << "refusals touch nothing";
  EXPECT_EQ(finish(job({"-q", "--force"})).code, 0);
  EXPECT_FALSE(parts_exist());
}

TEST_F(ResumeTest, NothingToResumeIsAnError) {
  const Finished resumed = program({"resume", "none.h5"});
  EXPECT_EQ(resumed.code, 4);
  EXPECT_THAT(resumed.error, HasSubstr("none.h5.parts"));
  EXPECT_THAT(results(), IsEmpty());
}

TEST_F(ResumeTest, AnExistingResultIsRefusedBeforeTheWork) {
  ASSERT_EQ(finish(job({"-q"})).code, 0);
  const Finished again = finish(job({"--paths", most_paths, "--checkpoint-every", "1h"}));
  EXPECT_EQ(again.code, 4);
  EXPECT_THAT(results(), ElementsAre("job.h5"));
}

TEST_F(ResumeTest, APartOfAnotherProcessIsNotReplaced) {
  Launch run = job({"--paths", most_paths, "--checkpoint-every", "1h"});
  run.error_is_terminal = true;
  Process process(run);
  process.wait_while_running("paths were done",
                             [&] { return process.error().find("paths/s") != std::string::npos; });
  write("job.h5.parts/part-0000000000000.h5", "of another process");
  process.send(SIGTERM);
  EXPECT_EQ(process.wait(), 4);
  EXPECT_THAT(process.error(), HasSubstr("another process is at work on job.h5"));
}

TEST_F(ResumeTest, APrecisionThatIsNotReachedIsReported) {
  write("until.toml",
        "extends = \"ou.toml\"\n[run.until]\nstatistic = \"series/value_mean\"\n"
        "time = 1\nstandard_error = 1e-9\n");
  const Finished run = program({"run", "until.toml", "-q"});
  EXPECT_EQ(run.code, 0);
  EXPECT_THAT(run.error, HasSubstr("the precision of [run.until] was not reached"));
  const Finished reached =
      program({"run", "until.toml", "-f", "--set", "run.until.standard_error=1"});
  EXPECT_THAT(reached.output, HasSubstr("wanted: a standard error of 1.00, reached"));
}

TEST_F(ResumeTest, CheckpointsMoreOftenThanPathsAreDoneEndToo) {
  ASSERT_EQ(program({"run", "ou.toml", "-q", "-o", "whole.h5"}).code, 0);
  ASSERT_EQ(program({"run", "ou.toml", "-q", "-o", "job.h5", "--checkpoint-every", "1e-9s"}).code,
            0);
  expect_same_result(folder / "whole.h5", folder / "job.h5");
}

TEST_F(ResumeTest, WrongLengthsOfTimeAreNamed) {
  for (const char* time : {"", "5x", "-1s", "0", "nan", "s"}) {
    const Finished run = finish(job({std::string("--checkpoint-every=") + time}));
    EXPECT_EQ(run.code, 2) << time;
    EXPECT_THAT(run.error, HasSubstr("--checkpoint-every")) << time;
  }
}

TEST_F(ResumeTest, WhatAKillBeforeTheFirstCheckpointLeftIsRemoved) {
  std::filesystem::create_directory(folder / "job.h5.parts");
  write("job.h5.parts/part-0000000000000.h5.tmp-1", "half");
  ASSERT_EQ(finish(job({"-q", "--resume"})).code, 0);
  EXPECT_FALSE(parts_exist());
}

TEST_F(ResumeTest, AFullDiskLosesNoCheckpoint) {
  run_whole();
  Process process(job({"--checkpoint-every", "0.01s"}));
  process.wait_while_running("a checkpoint was written", [&] { return paths_kept() > 0; });
  process.send(SIGKILL);
  process.wait();
  const std::uint64_t kept = paths_kept();
  Launch full = job({"--resume", "-q"});
  full.file_size_limit = 20000;
  EXPECT_EQ(finish(full).code, 4);
  EXPECT_EQ(paths_kept(), kept);
  ASSERT_EQ(program({"resume", "job.h5", "-q"}).code, 0);
  expect_same_result(folder / "whole.h5", folder / "job.h5");
}

}  // namespace
}  // namespace overbuild::testing_commands
