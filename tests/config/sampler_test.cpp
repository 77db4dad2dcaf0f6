// run.sampler and run.replicates.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "config_testing.hpp"
#include "overbuild/config/difference.hpp"

namespace overbuild {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string run_section(const std::string& lines) { return "model = \"gbm\"\n[run]\n" + lines; }

Scenario parsed(const std::string& lines) { return parse_scenario(run_section(lines), "a.toml"); }

TEST(ConfigSamplerTest, IsRead) {
  EXPECT_EQ(parsed("").run.sampler, Sampler::philox);
  EXPECT_FALSE(parsed("").run.has_replicates());
  for (std::size_t i = 1; i < sampler_names.size(); ++i) {
    const Scenario scenario =
        parsed(fmt::format("paths = 16384\nreplicates = 16\nsampler = \"{}\"", sampler_names[i]));
    EXPECT_EQ(name_of(scenario.run.sampler), sampler_names[i]);
    EXPECT_EQ(scenario.run.replicate_paths(), 1024u);
    const Scenario again = parse_scenario(to_toml(scenario), "b.toml");
    EXPECT_EQ(again.run.sampler, scenario.run.sampler);
    EXPECT_EQ(again.run.replicates, 16u);
  }
}

TEST(ConfigSamplerTest, IsADifferenceThatChangesPaths) {
  const auto difference =
      first_difference(parsed("paths = 16384"), parsed("paths = 16384\nsampler = \"antithetic\""));
  ASSERT_TRUE(difference);
  EXPECT_EQ(difference->key, "run.sampler");
}

TEST(ConfigSamplerTest, AMistypedOneIsToldTheNearest) {
  EXPECT_THAT(findings_in(run_section("sampler = \"sobl\"")),
              ElementsAre("a.toml:3: run.sampler: unknown name \"sobl\"; did you mean \"sobol\"?"));
  EXPECT_THAT(findings_in(run_section("replicates = 1")),
              ElementsAre("a.toml:3: run.replicates: found 1, allowed: whole numbers, [2, 1024]"));
}

TEST(ConfigSamplerTest, PathsMakeEqualReplicates) {
  EXPECT_THAT(
      findings_in(run_section("paths = 100000\nsampler = \"sobol\"")),
      ElementsAre("a.toml:3: run.paths: found 100000 paths, which do not make 32 equal replicates "
                  "of 512, 1024, 2048, ... up to 2^32 paths; nearest: 65536 or 131072"));
  EXPECT_THAT(
      findings_in(run_section("sampler = \"antithetic\"")),
      ElementsAre(
          "a.toml:3: run.sampler: found 100000 paths, which do not make 32 equal replicates "
          "of a multiple of 512 paths; nearest: 98304 or 114688"));
  EXPECT_THAT(findings_in(run_section("paths = 1\nsampler = \"latin_hypercube\"")),
              ElementsAre(HasSubstr("nearest: 16384")));
  EXPECT_THAT(findings_in(run_section("paths = 49152\nsampler = \"latin_hypercube\"")), IsEmpty());
  EXPECT_THAT(findings_in(run_section("paths = 49152\nsampler = \"sobol\"")),
              ElementsAre(HasSubstr("nearest: 32768 or 65536")));
  EXPECT_THAT(findings_in(run_section("paths = 274877906944\nsampler = \"sobol\"")),
              ElementsAre(HasSubstr("up to 2^32 paths; nearest: 137438953472")));
}

TEST(ConfigSamplerTest, SobolPointsHaveALimitOfDimensions) {
  const auto model = [](const std::string& lines) {
    return "model = \"overbuild\"\n[run]\npaths = 16384\nsampler = \"sobol\"\nstep = 0.25\n" +
           lines;
  };
  EXPECT_THAT(findings_in(model("horizon = 130.5\n")), IsEmpty());  // 522 x 7 = 3654
  EXPECT_THAT(
      findings_in(model("horizon = 131\n[parameters]\nwacc = {prior = \"uniform\", low = 0.1, "
                        "high = 0.2}\n")),
      ElementsAre("a.toml:4: run.sampler: 1 priors and 7 draws in each of 524 steps need 3669 "
                  "dimensions, allowed: at most 3667; use longer steps, a shorter horizon or "
                  "another sampler"));
}

TEST(ConfigSamplerTest, IsNoneForAPrecision) {
  EXPECT_THAT(
      findings_in("model = \"gbm\"\n[run]\npaths = 16384\nsampler = \"sobol\"\n[run.until]\n"
                  "statistic = \"events/barrier_passed\"\ntime = 2\nstandard_error = 0.1\n"),
      ElementsAre(HasSubstr("run.until: the number of paths must be known beforehand with the "
                            "sampler \"sobol\"; leave out [run.until] or use \"philox\"")));
}

}  // namespace
}  // namespace overbuild
