#include "overbuild/base/nearest_name.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace overbuild {
namespace {

TEST(EditDistance, CountsInsertionsDeletionsSubstitutionsAndSwaps) {
  EXPECT_EQ(edit_distance("", ""), 0);
  EXPECT_EQ(edit_distance("seed", "seed"), 0);
  EXPECT_EQ(edit_distance("", "seed"), 4);
  EXPECT_EQ(edit_distance("sed", "seed"), 1);
  EXPECT_EQ(edit_distance("seeds", "seed"), 1);
  EXPECT_EQ(edit_distance("seat", "seed"), 2);
  EXPECT_EQ(edit_distance("sede", "seed"), 1);
  EXPECT_EQ(edit_distance("ca", "abc"), 3);  // optimal string alignment; 2 if edits could overlap
  EXPECT_EQ(edit_distance("price", "horizon"), edit_distance("horizon", "price"));
}

TEST(NearestName, FindsTheNearestOfThoseNearEnough) {
  const std::vector<std::string> names = {"capex_vol", "capex_floor", "demand_vol"};
  EXPECT_EQ(nearest_name("capex_vl", names), "capex_vol");
  EXPECT_EQ(nearest_name("capex_flor", names), "capex_floor");
  EXPECT_EQ(nearest_name("demnad_vol", names), "demand_vol");
  EXPECT_EQ(nearest_name("wacc", names), "");
  EXPECT_EQ(nearest_name("x", {}), "");
}

TEST(NearestName, ShortNamesMayDifferByTwoEdits) {
  const std::vector<std::string> names = {"seed"};
  EXPECT_EQ(nearest_name("sd", names), "seed");
  EXPECT_EQ(nearest_name("s", names), "");
}

}  // namespace
}  // namespace overbuild
