// Values of a few paths of one seed, so that an unintended change of draws or equations is noticed.
//
// They are the program's own; that they are right is the matter of the other tests. A change that
// is meant (a new draw, another order of the draws) replaces them and belongs into the changelog.
#include "tests/models/both_paths.hpp"

namespace overbuild {
namespace {

constexpr std::uint64_t seed = 20250120;
constexpr double tolerance = 1e-12;  // relative

struct GoldenRow {
  int path, step;
  double revenue, coverage, capex, price, utilisation, debt, valuation;
  int regime;
};

constexpr GoldenRow base_case[] = {
    {0, 1, 69.82415430414285, 0.2502574768169631, 296.2074379265459, 0.9865001746826205,
     0.7964165646030462, 49.18706793347401, 1031.869186427403, 0},
    {0, 8, 257.6387233930204, 0.5411858375038983, 334.0511411391747, 0.6677677004160066,
     0.7748907662450293, 154.8377683332944, 3807.413960815809, 0},
    {0, 20, 533.6023092549509, 0.6954744029640125, 144.3411086405706, 0.04385325585152708,
     0.7161612520914229, 100.8673698732532, 831.8914702120402, 1},
    {0, 40, 1922.094194011721, 2.64236790634998, 341.2443868344853, 0.0005583537014529911,
     0.7155494658338473, 49.37877964289739, 6283.652035483065, 2},
    {1, 1, 75.38397555653415, 0.2692927572619662, 306.417748018974, 0.9846638640591512,
     0.7959265962676195, 51.16015627274784, 1114.032848695295, 0},
    {1, 8, 216.2988215348247, 0.4529615621711699, 277.8754349320037, 0.459513715702587,
     0.7809264691780415, 129.2118921307121, 3196.488252906817, 0},
    {1, 20, 549.3946865975001, 0.7519964580751733, 331.9215886468583, 0.04079337622048167,
     0.7181108078133277, 88.44264980773094, 1749.05928155088, 0},
    {1, 40, 686.6791444464443, 0.7003700554936036, 203.8943560801953, 0.0002477849232356887,
     0.7306389322065523, 43.29636156249103, 1574.748676568875, 0},
    {2, 1, 72.25428098492588, 0.2581501980661667, 292.1204421094781, 0.979379232949964,
     0.7945131162769347, 47.97194640516372, 1067.781871171031, 0},
    {2, 8, 189.5216874602266, 0.4043040888839291, 305.0938213377927, 0.377263512465407,
     0.7756219044193613, 140.3283907564035, 2800.772761215232, 0},
    {2, 20, 676.2130588098905, 0.9644439383820183, 188.1273286429379, 0.09016181375608676,
     0.7699805929712426, 93.27934706139314, 3503.273534266817, 0},
    {2, 40, 1541.208986390283, 1.490042514532145, 595.381346797309, 0.0004588818238766293,
     0.7390833783723405, 45.66412636282337, 3769.247917192768, 0},
    {3, 1, 73.54113720564693, 0.2631697118969392, 311.4524686761762, 0.921533665250472,
     0.7786962038237728, 52.58801642723908, 1086.799176783363, 0},
    {3, 8, 174.3055946759851, 0.3565922261146877, 348.8696484034189, 0.5411728541499442,
     0.788226720301893, 209.7584335548718, 2011.752799552541, 0},
    {3, 20, 296.5867630361622, 0.3970110206351017, 101.2748606820256, 0.007874426338988669,
     0.7525806769376298, 165.6998414291526, 672.0509816335688, 1},
    {3, 40, 539.6329074735509, 1.060967062397364, 49.14259108944737, 0.0004877171011486001,
     0.7990504051445597, 81.11697536155128, 1148.67135315774, 2},
};

void expect_golden(double found, double golden) {
  EXPECT_NEAR(found, golden, tolerance * std::abs(golden));
}

TEST(Golden, BaseCaseByTheKernel) {
  const KernelPaths paths(model_called("overbuild"), {.seed = seed},
                          PathParameters(model_called("overbuild").schema, 8));
  for (const GoldenRow& row : base_case) {
    SCOPED_TRACE(testing::Message() << "path " << row.path << ", step " << row.step);
    const auto found = [&](Series series) { return paths.series(series, row.step, row.path); };
    expect_golden(found(Series::revenue), row.revenue);
    expect_golden(found(Series::coverage), row.coverage);
    expect_golden(found(Series::capex), row.capex);
    expect_golden(found(Series::price), row.price);
    expect_golden(found(Series::utilisation), row.utilisation);
    expect_golden(found(Series::debt), row.debt);
    expect_golden(found(Series::valuation), row.valuation);
    EXPECT_EQ(paths.event(Event::bust_begun, row.step, row.path), row.regime != reference::boom);
    EXPECT_EQ(paths.event(Event::in_bust, row.step, row.path), row.regime == reference::bust);
  }
}

TEST(Golden, BaseCaseByTheReference) {
  reference::Settings settings;
  settings.seed = seed;
  for (const GoldenRow& row : base_case) {
    SCOPED_TRACE(testing::Message() << "path " << row.path << ", step " << row.step);
    const reference::Row found =
        reference::simulate({}, settings, std::uint64_t(row.path)).rows[std::size_t(row.step)];
    expect_golden(found.revenue, row.revenue);
    expect_golden(found.coverage, row.coverage);
    expect_golden(found.capex, row.capex);
    expect_golden(found.price, row.price);
    expect_golden(found.utilisation, row.utilisation);
    expect_golden(found.debt, row.debt);
    expect_golden(found.valuation, row.valuation);
    EXPECT_EQ(found.regime, row.regime);
  }
}

constexpr int golden_steps[] = {1, 8, 20, 40};

/// Of the paths 0 to 3 at the golden steps.
using GoldenValues = double[4][4];

void expect_first_series(std::string_view name, const GoldenValues& golden) {
  const Model& model = model_called(name);
  const KernelPaths paths(model, {.seed = seed}, PathParameters(model.schema, 8));
  for (int path = 0; path < 4; ++path)
    for (int i = 0; i < 4; ++i)
      expect_golden(paths.series(0, golden_steps[i], path), golden[path][i]);
}

TEST(Golden, Gbm) {
  expect_first_series(
      "gbm", {{0.8980424317367892, 0.825185950626886, 0.9933489744365878, 1.466728129236063},
              {0.9979219435834933, 1.160971268791702, 2.485406463032348, 4.401983974002796},
              {0.9521120053575765, 1.288004170571869, 0.8996280620044333, 0.9091749826914184},
              {1.08594371731018, 0.6678309846527258, 0.7409077895043188, 0.5573318251484282}});
}

TEST(Golden, Merton) {
  expect_first_series(
      "merton", {{0.9143061040767348, 0.9525985613712245, 0.7016489881293406, 0.747240396819723},
                 {1.015994447663167, 0.6244001478635441, 1.195598950043973, 1.528130720334502},
                 {0.9693548851356699, 0.8880504268660527, 0.8220648617837989, 0.4327187069889149},
                 {0.8621490962483158, 0.7183355002543713, 0.4817578535214846, 0.2964588889078971}});
}

TEST(Golden, Ou) {
  expect_first_series(
      "ou", {{0.5236765992824126, -0.05840720791860138, 0.4239894196927773, 0.185947821676799},
             {0.7575543576766043, 0.2475855339651046, 0.6088543740402572, 0.5996879358033007},
             {0.6533375190724851, 0.3245854370548587, -0.1785936781803599, 0.2987640267877714},
             {0.9450189863885033, -0.5890744952574526, 0.0334576317646728, -0.7958448206986701}});
}

}  // namespace
}  // namespace overbuild
