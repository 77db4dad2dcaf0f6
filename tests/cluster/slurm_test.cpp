#include "overbuild/cluster/slurm.hpp"

#include <gmock/gmock.h>

#include <functional>

#include "overbuild/base/error.hpp"
#include "tests/cluster/fake_programs.hpp"

namespace overbuild::testing_cluster {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

std::string queue_error(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::queue);
    return error.what();
  }
  return "no error";
}

/// Laid out as squeue 22.05.8 prints them.
constexpr auto queue_lines =
    "34                      1                       PENDING                 2           0         "
    "  "
    "                                                                BeginTime                     "
    "  "
    "                                                                                              "
    "  \n"
    "34                      2                       RUNNING                 0           0         "
    "  "
    "vn[1-2]                                                         None                          "
    "  "
    "                                                                                              "
    "  \n"
    "5                       2                       FAILED                  0           768       "
    "  "
    "vn1                                                             NonZeroExitCode               "
    "  "
    "                                                                                              "
    "  \n"
    "11                      N/A                     FAILED                  0           9         "
    "  "
    "vn2                                                             RaisedSignal:9(Killed)        "
    "  "
    "                                                                                              "
    "  \n";

TEST(Queue, IsReadByColumns) {
  const std::vector<QueuedJob> jobs = read_queue(queue_lines);
  ASSERT_THAT(jobs, SizeIs(4));
  EXPECT_EQ(jobs[0].job, "34");
  EXPECT_EQ(jobs[0].task, 1);
  EXPECT_EQ(jobs[0].state, "PENDING");
  EXPECT_EQ(jobs[0].starts_again, 2);
  EXPECT_EQ(jobs[0].nodes, "");
  EXPECT_EQ(jobs[0].reason, "BeginTime");
  EXPECT_EQ(jobs[1].nodes, "vn[1-2]");
  EXPECT_EQ(jobs[1].reason, "");
  EXPECT_EQ(jobs[2].exit_code, 3);
  EXPECT_EQ(jobs[3].task, std::nullopt);
  EXPECT_EQ(jobs[3].exit_code, 137);
  EXPECT_THAT(read_queue("\n  \n"), IsEmpty());
}

TEST(Queue, IsNotTakenFromOtherText) {
  EXPECT_THAT(queue_error([] { read_queue("squeue: something else\n"); }),
              AllOf(HasSubstr("cannot understand"), HasSubstr("something else")));
  EXPECT_THAT(queue_error([] { read_queue("12    3   \n"); }), HasSubstr("cannot understand"));
}

TEST(Queue, TellsWhatIsStillInIt) {
  for (const char* state : {"PENDING", "RUNNING", "SUSPENDED", "COMPLETING", "CONFIGURING",
                            "REQUEUED", "REQUEUE_HOLD", "SPECIAL_EXIT", "STAGE_OUT"})
    EXPECT_TRUE(is_in_queue({"1", 1, state, "", "", 0, 0})) << state;
  for (const char* state : {"COMPLETED", "FAILED", "CANCELLED", "TIMEOUT", "NODE_FAIL", "PREEMPTED",
                            "BOOT_FAIL", "DEADLINE", "OUT_OF_MEMORY"})
    EXPECT_FALSE(is_in_queue({"1", 1, state, "", "", 0, 0})) << state;
}

TEST(ArrayText, JoinsNeighbours) {
  EXPECT_EQ(array_text(std::vector{4}), "4");
  EXPECT_EQ(array_text(std::vector{1, 2}), "1-2");
  EXPECT_EQ(array_text(std::vector{1, 2, 3, 7, 9, 10}), "1-3,7,9-10");
}

class SlurmTest : public FakePrograms {};

TEST_F(SlurmTest, SubmitsInTheFolderAndReadsTheId) {
  program("sbatch", "printf '<%s>' \"$@\" >words; echo 4711");
  EXPECT_EQ(submit_job({"shard.sh", {"--array=1-3", "--comment=a b"}}, folder / ""), "4711");
  EXPECT_EQ(text("words"), "<--parsable><--array=1-3><--comment=a b><shard.sh>");
  program("sbatch", "echo '12;other'");
  EXPECT_EQ(submit_job({"shard.sh", {}}, folder / ""), "12") << "of one among several clusters";
}

TEST_F(SlurmTest, SaysWhyAJobIsRefused) {
  program("sbatch", "echo 'sbatch: error: invalid partition specified: nope' >&2; exit 1");
  EXPECT_THAT(queue_error([&] {
                submit_job({"shard.sh", {}}, folder / "");
              }),
              AllOf(HasSubstr("shard.sh"), HasSubstr("invalid partition specified: nope")));
  program("sbatch", "exit 3");
  EXPECT_THAT(queue_error([&] {
                submit_job({"shard.sh", {}}, folder / "");
              }),
              HasSubstr("exit code 3"));
  program("sbatch", "echo Submitted batch job 5");
  EXPECT_THAT(queue_error([&] {
                submit_job({"shard.sh", {}}, folder / "");
              }),
              HasSubstr("Submitted batch job 5"));
}

TEST_F(SlurmTest, SaysThatSlurmIsMissing) {
  const std::string before = getenv("PATH");
  setenv("PATH", (folder / "").c_str(), 1);
  EXPECT_EQ(queue_error([&] {
              submit_job({"shard.sh", {}}, folder / "");
            }),
            "cannot run Slurm's sbatch: it is not in PATH");
  setenv("PATH", before.c_str(), 1);
}

TEST_F(SlurmTest, AsksForAllJobsAtOnce) {
  write("lines", queue_lines);
  const std::string here = (folder / "").string();
  program("squeue", "echo \"$* ${SQUEUE_PARTITION-}\" >" + here + "words; cat " + here + "lines");
  setenv("SQUEUE_PARTITION", "would-hide-jobs", 1);
  EXPECT_THAT(queued_jobs(std::vector<std::string>{"34", "5"}), SizeIs(4));
  unsetenv("SQUEUE_PARTITION");
  EXPECT_THAT(text("words"), AllOf(HasSubstr("--jobs=34,5"), HasSubstr("--states=all"),
                                   HasSubstr("ArrayJobID:24"), Not(HasSubstr("would-hide"))));
  EXPECT_THAT(queued_jobs({}), IsEmpty());
}

TEST_F(SlurmTest, TakesAForgottenJobForNone) {
  program("squeue", "echo 'slurm_load_jobs error: Invalid job id specified' >&2; exit 1");
  EXPECT_THAT(queued_jobs(std::vector<std::string>{"34"}), IsEmpty());
  program("squeue", "echo 'slurm_load_jobs error: Unable to contact slurm controller' >&2; exit 1");
  EXPECT_THAT(queue_error([] { queued_jobs(std::vector<std::string>{"34"}); }),
              HasSubstr("Unable to contact"));
}

TEST_F(SlurmTest, Cancels) {
  program("scancel", "echo $* >" + (folder / "words").string());
  cancel_job("34");
  EXPECT_EQ(text("words"), "34\n");
  program("scancel", "echo 'scancel: error: Access/permission denied' >&2; exit 1");
  EXPECT_THAT(queue_error([] { cancel_job("34"); }), HasSubstr("permission denied"));
}

}  // namespace
}  // namespace overbuild::testing_cluster
