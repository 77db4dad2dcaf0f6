// Numbers, tables and fan charts as text.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "src/commands/fan_chart.hpp"
#include "src/commands/number_text.hpp"
#include "src/commands/text_table.hpp"

namespace overbuild {
namespace {

using testing::ElementsAre;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

TEST(NumberText, GroupsThousands) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1000), "1,000");
  EXPECT_EQ(grouped(12345678), "12,345,678");
  EXPECT_EQ(grouped(18446744073709551615u), "18,446,744,073,709,551,615");
}

TEST(NumberText, ShowsThreeDigits) {
  EXPECT_EQ(number_text(0), "0");
  EXPECT_EQ(number_text(0.12345), "0.123");
  EXPECT_EQ(number_text(-1.5), "-1.50");
  EXPECT_EQ(number_text(12345.6), "12346");
  EXPECT_EQ(number_text(1), "1.00");
  EXPECT_EQ(number_text(0.00012345), "0.000123");
}

TEST(NumberText, ShowsVeryLargeAndSmallWithExponent) {
  EXPECT_EQ(number_text(1.5e12), "1.50e+12");
  EXPECT_EQ(number_text(-2.25e-7), "-2.25e-07");
}

TEST(NumberText, ShowsWhatIsNoFiniteNumber) {
  EXPECT_EQ(number_text(nan), "-");
  EXPECT_EQ(number_text(-std::numeric_limits<double>::infinity()), "-inf");
}

TEST(EstimateText, GivesTheErrorTwoDigits) {
  EXPECT_EQ(estimate_text({0.43214, 0.016}, true), "0.432 ± 0.016");
  EXPECT_EQ(estimate_text({0.43214, 0.016}, false), "0.432 +- 0.016");
  EXPECT_EQ(estimate_text({-13176.2, 446.4}, true), "-13176 ± 446");
}

TEST(EstimateText, GivesAPreciseValueFourDigits) {
  EXPECT_EQ(estimate_text({0.232581, 0.00018}, true), "0.2326 ± 0.0002");
  EXPECT_EQ(estimate_text({315.63, 0.73}, true), "315.6 ± 0.7");
}

TEST(EstimateText, NeverRoundsTheErrorToZero) {
  EXPECT_EQ(estimate_text({5000.0, 0.03}, true), "5000.00 ± 0.03");
  EXPECT_EQ(estimate_text({1.0, 0.00002}, true), "1.000 ± 2.0e-05");
}

TEST(EstimateText, GivesTheValueAloneWithoutError) {
  EXPECT_EQ(estimate_text({60, 0}, true), "60.0");
  EXPECT_EQ(estimate_text({0.5, nan}, true), "0.500");
  EXPECT_EQ(estimate_text({nan, nan}, true), "-");
}

TEST(EstimateText, ShowsProbabilitiesInPercent) {
  EXPECT_EQ(percent_text({0.1538, 0.0026}, true), "15.38 ± 0.26");
  EXPECT_EQ(percent_text({1, 0}, true), "100");
}

TEST(DurationText, ShowsHoursWhenThereAreAny) {
  EXPECT_EQ(duration_text(7.9), "0:07");
  EXPECT_EQ(duration_text(754), "12:34");
  EXPECT_EQ(duration_text(3723), "1:02:03");
}

TEST(TextTable, AlignsColumnsByCharacters) {
  TextTable table({{"name"}, {"value", TextTable::Align::right}});
  table.add_row({"ä", "1 ± 2"});
  table.add_row({"longer", "10"});
  EXPECT_EQ(table.text(),
            " name    value\n"
            " ä       1 ± 2\n"
            " longer     10\n");
}

TEST(TextTable, WrapsTheLastColumn) {
  TextTable table({{"name"}, {"meaning"}});
  table.add_row({"x", "one two three four five six seven"});
  EXPECT_EQ(table.text(40),
            " name  meaning\n"
            " x     one two three four five six seven\n");
  EXPECT_EQ(table.text(39),
            " name  meaning\n"
            " x     one two three four five six\n"
            "       seven\n");
}

TEST(TextTable, PutsTheLastColumnBelowWhereLittleRoomIsLeft) {
  TextTable table({{"name"}, {"unit"}, {"meaning"}});
  table.add_row({"x", "bn", "one two three four five six seven"});
  table.add_row({"y", "1", "eight"});
  EXPECT_EQ(table.text(30),
            " name  unit\n"
            "     meaning\n"
            " x     bn\n"
            "     one two three four five\n"
            "     six seven\n"
            " y     1\n"
            "     eight\n");
}

TEST(Wrap, KeepsLongWordsWhole) {
  EXPECT_THAT(wrap("a bcdefgh ij", 4), ElementsAre("a", "bcdefgh", "ij"));
  EXPECT_THAT(wrap("", 4), ElementsAre(""));
}

const Fan wide = {1, 3, 5, 7, 9};

TEST(FanChart, DrawsBandsMedianAndMark) {
  const std::vector<Fan> fans = {{0, 1, 2, 3, 10}};  // the axis runs from 0 to 10
  const FanAxis axis(fans, 11);
  EXPECT_EQ(fan_row(wide, axis, nan, false), " --==#==-- ");
  EXPECT_EQ(fan_row(wide, axis, nan, true), " ░░▒▒█▒▒░░ ");
  EXPECT_EQ(fan_row(wide, axis, 3, false), " --|=#==-- ");
  EXPECT_EQ(fan_row(wide, axis, 5, false), " --==#==-- ") << "the median covers the mark";
  EXPECT_EQ(fan_row(wide, axis, 11, false), " --==#==-- ") << "the mark lies outside";
}

TEST(FanChart, LeavesARowWithoutValuesBlank) {
  const std::vector<Fan> fans = {wide, {nan, nan, nan, nan, nan}};
  const FanAxis axis(fans, 10);
  EXPECT_EQ(axis.lower(), 1);
  EXPECT_EQ(axis.upper(), 9);
  EXPECT_EQ(fan_row(fans[1], axis, nan, false), std::string(10, ' '));
}

TEST(FanChart, TakesALogarithmicAxisForWideRanges) {
  const FanAxis linear(std::vector<Fan>{{1, 2, 3, 4, 20}}, 21);
  EXPECT_FALSE(linear.logarithmic());
  const FanAxis logarithmic(std::vector<Fan>{{0.01, 2, 3, 4, 100}}, 21);
  EXPECT_TRUE(logarithmic.logarithmic());
  EXPECT_EQ(logarithmic.cell(1), 10);
  EXPECT_EQ(logarithmic.cell(0.01), 0);
  EXPECT_EQ(logarithmic.cell(100), 20);
  EXPECT_EQ(logarithmic.cell(0.001), std::nullopt);
  const FanAxis negative(std::vector<Fan>{{-1, 2, 3, 4, 100}}, 21);
  EXPECT_FALSE(negative.logarithmic());
}

TEST(FanChart, PutsASingleValueInTheMiddle) {
  const FanAxis axis(std::vector<Fan>{{4, 4, 4, 4, 4}}, 11);
  EXPECT_EQ(fan_row({4, 4, 4, 4, 4}, axis, nan, false), "     #     ");
  const FanAxis zero(std::vector<Fan>{{0, 0, 0, 0, 0}}, 11);
  EXPECT_EQ(zero.cell(0), 5);
}

TEST(FanChart, LabelsTheAxis) {
  const FanAxis axis(std::vector<Fan>{{0, 1, 1, 1, 2}}, 21);
  EXPECT_EQ(fan_axis_text(axis, 1), "0         1      2.00");
  const FanAxis narrow(std::vector<Fan>{{0.9, 1, 1, 1, 2}}, 12);
  EXPECT_EQ(fan_axis_text(narrow, 1), "0.900   2.00") << "no room for the mark's label";
}

}  // namespace
}  // namespace overbuild
