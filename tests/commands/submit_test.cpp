// submit, status and resubmit, with scripts in place of Slurm's commands. scripts/test_cluster does
// the same with a real Slurm.
#include <fmt/format.h>

#include "overbuild/cluster/process.hpp"
#include "tests/commands/program_fixture.hpp"
#include "tests/commands/same_result.hpp"

namespace overbuild::testing_commands {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class SubmitTest : public ProgramTest {
 protected:
  SubmitTest() {
    std::filesystem::create_directory(folder / "bin");
    // Numbers jobs from 101, and keeps what it was asked.
    slurm("sbatch",
          "echo \"$*\" >>\"$HERE/asked\"; n=$(wc -l <\"$HERE/asked\"); echo $((100 + n))");
    slurm("scancel", "echo scancel \"$*\" >>\"$HERE/asked\"");
    queue({});
  }

  void slurm(const std::string& name, const std::string& lines) const {
    write("bin/" + name, "#!/bin/sh\nHERE=" + (folder / ".").string() + "\n" + lines + "\n");
    std::filesystem::permissions(folder / "bin" / name, std::filesystem::perms::owner_all);
  }

  struct Job {
    std::string job, task, state, reason;
  };
  void queue(const std::vector<Job>& jobs) const {
    std::string lines;
    for (const Job& job : jobs)
      lines += fmt::format("{:24}{:24}{:24}{:12}{:12}{:64}{:128}\n", job.job, job.task, job.state,
                           0, 0, "", job.reason);
    write("queue", lines);
    slurm("squeue", "cat \"$HERE/queue\"");
  }

  Finished overbuild(std::vector<std::string> arguments) const {
    Launch start = launch(std::move(arguments));
    start.environment = {{"PATH", (folder / "bin").string() + ":/usr/bin:/bin"},
                         {"COLUMNS", "200"}};
    return finish(start);
  }
  Finished submit(std::vector<std::string> further = {}) const {
    further.insert(further.begin(), {"submit", "gbm.toml", "--shards", "3"});
    return overbuild(further);
  }

  /// What the fake Slurm was asked to do.
  std::string asked() const { return bytes(folder / "asked"); }

  /// Does a task's work here, as a job would.
  ProcessOutcome work(const std::string& script, int shard = 0) const {
    return run_process({"env", "SLURM_ARRAY_TASK_ID=" + std::to_string(shard), "SLURM_JOB_ID=1",
                        "SLURM_ARRAY_JOB_ID=1", "bash", script},
                       folder / "gbm.jobs");
  }
};

TEST_F(SubmitTest, HandsAnArrayAndADependentMergeToSlurm) {
  const Finished run = submit({"--partition", "long", "--memory", "2G", "--cpus", "4",
                               "--sbatch=--exclude=n7", "--checkpoint-every", "90s"});
  ASSERT_EQ(run.code, 0) << run.error;
  EXPECT_EQ(asked(),
            "--parsable --array=1-3 shard.sh\n"
            "--parsable --dependency=afterany:101 merge.sh\n");
  EXPECT_THAT(run.output, AllOf(HasSubstr("3,000 paths in 3 shards"), HasSubstr("job 101"),
                                HasSubstr("job 102"), HasSubstr("gbm.h5")));
  EXPECT_THAT(
      bytes(folder / "gbm.jobs/shard.sh"),
      AllOf(HasSubstr("#SBATCH --partition=long\n"), HasSubstr("#SBATCH --mem=2G\n"),
            HasSubstr("#SBATCH --cpus-per-task=4\n"), HasSubstr("#SBATCH --exclude=n7\n"),
            HasSubstr("checkpoint_every=90s\n"), HasSubstr("overbuild=" OVERBUILD_PROGRAM)));
}

TEST_F(SubmitTest, EndsWithTheBitsOfTheLocalRun) {
  ASSERT_EQ(program({"run", "gbm.toml", "--quiet", "-o", "local.h5"}).code, 0);
  ASSERT_EQ(submit().code, 0);
  for (const int shard : {3, 1, 2}) EXPECT_EQ(work("shard.sh", shard).code, 0) << shard;
  ASSERT_EQ(overbuild({"status", "gbm.jobs"}).code, 8) << "the queue has forgotten the merge";
  EXPECT_EQ(work("merge.sh").code, 0);
  // Apart from where the values come from: the jobs' config is one in their own folder.
  expect_same_result(folder / "local.h5", folder / "gbm.h5", Origins::may_differ);
  const Finished status = overbuild({"status", "gbm.jobs"});
  EXPECT_EQ(status.code, 0);
  EXPECT_THAT(status.output, AllOf(HasSubstr("1-3  done"), HasSubstr("3 done; 100% of 3,000 paths"),
                                   HasSubstr("merged: ")));
  EXPECT_THAT(overbuild({"resubmit", "gbm.jobs"}).output, HasSubstr("nothing to do"));
}

TEST_F(SubmitTest, TakesOverriddenValuesAlong) {
  ASSERT_EQ(submit({"--set", "run.seed=77", "--set", "run.paths=2000"}).code, 0);
  EXPECT_THAT(bytes(folder / "gbm.jobs/gbm.toml"),
              AllOf(HasSubstr("seed = 77 "), HasSubstr("paths = 2000 ")));
}

TEST_F(SubmitTest, DryRunWritesAndSubmitsNothing) {
  const Finished run = submit({"--dry-run", "--time", "30"});
  EXPECT_EQ(run.code, 0);
  EXPECT_THAT(run.output,
              AllOf(HasSubstr("sbatch --parsable --array=1-3 shard.sh"), HasSubstr("afterany:"),
                    HasSubstr("#SBATCH --time=30\n"), HasSubstr("overbuild\" merge")));
  EXPECT_EQ(asked(), "");
  EXPECT_THAT(folder.names(), Not(testing::Contains("gbm.jobs")));
  EXPECT_THAT(results(), IsEmpty());
}

TEST_F(SubmitTest, PreparesWithoutSubmitting) {
  EXPECT_EQ(submit({"--prepare"}).code, 0);
  EXPECT_EQ(asked(), "");
  const Finished status = overbuild({"status", "gbm.jobs"});
  EXPECT_EQ(status.code, 8);
  EXPECT_THAT(status.output, HasSubstr("1-3  not submitted"));
  EXPECT_EQ(overbuild({"resubmit", "gbm.jobs"}).code, 0);
  EXPECT_THAT(asked(), AllOf(HasSubstr("--array=1-3"), HasSubstr("afterany:101")));
}

TEST_F(SubmitTest, RefusesWhatCannotWork) {
  const auto error = [&](std::vector<std::string> words, int code) {
    const Finished run = overbuild(std::move(words));
    EXPECT_EQ(run.code, code) << run.error;
    return run.error;
  };
  EXPECT_THAT(error({"submit", "gbm.toml"}, 2), HasSubstr("--shards"));
  EXPECT_THAT(error({"submit", "gbm.toml", "--shards", "1"}, 2), HasSubstr("found 1"));
  EXPECT_THAT(error({"submit", "gbm.toml", "--shards", "7"}, 2), HasSubstr("at most 6 shards"));
  EXPECT_THAT(error({"submit", "no.toml", "--shards", "2"}, 3), HasSubstr("no.toml"));
  EXPECT_THAT(error({"submit", "gbm.toml", "--shards", "2", "--folder", "a%b"}, 2), HasSubstr("%"));
  EXPECT_THAT(error({"submit", "gbm.toml", "--shards", "2", "--program", "overbuild"}, 2),
              HasSubstr("absolute"));
  EXPECT_THAT(error({"submit", "gbm.toml", "--shards", "2", "--checkpoint-every", "soon"}, 2),
              HasSubstr("soon"));
  EXPECT_THAT(error({"submit", "gbm.toml", "--shards", "2", "--cpus", "0"}, 2),
              HasSubstr("--cpus"));
  for (const char* option : {"--sbatch=--array=1", "--sbatch=-d x", "--sbatch=--wrap=ls",
                             "--sbatch=exclude", "--sbatch=--a\nb"})
    EXPECT_THAT(error({"submit", "gbm.toml", "--shards", "2", option}, 2), HasSubstr("submit: --"));
  write("until.toml",
        "model = \"gbm\"\n[run]\npaths = 3000\n[run.until]\nstandard_error = 0.1\n"
        "statistic = \"series/value_mean\"\ntime = 1.0\n");
  EXPECT_THAT(error({"submit", "until.toml", "--shards", "2"}, 2), HasSubstr("[run.until]"));
  EXPECT_EQ(asked(), "");
  EXPECT_THAT(results(), IsEmpty());
}

TEST_F(SubmitTest, TouchesNoEarlierResultAndFolder) {
  ASSERT_EQ(program({"run", "gbm.toml", "--quiet"}).code, 0);
  const Finished result = submit();
  EXPECT_EQ(result.code, 4);
  EXPECT_THAT(result.error, HasSubstr("gbm.h5 exists already"));
  ASSERT_EQ(submit({"-o", "other.h5"}).code, 0);
  const Finished again = submit({"-o", "another.h5"});
  EXPECT_EQ(again.code, 4);
  EXPECT_THAT(again.error, HasSubstr("gbm.jobs exists already"));
}

TEST_F(SubmitTest, PassesSlurmsRefusalOn) {
  slurm("sbatch", "echo 'sbatch: error: invalid partition specified: nope' >&2; exit 1");
  const Finished run = submit({"--partition", "nope"});
  EXPECT_EQ(run.code, 6);
  EXPECT_THAT(run.error, HasSubstr("invalid partition specified: nope"));
  EXPECT_EQ(overbuild({"status", "gbm.jobs"}).code, 8) << "nothing was submitted";
}

TEST_F(SubmitTest, SaysThatOnlyTheMergeWasRefused) {
  slurm("sbatch",
        "case $* in *merge.sh) echo 'sbatch: error: too many jobs' >&2; exit 1; esac; echo 5");
  const Finished run = submit();
  EXPECT_EQ(run.code, 6);
  EXPECT_THAT(run.error, AllOf(HasSubstr("submitted as job 5"), HasSubstr("too many jobs")));
  queue({{"5", "1", "RUNNING", ""}, {"5", "2", "PENDING", ""}, {"5", "3", "PENDING", ""}});
  slurm("sbatch", "echo \"$*\" >>\"$HERE/asked\"; echo 6");
  ASSERT_EQ(overbuild({"resubmit", "gbm.jobs"}).code, 0);
  EXPECT_EQ(asked(), "--parsable --dependency=afterany:5_1:5_2:5_3 merge.sh\n");
}

TEST_F(SubmitTest, ResubmitsOnlyWhatIsNeitherDoneNorInTheQueue) {
  ASSERT_EQ(submit().code, 0);
  ASSERT_EQ(work("shard.sh", 1).code, 0);
  queue({{"101", "1", "COMPLETED", ""},
         {"101", "2", "FAILED", "NonZeroExitCode"},
         {"101", "3", "RUNNING", ""},
         {"102", "N/A", "PENDING", "Dependency"}});
  const Finished status = overbuild({"status", "gbm.jobs"});
  EXPECT_EQ(status.code, 8);
  EXPECT_THAT(status.output, AllOf(HasSubstr("1 done, 1 running, 1 failed; 34% of 3,000 paths"),
                                   HasSubstr("merge: pending, job 102 (Dependency)"),
                                   HasSubstr("`overbuild resubmit gbm.jobs`")));
  std::filesystem::remove(folder / "asked");
  const Finished dry = overbuild({"resubmit", "gbm.jobs", "--dry-run", "--memory", "8G"});
  EXPECT_EQ(dry.output,
            "scancel 102\nsbatch --parsable --mem=8G --array=2 shard.sh\n"
            "sbatch --parsable --mem=8G --dependency=afterany:101_3:ARRAY_JOB merge.sh\n");
  EXPECT_EQ(asked(), "");
  ASSERT_EQ(overbuild({"resubmit", "gbm.jobs", "--memory", "8G"}).code, 0);
  EXPECT_EQ(asked(),
            "scancel 102\n--parsable --mem=8G --array=2 shard.sh\n"
            "--parsable --mem=8G --dependency=afterany:101_3:102 merge.sh\n");
}

TEST_F(SubmitTest, LeavesAloneWhatIsInTheQueueOrAboutToEnd) {
  ASSERT_EQ(submit().code, 0);
  queue({{"101", "1", "RUNNING", ""},
         {"101", "2", "PENDING", "Resources"},
         {"101", "3", "PENDING", "Resources"},
         {"102", "N/A", "PENDING", "Dependency"}});
  const Finished status = overbuild({"status", "gbm.jobs"});
  EXPECT_EQ(status.code, 7);
  EXPECT_THAT(status.output, AllOf(HasSubstr("2-3  pending"), Not(HasSubstr("resubmit"))));
  EXPECT_THAT(overbuild({"status", "gbm.jobs", "--all"}).output, Not(HasSubstr("2-3")));
  std::filesystem::remove(folder / "asked");
  const Finished run = overbuild({"resubmit", "gbm.jobs"});
  EXPECT_EQ(run.code, 0);
  EXPECT_THAT(run.output, HasSubstr("in the queue"));
  queue({{"101", "1", "COMPLETING", ""}});
  const Finished ending = overbuild({"resubmit", "gbm.jobs"});
  EXPECT_EQ(ending.code, 7);
  EXPECT_THAT(ending.error, HasSubstr("about to end shards 1;"));
  EXPECT_EQ(asked(), "");
}

TEST_F(SubmitTest, WorksFromFilesAloneWithoutSlurm) {
  ASSERT_EQ(submit().code, 0);
  ASSERT_EQ(work("shard.sh", 2).code, 0);
  for (const char* name : {"sbatch", "squeue"}) std::filesystem::remove(folder / "bin" / name);
  Launch start = launch({"status", "gbm.jobs"});
  start.environment = {{"PATH", (folder / "bin").string()}};
  const Finished status = finish(start);
  EXPECT_EQ(status.code, 7);
  EXPECT_THAT(status.output,
              AllOf(HasSubstr("1 done, 2 unknown"), HasSubstr("squeue: it is not in PATH")));
  start.arguments = {"resubmit", "gbm.jobs"};
  EXPECT_EQ(finish(start).code, 6) << "a shard might run twice";
}

TEST_F(SubmitTest, TellsOfShardsThatAreNotOfTheConfig) {
  ASSERT_EQ(submit().code, 0);
  ASSERT_EQ(work("shard.sh", 1).code, 0);
  std::string config = bytes(folder / "gbm.jobs/gbm.toml");
  config.replace(config.find("seed = 11"), 9, "seed = 12");
  write("gbm.jobs/gbm.toml", config);
  queue({{"101", "1", "COMPLETED", ""}});
  EXPECT_THAT(overbuild({"status", "gbm.jobs"}).output,
              AllOf(HasSubstr("1 unusable; 0% of 3,000"), HasSubstr("run.seed is 11")));
  const Finished again = overbuild({"resubmit", "gbm.jobs"});
  EXPECT_EQ(again.code, 4);
  EXPECT_THAT(again.error, AllOf(HasSubstr("shard-1.h5"), HasSubstr("run.seed is 11")));
}

TEST_F(SubmitTest, DoesNotTakeAnotherResultForTheMergedOne) {
  ASSERT_EQ(submit().code, 0);
  ASSERT_EQ(program({"run", "gbm.toml", "--quiet", "--seed", "5"}).code, 0);
  const Finished status = overbuild({"status", "gbm.jobs"});
  EXPECT_EQ(status.code, 8);
  EXPECT_THAT(status.output, AllOf(HasSubstr("is of another run"), HasSubstr("run.seed is 5")));
  const Finished again = overbuild({"resubmit", "gbm.jobs"});
  EXPECT_EQ(again.code, 4);
  EXPECT_THAT(again.error, HasSubstr("gbm.h5 is of another run"));
}

TEST_F(SubmitTest, KnowsItsFoldersOnly) {
  for (const char* command : {"status", "resubmit"}) {
    const Finished run = overbuild({command, "."});
    EXPECT_EQ(run.code, 4);
    EXPECT_THAT(run.error, HasSubstr("no folder of `overbuild submit`"));
  }
}

}  // namespace
}  // namespace overbuild::testing_commands
