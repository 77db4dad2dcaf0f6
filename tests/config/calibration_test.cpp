// [calibration] and its data.
#include <gtest/gtest.h>

#include "config_testing.hpp"
#include "overbuild/config/observed_data.hpp"
#include "src/config/calendar.hpp"

namespace overbuild {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(CalendarTest, DatesStandForTheirDays) {
  EXPECT_EQ(parse_date("1970")->begin, 0);
  EXPECT_EQ(parse_date("1970")->end, 365);
  EXPECT_EQ(parse_date("1970-02")->begin, 31);
  EXPECT_EQ(parse_date("1972-02")->end - parse_date("1972-02")->begin, 29);
  EXPECT_EQ(parse_date("1969-12-31")->begin, -1);
  EXPECT_EQ(parse_date("1969-12-31")->end, 0);
  for (const char* wrong : {"", "196", "19700", "1970-", "1970-13", "1970-1", "1970-02-30",
                            "1970-02-28x", "+970", "1970/02", "1970-02-"})
    EXPECT_FALSE(parse_date(wrong)) << wrong;
}

std::string config(const std::string& lines) {
  return "model = \"gbm\"\n[run]\nhorizon = 4\n[calibration]\n" + lines;
}

const std::string start_and_series =
    "start = 1996-01-01\nobserve = [{data = \"a\", series = \"value\", scale = \"relative\"}, "
    "{data = \"b\", series = \"log_value\", per = \"value\", scale = \"linear\", discrepancy = "
    "0.3}]\n";

TEST(CalibrationConfigTest, IsReadAndReadsBack) {
  const Scenario scenario = parse_scenario(
      config(start_and_series + "until = 1999\nleave_out = [\"recalled\"]\nparticles = "
                                "100\nislands = 3\npaths = 64\ness = 0.7\nmost_moves = 9"),
      "a.toml");
  for (const Scenario& read : {scenario, parse_scenario(to_toml(scenario), "b.toml")}) {
    ASSERT_TRUE(read.calibration);
    const CalibrationSettings& settings = *read.calibration;
    EXPECT_EQ(settings.start, "1996-01-01");
    EXPECT_EQ(settings.until, "1999");
    ASSERT_EQ(settings.observe.size(), 2u);
    EXPECT_EQ(settings.observe[0].data, "a");
    EXPECT_EQ(settings.observe[0].scale, ObservedSeries::Scale::relative);
    EXPECT_EQ(settings.observe[1].series, 1u);
    EXPECT_EQ(settings.observe[1].scale, ObservedSeries::Scale::linear);
    EXPECT_EQ(settings.observe[1].discrepancy, 0.3);
    EXPECT_EQ(settings.leave_out, std::vector<std::string>{"recalled"});
    EXPECT_EQ(settings.observe[0].per, std::nullopt);
    EXPECT_EQ(settings.observe[1].per, 0u);
    EXPECT_EQ(settings.particles, 100);
    EXPECT_EQ(settings.islands, 3);
    EXPECT_EQ(settings.paths, 64);
    EXPECT_EQ(settings.ess, 0.7);
    EXPECT_EQ(settings.most_moves, 9);
  }
  EXPECT_FALSE(parse_scenario("model = \"gbm\"", "a.toml").calibration);
}

TEST(CalibrationConfigTest, MistakesAreFound) {
  EXPECT_THAT(findings_in(config("start = \"199x\"")),
              ElementsAre(HasSubstr("a.toml:5: calibration.start: found \"199x\", expected a "
                                    "date YYYY, YYYY-MM or YYYY-MM-DD")));
  EXPECT_THAT(findings_in(config("strat = 1996")),
              ElementsAre(HasSubstr("did you mean \"start\"")));
  EXPECT_THAT(findings_in(config("paths = 12")),
              ElementsAre(HasSubstr("found 12, allowed: a multiple of 8")));
  EXPECT_THAT(findings_in(config("ess = 1")), ElementsAre(HasSubstr("allowed: (0, 1)")));
  EXPECT_THAT(findings_in(config("observe = [{data = \"a\", series = \"valeu\"}]")),
              ElementsAre(HasSubstr("did you mean \"value\"")));
  EXPECT_THAT(findings_in(config("observe = [{series = \"value\", scal = \"level\"}]")),
              testing::UnorderedElementsAre(HasSubstr("\"data\" is missing"),
                                            HasSubstr("did you mean \"scale\"")));
  EXPECT_THAT(findings_in(config("observe = [{data = \"a\", series = \"value\"}, "
                                 "{data = \"a\", series = \"log_value\"}]")),
              ElementsAre(HasSubstr("calibration.observe[2]: \"a\" is observed already")));
}

constexpr char header[] = "series,date,value,unit,uncertainty,status,source,note\n";

class ObservedDataTest : public testing::Test {
 protected:
  ObservedData read(const std::string& rows, const std::string& until = "") const {
    folder_.write("d.csv", rows);
    const auto file = folder_.write(
        "a.toml", config(start_and_series + "data = \"d.csv\"\nuntil = \"" + until + "\"\n"));
    return read_observed_data(load_scenario(file));
  }
  std::vector<std::string> findings_of(const std::string& rows) const {
    return findings([&] { return read(rows); });
  }

  ConfigFolder folder_;
};

const std::string good =
    "a,1997,8,GB,0.1,confirmed,\"FCC, 1998\",\nb,1996-01-01,-2,1,0.4,,,\na,1996,4,GB,0.1,,,\n"
    "other,never,x,,,,,\n# a comment\n";

TEST_F(ObservedDataTest, RowsAreInTheModelsTime) {
  const ObservedData data = read(header + good);
  ASSERT_EQ(data.observations.size(), 3u);
  EXPECT_EQ(data.observations[0].observed, 1u);
  EXPECT_EQ(data.observations[0].time, 0);
  EXPECT_EQ(data.observations[0].value, -2);
  EXPECT_DOUBLE_EQ(data.observations[0].deviation, 0.5) << "0.4 and the discrepancy 0.3";
  EXPECT_DOUBLE_EQ(data.observations[1].time, 183 / 365.25) << "the middle of a leap year";
  EXPECT_DOUBLE_EQ(data.observations[2].time, (366 + 182.5) / 365.25);
  EXPECT_EQ(data.observations[2].source, "FCC, 1998");
  EXPECT_EQ(data.observations[2].status, "confirmed");
  EXPECT_EQ(data.observations[2].line, 2);
}

TEST_F(ObservedDataTest, RowsOutsideOfTheTimeAreLeftOut) {
  const std::string more = header + good + "a,1995,3,GB,0.1,,,\na,1998-12,9,GB,0.1,,,\n";
  EXPECT_EQ(read(more, "1998").observations.size(), 4u);
  const ObservedData data = read(more, "1998-12-30");
  EXPECT_EQ(data.observations.size(), 3u) << "December has not ended";
  EXPECT_EQ(data.before, 1u);
  EXPECT_EQ(data.after, 1u);
}

TEST_F(ObservedDataTest, RowsOfAStatusAreLeftOut) {
  folder_.write("d.csv", header + good + "a,1998,9,GB,0.1,recalled,,\n");
  const auto file = folder_.write(
      "a.toml", config(start_and_series + "data = \"d.csv\"\nleave_out = [\"recalled\"]\n"));
  const ObservedData data = read_observed_data(load_scenario(file));
  EXPECT_EQ(data.observations.size(), 3u);
  EXPECT_EQ(data.of_status, 1u);
}

TEST_F(ObservedDataTest, MistakesNameLineAndColumn) {
  EXPECT_THAT(findings_of(header + good +
                          "a,1997-13,1,,0.1,,,\na,1997,-1,,0.1,,,\n"
                          "a,1997,1,,,,,\na,1997\na,2001,1,,0.1,,,\n"),
              ElementsAre(HasSubstr("d.csv:7: date: found \"1997-13\""),
                          HasSubstr("d.csv:8: value: found -1, allowed: > 0"),
                          HasSubstr("d.csv:9: uncertainty: found \"\", expected a number"),
                          HasSubstr("d.csv:10: found 2 fields, expected 8"),
                          HasSubstr("beyond run.horizon, which is 4")));
  EXPECT_THAT(findings_of(header + good + "a,1997,1,,0,,,\n"), ElementsAre(HasSubstr("is 0")));
  EXPECT_THAT(findings_of("series,date,valeu,uncertainty\n"),
              testing::UnorderedElementsAre(HasSubstr("did you mean \"value\""),
                                            HasSubstr("value: the column is missing")));
  EXPECT_THAT(findings_of(""), ElementsAre(HasSubstr("the file is empty")));
  EXPECT_THAT(findings_of(std::string(header) + "a,1997,8,GB,0.1,,,\nc,1997,8,GB,0.1,,,\n"),
              testing::UnorderedElementsAre(HasSubstr("\"a\" has 1 rows from 1996-01-01 on, "
                                                      "needed: 2, since only ratios count"),
                                            HasSubstr("unknown series \"b\"; did you mean")));
}

TEST_F(ObservedDataTest, WhatIsMissingIsSaid) {
  const Scenario none = parse_scenario("model = \"gbm\"", "a.toml");
  EXPECT_THAT(findings([&] { return read_observed_data(none); }),
              ElementsAre(HasSubstr("calibration.start"), HasSubstr("calibration.observe"),
                          HasSubstr("calibration.data")));
  const auto file = folder_.write("a.toml", config(start_and_series + "data = \"no.csv\""));
  EXPECT_THAT(findings([&] { return read_observed_data(load_scenario(file)); }),
              ElementsAre(HasSubstr("no.csv: cannot be read")));
}

}  // namespace
}  // namespace overbuild
