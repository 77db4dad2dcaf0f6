// `extends` and overrides.
#include <gtest/gtest.h>

#include "config_testing.hpp"

namespace overbuild {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

const ParameterSetting& parameter(const Scenario& scenario, std::string_view name) {
  return scenario.parameters[*scenario.model->schema.parameter_index(name)];
}

Scenario load(const std::filesystem::path& file, const std::vector<std::string>& overrides = {}) {
  return load_scenario(file, overrides);
}

constexpr const char* base = R"(model = "overbuild"
title = "Base"
[run]
seed = 5
paths = 10
[parameters]
capex_0 = 200
shock_rate = {prior = "lognormal", median = 0.35, sigma = 0.5, max = 2}
wacc = {prior = "uniform", low = 0.05, high = 0.15}
[[prior_correlation]]
between = ["shock_rate", "wacc"]
rank = 0.4
[tables]
announced_capex = {time = [0, 1, 2], value = [300, 420, 500]}
scheduled_shocks = {time = [1], value = [0.5]}
)";

TEST(ConfigInheritanceTest, CorrelationsEndWhereALaterLayerFixesAParameter) {
  const ConfigFolder folder;
  const auto parent = folder.write("base.toml", base);
  ASSERT_EQ(load(parent).prior_correlations.size(), 1u);
  EXPECT_THAT(load(parent, {"parameters.wacc=0.08"}).prior_correlations, IsEmpty());
  EXPECT_EQ(load(parent, {"parameters.wacc.low=0.08"}).prior_correlations.size(), 1u);
  EXPECT_EQ(load(parent, {"parameters.capex_0=250"}).prior_correlations.size(), 1u);
  const auto child =
      folder.write("child.toml", "extends = \"base.toml\"\n[parameters]\nshock_rate = 0.3\n");
  EXPECT_THAT(load(child).prior_correlations, IsEmpty());
}

TEST(ConfigInheritanceTest, SectionsMergeKeyByKey) {
  const ConfigFolder folder;
  folder.write("base.toml", base);
  const auto child = folder.write("studies/child.toml", R"(extends = "../base.toml"
title = "Child"
[run]
paths = 20
[parameters]
wacc = 0.08
shock_rate = {prior = "gamma", shape = 2, scale = 0.2, max = 10}
[tables]
announced_capex = {time = [0, 3], value = [300, 600]}
)");
  const Scenario scenario = load(child);
  EXPECT_EQ(scenario.name, "child");
  EXPECT_EQ(scenario.title, "Child");
  EXPECT_EQ(scenario.run.seed, 5u);
  EXPECT_EQ(scenario.run.paths, 20u);
  EXPECT_EQ(parameter(scenario, "capex_0").value, 200);
  EXPECT_EQ(parameter(scenario, "capex_0").origin, folder.path("base.toml").string() + ":7");
  EXPECT_FALSE(parameter(scenario, "wacc").prior.has_value());
  EXPECT_EQ(parameter(scenario, "wacc").origin, child.string() + ":6");
  const Distribution& shock_rate = *parameter(scenario, "shock_rate").prior;
  EXPECT_EQ(shock_rate.kind, Distribution::Kind::gamma);
  EXPECT_EQ(shock_rate.upper, 10);
  EXPECT_THAT(scenario.tables[0]->time, ElementsAre(0, 3));
  EXPECT_THAT(scenario.tables[1]->time, ElementsAre(1));
  EXPECT_THAT(scenario.prior_correlations, IsEmpty());
}

TEST(ConfigInheritanceTest, ChainsReachTheOldestFile) {
  const ConfigFolder folder;
  folder.write("a.toml", "model = \"gbm\"\n[parameters]\ndrift = 1\nbarrier = 2\ninitial = 3\n");
  folder.write("b.toml", "extends = \"a.toml\"\n[parameters]\ndrift = 4\nbarrier = 5\n");
  const Scenario scenario =
      load(folder.write("c.toml", "extends = \"b.toml\"\n[parameters]\ndrift = 6\n"));
  EXPECT_EQ(parameter(scenario, "drift").value, 6);
  EXPECT_EQ(parameter(scenario, "barrier").value, 5);
  EXPECT_EQ(parameter(scenario, "initial").value, 3);
  EXPECT_EQ(parameter(scenario, "volatility").value, 0.2);
}

TEST(ConfigInheritanceTest, MistakesAreFoundInTheirFiles) {
  const ConfigFolder folder;
  folder.write("base.toml", "model = \"gbm\"\n[parameters]\ndrfit = 1\nbarrier = -1\n");
  const auto child =
      folder.write("child.toml", "extends = \"base.toml\"\n[parameters]\ninitial = -1\n");
  EXPECT_THAT(findings_in_file(child, {"run.seed=-5"}),
              ElementsAre("--set: run.seed: found -5, allowed: whole numbers, [0, "
                          "9223372036854775807]",
                          "base.toml:3: parameters.drfit: unknown parameter \"drfit\"; did you "
                          "mean \"drift\"?",
                          "base.toml:4: parameters.barrier: found -1, allowed: > 0",
                          "child.toml:3: parameters.initial: found -1, allowed: > 0"));
}

TEST(ConfigInheritanceTest, CirclesAreShown) {
  const ConfigFolder folder;
  folder.write("b.toml", "\nextends = \"c.toml\"\n");
  folder.write("c.toml", "extends = \"x/../a.toml\"\n");
  folder.write("x/unused.toml", "");
  const auto a = folder.write("a.toml", "extends = \"b.toml\"\n");
  EXPECT_THAT(findings_in_file(a),
              ElementsAre("c.toml:1: extends: the files extend each other in a circle: a.toml -> "
                          "b.toml -> c.toml -> a.toml"));
  const auto self = folder.write("self.toml", "extends = \"self.toml\"\n");
  EXPECT_THAT(findings_in_file(self),
              ElementsAre("self.toml:1: extends: the files extend each other in a circle: "
                          "self.toml -> self.toml"));
}

TEST(ConfigInheritanceTest, FilesThatCannotBeReadAreNamed) {
  const ConfigFolder folder;
  const auto child = folder.write("child.toml", "model = \"gbm\"\nextends = \"none.toml\"\n");
  EXPECT_THAT(findings_in_file(child),
              ElementsAre("child.toml:2: extends: \"none.toml\" cannot be read: No such file or "
                          "directory"));
  EXPECT_THAT(findings_in_file(folder.path("absent.toml")),
              ElementsAre("absent.toml: cannot be read: No such file or directory"));
  std::filesystem::create_directory(folder.path("folder.toml"));
  EXPECT_THAT(findings_in_file(folder.path("folder.toml")),
              ElementsAre("folder.toml: is a folder"));
}

TEST(ConfigInheritanceTest, ExtendsIsAFileNameInAFile) {
  const ConfigFolder folder;
  EXPECT_THAT(findings_in_file(folder.write("a.toml", "model = \"gbm\"\nextends = 3\n")),
              ElementsAre("a.toml:2: extends: found 3, expected a file name"));
  EXPECT_THAT(findings_in("model = \"gbm\"\nextends = \"b.toml\"\n"),
              ElementsAre("a.toml:2: extends: only a config file can extend another one"));
  EXPECT_THAT(findings_in_file(folder.write("b.toml", "model = \"gbm\"\n"), {"extends=\"a.toml\""}),
              ElementsAre("--set: extends: only a config file can extend another one"));
}

TEST(ConfigInheritanceTest, SyntaxErrorsOfAParentAreFound) {
  const ConfigFolder folder;
  folder.write("base.toml", "model = \"gbm\"\n[run\n");
  const auto child = folder.write("child.toml", "extends = \"base.toml\"\n");
  EXPECT_THAT(findings_in_file(child), ElementsAre(StartsWith("base.toml:2: not valid TOML: ")));
}

TEST(ConfigOverrideTest, OverridesComeLastInTheirOrder) {
  const ConfigFolder folder;
  const auto file = folder.write("base.toml", base);
  const Scenario scenario =
      load(file, {"run.paths=1", "run.paths = 2", "parameters.capex_0=250.5", "outputs.paths=all",
                  "title=Two words", "outputs.file=out.h5", "description="});
  EXPECT_EQ(scenario.run.paths, 2u);
  EXPECT_EQ(scenario.run.seed, 5u);
  EXPECT_EQ(parameter(scenario, "capex_0").value, 250.5);
  EXPECT_EQ(parameter(scenario, "capex_0").origin, "--set");
  EXPECT_EQ(scenario.outputs.paths, all_paths);
  EXPECT_EQ(scenario.title, "Two words");
  EXPECT_EQ(scenario.outputs.file, "out.h5");
}

TEST(ConfigOverrideTest, APriorIsReplacedOrChangedInPlace) {
  const ConfigFolder folder;
  const auto file = folder.write("base.toml", base);
  const Scenario changed = load(file, {"parameters.shock_rate.sigma=0.7"});
  EXPECT_THAT(parameter(changed, "shock_rate").prior->arguments, ElementsAre(0.35, 0.7));
  EXPECT_EQ(parameter(changed, "shock_rate").prior->upper, 2);
  EXPECT_EQ(parameter(changed, "shock_rate").origin, file.string() + ":8, --set");
  const Scenario replaced =
      load(file, {R"(parameters.shock_rate={prior = "uniform", low = 0, high = 1})"});
  EXPECT_EQ(parameter(replaced, "shock_rate").prior->upper, unbounded);
  EXPECT_EQ(parameter(replaced, "shock_rate").origin, "--set");
  EXPECT_THAT(findings_in_file(file, {"parameters.capex_0.sigma=0.7"}),
              ElementsAre(StartsWith("--set: parameters.capex_0: \"prior\" is missing: ")));
}

TEST(ConfigOverrideTest, MistakesAreFound) {
  const ConfigFolder folder;
  const auto file = folder.write("base.toml", base);
  EXPECT_THAT(findings_in_file(file, {"run.paths"}),
              ElementsAre("--set: found \"run.paths\", expected key=value"));
  EXPECT_THAT(findings_in_file(file, {"=3"}), ElementsAre(StartsWith("--set: not valid TOML: ")));
  EXPECT_THAT(findings_in_file(file, {"run..paths=3"}),
              ElementsAre(StartsWith("--set: run..paths: not valid TOML: ")));
  EXPECT_THAT(findings_in_file(file, {"outputs.series=[\"gap\""}),
              ElementsAre(StartsWith("--set: outputs.series: not valid TOML: ")));
  EXPECT_THAT(findings_in_file(file, {"run.seed=1\nrun.paths=2"}),
              ElementsAre("--set: run.seed: found several keys, expected key=value"));
  EXPECT_THAT(findings_in_file(file, {"title=\xff"}),
              ElementsAre(StartsWith("--set: title: not valid TOML: ")));
  EXPECT_THAT(findings_in_file(file, {"parameters.wac=1", "run.paths=many", "x=1"}),
              ElementsAre("--set: run.paths: found the string \"many\", expected a whole number "
                          "without point or exponent",
                          "--set: parameters.wac: unknown parameter \"wac\"; did you mean "
                          "\"wacc\"?",
                          StartsWith("--set: x: unknown key \"x\"; known: ")));
  for (const char* number : {"99999999999999999999", "-9223372036854775809"})
    EXPECT_THAT(findings_in_file(file, {std::string("run.seed=") + number}),
                ElementsAre(std::string("--set: run.seed: found ") + number +
                            ", out of the range of whole numbers, [-2^63, 2^63 - 1]"));
}

TEST(ConfigOverrideTest, AMistakeThatAnOverrideMakesIsNotBlamedOnTheFileAlone) {
  const ConfigFolder folder;
  const auto file = folder.write("a.toml",
                                 "model = \"overbuild\"\n[parameters]\n"
                                 "wacc = {prior = \"triangular\", low = 0.07, mode = 0.09, high = "
                                 "0.12}\n");
  EXPECT_THAT(findings_in_file(file, {"parameters.wacc.mode=0.2"}),
              ElementsAre(StartsWith("a.toml:3, --set: parameters.wacc: ")));
  EXPECT_THAT(findings_in_file(file, {"parameters.wacc.prior=normal"}),
              Contains(StartsWith("a.toml:3, --set: parameters.wacc: \"mean\" is missing")));
}

}  // namespace
}  // namespace overbuild
