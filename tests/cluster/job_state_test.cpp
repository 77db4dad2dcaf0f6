// States of jobs as the queue and the logs give them; those of whole results are tested with the
// program (tests/commands/submit_test.cpp).
#include "overbuild/cluster/job_state.hpp"

#include <gmock/gmock.h>

#include "overbuild/config/load.hpp"
#include "tests/cluster/fake_programs.hpp"

namespace overbuild::testing_cluster {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

class JobStateTest : public FakePrograms {
 protected:
  JobStateTest()
      : scenario(parse_scenario("model = \"gbm\"\n[run]\npaths = 2000\n", "gbm.toml")),
        jobs(folder / "gbm.jobs") {
    JobSettings settings;
    settings.name = "gbm";
    settings.config = "gbm.toml";
    settings.program = "/opt/overbuild";
    settings.result = folder / "gbm.h5";
    settings.shards = 2;
    settings.checkpoint_every = "5m";
    jobs.create(scenario, settings);
    record = jobs.read_record();
    record.submission = {{{"12", {1, 2}}}, "13"};
  }

  RunProgress progress(const std::optional<std::vector<QueuedJob>>& queue) const {
    return progress_of(jobs, record, scenario, queue);
  }
  /// Of shard 1, with its job like this.
  ShardProgress shard(const std::string& state, const std::string& reason = "", int restarts = 0,
                      int code = 0) const {
    return progress(std::vector<QueuedJob>{{"12", 1, state, reason, "vn1", restarts, code}})
        .shards[0];
  }
  /// Of shard 1, which Slurm has forgotten, with this log.
  ShardProgress forgotten(const std::string& log) const {
    write("gbm.jobs/logs/shard-1.log", log);
    return progress(std::vector<QueuedJob>{}).shards[0];
  }

  Scenario scenario;
  JobFolder jobs;
  JobRecord record;
};

TEST_F(JobStateTest, FollowsTheQueue) {
  EXPECT_EQ(shard("PENDING").state, JobState::pending);
  EXPECT_EQ(shard("PENDING", "Resources").note, "Resources");
  EXPECT_EQ(shard("PENDING", "BeginTime", 1).state, JobState::requeued);
  EXPECT_EQ(shard("PENDING", "JobHeldUser").state, JobState::held);
  EXPECT_EQ(shard("PENDING", "launch failed requeued held", 3).state, JobState::held);
  EXPECT_EQ(shard("REQUEUE_HOLD").state, JobState::held);
  EXPECT_EQ(shard("RUNNING").state, JobState::running);
  EXPECT_EQ(shard("RUNNING").note, "on vn1");
  EXPECT_EQ(shard("SUSPENDED").state, JobState::running);
  EXPECT_EQ(shard("COMPLETING").state, JobState::ending);
  EXPECT_EQ(shard("CANCELLED").state, JobState::cancelled);
  EXPECT_EQ(shard("CANCELLED").note, "");
  EXPECT_EQ(shard("PREEMPTED").state, JobState::preempted);
  EXPECT_EQ(shard("TIMEOUT", "TimeLimit").state, JobState::time_limit);
  EXPECT_EQ(shard("TIMEOUT", "TimeLimit").note, "TimeLimit");
  EXPECT_EQ(shard("FAILED", "NonZeroExitCode", 0, 4).note, "exit code 4");
  EXPECT_EQ(shard("FAILED", "NonZeroExitCode", 0, 137).note, "exit code 137, signal 9 (Killed)");
  EXPECT_EQ(shard("NODE_FAIL").state, JobState::failed);
  EXPECT_EQ(shard("NODE_FAIL").note, "NODE_FAIL");
  EXPECT_EQ(shard("OUT_OF_MEMORY", "OutOfMemory").note, "OUT_OF_MEMORY, OutOfMemory");
  EXPECT_EQ(shard("COMPLETED").state, JobState::failed);
  EXPECT_THAT(shard("COMPLETED").note, HasSubstr("its result is missing"));
}

TEST_F(JobStateTest, AddsTheLogsLastLine) {
  write("gbm.jobs/logs/shard-1.log",
        "== shard 1/2: job 12 on vn1, start 1, 2026\noverbuild: No space left on device\n"
        "== shard 1/2: exit code 4\n");
  EXPECT_EQ(shard("FAILED", "NonZeroExitCode", 0, 4).note,
            "exit code 4: overbuild: No space left on device");
  EXPECT_EQ(shard("RUNNING").note, "on vn1") << "the line is of an earlier start";
}

TEST_F(JobStateTest, IsReadFromTheLogWhenSlurmHasForgottenTheJob) {
  EXPECT_EQ(progress(std::vector<QueuedJob>{}).shards[0].state, JobState::stopped);
  const ShardProgress failed = forgotten(
      "== shard 1/2: job 12 on vn1, start 1, 2026\nno space\n== shard 1/2: exit code 4\n");
  EXPECT_EQ(failed.state, JobState::failed);
  EXPECT_EQ(failed.note, "exit code 4: no space");
  EXPECT_EQ(failed.job, "12_1");
  const ShardProgress stopped = forgotten(
      "== shard 1/2: job 12 on vn1, start 1, 2026\n"
      "slurmstepd: error: *** JOB 12 ON vn1 CANCELLED AT 2026 ***\n== shard 1/2: exit code 143\n");
  EXPECT_EQ(stopped.state, JobState::stopped);
  EXPECT_THAT(stopped.note, HasSubstr("CANCELLED"));
  const ShardProgress again = forgotten(
      "no space\n== shard 1/2: exit code 4\n== shard 1/2: job 30 on vn1, start 1, 2026\n");
  EXPECT_EQ(again.state, JobState::stopped) << "the code is of an earlier start";
  EXPECT_EQ(again.note, "");
}

TEST_F(JobStateTest, IsUnknownWithoutSlurm) {
  const RunProgress without = progress(std::nullopt);
  EXPECT_EQ(without.shards[0].state, JobState::unknown);
  EXPECT_EQ(without.merge.state, JobState::unknown);
  EXPECT_TRUE(without.at_work()) << "nothing says that it is not";
  EXPECT_FALSE(without.done());
}

TEST_F(JobStateTest, IsOfTheLastJob) {
  record.submission = {{{"12", {1, 2}}, {"20", {2}}}, "21"};
  const RunProgress found = progress(std::vector<QueuedJob>{{"12", 1, "RUNNING", "", "vn1", 0, 0},
                                                            {"12", 2, "FAILED", "", "vn1", 0, 256},
                                                            {"20", 2, "PENDING", "", "", 0, 0}});
  EXPECT_EQ(found.shards[0].state, JobState::running);
  EXPECT_EQ(found.shards[1].state, JobState::pending);
  EXPECT_EQ(found.shards[1].job, "20_2");
  EXPECT_THAT(jobs_of(record), ElementsAre("12", "20", "21"));
  record.submission.arrays.push_back({"30", {1, 2}});
  EXPECT_THAT(jobs_of(record), ElementsAre("30", "21"));
}

TEST_F(JobStateTest, IsAtWorkWhileAllThatIsMissingIsInTheQueue) {
  std::vector<QueuedJob> queue = {{"12", 1, "RUNNING", "", "vn1", 0, 0},
                                  {"12", 2, "PENDING", "", "", 0, 0},
                                  {"13", std::nullopt, "PENDING", "Dependency", "", 0, 0}};
  EXPECT_TRUE(progress(queue).at_work());
  queue[1].state = "FAILED";
  EXPECT_FALSE(progress(queue).at_work());
  queue[1].state = "PENDING";
  queue[2].state = "CANCELLED";
  queue[2].reason = "DependencyNeverSatisfied";
  EXPECT_FALSE(progress(queue).at_work());
  EXPECT_THAT(progress(queue).merge.note, HasSubstr("DependencyNeverSatisfied"));
  EXPECT_THAT(progress(queue).merge.job, "13");
}

TEST_F(JobStateTest, SaysThatNothingWasSubmitted) {
  record.submission = {};
  const RunProgress found = progress(std::vector<QueuedJob>{});
  EXPECT_EQ(found.shards[1].state, JobState::not_submitted);
  EXPECT_EQ(found.merge.state, JobState::not_submitted);
  EXPECT_FALSE(found.at_work());
}

TEST_F(JobStateTest, TellsOfAFileThatIsNoShard) {
  write("gbm.jobs/shards/shard-1.h5", "not HDF5");
  const ShardProgress found = shard("COMPLETED");
  EXPECT_EQ(found.state, JobState::unusable);
  EXPECT_THAT(found.note, HasSubstr("shard-1.h5"));
}

}  // namespace
}  // namespace overbuild::testing_cluster
