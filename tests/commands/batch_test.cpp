// overbuild batch: its file, what it refuses, stopping and going on.
#include <cmath>
#include <nlohmann/json.hpp>

#include "overbuild/base/error.hpp"
#include "overbuild/results/batch_file.hpp"
#include "tests/commands/program_fixture.hpp"

namespace overbuild::testing_commands {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

class BatchTest : public ProgramTest {
 protected:
  BatchTest() {
    write("sweep.toml",
          "model = \"gbm\"\ntitle = \"Drifts\"\n"
          "[run]\npaths = 1500\nhorizon = 2\nstep = 0.25\nseed = 11\n"
          "[outputs]\noutcomes = 700\n"
          "[parameters]\nvolatility = {prior = \"uniform\", low = 0.1, high = 0.3}\n"
          "[[sweep]]\nmethod = \"one_at_a_time\"\nparameters.drift = [-0.1, 0.1]\n"
          "parameters.volatility = [0.2]\n");
  }

  /// A batch of many scenarios, each of which takes long enough to be stopped before the end.
  void write_long_sweep() const {
    write("long.toml",
          "model = \"overbuild\"\n[run]\npaths = 8192\n[[sweep]]\nmethod = \"latin_hypercube\"\n"
          "points = 60\nparameters.wacc = {from = 0.05, to = 0.15}\n");
  }

  std::size_t parts(const std::string& target) const {
    std::size_t count = 0;
    std::error_code none_yet;
    for (const auto& entry :
         std::filesystem::directory_iterator(folder / (target + ".parts"), none_yet))
      count += entry.path().extension() == ".h5";
    return count;
  }

  std::vector<std::uint64_t> bits(const std::string& batch, std::size_t scenario) const {
    return SummaryBits::of(BatchReader(folder / batch).scenario(scenario).summary);
  }

  /// All numbers of all scenarios.
  std::vector<std::uint64_t> bits(const std::string& batch) const {
    std::vector<std::uint64_t> all;
    const BatchReader reader(folder / batch);
    for (std::size_t i = 0; i < reader.contents().scenarios.size(); ++i) {
      const auto one = SummaryBits::of(reader.scenario(i).summary);
      all.insert(all.end(), one.begin(), one.end());
    }
    return all;
  }
};

TEST_F(BatchTest, AScenarioHasTheBitsOfARunWithItsValues) {
  const Finished batch = program({"batch", "sweep.toml"});
  ASSERT_EQ(batch.code, 0) << batch.error;
  EXPECT_THAT(results(), ElementsAre("sweep.h5")) << "no parts are left";
  const std::vector<std::string> settings[] = {
      {}, {"parameters.drift=-0.1"}, {"parameters.drift=0.1"}, {"parameters.volatility=0.2"}};
  for (std::size_t i = 0; i < 4; ++i) {
    std::vector<std::string> words = {"run", "sweep.toml", "--set", "sweep=[]",
                                      "-f",  "-o",         "run.h5"};
    for (const std::string& setting : settings[i]) words.insert(words.end(), {"--set", setting});
    ASSERT_EQ(program(words).code, 0);
    EXPECT_EQ(bits("sweep.h5", i), SummaryBits::of(read_result(folder / "run.h5").summary)) << i;
  }
}

TEST_F(BatchTest, TheFileSaysWhatItIs) {
  ASSERT_EQ(program({"batch", "sweep.toml", "-q"}).code, 0);
  const BatchReader reader(folder / "sweep.h5");
  const BatchContents& contents = reader.contents();
  EXPECT_EQ(contents.model, "gbm");
  EXPECT_EQ(contents.batch, "sweep");
  EXPECT_EQ(contents.title, "Drifts");
  EXPECT_EQ(contents.seed, 11u);
  EXPECT_EQ(contents.paths, 1500u);
  EXPECT_THAT(contents.scenarios, ElementsAre("0001", "0002", "0003", "0004"));
  ASSERT_THAT(contents.swept, SizeIs(2));
  EXPECT_EQ(contents.swept[0].key, "parameters.drift");
  EXPECT_EQ(contents.swept[0].values[1], -0.1);
  EXPECT_TRUE(std::isnan(contents.swept[1].values[0])) << "drawn";
  EXPECT_EQ(contents.swept[1].values[3], 0.2);
  // The config in the provenance repeats the batch.
  write("again.toml", contents.provenance.config);
  ASSERT_EQ(program({"batch", "again.toml", "-q"}).code, 0);
  EXPECT_EQ(bits("again.h5"), bits("sweep.h5"));
}

TEST_F(BatchTest, ThreadsChangeNothing) {
  write_long_sweep();
  for (const char* threads : {"1", "2", "7"}) {
    const Finished batch = program({"batch", "long.toml", "--paths", "1200", "--threads", threads,
                                    "-q", "-o", std::string(threads) + ".h5"});
    ASSERT_EQ(batch.code, 0) << batch.error;
  }
  EXPECT_EQ(bits("1.h5"), bits("2.h5"));
  EXPECT_EQ(bits("1.h5"), bits("7.h5"));
}

TEST_F(BatchTest, ShowsATableAndSingleScenarios) {
  const Finished batch = program({"batch", "sweep.toml"});
  EXPECT_THAT(batch.output, HasSubstr("Drifts | gbm | 4 scenarios of 1,500 paths | seed 11"));
  EXPECT_THAT(batch.output, HasSubstr("4 scenarios in"));
  const Finished table = program({"show", "sweep.h5"});
  EXPECT_THAT(batch.output, HasSubstr(table.output)) << "what batch prints, and more";
  EXPECT_THAT(table.output, HasSubstr(" 0002       -0.1           -"));
  const Finished one = program({"show", "sweep.h5", "--scenario", "0002", "--series", "log_value"});
  EXPECT_EQ(one.code, 0);
  EXPECT_THAT(one.output, HasSubstr("\nlog_value: "));
  EXPECT_THAT(one.output, testing::StartsWith("Drifts, scenario 0002, drift = -0.1 | gbm"));
  EXPECT_THAT(program({"show", "sweep.h5", "--scenario", "0002", "--json"}).output,
              HasSubstr("\"scenario\": \"0002\""));
  const Finished unknown = program({"show", "sweep.h5", "--scenario", "002"});
  EXPECT_EQ(unknown.code, 2);
  EXPECT_THAT(unknown.error, HasSubstr("unknown scenario \"002\""));
  const auto all = nlohmann::json::parse(program({"show", "sweep.h5", "--json"}).output);
  ASSERT_EQ(all["scenarios"].size(), 4u);
  const auto second =
      nlohmann::json::parse(program({"show", "sweep.h5", "--scenario", "0002", "--json"}).output);
  EXPECT_EQ(all["scenarios"][1]["series"], second["series"]);
  EXPECT_EQ(all["scenarios"][1]["scenario"], "0002");
  EXPECT_EQ(all["scenarios"][1]["swept"]["parameters.drift"], -0.1);
  EXPECT_EQ(all["provenance"], second["provenance"]);
}

TEST_F(BatchTest, ARunRefusesASweepAndABatchASingleScenario) {
  const Finished run = program({"run", "sweep.toml"});
  EXPECT_EQ(run.code, 3);
  EXPECT_THAT(run.error, HasSubstr("which `overbuild batch` runs"));
  const Finished batch = program({"batch", "gbm.toml"});
  EXPECT_EQ(batch.code, 3);
  EXPECT_THAT(batch.error, HasSubstr("gbm.toml has no [[sweep]]; `overbuild run`"));
  const Finished paths = program({"batch", "sweep.toml", "--set", "outputs.paths=3"});
  EXPECT_EQ(paths.code, 3);
  EXPECT_THAT(paths.error, HasSubstr("outputs.paths: a batch's file keeps no paths"));
  const Finished until =
      program({"batch", "sweep.toml", "--set",
               "run.until={statistic = \"series/value_mean\", time = 2, standard_error = 0.1}"});
  EXPECT_EQ(until.code, 3);
  EXPECT_THAT(until.error, HasSubstr("run.until: "));
  EXPECT_THAT(results(), IsEmpty());
}

TEST_F(BatchTest, CheckListsTheScenarios) {
  const Finished check = program({"check", "sweep.toml"});
  ASSERT_EQ(check.code, 0);
  EXPECT_THAT(check.output, HasSubstr("# 4 scenarios; -: drawn from the prior"));
  EXPECT_THAT(check.output, HasSubstr("#  0002       -0.1           -"));
  write("again.toml", check.output);
  EXPECT_EQ(program({"check", "again.toml", "-q"}).code, 0);
}

TEST_F(BatchTest, WritesAFolderOfResults) {
  const std::vector<std::string> words = {"batch", "sweep.toml", "--separate", "--set",
                                          "outputs.paths=2"};
  ASSERT_EQ(program(words).code, 0);
  EXPECT_EQ(bytes(folder / "sweep/index.csv"),
            "scenario,file,parameters.drift,parameters.volatility\n"
            "0001,0001.h5,0.05,\n0002,0002.h5,-0.1,\n0003,0003.h5,0.1,\n0004,0004.h5,0.05,0.2\n");
  EXPECT_EQ(read_result(folder / "sweep/0003.h5").scenario, "0003");
  EXPECT_EQ(read_result(folder / "sweep/0003.h5").title, "Drifts, scenario 0003");
  EXPECT_FALSE(std::filesystem::exists(folder / "sweep.parts"));
  EXPECT_THAT(program(words).error, HasSubstr("sweep is the result of this batch already"));
  std::vector<std::string> other = words;
  other.insert(other.end(), {"--seed", "3"});
  EXPECT_THAT(program(other).error, HasSubstr("folder sweep exists already; --force replaces it"));
  other.emplace_back("--force");
  ASSERT_EQ(program(other).code, 0);
  EXPECT_EQ(read_result(folder / "sweep/0001.h5").seed, 3u);
  write("sweep/notes.txt", "mine");
  EXPECT_THAT(program(other).error, HasSubstr("--force replaces folders of batches only"));
}

TEST_F(BatchTest, AFinishedBatchIsNotRunAgain) {
  ASSERT_EQ(program({"batch", "sweep.toml", "-q"}).code, 0);
  const std::string before = bytes(folder / "sweep.h5");
  const Finished again = program({"batch", "sweep.toml", "--threads", "1"});
  EXPECT_EQ(again.code, 0);
  EXPECT_THAT(again.error, HasSubstr("sweep.h5 is the result of this batch already"));
  EXPECT_EQ(bytes(folder / "sweep.h5"), before);
  const Finished other = program({"batch", "sweep.toml", "--seed", "2"});
  EXPECT_EQ(other.code, 4);
  EXPECT_THAT(other.error, HasSubstr("sweep.h5 exists already; --force replaces it"));
  EXPECT_EQ(program({"batch", "sweep.toml", "--seed", "2", "--force", "-q"}).code, 0);
  EXPECT_NE(bytes(folder / "sweep.h5"), before);
  EXPECT_EQ(program({"batch", "sweep.toml", "-o", "sweep.toml", "--force"}).code, 4);
}

TEST_F(BatchTest, ASignalKeepsTheFinishedScenarios) {
  write_long_sweep();
  ASSERT_EQ(program({"batch", "long.toml", "-q", "-o", "whole.h5"}).code, 0);
  Process process(launch({"batch", "long.toml"}));
  process.wait_while_running("two scenarios were done", [&] { return parts("long.h5") >= 2; });
  process.send(SIGTERM);
  EXPECT_EQ(process.wait(), 143) << process.error();
  EXPECT_THAT(process.error(), HasSubstr("of 60 scenarios done; the same command goes on from "
                                         "long.h5.parts"));
  EXPECT_FALSE(std::filesystem::exists(folder / "long.h5"));
  const std::size_t done = parts("long.h5");
  ASSERT_GE(done, 2u);

  const Finished other = program({"batch", "long.toml", "--set", "parameters.debt_rate=0.07"});
  EXPECT_EQ(other.code, 4);
  EXPECT_THAT(other.error, HasSubstr("long.h5.parts holds finished scenarios of another batch"));
  EXPECT_THAT(other.error, HasSubstr("debt_rate = 0.065"));
  EXPECT_THAT(other.error, HasSubstr("debt_rate = 0.07"));

  const Finished rest = program({"batch", "long.toml", "--threads", "1"});
  EXPECT_EQ(rest.code, 0) << rest.error;
  EXPECT_THAT(rest.error, HasSubstr(std::to_string(done) + " of 60 scenarios are done already"));
  EXPECT_FALSE(std::filesystem::exists(folder / "long.h5.parts"));
  EXPECT_EQ(bits("long.h5"), bits("whole.h5"));
}

TEST_F(BatchTest, GoesOnAfterBeingKilled) {
  write_long_sweep();
  {
    Process process(launch({"batch", "long.toml", "-q"}));
    process.wait_while_running("a scenario was done", [&] { return parts("long.h5") >= 1; });
    process.send(SIGKILL);
    EXPECT_EQ(process.wait(), -SIGKILL);
  }
  EXPECT_FALSE(std::filesystem::exists(folder / "long.h5"));
  ASSERT_EQ(program({"batch", "long.toml", "-q"}).code, 0);
  ASSERT_EQ(program({"batch", "long.toml", "-q", "-o", "whole.h5"}).code, 0);
  EXPECT_EQ(bits("long.h5"), bits("whole.h5"));
  EXPECT_FALSE(std::filesystem::exists(folder / "long.h5.parts"));
}

TEST_F(BatchTest, OneProcessAtATime) {
  write_long_sweep();
  Process process(launch({"batch", "long.toml", "-q", "--paths", most_paths}));
  process.wait_while_running(
      "it began", [&] { return std::filesystem::exists(folder / "long.h5.parts" / "batch.toml"); });
  const Finished second = program({"batch", "long.toml", "-q", "--paths", most_paths});
  EXPECT_EQ(second.code, 4);
  EXPECT_THAT(second.error, HasSubstr("another process is at work on this batch"));
  process.send(SIGINT);
  EXPECT_EQ(process.wait(), 130);
  EXPECT_FALSE(std::filesystem::exists(folder / "long.h5.parts")) << "nothing was done";
}

TEST_F(BatchTest, AForeignFolderIsLeftAlone) {
  std::filesystem::create_directory(folder / "sweep.h5.parts");
  write("sweep.h5.parts/notes.txt", "mine");
  const Finished batch = program({"batch", "sweep.toml"});
  EXPECT_EQ(batch.code, 4);
  EXPECT_THAT(batch.error, HasSubstr("sweep.h5.parts is no batch's"));
  EXPECT_EQ(bytes(folder / "sweep.h5.parts/notes.txt"), "mine");
}

TEST_F(BatchTest, ADamagedPartIsNamed) {
  write_long_sweep();
  Process process(launch({"batch", "long.toml", "-q"}));
  process.wait_while_running("a scenario was done", [&] { return parts("long.h5") >= 1; });
  process.send(SIGTERM);
  process.wait();
  std::string part;
  for (const auto& entry : std::filesystem::directory_iterator(folder / "long.h5.parts"))
    if (entry.path().extension() == ".h5") part = entry.path().filename();
  write("long.h5.parts/" + part, "no result");
  const Finished rest = program({"batch", "long.toml", "-q"});
  EXPECT_EQ(rest.code, 4);
  EXPECT_THAT(rest.error, HasSubstr("long.h5.parts/" + part + ": it is not an HDF5 file"));
  std::filesystem::remove(folder / "long.h5.parts" / part);
  EXPECT_EQ(program({"batch", "long.toml", "-q"}).code, 0);
}

// The last scenario fails after the fewest steps.
TEST_F(BatchTest, TheFirstScenarioThatFailsIsNamedWhateverTheThreads) {
  write("failing.toml",
        "model = \"gbm\"\n[run]\npaths = 512\nhorizon = 4000\nstep = 0.5\n"
        "[[sweep]]\nmethod = \"grid\"\nparameters.drift = [0.3, 1.0, 4.0, 10.0]\n");
  for (const char* threads : {"1", "4", "4", "4"}) {
    const Finished batch = program({"batch", "failing.toml", "-q", "--threads", threads});
    EXPECT_EQ(batch.code, 5);
    EXPECT_THAT(batch.error, HasSubstr("scenario 0001: ")) << threads;
  }
}

TEST_F(BatchTest, AFullDiskIsSaid) {
  Launch limited = launch({"batch", "sweep.toml"});
  limited.file_size_limit = 20000;
  const Finished batch = finish(limited);
  EXPECT_EQ(batch.code, 4);
  EXPECT_THAT(batch.error, HasSubstr("File too large"));
  EXPECT_FALSE(std::filesystem::exists(folder / "sweep.h5"));
  EXPECT_EQ(program({"batch", "sweep.toml", "-q"}).code, 0) << "goes on";
}

TEST_F(BatchTest, AFailingScenarioIsNamed) {
  write("far.toml",
        "model = \"gbm\"\n[run]\npaths = 1000\nhorizon = 200\n[[sweep]]\nmethod = \"grid\"\n"
        "parameters.drift = [0.1, 10.0]\n");
  const Finished batch = program({"batch", "far.toml"});
  EXPECT_EQ(batch.code, 5) << batch.error;
  EXPECT_THAT(batch.error, HasSubstr("overbuild: scenario 0002: "));
}

TEST_F(BatchTest, AResultIsNoBatch) {
  ASSERT_EQ(program({"run", "gbm.toml", "-q"}).code, 0);
  EXPECT_EQ(program({"show", "gbm.h5", "--scenario", "a"}).code, 2);
  EXPECT_THROW(BatchReader(folder / "gbm.h5"), Error);
  ASSERT_EQ(program({"batch", "sweep.toml", "-q"}).code, 0);
  try {
    read_result(folder / "sweep.h5");
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("it is a batch of scenarios"));
  }
}

}  // namespace
}  // namespace overbuild::testing_commands
