// The summary of a made-up result.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "src/commands/result_summary.hpp"
#include "src/commands/text_table.hpp"

namespace overbuild {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::vector<double> times(int steps, double dt) {
  std::vector<double> time;
  for (int step = 0; step <= steps; ++step) time.push_back(step * dt);
  return time;
}

TEST(ShownSteps, AreWholeYears) {
  EXPECT_THAT(shown_steps(times(40, 0.25)), ElementsAre(0, 4, 8, 12, 16, 20, 24, 28, 32, 36, 40));
}

TEST(ShownSteps, AreFewWhateverTheHorizon) {
  EXPECT_THAT(shown_steps(times(4, 0.25)), ElementsAre(0, 1, 2, 3, 4));
  EXPECT_THAT(shown_steps(times(30, 1)), ElementsAre(0, 5, 10, 15, 20, 25, 30));
  EXPECT_LE(shown_steps(times(1000, 1)).size(), 13u);
  EXPECT_LE(shown_steps(times(2600, 1.0 / 52)).size(), 13u);
}

TEST(ShownSteps, AreRoundOverCenturies) {
  EXPECT_THAT(shown_steps(times(700, 1)), ElementsAre(0, 100, 200, 300, 400, 500, 600, 700));
  EXPECT_THAT(shown_steps(times(2000, 1)),
              ElementsAre(0, 200, 400, 600, 800, 1000, 1200, 1400, 1600, 1800, 2000));
}

TEST(ShownSteps, AreEvenWhereNoneIsRound) {
  EXPECT_THAT(shown_steps(times(20, 1.0 / 52)), ElementsAre(0, 3, 6, 9, 12, 15, 18, 20));
  EXPECT_THAT(shown_steps(times(100000, 1)).size(),
              testing::AllOf(testing::Ge(10u), testing::Le(13u)));
}

TEST(ShownSteps, EndWithTheHorizon) {
  EXPECT_THAT(shown_steps(times(13, 0.25)), ElementsAre(0, 2, 4, 6, 8, 10, 12, 13));
  EXPECT_THAT(shown_steps(times(1, 0.003)), ElementsAre(0, 1));
}

DistributionSummary distribution(double middle) {
  DistributionSummary summary;
  summary.count = 100;
  summary.mean = {middle, 0.01};
  for (std::size_t i = 0; i < quantile_levels.size(); ++i)
    summary.quantiles[i] = {middle + quantile_levels[i] - 0.5, 0.02};
  return summary;
}

ResultContents result() {
  ResultContents contents;
  contents.model = "toy";
  contents.scenario = "toy_base";
  contents.title = "Toy";
  contents.seed = 7;
  contents.paths_asked = 12000;
  contents.series = {{"money", "bn", "an amount"}, {"ratio", "1", "a pure number"}};
  contents.events = {{"burst", "", "it has burst"}};
  contents.outcomes = {{"burst_time", "yr", "when it burst"}};
  RunSummary& summary = contents.summary;
  summary.paths = 12000;
  summary.complete = true;
  summary.time = {0, 1, 2};
  summary.series = {{distribution(60), distribution(61), distribution(62)},
                    {distribution(1), distribution(1.2), distribution(1.4)}};
  summary.events = {{{0, 0}, {0.25, 0.01}, {0.5, 0.02}}};
  OutcomeSummary outcome;
  outcome.defined = {0.5, 0.02};
  outcome.distribution = distribution(1.5);
  summary.outcomes = {outcome};
  return contents;
}

const TextStyle plain = {.width = 80, .unicode = false};
constexpr std::size_t ratio[] = {1}, money[] = {0};

TEST(HeadlineSeries, IsTheFirstRatio) {
  ResultContents contents = result();
  EXPECT_EQ(headline_series(contents), 1u);
  contents.series[1].unit = "bn";
  EXPECT_EQ(headline_series(contents), 0u);
}

TEST(SummaryText, ShowsHeaderChartEventsAndOutcomes) {
  EXPECT_EQ(summary_text(result(), ratio, plain),
            R"(Toy | toy | 12,000 paths | seed 7 | 2 years in steps of 1

ratio: a pure number
 year      mean +- se     5%    25%   50%   75%   95%  0.550   1            1.85
    0  1.000 +- 0.010  0.550  0.750  1.00  1.25  1.45  ----====#=====----
    1  1.200 +- 0.010  0.750  0.950  1.20  1.45  1.65      ---=|===#=====---
    2  1.400 +- 0.010  0.950   1.15  1.40  1.65  1.85         -|--=====#====----

Probability of each event by year, %
 year        burst
    0            0
    1  25.0 +- 1.0
    2  50.0 +- 2.0

Outcomes of the paths on which they are defined
 outcome     unit   % of paths      mean +- se    5%   50%   95%
 burst_time  yr    50.0 +- 2.0  1.500 +- 0.010  1.05  1.50  1.95

se: Monte Carlo standard error; `overbuild describe toy` explains the names
)");
}

TEST(SummaryText, MarksAnIncompleteRun) {
  ResultContents contents = result();
  EXPECT_THAT(summary_text(contents, ratio, plain), Not(HasSubstr("INCOMPLETE")));
  contents.summary.paths = 5000;
  contents.summary.complete = false;
  EXPECT_THAT(summary_text(contents, ratio, plain), HasSubstr("INCOMPLETE: 5,000 of 12,000 paths"));
}

TEST(SummaryText, NamesTheScenarioWhereThereIsNoTitle) {
  ResultContents contents = result();
  contents.title.clear();
  EXPECT_THAT(summary_text(contents, ratio, plain), testing::StartsWith("toy_base | toy |"));
}

TEST(SummaryText, MarksNoRatioInMoney) {
  const std::string text = summary_text(result(), money, plain);
  EXPECT_THAT(text, HasSubstr("money, bn: an amount"));
  EXPECT_THAT(text, Not(HasSubstr("a pure number")));
  EXPECT_THAT(text, Not(HasSubstr("|=")));
}

TEST(SummaryText, LeavesOutTheChartWhereItDoesNotFit) {
  const TextStyle narrow = {.width = 60, .unicode = false};
  EXPECT_THAT(summary_text(result(), ratio, narrow), Not(HasSubstr("--")));
}

TEST(SummaryText, UsesUnicodeWhereAllowed) {
  const std::string text = summary_text(result(), ratio, {.width = 80, .unicode = true});
  EXPECT_THAT(text, HasSubstr("Toy · toy · 12,000 paths"));
  EXPECT_THAT(text, HasSubstr("1.000 ± 0.010"));
  EXPECT_THAT(text, HasSubstr("░▒"));
}

TEST(SummaryText, ShowsOnlyAsciiElse) {
  for (const char byte : summary_text(result(), ratio, plain)) EXPECT_GE(byte, 0);
}

TEST(SummaryText, LeavesOutWhatTheModelLacks) {
  ResultContents contents = result();
  contents.events.clear();
  contents.summary.events.clear();
  contents.outcomes.clear();
  contents.summary.outcomes.clear();
  const std::string text = summary_text(contents, ratio, plain);
  EXPECT_THAT(text, Not(HasSubstr("event")));
  EXPECT_THAT(text, Not(HasSubstr("utcome")));
}

TEST(SummaryJson, HoldsAllStatistics) {
  const auto json = nlohmann::json::parse(summary_json(result()));
  EXPECT_EQ(json["paths"], 12000);
  EXPECT_EQ(json["complete"], true);
  EXPECT_EQ(json["series"][1]["name"], "ratio");
  EXPECT_EQ(json["series"][1]["by_time"][2]["mean"]["value"], 1.4);
  EXPECT_EQ(json["series"][1]["by_time"][2]["quantiles"][4]["level"], 0.5);
  EXPECT_TRUE(json["series"][1]["by_time"][2]["skew"]["value"].is_null()) << "NaN";
  EXPECT_EQ(json["events"][0]["probability_by_time"][1]["standard_error"], 0.01);
  EXPECT_EQ(json["outcomes"][0]["share_defined"]["value"], 0.5);
}

}  // namespace
}  // namespace overbuild
