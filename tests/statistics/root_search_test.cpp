// Roots of a statistic known by its distance from a target.
#include "overbuild/statistics/root_search.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "overbuild/base/error.hpp"

namespace overbuild {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr double none = std::numeric_limits<double>::quiet_NaN();

std::vector<double> grid(double from, double to, int count) {
  std::vector<double> values;
  for (int i = 0; i < count; ++i) values.push_back(from + i * (to - from) / (count - 1));
  return values;
}

/// A statistic that is f, with a standard error.
template <class Function>
DistanceFunction distance(Function f, double error) {
  return [=](double x) { return TargetDistance{{f(x), error}, f(x), error}; };
}

TEST(RootSearchTest, ARootAndItsIntervalSolveTheirEquations) {
  const double error = 0.01;
  const auto f = [](double x) { return x * x * x - 2; };
  const RootSearch found = find_roots(distance(f, error), grid(0, 3, 7));
  ASSERT_EQ(found.roots.size(), 1u);
  const Root& root = found.roots[0];
  EXPECT_LE(std::abs(f(root.x)), 0.01 * error);
  EXPECT_NEAR(f(root.lower), -interval_sigmas * error, 0.01 * error);
  EXPECT_NEAR(f(root.upper), interval_sigmas * error, 0.01 * error);
  EXPECT_FALSE(root.lower_open || root.upper_open);
  EXPECT_EQ(root.statistic.value, f(root.x));
  EXPECT_EQ(found.scan.size(), 7u);
  EXPECT_LT(found.evaluations.size(), 7u + 25u);
  EXPECT_THAT(remarks(found), IsEmpty());
}

TEST(RootSearchTest, AFallingStatisticHasItsIntervalTheRightWayRound) {
  const RootSearch found = find_roots(distance([](double x) { return 1 - x; }, 0.1), grid(0, 3, 4));
  ASSERT_EQ(found.roots.size(), 1u);
  EXPECT_NEAR(found.roots[0].lower, 1 - 0.196, 0.002);
  EXPECT_NEAR(found.roots[0].x, 1, 0.002);
  EXPECT_NEAR(found.roots[0].upper, 1 + 0.196, 0.002);
}

TEST(RootSearchTest, WithoutNoiseTheRootIsExact) {
  const RootSearch found =
      find_roots(distance([](double x) { return std::exp(x) - 3; }, 0), grid(0, 2, 5));
  ASSERT_EQ(found.roots.size(), 1u);
  EXPECT_NEAR(found.roots[0].x, std::log(3), 1e-8);
  EXPECT_NEAR(found.roots[0].upper, found.roots[0].lower, 1e-8);
}

TEST(RootSearchTest, EveryValueIsTriedOnce) {
  int calls = 0;
  const DistanceFunction counting = [&](double x) {
    ++calls;
    return TargetDistance{{x, 0.1}, x, 0.1};
  };
  const RootSearch found = find_roots(counting, grid(-1, 2, 6));
  EXPECT_EQ(static_cast<std::size_t>(calls), found.evaluations.size());
}

TEST(RootSearchTest, SeveralRootsAreAllFound) {
  const RootSearch found =
      find_roots(distance([](double x) { return x * x - 1; }, 0.01), grid(-3, 3, 12));
  ASSERT_EQ(found.roots.size(), 2u);
  EXPECT_NEAR(found.roots[0].x, -1, 1e-3);
  EXPECT_NEAR(found.roots[1].x, 1, 1e-3);
  EXPECT_THAT(remarks(found), ElementsAre(HasSubstr("passes the target 2 times")));
}

/// Between the two roots nothing is rejected: the interval of each holds both.
TEST(RootSearchTest, RootsThatNoiseMayHaveMadeAreToldSo) {
  const RootSearch found =
      find_roots(distance([](double x) { return x * x - 0.01; }, 0.1), grid(-3, 3, 61));
  ASSERT_EQ(found.roots.size(), 2u);
  EXPECT_LT(found.roots[0].lower, -0.3);
  EXPECT_GT(found.roots[0].upper, 0.3);
  EXPECT_THAT(remarks(found), ElementsAre(HasSubstr("2 times"), HasSubstr("overlap")));
}

TEST(RootSearchTest, WithoutARootTheNearestIsTold) {
  const RootSearch found =
      find_roots(distance([](double x) { return x * x + 1; }, 0.1), grid(-2, 3, 6));
  EXPECT_THAT(found.roots, IsEmpty());
  EXPECT_EQ(nearest_of(found.scan)->x, 0);
  EXPECT_THAT(remarks(found), IsEmpty());
}

TEST(RootSearchTest, AMissThatNoiseMayHaveMadeIsToldSo) {
  const RootSearch found =
      find_roots(distance([](double x) { return x * x + 0.1; }, 0.1), grid(-2, 3, 6));
  EXPECT_THAT(found.roots, IsEmpty());
  EXPECT_THAT(remarks(found), ElementsAre(HasSubstr("noise may hide a root")));
}

TEST(RootSearchTest, AParameterWithoutEffectIsToldSo) {
  const RootSearch found = find_roots(distance([](double) { return 0.1; }, 0.1), grid(-2, 3, 6));
  EXPECT_THAT(found.roots, IsEmpty());
  EXPECT_THAT(remarks(found), ElementsAre(HasSubstr("has no effect on it")));
}

TEST(RootSearchTest, AnIntervalThatLeavesTheSearchIsOpen) {
  const RootSearch found =
      find_roots(distance([](double x) { return x - 0.05; }, 0.1), grid(0, 3, 7));
  ASSERT_EQ(found.roots.size(), 1u);
  EXPECT_TRUE(found.roots[0].lower_open);
  EXPECT_EQ(found.roots[0].lower, 0);
  EXPECT_FALSE(found.roots[0].upper_open);
  EXPECT_THAT(remarks(found), ElementsAre(HasSubstr("may reach below 0")));
}

TEST(RootSearchTest, AJumpOverTheTargetIsARootOfNoWidth) {
  const RootSearch found =
      find_roots(distance([](double x) { return x < 0.7 ? -1.0 : 1.0; }, 0.1), grid(0, 1, 5));
  ASSERT_EQ(found.roots.size(), 1u);
  EXPECT_NEAR(found.roots[0].x, 0.7, 1e-8);
  EXPECT_LE(found.roots[0].upper - found.roots[0].lower, 2e-9);
  EXPECT_LT(found.roots[0].low, 0.7);
  EXPECT_GE(found.roots[0].high, 0.7);
}

TEST(RootSearchTest, WhereThereIsNoStatisticThereIsNoRoot) {
  const auto f = [](double x) { return x < 1 ? none : x - 0.5; };
  const RootSearch found = find_roots(distance(f, 0.01), grid(0, 3, 7));
  EXPECT_THAT(found.roots, IsEmpty()) << "no change of sign across values without a statistic";
  EXPECT_THAT(remarks(found), ElementsAre(HasSubstr("no value at 2 of the 7")));
  const auto gap = [](double x) { return x > 1.1 && x < 1.2 ? none : x - 1.15; };
  EXPECT_THROW(find_roots(distance(gap, 1e-6), grid(0, 3, 4)), Error);
}

TEST(RootSearchTest, WholeNumbersAreBisected) {
  const DistanceFunction f = [](double x) {
    EXPECT_EQ(x, std::nearbyint(x));
    return TargetDistance{{x - 10.4, 1}, x - 10.4, 1};
  };
  const RootSearch found = find_roots(f, {0, 8, 40}, true);
  ASSERT_EQ(found.roots.size(), 1u);
  const Root& root = found.roots[0];
  EXPECT_EQ(root.low, 10);
  EXPECT_EQ(root.high, 11);
  EXPECT_EQ(root.x, 10);
  EXPECT_EQ(root.lower, 9) << "8 is 2.4 standard errors away, 9 is 1.4";
  EXPECT_EQ(root.upper, 12);
}

TEST(RootSearchTest, GridValuesOnTheTargetAreOneRoot) {
  const auto f = [](double x) { return std::clamp(x - 1, 0.0, 1.0) + std::min(x, 0.0); };
  const RootSearch found = find_roots(distance(f, 0), {-1, 0, 0.5, 1, 2});
  ASSERT_EQ(found.roots.size(), 1u);
  EXPECT_EQ(found.roots[0].low, 0);
  EXPECT_EQ(found.roots[0].high, 1);
}

}  // namespace
}  // namespace overbuild
