// Ctrl-C, SIGTERM and SIGHUP while a run works.
#include <sys/stat.h>

#include <algorithm>
#include <bit>

#include "src/commands/stop_signals.hpp"
#include "src/hdf5/hdf5.hpp"
#include "tests/commands/program_fixture.hpp"

namespace overbuild::testing_commands {
namespace {

using testing::AnyOf;
using testing::Each;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;

using Bits = std::vector<std::uint64_t>;

/// The bits of a dataset's numbers, so that NaN equals NaN.
Bits dataset_bits(const std::filesystem::path& result, const std::string& dataset) {
  const hdf5::Session session;
  const hdf5::Id file(H5Fopen(result.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose, "open");
  Bits bits;
  for (const double number : hdf5::read_doubles(file, dataset))
    bits.push_back(std::bit_cast<std::uint64_t>(number));
  return bits;
}

class StopTest : public ProgramTest {
 protected:
  /// A run that would take hours, with progress on a terminal.
  Launch endless(const std::string& config, std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments = {"run", config, "--paths", most_paths};
    arguments.insert(arguments.end(), more.begin(), more.end());
    Launch run = launch(arguments);
    run.error_is_terminal = true;
    return run;
  }

  static void wait_for_progress(Process& process) {
    process.wait_while_running(
        "progress was drawn", [&] { return process.error().find("paths/s") != std::string::npos; });
  }

  /// Stops a run by a signal and expects a file that equals that of a run of as many paths.
  void expect_valid_partial_result(const std::string& config, int signal) {
    Process process(endless(config + ".toml", {"--chunk", "512"}));
    wait_for_progress(process);
    process.send(signal);
    EXPECT_EQ(process.wait(), 128 + signal);
    EXPECT_THAT(process.error(), HasSubstr("marked incomplete"));
    EXPECT_THAT(process.output(), HasSubstr("INCOMPLETE: "));
    EXPECT_THAT(results(), ElementsAre(config + ".h5"));

    const ResultContents partial = read_result(folder / (config + ".h5"));
    EXPECT_FALSE(partial.summary.complete);
    EXPECT_EQ(partial.paths_asked, std::stoull(most_paths));
    ASSERT_GT(partial.summary.paths, 0u);
    const std::string paths = std::to_string(partial.summary.paths);
    ASSERT_EQ(program({"run", config + ".toml", "--paths", paths, "-o", "whole.h5"}).code, 0);
    const ResultContents whole = read_result(folder / "whole.h5");
    EXPECT_TRUE(whole.summary.complete);
    EXPECT_EQ(SummaryBits::of(partial.summary), SummaryBits::of(whole.summary));
  }
};

TEST_F(StopTest, CtrlCKeepsThePathsDone) { expect_valid_partial_result("ou", SIGINT); }

TEST_F(StopTest, CtrlCKeepsPathSeriesAndOutcomesDone) {
  // Kept outcomes of 3000 paths: their exact quantiles give way to the histogram's beyond.
  expect_valid_partial_result("gbm", SIGINT);
  const ResultContents partial = read_result(folder / "gbm.h5");
  const auto expect_equal = [&](const std::string& dataset, std::uint64_t numbers) {
    const Bits kept = dataset_bits(folder / "gbm.h5", dataset);
    EXPECT_EQ(kept.size(), numbers) << dataset;
    EXPECT_EQ(kept, dataset_bits(folder / "whole.h5", dataset)) << dataset;
  };
  for (const Quantity& series : partial.series)
    expect_equal("/paths/" + series.name, 5 * partial.summary.time.size());
  for (const Quantity& outcome : partial.outcomes)
    expect_equal("/path_outcomes/" + outcome.name,
                 std::min<std::uint64_t>(3000, partial.summary.paths));
}

TEST_F(StopTest, SigtermKeepsThePathsDone) { expect_valid_partial_result("ou", SIGTERM); }

TEST_F(StopTest, SighupKeepsThePathsDone) { expect_valid_partial_result("ou", SIGHUP); }

TEST_F(StopTest, ASecondSignalEndsAtOnce) {
  for (const int second : {SIGINT, SIGTERM}) {
    // One chunk of hours: the first signal alone would wait for it. That the chunk is in work shows
    // in the temporary file, which grows by the paths it keeps.
    Process process(endless(
        "ou.toml", {"--chunk", most_paths, "--threads", "1", "--set", "outputs.paths=100000"}));
    process.wait_while_running("paths were written", [&] {
      const std::vector<std::string> files = results();
      return files.size() == 1 && std::filesystem::file_size(folder / files.front()) > 100000;
    });
    process.send(SIGINT);
    process.wait_while_running("the first signal arrived", [&] {
      return process.error().find("stopping") != std::string::npos;
    });
    process.send(second);
    EXPECT_EQ(process.wait(), 128 + second);
    EXPECT_THAT(results(), IsEmpty()) << "the temporary file is removed";
  }
}

TEST_F(StopTest, WritesNothingWhenNoPathWasDone) {
  Launch stopped = endless("ou.toml");
  stopped.pending_signal = SIGTERM;
  Process process(stopped);
  EXPECT_EQ(process.wait(), 143);
  EXPECT_THAT(process.error(), HasSubstr("before any path was done; no result was written"));
  EXPECT_THAT(process.output(), IsEmpty());
  EXPECT_THAT(results(), IsEmpty());
}

/// A signal held back until the temporary file can be removed, in a process of its own.
[[noreturn]] void exit_as_signals_ask() {
  StopSignals signals;
  raise(SIGTERM);
  if (signals.stop()) _exit(1);
  signals.listen("no.h5.tmp");
  if (!signals.stop() || signals.signal() != SIGTERM) _exit(2);
  raise(SIGINT);
  _exit(3);
}

TEST(StopSignalsTest, WaitUntilTheTemporaryFileIsKnown) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(exit_as_signals_ask(), testing::ExitedWithCode(128 + SIGINT), "stopping");
}

/// A signal that arrives before listen() ends a program whose run failed meanwhile.
[[noreturn]] void end_by_held_back_signal() {
  {
    const StopSignals signals;
    raise(SIGTERM);
  }
  _exit(0);
}

TEST(StopSignalsTest, HandBackWhatTheyHeldBack) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(end_by_held_back_signal(), testing::KilledBySignal(SIGTERM), "");
}

TEST_F(StopTest, LeavesNoTemporaryFileWhenSignalsComeEarly) {
  for (int milliseconds = 0; milliseconds <= 40; ++milliseconds) {
    for (const int signals : {1, 2}) {
      const std::string file = std::to_string(milliseconds) + "-" + std::to_string(signals) + ".h5";
      Process process(endless("ou.toml", {"--chunk", "512", "--threads", "1", "-o", file}));
      std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
      for (int i = 0; i < signals; ++i) process.send(SIGTERM);
      EXPECT_THAT(process.wait(), AnyOf(-SIGTERM, 128 + SIGTERM)) << milliseconds << " ms";
    }
  }
  EXPECT_THAT(results(), Each(EndsWith(".h5"))) << "complete files only";
}

TEST_F(StopTest, IgnoredSignalsStayIgnored) {
  Launch run = launch({"run", "ou.toml"});
  run.ignored_signal = run.pending_signal = SIGHUP;
  EXPECT_EQ(finish(run).code, 0);
  EXPECT_TRUE(read_result(folder / "ou.h5").summary.complete);
}

TEST_F(StopTest, ASignalOutsideOfARunEndsTheProgramAsUsual) {
  write("model.toml", "model = \"gbm\"\n");
  // A pipe as config: the program waits for its content.
  ASSERT_EQ(mkfifo((folder / "pipe.toml").c_str(), 0600), 0);
  Process process(launch({"check", "pipe.toml"}));
  process.send(SIGTERM);
  EXPECT_EQ(process.wait(), -SIGTERM);
}

TEST_F(StopTest, DrawsProgressOnATerminalAndClearsIt) {
  Process process(endless("ou.toml", {"--chunk", "512"}));
  wait_for_progress(process);
  process.send(SIGINT);
  process.wait();
  const std::string error = process.error();
  EXPECT_THAT(error, HasSubstr("\r\x1b[K"));
  EXPECT_THAT(error, HasSubstr("left"));
  const std::size_t last_draw = error.rfind("\r\x1b[K");
  EXPECT_EQ(error.find("paths/s", last_draw), std::string::npos) << "the line is cleared";
}

}  // namespace
}  // namespace overbuild::testing_commands
