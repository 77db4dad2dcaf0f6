// Thirty years at the base case with the lowest ceiling of demand that ai_base.toml allows.
#include <algorithm>

#include "tests/models/both_paths.hpp"

namespace overbuild {
namespace {

constexpr int paths = 2048, years = 30, steps = 4 * years;

reference::Parameters low_ceiling() {
  reference::Parameters p;
  p.demand_saturation = 15;
  return p;
}

reference::Settings thirty_years() {
  reference::Settings settings;
  settings.steps = steps;
  return settings;
}

KernelPaths by_kernel(const reference::Parameters& p) {
  return {model_called("overbuild"), kernel_settings(thirty_years()),
          path_parameters(std::vector<reference::Parameters>(paths, p))};
}

/// Whether demand overflowed in a step in which it was above its ceiling and its growth negative.
bool exploded_above_ceiling(const reference::Path& path, const reference::Parameters& p) {
  const auto last = std::find_if(path.rows.begin(), path.rows.end(),
                                 [](const auto& row) { return !std::isfinite(row.demand); });
  if (last == path.rows.end()) return false;
  const reference::Row& before = *(last - 1);
  const double growth = before.regime == reference::bust
                            ? std::min(last->demand_growth, p.bust_demand_growth)
                            : last->demand_growth;
  return growth < 0 && before.demand > p.demand_saturation * p.revenue_0;
}

TEST(LongHorizon, InVersionOneDemandAboveItsCeilingExplodes) {
  const reference::Parameters p = low_ceiling();
  const KernelPaths kernel = by_kernel(p);
  int exploded = 0;
  for (int i = 0; i < paths; ++i) {
    const reference::Path path = reference::simulate(p, thirty_years(), std::uint64_t(i));
    const bool finite = std::isfinite(path.rows.back().demand);
    EXPECT_EQ(std::isfinite(kernel.series(Series::revenue, steps, i)), finite) << "path " << i;
    if (finite) continue;
    ++exploded;
    EXPECT_TRUE(exploded_above_ceiling(path, p)) << "path " << i;
  }
  EXPECT_GT(exploded, 0);
}

TEST(LongHorizon, TheOptionKeepsEveryPathFinite) {
  reference::Parameters p = low_ceiling();
  p.saturation_damps_growth_only = 1;
  const KernelPaths kernel = by_kernel(p);
  for (int i = 0; i < paths; ++i) {
    const reference::Path path = reference::simulate(p, thirty_years(), std::uint64_t(i));
    for (int t = 0; t <= steps; ++t) {
      const double revenue = path.rows[std::size_t(t)].revenue;
      ASSERT_TRUE(std::isfinite(revenue)) << "path " << i << ", step " << t;
      ASSERT_NEAR(kernel.series(Series::revenue, t, i), revenue, 1e-9 * revenue) << "path " << i;
    }
  }
}

}  // namespace
}  // namespace overbuild
