#include "overbuild/statistics/rare_event.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <numbers>
#include <vector>

#include "tests/statistics/draw_problem.hpp"

namespace overbuild {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// Each comparison with a closed form is held to 6 standard errors, of which the estimate's own is
// known to a few per cent: with correct code and a seed chosen at random it fails with probability
// below 1e-8. No test has more than 24 of them. The seeds are fixed.
constexpr double sigmas = 6;

double beyond(double x) { return std::erfc(x / std::numbers::sqrt2) / 2; }

void expect_estimate(const RareEventEstimate& found, double exact) {
  EXPECT_THAT(doubts(found), IsEmpty());
  EXPECT_NEAR(found.probability, exact, sigmas * found.standard_error);
}

// The mean of 16 steps' normals exceeds a level; 16 steps' sum over 4 is a standard normal.
struct NormalProblem {
  static constexpr DrawCounts counts{.normals = 2, .uniforms = 1, .steps = 16};
  static double score(const DrawnTile& tile, int lane) {
    double sum = 0;
    for (int step = 1; step <= counts.steps; ++step) sum += tile.normal(step, 1, lane);
    return sum / 4;
  }
  static DrawEvent above(double level) {
    return [level](const DrawnTile& tile, int lane) { return score(tile, lane) > level; };
  }
};

// In one of 10 steps a uniform falls below p.
struct HazardProblem {
  static constexpr DrawCounts counts{.normals = 1, .uniforms = 2, .steps = 10};
  static DrawEvent below(double p) {
    return [p](const DrawnTile& tile, int lane) {
      for (int step = 1; step <= counts.steps; ++step)
        if (tile.uniform(step, 0, lane) < p) return true;
      return false;
    };
  }
  static double exact(double p) { return -std::expm1(10 * std::log1p(-p)); }
};

DrawMixture mixture_for(const DrawTilt& tilt) { return {tilt.counts(), {tilt}, {0.9}}; }

/// The best shift for a mean above a level, by step.
DrawTilt shifted(double level) {
  DrawTilt tilt(NormalProblem::counts, 1);
  tilt.block(0).law[0].shift[1] = level / 4;
  return tilt;
}

TEST(RareEventEstimate, IsTheMeanOfTheValuesWithItsStandardError) {
  RareEventSums sums;
  const std::vector<double> weights = {0.5, 2, 1, 0.25, 1.25, 1};
  const std::vector<bool> hits = {true, false, true, true, false, false};
  for (std::size_t i = 0; i < weights.size(); ++i) sums.add(weights[i], hits[i], i >= 4);
  const RareEventEstimate found = rare_event_estimate(sums);
  const double n = 6, mean = 1.75 / n, square = (0.25 + 1 + 0.0625) / n;
  EXPECT_EQ(found.paths, 6u);
  EXPECT_EQ(found.hits, 3u);
  EXPECT_DOUBLE_EQ(found.probability, mean);
  EXPECT_DOUBLE_EQ(found.standard_error, std::sqrt((square - mean * mean) / (n - 1)));
  EXPECT_DOUBLE_EQ(found.effective_hits, 1.75 * 1.75 / 1.3125);
  EXPECT_EQ(found.largest_weight, 1);
  EXPECT_DOUBLE_EQ(found.share_of_largest, 1);
  EXPECT_DOUBLE_EQ(found.gain,
                   mean * (1 - mean) / (n * found.standard_error * found.standard_error));
  EXPECT_DOUBLE_EQ(found.mean_weight, 1);
  EXPECT_DOUBLE_EQ(found.plain_hits_expected, 2 * mean);
  EXPECT_NEAR(std::sqrt(found.lower * found.upper), mean, 1e-15);
  double m2 = 0, m4 = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const double d = (hits[i] ? weights[i] : 0) - mean;
    m2 += d * d / n;
    m4 += d * d * d * d / n;
  }
  EXPECT_NEAR(found.variance_error, std::sqrt((m4 / (m2 * m2) - 1) / n), 1e-14);
  EXPECT_THAT(sums.largest, ElementsAre(1, 0.5, 0.25));
  EXPECT_EQ(sums.hits_by_class[std::size_t(RareEventSums::class_of(0.5))], 1u);
}

TEST(RareEventEstimate, PartsInAnyOrderGiveTheSameBits) {
  const DrawMixture mixture = mixture_for(shifted(3));
  const DrawEvent event = NormalProblem::above(3);
  RareEventSums all, even, odd;
  for (int t = 0; t < 4; ++t) {
    const DrawnTile tile(mixture, 3, std::uint64_t(t) * DrawnTile::lanes);
    for (int lane = 0; lane < DrawnTile::lanes; ++lane)
      for (RareEventSums* sums : {&all, t % 2 ? &odd : &even})
        sums->add(tile.weight(lane), event(tile, lane), tile.is_plain(lane));
  }
  odd.merge(even);
  EXPECT_EQ(all.paths, odd.paths);
  EXPECT_EQ(all.hits, odd.hits);
  EXPECT_EQ(all.plain_hits, odd.plain_hits);
  EXPECT_EQ(all.largest, odd.largest);
  EXPECT_EQ(all.hits_by_class, odd.hits_by_class);
  for (std::size_t k = 0; k < 4; ++k)
    EXPECT_EQ(all.value[k].carried_limbs(), odd.value[k].carried_limbs());
  EXPECT_EQ(all.weight[1].carried_limbs(), odd.weight[1].carried_limbs());
}

TEST(RareEventEstimate, MeanOfNormalsDownToOneInAMillion) {
  for (const double level : {3.0902323, 3.7190165, 4.2648908, 4.7534243}) {  // 1e-3 .. 1e-6
    const RareEventSums sums =
        sums_of(mixture_for(shifted(level)), 11, 40, NormalProblem::above(level));
    expect_estimate(rare_event_estimate(sums), beyond(level));
  }
}

TEST(RareEventEstimate, HazardsDownToOneInAMillion) {
  for (const double p : {1e-4, 1e-5, 1e-6, 1e-7}) {
    const DrawEvent event = HazardProblem::below(p);
    const DrawMixture exploring{
        HazardProblem::counts, {exploring_tilt(HazardProblem::counts)}, {0.5}};
    const DrawTilt first = fitted(exploring, 5, 21, 20, event);
    const DrawTilt tilt = fitted(mixture_for(first), 5, 23, 20, event);
    for (int block = 0; block < 5; ++block) {
      const DrawTilt::Block& laws = tilt.block(block);
      EXPECT_TRUE(laws.law[0].uniform[0] || laws.law[1].uniform[0]);
      for (const StepLaw& law : laws.law) {
        EXPECT_FALSE(law.uniform[1]) << "a uniform that decides nothing";
        EXPECT_EQ(law.shift[0], 0) << "a normal that decides nothing";
      }
    }
    expect_estimate(rare_event_estimate(sums_of(mixture_for(tilt), 22, 40, event)),
                    HazardProblem::exact(p));
  }
}

TEST(TiltFit, FindsTheMeanOfTheNormalsOnWhichTheEventHappens) {
  const double level = 3;
  const DrawTilt tilt = fitted(mixture_for(shifted(level)), 4, 31, 80, NormalProblem::above(level));
  // E[Z | Z > c] = density / probability, spread evenly over 16 steps.
  const double mean =
      std::exp(-level * level / 2) / std::sqrt(2 * std::numbers::pi) / beyond(level);
  for (int block = 0; block < 4; ++block) {
    const DrawTilt::Block& laws = tilt.block(block);
    const double shift =
        (1 - laws.burst_share) * laws.law[0].shift[1] + laws.burst_share * laws.law[1].shift[1];
    EXPECT_NEAR(shift, mean / 4, 0.03);  // sd of a step 1/sqrt(4 * 15,000)
    EXPECT_EQ(laws.law[0].shift[0], 0);
    EXPECT_FALSE(laws.law[0].uniform[0]);
  }
}

// In one of 10 steps a uniform is above 0.95 and the normal of the same step beyond a level:
// neither is rare by itself, and no law of independent draws knows that they come together.
TEST(TiltFit, FindsDrawsThatComeTogether) {
  const auto event_beyond = [](double level) {
    return DrawEvent([level](const DrawnTile& tile, int lane) {
      for (int step = 1; step <= HazardProblem::counts.steps; ++step)
        if (tile.uniform(step, 1, lane) > 0.95 && tile.normal(step, 0, lane) < -level) return true;
      return false;
    });
  };
  const double level = 3.4, exact = -std::expm1(10 * std::log1p(-0.05 * beyond(level)));
  DrawTilt tilt = exploring_tilt(HazardProblem::counts);
  for (const double reached : {1.5, 2.5, level})
    tilt = fitted({HazardProblem::counts, {tilt}, {0.9}}, 1, 61, 40, event_beyond(reached));
  const DrawTilt::Block& laws = tilt.block(0);
  EXPECT_NEAR(laws.burst_share, 0.1, 0.03);
  EXPECT_NEAR(laws.law[1].shift[0], -(level + 0.27), 0.15);
  ASSERT_TRUE(laws.law[1].uniform[1]);
  EXPECT_GT(laws.law[1].uniform[1]->log_density_at(0.97), std::log(10));
  const RareEventEstimate found =
      rare_event_estimate(sums_of(mixture_for(tilt), 62, 40, event_beyond(level)));
  expect_estimate(found, exact);
  EXPECT_GT(found.gain, 300);
}

// At 1e-4 plain sampling needs (1 - p)/(p r^2) paths for a relative error of r.
TEST(RareEventEstimate, NeedsAFractionOfThePathsOfPlainSampling) {
  const double level = 3.7190165;
  const RareEventEstimate found = rare_event_estimate(
      sums_of(mixture_for(shifted(level)), 41, 40, NormalProblem::above(level)));
  const double relative = found.standard_error / found.probability;
  const double plain_paths = (1 - beyond(level)) / (beyond(level) * relative * relative);
  EXPECT_NEAR(plain_paths / double(found.paths), found.gain, 0.1 * found.gain);
  EXPECT_GT(found.gain, 500);
}

TEST(RareEventEstimate, IsUnbiasedOverManySeeds) {
  // 400 estimates of a tilt that is far from the best one, and their own standard errors.
  const double level = 3.0902323;
  double sum = 0, square = 0, claimed = 0;
  constexpr int runs = 400;
  for (std::uint64_t seed = 1; seed <= runs; ++seed) {
    const RareEventEstimate found =
        rare_event_estimate(sums_of(mixture_for(shifted(2)), seed, 4, NormalProblem::above(level)));
    sum += found.probability;
    square += found.probability * found.probability;
    claimed += found.standard_error * found.standard_error;
  }
  const double mean = sum / runs, variance = square / runs - mean * mean;
  EXPECT_NEAR(mean, beyond(level), sigmas * std::sqrt(variance / runs));
  // The sd of a variance from 400 normal values is 7%.
  EXPECT_NEAR(claimed / runs, variance, sigmas * 0.08 * variance);
}

TEST(Doubts, NameAnEventThatNeverHappened) {
  const RareEventEstimate found =
      rare_event_estimate(sums_of({NormalProblem::counts, {}, {}}, 51, 4, NormalProblem::above(6)));
  EXPECT_EQ(found.probability, 0);
  EXPECT_THAT(doubts(found), ElementsAre(HasSubstr("none of 2048 paths")));
}

TEST(Doubts, NameAFewLargeWeights) {
  const RareEventEstimate found =
      rare_event_estimate(sums_of(mixture_for(shifted(-1)), 52, 40, NormalProblem::above(3.1)));
  EXPECT_THAT(doubts(found), testing::Contains(HasSubstr("ten hits make")));
}

// The tilt knows one of two ways to the event, the one of a tenth of the probability.
TEST(Doubts, NameAWayToTheEventThatTheTiltMisses) {
  const double level = 2.8, other = 2.0;
  const DrawEvent event = [=](const DrawnTile& tile, int lane) {
    const double score = NormalProblem::score(tile, lane);
    return score > level || score < -other;
  };
  const RareEventEstimate found =
      rare_event_estimate(sums_of(mixture_for(shifted(level)), 53, 40, event));
  EXPECT_NEAR(found.probability, beyond(level) + beyond(other), sigmas * found.standard_error);
  EXPECT_THAT(doubts(found), Not(IsEmpty()));
}

}  // namespace
}  // namespace overbuild
