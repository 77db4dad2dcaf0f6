#include "src/commands/progress.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <thread>
#include <vector>

#include "src/commands/text_table.hpp"

namespace overbuild {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

TEST(ProgressState, EstimatesTheTimeLeftFromTheMeanSpeed) {
  const ProgressState state{.done = 2500, .total = 10000, .seconds = 5};
  EXPECT_DOUBLE_EQ(state.share(), 0.25);
  EXPECT_DOUBLE_EQ(state.paths_per_second(), 500);
  EXPECT_DOUBLE_EQ(state.seconds_left(), 15);
  EXPECT_TRUE(std::isnan(ProgressState({0, 10000, 5}).seconds_left()));
}

TEST(ProgressText, NamesAllNumbers) {
  EXPECT_EQ(progress_text({.done = 12300, .total = 100000, .seconds = 4}),
            "12.3% of 100,000 paths, 3,075 paths/s, elapsed 0:04, about 0:28 left");
  EXPECT_EQ(progress_text({.done = 0, .total = 100, .seconds = 4}),
            "0.0% of 100 paths, 0 paths/s, elapsed 0:04, time left unknown");
}

TEST(ProgressBarText, FitsItsWidth) {
  const ProgressState state{.done = 50, .total = 100, .seconds = 10};
  const std::string numbers = " 50.0%  50 paths  5 paths/s  0:10  about 0:10 left";
  EXPECT_EQ(progress_bar_text(state, {.width = 100, .unicode = false}),
            "###############............... " + numbers);
  const std::string narrow = progress_bar_text(state, {.width = 62, .unicode = true});
  EXPECT_THAT(narrow, StartsWith("█████░░░░░ "));
  EXPECT_LT(display_width(narrow), 62u);
  EXPECT_EQ(progress_bar_text(state, {.width = 40, .unicode = false}), " " + numbers);
}

/// A progress display whose clock the test sets and whose output it keeps.
struct Display {
  explicit Display(bool terminal)
      : progress(
            1000, terminal, {.width = 80, .unicode = false}, [this] { return now; },
            [this](std::string_view text) { written.emplace_back(text); }) {}
  void at(double seconds, std::uint64_t done) {
    now = 100 + seconds;
    progress.update(done);
  }

  double now = 100;  // clocks do not begin at 0
  std::vector<std::string> written;
  Progress progress;
};

TEST(Progress, LogsALineAMinute) {
  Display display(false);
  display.at(59.9, 100);
  EXPECT_THAT(display.written, IsEmpty());
  display.at(60, 200);
  display.at(61, 300);
  display.at(119.9, 400);
  display.at(120.5, 500);
  display.progress.finish();
  EXPECT_THAT(display.written,
              ElementsAre("20.0% of 1,000 paths, 3 paths/s, elapsed 1:00, about 4:00 left\n",
                          "50.0% of 1,000 paths, 4 paths/s, elapsed 2:00, about 2:00 left\n"));
}

TEST(Progress, RedrawsATerminalTenTimesASecondAtMost) {
  Display display(true);
  for (int i = 1; i <= 100; ++i) display.at(0.01 * i, std::uint64_t(i));
  EXPECT_LE(display.written.size(), 10u);
  EXPECT_GE(display.written.size(), 8u);
  for (const std::string& text : display.written) {
    EXPECT_THAT(text, StartsWith("\r\x1b[K"));
    EXPECT_EQ(text.find('\n'), std::string::npos);
  }
}

TEST(Progress, ClearsTheTerminalLineAtTheEnd) {
  Display display(true);
  display.progress.finish();
  EXPECT_THAT(display.written, IsEmpty()) << "nothing was drawn";
  display.at(1, 10);
  display.progress.finish();
  ASSERT_THAT(display.written, SizeIs(2));
  EXPECT_EQ(display.written.back(), "\r\x1b[K");
}

TEST(Progress, NeverGoesBack) {
  Display display(false);
  display.at(60, 700);
  display.at(120, 600);  // a slower worker's report of an earlier count
  ASSERT_THAT(display.written, SizeIs(2));
  EXPECT_THAT(display.written.back(), HasSubstr("70.0% of"));
}

TEST(Progress, TakesReportsOfManyThreads) {
  Display display(false);
  display.now = 160;
  std::vector<std::thread> threads;
  for (std::uint64_t t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (std::uint64_t done = 1; done <= 100; ++done) display.progress.update(100 * t + done);
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(display.written, ElementsAre(EndsWith("left\n")));
}

}  // namespace
}  // namespace overbuild
