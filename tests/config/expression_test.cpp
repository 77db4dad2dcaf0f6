// Expressions of per-path quantities and statistics.
#include "overbuild/config/expression.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "overbuild/base/error.hpp"
#include "overbuild/config/load.hpp"

namespace overbuild {
namespace {

using Kind = StatisticExpression::Kind;
using Relation = PathQuantity::Relation;
using Source = PathQuantity::Source;
using testing::HasSubstr;

const Scenario& overbuild_scenario() {
  static const Scenario scenario = parse_scenario("model = \"overbuild\"\n", "a.toml");
  return scenario;
}

PathQuantity quantity(std::string_view text) {
  return parse_quantity(text, overbuild_scenario(), "test");
}
StatisticExpression statistic(std::string_view text) {
  return parse_statistic(text, overbuild_scenario(), "test");
}

std::string_view name_of(const PathQuantity& q) {
  const ModelSchema& schema = overbuild_scenario().model->schema;
  switch (q.source) {
    case Source::outcome:
      return schema.outcomes[q.index].name;
    case Source::series_at:
    case Source::series_by:
    case Source::series_lowest:
    case Source::series_highest:
      return schema.series[q.index].name;
    case Source::event_at:
    case Source::event_within:
      return schema.events[q.index].name;
  }
  return "";
}

void expect_quantity(std::string_view text, Source source, std::string_view name, int step,
                     Relation relation = Relation::none, double threshold = 0) {
  const PathQuantity q = quantity(text);
  EXPECT_EQ(q.source, source) << text;
  EXPECT_EQ(name_of(q), name) << text;
  EXPECT_EQ(q.step, step) << text;
  EXPECT_EQ(q.relation, relation) << text;
  EXPECT_EQ(q.threshold, threshold) << text;
  EXPECT_EQ(q.text, text);
}

TEST(ExpressionTest, EveryKindOfQuantityIsRead) {
  expect_quantity("bust_time", Source::outcome, "bust_time", 0);
  expect_quantity("capex_fall >= 0.5", Source::outcome, "capex_fall", 0, Relation::greater_equal,
                  0.5);
  expect_quantity("coverage at 3y", Source::series_at, "coverage", 12);
  expect_quantity("coverage at 0y", Source::series_at, "coverage", 0);
  expect_quantity("gap at 2.5y > -1e3", Source::series_at, "gap", 10, Relation::greater, -1000);
  expect_quantity("coverage<0.05 by 3y", Source::series_by, "coverage", 12, Relation::less, 0.05);
  expect_quantity("coverage <= +.05 by 10 y", Source::series_by, "coverage", 40,
                  Relation::less_equal, 0.05);
  expect_quantity("bust_begun within 5yr", Source::event_within, "bust_begun", 20);
  expect_quantity("in_bust at 3y", Source::event_at, "in_bust", 12);
}

TEST(ExpressionTest, AnEventMayBeCalledByItsFirstWords) {
  expect_quantity("bust within 5y", Source::event_within, "bust_begun", 20);
  expect_quantity("covered within 5y", Source::event_within, "covered", 20);
  // "in_b" is no whole word of "in_bust".
  EXPECT_THROW(quantity("in_b within 5y"), Error);
}

TEST(ExpressionTest, ConditionsArePureNumbers) {
  EXPECT_EQ(quantity("bust_time").unit, "yr");
  EXPECT_FALSE(quantity("bust_time").is_condition());
  EXPECT_EQ(quantity("debt at 5y").unit, "bn");
  for (const char* text : {"bust_time < 5", "debt at 5y > 100", "coverage < 1 by 5y",
                           "bust within 5y", "in_bust at 5y"}) {
    EXPECT_TRUE(quantity(text).is_condition()) << text;
    EXPECT_EQ(quantity(text).unit, "1") << text;
  }
}

TEST(ExpressionTest, EveryStatisticIsRead) {
  EXPECT_EQ(statistic("P(bust within 5y)").kind, Kind::probability);
  EXPECT_EQ(statistic("mean(capex_fall)").kind, Kind::mean);
  EXPECT_EQ(statistic("sd(coverage at 5y)").kind, Kind::sd);
  EXPECT_EQ(statistic("median(bust_time)").kind, Kind::quantile);
  EXPECT_EQ(statistic("median(bust_time)").probability, 0.5);
  EXPECT_EQ(statistic("q10(coverage at 5y)").probability, 0.1);
  EXPECT_EQ(statistic("q99.5(debt_peak)").probability, 0.995);
  EXPECT_EQ(statistic(" q99.5 ( debt_peak ) ").text, "q99.5 ( debt_peak )");
  EXPECT_EQ(statistic("mean(bust within 5y)").unit(), "1");
  EXPECT_EQ(statistic("mean(debt at 5y)").unit(), "bn");
}

TEST(ExpressionTest, ATargetHasANumberThatTheStatisticCanHave) {
  const auto target = [](std::string_view text) {
    return parse_target(text, overbuild_scenario(), "test").value;
  };
  EXPECT_EQ(target("P(bust within 5y) = 0.5"), 0.5);
  EXPECT_EQ(target("mean(gap_cumulative)=-20"), -20);
  EXPECT_THROW(target("P(bust within 5y) = 1"), Error);
  EXPECT_THROW(target("P(bust within 5y) = 0"), Error);
  EXPECT_THROW(target("sd(coverage at 5y) = 0"), Error);
  EXPECT_THROW(target("mean(coverage at 5y)"), Error);
  EXPECT_THROW(target("mean(coverage at 5y) = 1 2"), Error);
}

TEST(ExpressionTest, RelationsHold) {
  EXPECT_TRUE(holds(Relation::less, 1, 2));
  EXPECT_FALSE(holds(Relation::less, 2, 2));
  EXPECT_TRUE(holds(Relation::less_equal, 2, 2));
  EXPECT_FALSE(holds(Relation::greater, 2, 2));
  EXPECT_TRUE(holds(Relation::greater_equal, 2, 2));
  EXPECT_FALSE(holds(Relation::greater_equal, std::nan(""), 2));
  EXPECT_FALSE(holds(Relation::less, std::nan(""), 2));
}

void expect_mistake(const std::string& text, const std::string& message, std::size_t column) {
  try {
    static_cast<void>(statistic(text));
    ADD_FAILURE() << text;
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::usage);
    const std::string what = error.what();
    EXPECT_THAT(what, HasSubstr(message)) << text;
    EXPECT_THAT(what, HasSubstr(fmt::format("test: character {}: ", column))) << text;
    EXPECT_THAT(what,
                testing::EndsWith("\n  " + text + "\n  " + std::string(column - 1, ' ') + "^"))
        << what;
  }
}

TEST(ExpressionTest, MistakesAreShownInTheirPlace) {
  expect_mistake("P(bust_tme < 5)",
                 "no outcome, series or event \"bust_tme\"; did you mean "
                 "\"bust_time\"?",
                 3);
  expect_mistake("P(xyzzyxyzzy < 5)", "expected an outcome (bust_time, recovery_time, ", 3);
  expect_mistake("maen(bust_time)", "found \"maen\", expected a statistic: P(CONDITION), mean(X)",
                 1);
  expect_mistake("maen(bust_time)", "did you mean \"mean\"?", 1);
  expect_mistake("q0(bust_time)", "a percentile between q0 and q100", 1);
  expect_mistake("q10x(bust_time)", "a percentile", 1);
  expect_mistake("P bust_time", "\"(\" after \"P\"", 3);
  expect_mistake("P(bust_time)", "bust_time is a number, and P wants a condition", 3);
  expect_mistake("P(bust_time <)", "found \")\", expected a number after \"<\"", 14);
  expect_mistake("P(bust_time < 5", "found the end, expected \")\"", 16);
  expect_mistake("P(bust within 5)", "\"y\" after the number of years", 16);
  expect_mistake("P(bust within 5.1y)",
                 "found the time 5.1, allowed: a multiple of the step 0.25 up "
                 "to the horizon 10",
                 15);
  expect_mistake("P(bust within 11y)", "the horizon 10", 15);
  expect_mistake("P(bust within -1y)", "found the time -1", 15);
  expect_mistake("P(bust)", "\"bust\" is an event, e.g. \"bust within 5y\"", 7);
  expect_mistake("mean(coverage)", "\"coverage\" is a series, e.g. \"coverage at 5y\"", 14);
  expect_mistake("P(coverage < 1)", "\"by\" and a time", 15);
  expect_mistake("mean(bust_time at 5y)", "is an outcome, one number per path, and has no time",
                 16);
  expect_mistake("P(bust within 5y) = 0.5", "found \"=\", expected the end", 19);
  expect_mistake("P(bust & 5)", "found \"&\", expected a name", 8);
  expect_mistake("P(bust_time > 1e400)", "the number is too large or too small", 15);
  expect_mistake("", "found the end, expected a statistic", 1);
}

TEST(ExpressionTest, TheMarkCountsCharactersNotBytes) {
  try {
    static_cast<void>(statistic("P(ß)"));
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("character 3: found \"ß\", expected a name"));
  }
  try {
    static_cast<void>(statistic("ßP(bust)"));
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("character 1"));
  }
}

}  // namespace
}  // namespace overbuild
