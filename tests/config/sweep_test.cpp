// [[sweep]] tables: the scenarios of each method, and what is refused.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <set>

#include "config_testing.hpp"
#include "overbuild/config/sweep.hpp"

namespace overbuild {
namespace {

using testing::DoubleEq;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::NanSensitiveDoubleEq;
using testing::Pointwise;
using testing::SizeIs;

constexpr double drawn = std::numeric_limits<double>::quiet_NaN();

constexpr const char* base = R"(model = "overbuild"
[run]
paths = 1000
[parameters]
wacc = 0.08
shock_rate = {prior = "lognormal", median = 0.35, sigma = 0.5, min = 0.1, max = 2}
shock_mean = {prior = "uniform", low = 0.5, high = 1}
[[prior_correlation]]
between = ["shock_rate", "shock_mean"]
rank = 0.4
)";

Sweep sweep_of(const std::string& tables) { return parse_sweep(base + tables, "a.toml"); }

std::vector<std::string> sweep_findings(const std::string& tables) {
  return findings([&] { return sweep_of(tables); });
}

std::vector<std::string> names(const Sweep& sweep) {
  std::vector<std::string> all;
  for (const SweepPoint& point : sweep.points()) all.push_back(point.name);
  return all;
}

std::vector<double> column(const Sweep& sweep, const std::string& name) {
  const auto key = std::ranges::find(sweep.keys(), name, &SweptKey::name);
  EXPECT_NE(key, sweep.keys().end()) << name;
  std::vector<double> values;
  for (std::size_t i = 0; i < sweep.points().size(); ++i)
    values.push_back(sweep.coordinate(i, static_cast<std::size_t>(key - sweep.keys().begin())));
  return values;
}

TEST(SweepTest, AGridHasEveryCombinationTheLastKeyFastest) {
  const Sweep sweep = sweep_of(R"(
[[sweep]]
method = "grid"
parameters.wacc = [0.1, 0.2]
parameters.price_elasticity = {from = 0.5, to = 1.5, count = 3}
)");
  EXPECT_THAT(names(sweep), ElementsAre("0001", "0002", "0003", "0004", "0005", "0006"));
  EXPECT_THAT(column(sweep, "wacc"), ElementsAre(0.1, 0.1, 0.1, 0.2, 0.2, 0.2));
  EXPECT_THAT(column(sweep, "price_elasticity"), ElementsAre(0.5, 1, 1.5, 0.5, 1, 1.5));
}

TEST(SweepTest, ValuesOnALogScaleHaveAConstantRatio) {
  const Sweep sweep = sweep_of(R"(
[[sweep]]
method = "grid"
parameters.wacc = {from = 0.01, to = 0.64, count = 4, scale = "log"}
)");
  const std::vector<double> values = column(sweep, "wacc");
  EXPECT_EQ(values.front(), 0.01);
  EXPECT_EQ(values.back(), 0.64);
  EXPECT_THAT(values, Pointwise(testing::DoubleNear(1e-15), {0.01, 0.04, 0.16, 0.64}));
}

TEST(SweepTest, OneAtATimeBeginsWithTheBaseCase) {
  const Sweep sweep = sweep_of(R"(
[[sweep]]
method = "one_at_a_time"
parameters.wacc = [0.1, 0.2]
parameters.shock_rate = [0.3]
)");
  EXPECT_THAT(column(sweep, "wacc"), ElementsAre(0.08, 0.1, 0.2, 0.08));
  EXPECT_THAT(column(sweep, "shock_rate"),
              Pointwise(NanSensitiveDoubleEq(), {drawn, drawn, drawn, 0.3}));
  EXPECT_TRUE(sweep.scenario(2).parameters[sweep.keys()[1].parameter].prior.has_value());
  EXPECT_THAT(sweep.scenario(2).prior_correlations, SizeIs(1));
  EXPECT_THAT(sweep.scenario(3).prior_correlations, IsEmpty()) << "shock_rate is a number there";
}

TEST(SweepTest, TablesFollowOneAnother) {
  const Sweep sweep = sweep_of(R"(
[[sweep]]
method = "grid"
parameters.wacc = [0.1, 0.2]
[[sweep]]
method = "grid"
parameters.price_elasticity = [0.7]
)");
  EXPECT_THAT(column(sweep, "wacc"), ElementsAre(0.1, 0.2, 0.08));
  EXPECT_THAT(column(sweep, "price_elasticity"), ElementsAre(1.15, 1.15, 0.7));
}

/// In each dimension one point lies in each stratum.
TEST(SweepTest, ALatinHypercubeMeetsEachStratumOnce) {
  const Sweep sweep = sweep_of(R"(
[[sweep]]
method = "latin_hypercube"
points = 200
seed = 7
parameters.wacc = {from = 0.1, to = 0.2}
parameters.price_elasticity = {from = 0.5, to = 2, scale = "log"}
parameters.it_life = {prior = "triangular", low = 2, mode = 4, high = 8}
)");
  ASSERT_THAT(sweep.points(), SizeIs(200));
  const auto strata = [&](const std::string& name, const auto& share) {
    std::set<int> met;
    for (const double x : column(sweep, name)) met.insert(static_cast<int>(200 * share(x)));
    return met;
  };
  std::set<int> all;
  for (int i = 0; i < 200; ++i) all.insert(i);
  EXPECT_EQ(strata("wacc", [](double x) { return (x - 0.1) / 0.1; }), all);
  EXPECT_EQ(strata("price_elasticity", [](double x) { return std::log(x / 0.5) / std::log(4); }),
            all);
  const auto triangular = [](double x) {
    return x < 4 ? (x - 2) * (x - 2) / 12 : 1 - (8 - x) * (8 - x) / 24;
  };
  EXPECT_EQ(strata("it_life", triangular), all);
}

/// The order of the strata in one dimension says nothing of that in another: their rank
/// correlation has sd 1/sqrt(999); beyond 5 of them lies a probability of 6e-7.
TEST(SweepTest, TheDimensionsOfALatinHypercubeAreIndependent) {
  const Sweep sweep = sweep_of(R"(
[[sweep]]
method = "latin_hypercube"
points = 1000
parameters.wacc = {from = 0.001, to = 1}
parameters.fixed_opex = {from = 0.0, to = 1}
)");
  const std::vector<double> a = column(sweep, "wacc"), b = column(sweep, "fixed_opex");
  double product = 0;
  for (std::size_t i = 0; i < 1000; ++i) product += (a[i] - 0.5) * (b[i] - 0.5);
  EXPECT_LT(std::abs(product / 1000 * 12), 5 / std::sqrt(999.0));
}

TEST(SweepTest, ALatinHypercubeDependsOnItsSeedAndNotOnOtherKeys) {
  const auto values = [](const std::string& rest) {
    return column(sweep_of("[[sweep]]\nmethod = \"latin_hypercube\"\npoints = 20\n"
                           "parameters.wacc = {from = 0.1, to = 0.2}\n" +
                           rest),
                  "wacc");
  };
  EXPECT_EQ(values(""), values("seed = 1\n"));
  EXPECT_NE(values(""), values("seed = 2\n"));
  EXPECT_EQ(values(""), values("parameters.debt_rate = {from = 0.1, to = 0.2}\n"));
}

TEST(SweepTest, WholeNumbersAreRoundedInALatinHypercube) {
  const Sweep sweep = sweep_of(
      "[[sweep]]\nmethod = \"latin_hypercube\"\npoints = 9\n"
      "parameters.build_lag = {from = 1, to = 5}\n");
  for (const double lag : column(sweep, "build_lag")) EXPECT_EQ(lag, std::round(lag));
}

TEST(SweepTest, AListTakesTheValuesTogether) {
  const Sweep sweep = sweep_of(R"(
[[sweep]]
method = "list"
scenario = ["low", "high"]
parameters.wacc = [0.1, 0.2]
parameters.price_elasticity = [0.7, 1.3]
)");
  EXPECT_THAT(names(sweep), ElementsAre("low", "high"));
  EXPECT_THAT(column(sweep, "wacc"), ElementsAre(0.1, 0.2));
  EXPECT_THAT(column(sweep, "price_elasticity"), ElementsAre(0.7, 1.3));
}

TEST(SweepTest, AFileListsScenarios) {
  const ConfigFolder folder;
  folder.write("lists/s.csv",
               "\xEF\xBB\xBF# judgement\r\nscenario, parameters.wacc ,\"parameters.shock_rate\"\r\n"
               "\r\na,0.1,\r\n\"b\",2e-1,0.5\r\n");
  folder.write("lists/base.toml",
               std::string(base) + "[[sweep]]\nmethod = \"list\"\nfile = \"s.csv\"\n");
  const auto file = folder.write("a.toml", "extends = \"lists/base.toml\"\n");
  const Sweep sweep = load_sweep(file);
  EXPECT_THAT(names(sweep), ElementsAre("a", "b"));
  EXPECT_THAT(column(sweep, "wacc"), ElementsAre(0.1, 0.2));
  EXPECT_THAT(column(sweep, "shock_rate"), Pointwise(NanSensitiveDoubleEq(), {drawn, 0.5}));
  EXPECT_THAT(sweep.scenario(1).parameters[sweep.keys()[0].parameter].origin, HasSubstr("s.csv:5"));
}

TEST(SweepTest, NumbersOfAPriorAreSwept) {
  const Sweep sweep = sweep_of(R"(
[[sweep]]
method = "grid"
parameters.shock_rate.median = [0.3, 0.6]
parameters.shock_rate.max = [1]
)");
  EXPECT_THAT(column(sweep, "shock_rate_median"), ElementsAre(0.3, 0.6));
  EXPECT_THAT(column(sweep, "shock_rate_max"), ElementsAre(1, 1));
  const Scenario second = sweep.scenario(1);
  const auto& prior = second.parameters[sweep.keys()[0].parameter].prior;
  ASSERT_TRUE(prior);
  EXPECT_THAT(prior->arguments, ElementsAre(0.6, 0.5));
  EXPECT_EQ(prior->lower, 0.1);
  EXPECT_EQ(prior->upper, 1);
  EXPECT_THAT(second.prior_correlations, SizeIs(1)) << "it is a prior still";
}

/// Without origins, which name another place.
std::string numbers_of(Scenario scenario) {
  for (ParameterSetting& setting : scenario.parameters) setting.origin.clear();
  return to_toml(scenario);
}

TEST(SweepTest, AScenarioIsTheConfigWithItsValuesAsOverrides) {
  const ConfigFolder folder;
  const auto file = folder.write("a.toml", std::string(base) + R"(
[[sweep]]
method = "grid"
parameters.shock_rate = [0.3]
parameters.wacc = [0.11]
parameters.shock_mean.high = [2]
parameters.build_lag = [3]
)");
  const Sweep sweep = load_sweep(file);
  const std::vector<std::string> overrides = {
      "sweep=[]", "parameters.shock_rate=0.3", "parameters.wacc=0.11",
      "parameters.shock_mean.high=2", "parameters.build_lag=3"};
  EXPECT_EQ(numbers_of(sweep.scenario(0)), numbers_of(load_scenario(file, overrides)));
}

TEST(SweepTest, ASweepAsTomlGivesTheSameScenarios) {
  const Sweep sweep = sweep_of(R"(
[[sweep]]
method = "one_at_a_time"
parameters.wacc = [0.1, 0.123456789012345678]
parameters.shock_mean.low = [0.1]
[[sweep]]
method = "latin_hypercube"
points = 30
parameters.price_elasticity = {from = 0.5, to = 2, scale = "log"}
)");
  const Sweep again = parse_sweep(to_toml(sweep), "b.toml");
  EXPECT_EQ(names(sweep), names(again));
  ASSERT_THAT(again.keys(), SizeIs(3));
  for (std::size_t i = 0; i < sweep.points().size(); ++i)
    ASSERT_EQ(numbers_of(sweep.scenario(i)), numbers_of(again.scenario(i))) << i;
}

TEST(SweepTest, OwnTablesReplaceInheritedOnes) {
  const ConfigFolder folder;
  folder.write("base.toml",
               "model = \"gbm\"\n[[sweep]]\nmethod = \"grid\"\nparameters.drift = [0.1, 0.2]\n");
  const auto own = folder.write(
      "own.toml",
      "extends = \"base.toml\"\n[[sweep]]\nmethod = \"grid\"\nparameters.volatility = [0.3]\n");
  EXPECT_THAT(load_sweep(own).points(), SizeIs(1));
  const auto none = folder.write("none.toml", "extends = \"base.toml\"\nsweep = []\n");
  EXPECT_THAT(load_sweep(none).points(), IsEmpty());
  EXPECT_THAT(findings_in_file(none), IsEmpty());
  const auto inherited = folder.write("inherited.toml", "extends = \"base.toml\"\n");
  EXPECT_THAT(load_sweep(inherited).points(), SizeIs(2));
}

TEST(SweepTest, ASingleScenarioHasNoSweep) {
  EXPECT_THAT(findings_in(std::string(base) + "[[sweep]]\nmethod = \"grid\"\n"),
              ElementsAre(HasSubstr("a.toml:11: sweep[1]: the config has a sweep of scenarios, "
                                    "which `overbuild batch` runs")));
}

struct Mistake {
  const char* tables;
  const char* finding;
};

void PrintTo(const Mistake& mistake, std::ostream* out) { *out << mistake.tables; }

class SweepMistakes : public testing::TestWithParam<Mistake> {};

TEST_P(SweepMistakes, AreSaidWithTheirPlace) {
  EXPECT_THAT(sweep_findings(GetParam().tables), testing::Contains(HasSubstr(GetParam().finding)));
}

INSTANTIATE_TEST_SUITE_P(
    All, SweepMistakes,
    testing::Values(
        Mistake{"[[sweep]]\nmethod = \"gird\"\n",
                "a.toml:12: sweep[1].method: unknown name "
                "\"gird\"; did you mean \"grid\"?"},
        Mistake{"[[sweep]]\nparameters.wacc = [1]\n",
                "sweep[1]: \"method\" is missing: one of "
                "grid, one_at_a_time"},
        Mistake{"[[sweep]]\nmethod = \"grid\"\n", "a.toml:11: sweep[1]: found no keys to sweep"},
        Mistake{"[[sweep]]\nmethod = \"grid\"\nparameters.wac = [0.1]\n",
                "a.toml:13: sweep[1].parameters.wac: unknown parameter \"wac\"; did you mean "
                "\"wacc\"?"},
        Mistake{"[[sweep]]\nmethod = \"grid\"\nparameters.wacc = [0.1,\n 7]\n",
                "a.toml:14: sweep[1].parameters.wacc[2]: found 7, allowed: [0.001, 1]"},
        Mistake{"[[sweep]]\nmethod = \"grid\"\nparameters.wacc = []\n", "found no values"},
        Mistake{"[[sweep]]\nmethod = \"grid\"\nparameters.wacc = \"low\"\n",
                "found the string \"low\", expected an array of numbers"},
        Mistake{"[[sweep]]\nmethod = \"grid\"\nparameters.wacc = {from = 0.1, to = 0.2}\n",
                "\"count\" is missing"},
        Mistake{"[[sweep]]\nmethod = \"grid\"\nparameters.circular_demand = {from = 0.0, to = 0.2, "
                "count = 2, scale = \"log\"}\n",
                "found from 0 and to 0.2; both must be > 0 on a log scale"},
        Mistake{"[[sweep]]\nmethod = \"grid\"\nparameters.build_lag = {from = 1, to = 4, count = "
                "3}\n",
                "value 2 of 3 is 2.5; this parameter takes whole numbers"},
        Mistake{"[[sweep]]\nmethod = \"grid\"\nparameters.wacc = {prior = \"uniform\", low = 0.1, "
                "high = 0.2}\n",
                "a prior's quantiles are swept by method = \"latin_hypercube\""},
        Mistake{"[[sweep]]\nmethod = \"grid\"\nparameters.wacc.sigma = [0.1]\n",
                "\"wacc\" has no prior; it is the number 0.08 (a.toml:5)"},
        Mistake{"[[sweep]]\nmethod = \"grid\"\nparameters.shock_rate.sigme = [0.1]\n",
                "unknown number of the prior \"sigme\"; did you mean \"sigma\"?"},
        Mistake{"[[sweep]]\nmethod = \"grid\"\nparameters.shock_mean.low = [0.7, 1.2]\n",
                "a.toml:13: parameters.shock_mean: low is 1.2 and high is 1; low must be below "
                "high (scenario 0002)"},
        Mistake{"[[sweep]]\nmethod = \"grid\"\nparameters.shock_correlation = [[1]]\n",
                "a matrix cannot be swept"},
        Mistake{"[[sweep]]\nmethod = \"grid\"\nparameters.wacc = [0.1]\nrun.seed = [1, 2]\n",
                "sweep[1].run.seed: the seed is the same in all scenarios"},
        Mistake{"[[sweep]]\nmethod = \"grid\"\nparameters.wacc = [0.1]\nrun.horizon = [1, 2]\n",
                "sweep[1].run.horizon: all scenarios have the same times"},
        Mistake{"[[sweep]]\nmethod = \"grid\"\nparameters.wacc = [0.1]\noutputs.paths = [1]\n",
                "sweep[1].outputs.paths: outputs.paths cannot be swept"},
        Mistake{"[[sweep]]\nmethod = \"grid\"\nparameters.wacc = [0.1]\npoints = 3\n",
                "unknown key \"points\""},
        Mistake{"[[sweep]]\nmethod = \"grid\"\n"
                "parameters.wacc = {from = 0.1, to = 0.2, count = 1000}\n"
                "parameters.debt_rate = {from = 0.1, to = 0.2, count = 101}\n",
                "a.toml:11: sweep[1]: found 101000 scenarios, allowed: at most 100000"},
        Mistake{"[[sweep]]\nmethod = \"latin_hypercube\"\npoints = 60000\n"
                "parameters.wacc = {from = 0.1, to = 0.2}\n[[sweep]]\nmethod = "
                "\"latin_hypercube\"\npoints = 60000\nparameters.wacc = {from = 0.1, to = 0.2}\n",
                "found 120000 scenarios in all tables, allowed: at most 100000"},
        Mistake{"[[sweep]]\nmethod = \"latin_hypercube\"\nparameters.wacc = {from = 0.1, to = "
                "0.2}\n",
                "\"points\" is missing"},
        Mistake{"[[sweep]]\nmethod = \"latin_hypercube\"\npoints = 3\nparameters.wacc = [0.1]\n",
                "found an array, expected {from = number, to = number} or a prior"},
        Mistake{"[[sweep]]\nmethod = \"latin_hypercube\"\npoints = 3\nparameters.wacc = {prior = "
                "\"normal\", mean = 0.1, sd = 0.02}\n",
                "the prior reaches from -inf to inf, allowed: [0.001, 1]"},
        Mistake{"[[sweep]]\nmethod = \"list\"\n", "found no scenarios"},
        Mistake{
            "[[sweep]]\nmethod = \"list\"\nparameters.wacc = [0.1, 0.2]\nparameters.debt_rate = "
            "[0.1]\n",
            "parameters.debt_rate has 1 values, expected one for each of 2 scenarios"},
        Mistake{"[[sweep]]\nmethod = \"list\"\nscenario = [\"a\", \"a\"]\n",
                "another scenario is called \"a\""},
        Mistake{"[[sweep]]\nmethod = \"list\"\nscenario = [\"../a\"]\n", "found the name \"../a\""},
        Mistake{"[[sweep]]\nmethod = \"list\"\nfile = \"none.csv\"\n",
                "a.toml:13: sweep[1].file: \"none.csv\" cannot be read: No such file"},
        Mistake{"sweep = 3\n", "unknown key"}));

TEST(SweepTest, AllMistakesAreSaidAtOnce) {
  EXPECT_THAT(sweep_findings("[[sweep]]\nmethod = \"grid\"\nparameters.wacc = [7]\n"
                             "[[sweep]]\nmethod = \"grid\"\nparameters.debt_rate = [8]\n"),
              ElementsAre(HasSubstr("a.toml:13"), HasSubstr("a.toml:16")));
}

TEST(SweepTest, MistakesInAFileHaveItsLines) {
  const ConfigFolder folder;
  const auto file = folder.write(
      "a.toml", std::string(base) + "[[sweep]]\nmethod = \"list\"\nfile = \"s.csv\"\n");
  const auto found_in = [&](const std::string& csv) {
    folder.write("s.csv", csv);
    std::vector<std::string> texts = findings([&] { return load_sweep(file); });
    for (std::string& text : texts) text.erase(0, folder.path("").string().size());
    return texts;
  };
  EXPECT_THAT(found_in("parameters.wacc\n7\nx\n\n0.1,2\n"),
              ElementsAre("s.csv:2: parameters.wacc: found 7, allowed: [0.001, 1]",
                          "s.csv:3: parameters.wacc: found \"x\", expected a number",
                          "s.csv:5: found 2 fields, expected 1"));
  EXPECT_THAT(found_in("wacc,run.seed,parameters.wac\n0.1,1,1\n"),
              ElementsAre("s.csv:1: wacc: the header holds full keys; did you mean "
                          "\"parameters.wacc\"?",
                          "s.csv:1: run.seed: expected \"scenario\" or a key parameters.NAME",
                          HasSubstr("did you mean \"wacc\"?")));
  EXPECT_THAT(found_in("parameters.wacc,parameters.wacc\n0.1,0.1\n"),
              ElementsAre("s.csv:1: parameters.wacc: the key has a column already"));
  EXPECT_THAT(found_in("parameters.shock_rate,parameters.shock_rate.sigma\n0.1,0.1\n"),
              ElementsAre("s.csv:1: parameters.shock_rate.sigma: parameters.shock_rate has a "
                          "column, too"));
  EXPECT_THAT(found_in("scenario,parameters.wacc\na b,0.1\n"),
              ElementsAre(HasSubstr("s.csv:2: scenario: found the name \"a b\"")));
  EXPECT_THAT(found_in(""), ElementsAre(HasSubstr("the file is empty")));
  EXPECT_THAT(found_in("parameters.wacc\n"), ElementsAre(HasSubstr("found no scenarios")));
}

/// The example in the reference is a correct sweep of the shipped base case.
TEST(SweepTest, TheExampleOfTheReferenceIsCorrect) {
  const std::string text = config_reference(), opening = "```toml\n[[sweep]]\n";
  const std::size_t begin = text.find(opening);
  ASSERT_NE(begin, std::string::npos);
  const std::size_t end = text.find("```", begin + opening.size());
  const std::string example = text.substr(begin + 8, end - begin - 8);
  EXPECT_THAT(sweep_of(example).points(), SizeIs(3 * 4 + 50));
}

}  // namespace
}  // namespace overbuild
