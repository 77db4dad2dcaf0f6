// `overbuild compare`: its tables, its JSON and its errors.
#include <nlohmann/json.hpp>

#include <cmath>

#include "overbuild/base/error.hpp"
#include "tests/commands/program_fixture.hpp"

namespace overbuild::testing_commands {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;
using Json = nlohmann::json;

class CompareTest : public ProgramTest {
 protected:
  CompareTest() {
    run("gbm.toml", "slow.h5", {"--set", "outputs.paths=\"all\""});
    run("gbm.toml", "fast.h5", {"--set", "outputs.paths=\"all\"", "--set", "parameters.drift=0.3"});
  }

  void run(const std::string& config, const std::string& file,
           std::vector<std::string> arguments = {}) {
    arguments.insert(arguments.begin(), {"run", config, "-o", file, "--quiet"});
    const Finished run = program(arguments);
    ASSERT_EQ(run.code, 0) << run.error;
  }

  std::string text(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "compare");
    const Finished compare = program(arguments);
    EXPECT_EQ(compare.code, 0) << compare.error;
    return compare.output;
  }

  Json json(std::vector<std::string> arguments) {
    arguments.push_back("--json");
    return Json::parse(text(std::move(arguments)));
  }

  std::string error(std::vector<std::string> arguments, ExitCode code) {
    arguments.insert(arguments.begin(), "compare");
    const Finished compare = program(arguments);
    EXPECT_EQ(compare.code, static_cast<int>(code));
    EXPECT_EQ(compare.output, "");
    return compare.error;
  }
};

TEST_F(CompareTest, ShowsWhatDiffersAndByHowMuch) {
  const std::string shown = text({"slow.h5", "fast.h5"});
  EXPECT_THAT(shown, HasSubstr(" base  slow.h5  3,000    11      2  0.25  Small GBM\n"));
  EXPECT_THAT(shown, HasSubstr("fast.h5 minus slow.h5"));
  EXPECT_THAT(shown, HasSubstr(" parameters.drift  0.05  0.3\n"));
  EXPECT_THAT(shown, Not(HasSubstr("outputs")));
  EXPECT_THAT(shown, HasSubstr("Random numbers are common to 3,000 paths"));
  EXPECT_THAT(shown, HasSubstr("value: value of the process"));
  EXPECT_THAT(shown, ContainsRegex("\n +2 .* \\+- .* \\*"));
  EXPECT_THAT(shown, HasSubstr("barrier_passed"));
  EXPECT_THAT(shown, HasSubstr("passage_time"));
  EXPECT_THAT(shown, Not(HasSubstr("~")));
  EXPECT_THAT(shown, Not(HasSubstr("NaN")));
  EXPECT_THAT(shown, Not(HasSubstr("log_value")));
  EXPECT_THAT(text({"slow.h5", "fast.h5", "--series", "log_value"}), HasSubstr("log_value: "));
}

// The mean of the value after t years is exp(drift t); log values differ by the drifts alone. Of
// the nine times one is the start; five and a half standard errors at eight: 3e-7.
TEST_F(CompareTest, FindsTheDifferenceOfTwoDrifts) {
  const Json comparison = json({"slow.h5", "fast.h5"})["comparisons"][0];
  EXPECT_EQ(comparison["common_paths"], 3000);
  EXPECT_EQ(comparison["kept_outcome_pairs"], 3000);
  EXPECT_EQ(comparison["kept_series_pairs"], 3000);
  EXPECT_EQ(comparison["same_bits"], false);
  const Json &value = comparison["series"][0], &log_value = comparison["series"][1];
  EXPECT_EQ(value["name"], "value");
  EXPECT_EQ(log_value["name"], "log_value");
  for (std::size_t step = 1; step < 9; ++step) {
    const double time = comparison["time"][step];
    const Json& difference = value["mean_by_time"][step]["difference"];
    const double error = difference["standard_error"];
    EXPECT_EQ(difference["standard_error_is"], "paired");
    EXPECT_GT(error, 0);
    EXPECT_LT(error, 0.5 * difference["unpaired_standard_error"].get<double>());
    EXPECT_NEAR(difference["value"], std::exp(0.3 * time) - std::exp(0.05 * time), 5.5 * error);
    EXPECT_EQ(difference["exceeds_two_standard_errors"], true);
    const Json& of_logarithm = log_value["mean_by_time"][step]["difference"];
    EXPECT_NEAR(of_logarithm["value"], 0.25 * time, 1e-12);
    EXPECT_LT(of_logarithm["standard_error"], 1e-6);  // kept in single precision
  }
}

TEST_F(CompareTest, ComparesSeveralWithTheFirst) {
  run("gbm.toml", "faster.h5", {"--set", "parameters.drift=0.4"});
  const Json comparisons = json({"slow.h5", "fast.h5", "faster.h5"})["comparisons"];
  ASSERT_EQ(comparisons.size(), 2u);
  EXPECT_EQ(comparisons[0]["result"]["name"], "fast.h5");
  EXPECT_EQ(comparisons[1]["result"]["name"], "faster.h5");
  EXPECT_EQ(comparisons[1]["differing_keys"],
            Json::parse(R"([{"key": "parameters.drift", "base": "0.05", "result": "0.4"}])"));
  const std::string shown = text({"slow.h5", "fast.h5", "faster.h5"});
  EXPECT_THAT(shown, HasSubstr("fast.h5 minus slow.h5"));
  EXPECT_THAT(shown, HasSubstr("faster.h5 minus slow.h5"));
}

TEST_F(CompareTest, SaysWhatIsNotPairedAndHowToPairIt) {
  run("gbm.toml", "bare.h5",
      {"--set", "parameters.drift=0.3", "--set", "outputs.outcomes=0", "--set", "outputs.paths=0"});
  const std::string shown = text({"slow.h5", "bare.h5"});
  EXPECT_THAT(shown, HasSubstr("both keep the outcomes of 0 and series of 0"));
  EXPECT_THAT(shown, ContainsRegex(" \\+- [0-9.]+~"));
  EXPECT_THAT(shown, HasSubstr("~: unpaired, as if the results were independent; an upper bound"));
  EXPECT_THAT(shown, HasSubstr("outputs.outcomes=\"all\""));
  const Json bare = json({"slow.h5", "bare.h5"})["comparisons"][0];
  EXPECT_EQ(bare["outcomes"][1]["mean"]["difference"]["standard_error_is"], "unpaired");
}

TEST_F(CompareTest, SaysThatOtherSeedsAreIndependent) {
  run("gbm.toml", "seed.h5", {"--seed", "12"});
  const std::string shown = text({"slow.h5", "seed.h5"});
  EXPECT_THAT(shown, HasSubstr("The seeds differ: the results are independent"));
  EXPECT_THAT(shown, Not(HasSubstr("~")));
  EXPECT_THAT(shown, HasSubstr(" run.seed  11    12\n"));
}

TEST_F(CompareTest, SaysThatResultsAreTheSame) {
  const std::string shown = text({"slow.h5", "slow.h5"});
  EXPECT_THAT(shown, HasSubstr("The configs are the same."));
  EXPECT_THAT(shown, HasSubstr("all their statistics have the same bits"));
  EXPECT_THAT(shown, Not(HasSubstr("Outcomes")));
  EXPECT_EQ(json({"slow.h5", "slow.h5"})["comparisons"][0]["same_bits"], true);
}

TEST_F(CompareTest, ComparesAtCommonTimes) {
  run("gbm.toml", "long.h5", {"--set", "run.horizon=3", "--set", "run.step=0.5"});
  EXPECT_THAT(text({"slow.h5", "long.h5"}),
              HasSubstr("Horizon or step differ: series and events are compared at the 5 times"));
  EXPECT_EQ(json({"slow.h5", "long.h5"})["comparisons"][0]["time"],
            Json::parse("[0.0, 0.5, 1.0, 1.5, 2.0]"));
}

TEST_F(CompareTest, SaysWhichPathsAShardHolds) {
  run("gbm.toml", "shard.h5", {"--shard", "2/2"});
  const std::string shown = text({"slow.h5", "shard.h5"});
  EXPECT_THAT(shown, HasSubstr("shard.h5  1,536 to 2,999"));
  EXPECT_THAT(shown, HasSubstr("Random numbers are common to 1,464 paths"));
}

TEST_F(CompareTest, RefusesWhatCannotBeCompared) {
  run("ou.toml", "ou.h5");
  EXPECT_THAT(error({"slow.h5", "ou.h5"}, ExitCode::file),
              HasSubstr("cannot compare results of different models: slow.h5 is of gbm, ou.h5 of "
                        "ou"));
  EXPECT_THAT(error({"slow.h5"}, ExitCode::usage),
              HasSubstr("a base and at least one other result are needed"));
  EXPECT_THAT(error({"slow.h5", "missing.h5"}, ExitCode::file), HasSubstr("missing.h5"));
  EXPECT_THAT(error({"slow.h5", "gbm.toml"}, ExitCode::file), HasSubstr("is not an HDF5 file"));
  EXPECT_THAT(error({"slow.h5", "fast.h5", "--series", "valu"}, ExitCode::usage),
              HasSubstr("compare: unknown series \"valu\", did you mean"));
}

}  // namespace
}  // namespace overbuild::testing_commands
