// Shapley values of small games against hand calculation and their defining properties.
#include "overbuild/statistics/shapley.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <numeric>
#include <set>

namespace overbuild {
namespace {

template <class Game>
std::vector<double> numbers_of(const ShapleyPlan& plan, const Game& game) {
  std::vector<double> numbers;
  for (const Coalition coalition : plan.coalitions) numbers.push_back(game(coalition));
  return numbers;
}

/// A game with interactions of all orders.
double entangled(Coalition coalition) {
  double number = 1;
  for (int i = 0; i < 6; ++i)
    if (coalition >> i & 1) number *= 1.3 + 0.2 * i;
  return number + std::popcount(coalition) * 0.5;
}

TEST(ShapleyTest, TwoChangesByHand) {
  // v(none) = 1, v(a) = 4, v(b) = 2, v(ab) = 10: a adds 3 first and 8 last.
  const ShapleyPlan plan = exact_shapley(2);
  ASSERT_EQ(plan.coalitions, (std::vector<Coalition>{0, 1, 2, 3}));
  const std::vector<double> values = shapley_values(plan, std::vector<double>{1, 4, 2, 10});
  EXPECT_DOUBLE_EQ(values[0], 5.5);
  EXPECT_DOUBLE_EQ(values[1], 3.5);
}

/// The glove game: one left glove, two right ones; a pair is worth 1.
TEST(ShapleyTest, ThreeChangesOfTheGloveGame) {
  const auto pair = [](Coalition c) { return (c & 1) && (c & 6) ? 1.0 : 0.0; };
  const ShapleyPlan plan = exact_shapley(3);
  const std::vector<double> values = shapley_values(plan, numbers_of(plan, pair));
  EXPECT_DOUBLE_EQ(values[0], 4 / 6.0);
  EXPECT_DOUBLE_EQ(values[1], 1 / 6.0);
  EXPECT_DOUBLE_EQ(values[2], 1 / 6.0);
}

TEST(ShapleyTest, OneChangeMakesAllOfIt) {
  const ShapleyPlan plan = exact_shapley(1);
  EXPECT_EQ(shapley_values(plan, std::vector<double>{2, 7}), std::vector<double>{5});
}

TEST(ShapleyTest, ValuesSumToTheTotal) {
  for (const ShapleyPlan& plan : {exact_shapley(6), sampled_shapley(6, 10, 3)}) {
    const std::vector<double> numbers = numbers_of(plan, entangled);
    const std::vector<double> values = shapley_values(plan, numbers);
    EXPECT_NEAR(std::accumulate(values.begin(), values.end(), 0.0),
                numbers.back() - numbers.front(), 1e-12);
  }
}

TEST(ShapleyTest, WhatAddsUpIsGivenBackExactly) {
  const auto additive = [](Coalition c) {
    double sum = 3;
    for (int i = 0; i < 6; ++i) sum += (c >> i & 1) ? i - 2.5 : 0;
    return sum;
  };
  for (const ShapleyPlan& plan : {exact_shapley(6), sampled_shapley(6, 4, 1)}) {
    const std::vector<double> numbers = numbers_of(plan, additive);
    const std::vector<double> values = shapley_values(plan, numbers);
    const std::vector<double> errors = order_errors(plan, numbers);
    for (std::size_t i = 0; i < 6; ++i) {
      EXPECT_NEAR(values[i], static_cast<double>(i) - 2.5, 1e-12);
      EXPECT_NEAR(errors[i], 0, 1e-12);
    }
  }
}

/// Fixed seeds: with 4,000 orders the means are normal, and six standard errors of each of six
/// values are passed with probability 1.2e-8.
TEST(ShapleyTest, SampledOrdersEstimateTheValues) {
  const ShapleyPlan exact = exact_shapley(6), sampled = sampled_shapley(6, 4000, 8);
  EXPECT_EQ(sampled.orders.size(), 4000u);
  const std::vector<double> truth = shapley_values(exact, numbers_of(exact, entangled));
  const std::vector<double> numbers = numbers_of(sampled, entangled);
  const std::vector<double> values = shapley_values(sampled, numbers);
  const std::vector<double> errors = order_errors(sampled, numbers);
  for (std::size_t i = 0; i < 6; ++i) {
    EXPECT_GT(errors[i], 0);
    EXPECT_LT(errors[i], 0.02 * truth[i]);
    EXPECT_NEAR(values[i], truth[i], 6 * errors[i]);
  }
}

/// Errors against the spread of 200 estimates, which is known to 5%; six of those are 30%.
TEST(ShapleyTest, OrderErrorsAreThoseOfRepeatedSamples) {
  double sum = 0, squares = 0, error = 0;
  constexpr int samples = 200;
  for (std::uint64_t seed = 1; seed <= samples; ++seed) {
    const ShapleyPlan plan = sampled_shapley(6, 60, seed);
    const std::vector<double> numbers = numbers_of(plan, entangled);
    const double value = shapley_values(plan, numbers)[5];
    sum += value;
    squares += value * value;
    error += order_errors(plan, numbers)[5] / samples;
  }
  const double spread = std::sqrt((squares - sum * sum / samples) / (samples - 1));
  EXPECT_NEAR(error / spread, 1, 0.3);
}

TEST(ShapleyTest, OrdersComeInPairsAndDependOnTheSeed) {
  const ShapleyPlan plan = sampled_shapley(9, 20, 5);
  std::set<std::vector<std::size_t>> different;
  for (std::size_t k = 0; k < plan.orders.size(); k += 2) {
    const std::vector<std::size_t>& one = plan.orders[k];
    EXPECT_EQ(std::vector<std::size_t>(one.rbegin(), one.rend()), plan.orders[k + 1]);
    EXPECT_EQ(std::set<std::size_t>(one.begin(), one.end()).size(), 9u);
    different.insert(one);
  }
  EXPECT_EQ(different.size(), 10u);
  EXPECT_EQ(sampled_shapley(9, 20, 5).orders, plan.orders);
  EXPECT_NE(sampled_shapley(9, 20, 6).orders, plan.orders);
}

/// 6,000 first places among 6 changes: chi-square with 5 degrees of freedom; 40 has probability
/// 1.5e-7.
TEST(ShapleyTest, EveryChangeIsAsOftenFirst) {
  const ShapleyPlan plan = sampled_shapley(6, 12000, 2);
  std::vector<double> first(6, 0.0);
  for (std::size_t k = 0; k < plan.orders.size(); k += 2) first[plan.orders[k][0]] += 1;
  double chi_square = 0;
  for (const double count : first) chi_square += (count - 1000) * (count - 1000) / 1000;
  EXPECT_LT(chi_square, 40);
}

TEST(ShapleyTest, ASampledPlanKnowsEachChangeAloneAndLast) {
  const ShapleyPlan plan = sampled_shapley(20, 2, 4);
  for (std::size_t i = 0; i < 20; ++i) {
    EXPECT_NO_THROW(static_cast<void>(plan.place_of(Coalition{1} << i)));
    EXPECT_NO_THROW(static_cast<void>(plan.place_of(plan.all() & ~(Coalition{1} << i))));
  }
}

}  // namespace
}  // namespace overbuild
