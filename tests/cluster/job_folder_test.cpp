#include "overbuild/cluster/job_folder.hpp"

#include <gmock/gmock.h>

#include <functional>

#include "overbuild/base/error.hpp"
#include "overbuild/config/difference.hpp"
#include "overbuild/config/load.hpp"
#include "tests/cluster/fake_programs.hpp"

namespace overbuild::testing_cluster {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class JobFolderTest : public FakePrograms {
 protected:
  JobFolderTest() : scenario(parse_scenario(config, "gbm.toml")), jobs(folder / "gbm.jobs") {
    scenario.name = "gbm";
    settings.name = "gbm";
    settings.config = "gbm.toml";
    settings.program = "/opt/overbuild";
    settings.result = folder / "gbm.h5";
    settings.shards = 3;
    settings.checkpoint_every = "5m";
  }

  static std::string file_error(const std::function<void()>& action) {
    try {
      action();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::file);
      return error.what();
    }
    return "no error";
  }

  static constexpr auto config =
      "model = \"gbm\"\ntitle = \"A \\\"title\\\"\"\n[run]\npaths = 4000\nseed = 9\n";
  Scenario scenario;
  JobSettings settings;
  JobFolder jobs;
};

TEST_F(JobFolderTest, HoldsAllThatTheJobsNeed) {
  jobs.create(scenario, settings);
  EXPECT_THAT(folder.names(), ElementsAre("gbm.jobs")) << "and nothing temporary";
  const Scenario read = load_scenario(folder / "gbm.jobs/gbm.toml");
  EXPECT_EQ(first_difference(read, scenario), std::nullopt);
  EXPECT_EQ(read.name, "gbm") << "as the local run's result is called";
  EXPECT_EQ(text("gbm.jobs/shard.sh"), shard_script(settings));
  EXPECT_EQ(text("gbm.jobs/merge.sh"), merge_script(settings));
  EXPECT_TRUE(std::filesystem::is_directory(folder / "gbm.jobs/shards"));
  EXPECT_TRUE(std::filesystem::is_directory(folder / "gbm.jobs/logs"));
  EXPECT_EQ(jobs.shard(2), folder / "gbm.jobs/shards/shard-2.h5");
}

TEST_F(JobFolderTest, RemembersWhatWasSubmitted) {
  jobs.create(scenario, settings);
  JobRecord record = jobs.read_record();
  EXPECT_EQ(record.name, "gbm");
  EXPECT_EQ(record.config, "gbm.toml");
  EXPECT_EQ(record.result, folder / "gbm.h5");
  EXPECT_EQ(record.shards, 3);
  EXPECT_TRUE(record.submission.arrays.empty());
  record.submission = {{{"12", {1, 2, 3}}, {"20", {2}}}, "21"};
  jobs.write_record(record);
  record = jobs.read_record();
  EXPECT_EQ(record.submission.merge, "21");
  EXPECT_EQ(record.submission.job_of(1), "12");
  EXPECT_EQ(record.submission.job_of(2), "20") << "the last one";
  EXPECT_EQ(record.submission.job_of(4), "");
}

TEST_F(JobFolderTest, IsNotMadeTwice) {
  jobs.create(scenario, settings);
  EXPECT_THAT(file_error([&] { jobs.create(scenario, settings); }),
              testing::AllOf(HasSubstr("exists already"), HasSubstr("overbuild status")));
  EXPECT_THAT(file_error([&] { JobFolder("/proc/overbuild.jobs").create(scenario, settings); }),
              HasSubstr("cannot make the folder /proc/overbuild.jobs"));
}

TEST_F(JobFolderTest, TellsWhatIsNone) {
  EXPECT_THAT(file_error([&] { jobs.read_record(); }),
              HasSubstr("no folder of `overbuild submit`"));
  jobs.create(scenario, settings);
  write("gbm.jobs/submission.json", "{\"format\": 1, \"name\": ");
  EXPECT_THAT(file_error([&] { jobs.read_record(); }), HasSubstr("submission.json"));
  write("gbm.jobs/submission.json", "{\"format\": 1}");
  EXPECT_THAT(file_error([&] { jobs.read_record(); }), HasSubstr("name"));
  write("gbm.jobs/submission.json", "{\"format\": 2}");
  EXPECT_THAT(file_error([&] { jobs.read_record(); }), HasSubstr("format 2"));
}

}  // namespace
}  // namespace overbuild::testing_cluster
