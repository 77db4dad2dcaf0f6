#include "overbuild/cluster/job_scripts.hpp"

#include <gmock/gmock.h>

#include "overbuild/base/error.hpp"
#include "overbuild/cluster/process.hpp"
#include "tests/cluster/fake_programs.hpp"

namespace overbuild::testing_cluster {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

TEST(SbatchLine, IsQuotedAsSbatchReadsIt) {
  EXPECT_EQ(sbatch_line("--partition=batch"), "#SBATCH --partition=batch\n");
  // Slurm 22.05.8 read this line as the comment: it's a "b" # 1
  EXPECT_EQ(sbatch_line("--comment=it's a \"b\" # 1"),
            "#SBATCH \"--comment=it's a \\\"b\\\" # 1\"\n");
  EXPECT_THROW(sbatch_line("--comment=a\nrm -rf b"), Error);
}

class JobScriptsTest : public FakePrograms {
 protected:
  JobScriptsTest() {
    settings.name = "base case";
    settings.config = "base case.toml";
    settings.program = folder / "over'build";
    settings.result = folder / "out put.h5";
    settings.shards = 8;
    settings.cpus = 4;
    settings.checkpoint_every = "90s";
    settings.options = {"--partition=batch", "--comment=a b"};
    program("scontrol", "echo \"$*\" >>scontrol-words");
  }

  /// Runs the script of shard 3, which has started again, with these lines in place of overbuild.
  ProcessOutcome run_shard(const std::string& overbuild) const {
    program("over'build", overbuild);
    write("shard.sh", shard_script(settings));
    return run_process({"env", "SLURM_ARRAY_TASK_ID=3", "SLURM_ARRAY_JOB_ID=77", "SLURM_JOB_ID=80",
                        "SLURM_CPUS_PER_TASK=4", "SLURM_RESTART_COUNT=1", "bash", "shard.sh"},
                       folder / "");
  }

  /// What overbuild does on SIGTERM: it keeps a part, or has none yet, and ends with 143.
  static std::string stopping(const std::string& part) {
    return "trap '" + part + "; exit 143' TERM\n";
  }
  static constexpr auto keeps_a_part =
      "mkdir -p shards/shard-3.h5.parts; touch shards/shard-3.h5.parts/part-0.h5";
  static constexpr auto waits = "\nn=0; while [ $n -lt 600 ]; do sleep 0.1; n=$((n+1)); done\n";

  JobSettings settings;
};

TEST_F(JobScriptsTest, AskForWhatEachJobNeeds) {
  const std::string shard = shard_script(settings), merge = merge_script(settings);
  EXPECT_THAT(
      shard,
      AllOf(HasSubstr("#SBATCH \"--job-name=base case\"\n"), HasSubstr("#SBATCH --array=1-8\n"),
            HasSubstr("#SBATCH --cpus-per-task=4\n"), HasSubstr("#SBATCH --requeue"),
            HasSubstr("#SBATCH --signal=B:USR1@60\n"), HasSubstr("#SBATCH --open-mode=append\n")));
  EXPECT_THAT(merge, Not(HasSubstr("cpus-per-task")));
  for (const std::string& script : {shard, merge})
    EXPECT_THAT(script, AllOf(HasSubstr("#SBATCH --partition=batch\n"),
                              HasSubstr("#SBATCH \"--comment=a b\"\n")));
}

TEST_F(JobScriptsTest, RunTheShardWithItsOwnWords) {
  const ProcessOutcome outcome = run_shard("printf '<%s>' \"$@\" >words; echo summary");
  EXPECT_EQ(outcome.code, 0) << outcome.error;
  EXPECT_EQ(text("words"),
            "<run><base case.toml><--shard><3/8><--output><shards/shard-3.h5><--resume>"
            "<--checkpoint-every><90s><--threads><4>");
  EXPECT_THAT(outcome.output,
              AllOf(HasSubstr("== shard 3/8: job 80 on "), HasSubstr("start 2,"),
                    HasSubstr("== shard 3/8: exit code 0\n"), Not(HasSubstr("summary"))));
}

TEST_F(JobScriptsTest, PassTheProgramsExitCodeOn) {
  EXPECT_EQ(run_shard("echo 'overbuild: no space' >&2; exit 4").code, 4);
  EXPECT_EQ(run_shard("kill -9 $$").code, 137);
  EXPECT_EQ(text("scontrol-words"), "");
}

TEST_F(JobScriptsTest, OutliveSigtermUntilTheProgramHasEnded) {
  // Slurm sends it to every process of the job; here the program does.
  const ProcessOutcome outcome =
      run_shard(stopping("sleep 0.2; touch ended") + "kill -TERM $PPID; kill -TERM $$" + waits);
  EXPECT_EQ(outcome.code, 143) << outcome.error;
  EXPECT_TRUE(std::filesystem::exists(folder / "ended"));
  EXPECT_EQ(text("scontrol-words"), "") << "Slurm itself requeues what it preempts";
}

TEST_F(JobScriptsTest, AreRequeuedBeforeTheTimeLimit) {
  const ProcessOutcome outcome = run_shard(stopping(keeps_a_part) + "kill -USR1 $PPID" + waits);
  EXPECT_EQ(outcome.code, 143) << outcome.error;
  EXPECT_EQ(text("scontrol-words"), "requeue 77_3\n");
}

TEST_F(JobScriptsTest, AreNotRequeuedForEverWhenNothingGetsDone) {
  const ProcessOutcome outcome = run_shard(stopping(":") + "kill -USR1 $PPID" + waits);
  EXPECT_EQ(outcome.code, 143);
  EXPECT_EQ(text("scontrol-words"), "");
  EXPECT_THAT(outcome.output, HasSubstr("is not requeued"));
}

TEST_F(JobScriptsTest, AreNotRequeuedWhenTheProgramWasDoneInTime) {
  const ProcessOutcome outcome =
      run_shard("trap 'exit 0' TERM\nkill -USR1 $PPID" + std::string(waits));
  EXPECT_EQ(outcome.code, 0);
  EXPECT_EQ(text("scontrol-words"), "");
}

TEST_F(JobScriptsTest, FailWhenSlurmDoesNotRequeue) {
  program("scontrol", "echo 'Requested operation is disabled' >&2; exit 1");
  const ProcessOutcome outcome = run_shard(stopping(keeps_a_part) + "kill -USR1 $PPID" + waits);
  EXPECT_EQ(outcome.code, 143);
  EXPECT_THAT(outcome.error, HasSubstr("disabled"));
  EXPECT_THAT(outcome.output, HasSubstr("exit code 143"));
}

TEST_F(JobScriptsTest, MergeAllShards) {
  program("over'build", "printf '<%s>' \"$@\" >words; exit 4");
  write("merge.sh", merge_script(settings));
  const ProcessOutcome none = run_process({"bash", "merge.sh"}, folder / "");
  EXPECT_EQ(none.code, 4);
  EXPECT_EQ(none.error, "no shard is finished\n");
  EXPECT_EQ(text("words"), "");
  std::filesystem::create_directory(folder / "shards");
  for (const char* name : {"shards/shard-1.h5", "shards/shard-2.h5", "shards/shard-2.h5.tmp-7"})
    write(name, "");
  std::filesystem::create_directory(folder / "shards/shard-3.h5.parts");
  const ProcessOutcome outcome = run_process({"bash", "merge.sh"}, folder / "");
  EXPECT_EQ(outcome.code, 4);
  EXPECT_EQ(text("words"), "<merge><shards/shard-1.h5><shards/shard-2.h5><--output><" +
                               (folder / "out put.h5").string() + ">");
  EXPECT_THAT(outcome.output, HasSubstr("\n== merge: exit code 4\n"));
}

}  // namespace
}  // namespace overbuild::testing_cluster
