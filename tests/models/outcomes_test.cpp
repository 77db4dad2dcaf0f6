// The outcomes of the overbuild model: by hand on made-up rows, and recomputed from the kernel's
// own series by their definitions.
#include "tests/models/both_paths.hpp"

namespace overbuild {
namespace {

constexpr double dt = 0.25;
const double never = std::numeric_limits<double>::quiet_NaN();

/// A row of the quantities that outcomes are made from.
struct Made {
  double capex = 100, valuation = 1000, coverage = 0.5, gap = 10, debt = 5;
  double utilisation = 0.8, net_capital = 400;
  int regime = reference::boom;
};

reference::Outcomes outcomes_of(const std::vector<Made>& made) {
  std::vector<reference::Row> rows;
  for (const Made& m : made) {
    reference::Row row;
    row.capex = m.capex;
    row.valuation = m.valuation;
    row.coverage = m.coverage;
    row.gap = m.gap;
    row.debt = m.debt;
    row.utilisation = m.utilisation;
    row.net_capital = m.net_capital;
    row.regime = m.regime;
    rows.push_back(row);
  }
  return reference::outcomes_of(reference::Parameters(), {}, rows);
}

TEST(ModelOutcomes, TimesOfRegimes) {
  const Made boom{}, bust{.regime = 1}, recovery{.regime = 2};
  const auto all = outcomes_of({boom, boom, boom, bust, bust, recovery, recovery});
  EXPECT_EQ(all.bust_time, 3 * dt);
  EXPECT_EQ(all.recovery_time, 2 * dt);
  EXPECT_EQ(all.regime_final, 2);
  const auto unfinished = outcomes_of({boom, bust, bust});
  EXPECT_EQ(unfinished.bust_time, dt);
  EXPECT_TRUE(std::isnan(unfinished.recovery_time));
  EXPECT_EQ(unfinished.regime_final, 1);
  EXPECT_TRUE(std::isnan(outcomes_of({boom, boom}).bust_time));
}

TEST(ModelOutcomes, FirstTimeOfCoverageOne) {
  const Made low{.coverage = 0.99}, one{.coverage = 1}, high{.coverage = 1.5};
  EXPECT_EQ(outcomes_of({low, low, one, low, high}).coverage_one_time, 2 * dt);
  EXPECT_EQ(outcomes_of({high, low}).coverage_one_time, 0);
  EXPECT_TRUE(std::isnan(outcomes_of({low, low}).coverage_one_time));
  EXPECT_EQ(outcomes_of({high, low, one}).coverage_min, 0.99);
}

TEST(ModelOutcomes, LargestFallOfCapexIsRelativeToTheHighestBefore) {
  // Falls: 200 to 150 (25%), 300 to 210 (30%), 1000 to 710 (29%); the largest in bn is the last.
  const auto outcomes = outcomes_of({{.capex = 200},
                                     {.capex = 150},
                                     {.capex = 300},
                                     {.capex = 210, .utilisation = 0.6, .net_capital = 500},
                                     {.capex = 1000},
                                     {.capex = 710}});
  EXPECT_EQ(outcomes.capex_peak, 300);
  EXPECT_EQ(outcomes.capex_trough, 210);
  EXPECT_DOUBLE_EQ(outcomes.capex_fall, 0.3);
  EXPECT_EQ(outcomes.utilisation_trough, 0.6);
  EXPECT_DOUBLE_EQ(outcomes.idle_capital_trough, 500 * (1 - 0.6 / 0.8));
}

TEST(ModelOutcomes, FirstOfEqualTroughsCountsAndNoFallIsTheStart) {
  const auto equal = outcomes_of({{}, {.capex = 50, .utilisation = 0.7}, {.capex = 50}});
  EXPECT_EQ(equal.utilisation_trough, 0.7);
  const auto rising = outcomes_of({{.capex = 100, .utilisation = 0.9}, {.capex = 120}});
  EXPECT_EQ(rising.capex_peak, 100);
  EXPECT_EQ(rising.capex_trough, 100);
  EXPECT_EQ(rising.capex_fall, 0);
  EXPECT_EQ(rising.utilisation_trough, 0.9);
  EXPECT_EQ(rising.idle_capital_trough, 0);  // busier than normal: nothing is idle
}

TEST(ModelOutcomes, DrawdownGapAndDebt) {
  const auto outcomes = outcomes_of({{.valuation = 1000, .gap = 50, .debt = 5},
                                     {.valuation = 600, .gap = 20, .debt = 9},
                                     {.valuation = 2000, .gap = -30, .debt = 7},
                                     {.valuation = 1250, .gap = 10, .debt = 8}});
  EXPECT_DOUBLE_EQ(outcomes.valuation_drawdown, 0.4);
  EXPECT_EQ(outcomes.gap_max, 50);
  EXPECT_EQ(outcomes.gap_cumulative, (20 - 30 + 10) * dt);  // without step 0
  EXPECT_EQ(outcomes.debt_peak, 9);
}

/// The outcomes of a kernel's path, from the series and events that it wrote.
class Recomputed {
 public:
  Recomputed(const KernelPaths& paths, int path) : paths_(paths), path_(path) {}

  double first_time(Event event) const {
    for (int t = 0; t < paths_.times(); ++t)
      if (paths_.event(event, t, path_)) return t * dt;
    return never;
  }
  double at(Series series, int t) const { return paths_.series(series, t, path_); }
  double lowest(Series series) const {
    double value = at(series, 0);
    for (int t = 1; t < paths_.times(); ++t) value = std::min(value, at(series, t));
    return value;
  }
  double highest(Series series, int last) const {
    double value = at(series, 0);
    for (int t = 1; t <= last; ++t) value = std::max(value, at(series, t));
    return value;
  }
  /// First step at which the fall from the highest value so far is largest.
  int trough(Series series) const {
    int trough = 0;
    for (int t = 1; t < paths_.times(); ++t)
      if (at(series, t) / highest(series, t) < at(series, trough) / highest(series, trough))
        trough = t;
    return trough;
  }
  double fall(Series series) const {
    const int t = trough(series);
    return 1 - at(series, t) / highest(series, t);
  }
  double sum_after_start(Series series) const {
    double sum = 0;
    for (int t = 1; t < paths_.times(); ++t) sum += at(series, t);
    return sum;
  }

 private:
  const KernelPaths& paths_;
  int path_;
};

class KernelOutcomes : public testing::Test {
 protected:
  void expect(Outcome outcome, int path, double recomputed) const {
    const double found = paths.outcome(outcome, path);
    if (std::isnan(recomputed))
      EXPECT_TRUE(std::isnan(found)) << path;
    else
      EXPECT_NEAR(found, recomputed, 1e-12 * std::max(1.0, std::abs(recomputed))) << path;
  }

  const int last = 40;
  const KernelPaths paths{model_called("overbuild"),
                          {.seed = 5},
                          path_parameters(std::vector<reference::Parameters>(1024))};
};

TEST_F(KernelOutcomes, TimesAreThoseOfTheEvents) {
  for (int path = 0; path < paths.paths(); ++path) {
    const Recomputed made(paths, path);
    const double bust = made.first_time(Event::bust_begun);
    expect(Outcome::bust_time, path, bust);
    expect(Outcome::recovery_time, path, made.first_time(Event::recovered) - bust);
    expect(Outcome::coverage_one_time, path, made.first_time(Event::covered));
    const bool in_bust = paths.event(Event::in_bust, last, path);
    const bool recovered = paths.event(Event::recovered, last, path);
    expect(Outcome::regime_final, path, recovered ? 2 : in_bust ? 1 : 0);
    EXPECT_EQ(paths.event(Event::covered, last, path), made.at(Series::coverage, last) >= 1);
  }
}

TEST_F(KernelOutcomes, CapexIsThatOfItsLargestFall) {
  for (int path = 0; path < paths.paths(); ++path) {
    const Recomputed made(paths, path);
    const int t = made.trough(Series::capex);
    expect(Outcome::capex_peak, path, made.highest(Series::capex, t));
    expect(Outcome::capex_trough, path, made.at(Series::capex, t));
    expect(Outcome::capex_fall, path, made.fall(Series::capex));
    const double utilisation = made.at(Series::utilisation, t);
    expect(Outcome::utilisation_trough, path, utilisation);
    const double idle = std::max(0.0, 1 - utilisation / 0.8);
    expect(Outcome::idle_capital_trough, path, made.at(Series::net_capital, t) * idle);
  }
}

TEST_F(KernelOutcomes, ExtremesAndSumsAreThoseOfTheSeries) {
  for (int path = 0; path < paths.paths(); ++path) {
    const Recomputed made(paths, path);
    expect(Outcome::valuation_drawdown, path, made.fall(Series::valuation));
    expect(Outcome::coverage_min, path, made.lowest(Series::coverage));
    expect(Outcome::gap_max, path, made.highest(Series::gap, last));
    expect(Outcome::gap_cumulative, path, made.sum_after_start(Series::gap) * dt);
    expect(Outcome::debt_peak, path, made.highest(Series::debt, last));
  }
}

}  // namespace
}  // namespace overbuild
