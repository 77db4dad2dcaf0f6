// Attribution on the command line.
#include <nlohmann/json.hpp>

#include "overbuild/results/attribution_file.hpp"
#include "tests/commands/program_fixture.hpp"
#include "tests/commands/same_result.hpp"

namespace overbuild::testing_commands {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

class AttributeTest : public ProgramTest {
 protected:
  AttributeTest() {
    write("a.toml",
          "model = \"gbm\"\ntitle = \"Calm\"\n[run]\npaths = 3000\nhorizon = 2\nstep = 0.5\n"
          "[parameters]\ndrift = 0.02\nvolatility = 0.2\n");
    write("b.toml",
          "extends = \"a.toml\"\ntitle = \"Wild\"\n[run]\nseed = 5\n[parameters]\ndrift = {prior = "
          "\"normal\", mean = 0.1, sd = 0.02, min = -1, max = 1}\nvolatility = 0.4\n");
  }

  Finished attribute(std::vector<std::string> more) const {
    std::vector<std::string> words = {"attribute", "a.toml", "b.toml", "--of",
                                      "P(final_value > 1.3)"};
    words.insert(words.end(), more.begin(), more.end());
    return program(words);
  }
};

TEST_F(AttributeTest, PrintsTheEffectsAndWritesTheFile) {
  const Finished run = attribute({});
  ASSERT_EQ(run.code, 0) << run.error;
  EXPECT_THAT(run.output,
              AllOf(HasSubstr("Calm -> Wild"), HasSubstr("of difference"), HasSubstr("volatility"),
                    HasSubstr("exact, from 4 scenarios"), HasSubstr("parameters.drift"),
                    HasSubstr("left as in a, although it differs"), HasSubstr("run.seed"),
                    HasSubstr("result: a.attribution.h5")));
  const Finished again = program({"show", "a.attribution.h5"});
  EXPECT_EQ(again.code, 0) << again.error;
  EXPECT_GT(again.output.size(), 200u);
  EXPECT_TRUE(run.output.starts_with(again.output));
  const AttributionContents contents = read_attribution(folder / "a.attribution.h5");
  EXPECT_EQ(contents.changes.size(), 2u);
  EXPECT_EQ(contents.attribution.plan.coalitions.size(), 4u);
  EXPECT_THAT(contents.second_config, HasSubstr("Wild"));
  const auto json = nlohmann::json::parse(program({"show", "--json", "a.attribution.h5"}).output);
  double sum = 0;
  for (const auto& change : json["changes"]) sum += change["effect"]["value"].get<double>();
  EXPECT_NEAR(sum, json["total"]["value"].get<double>(), 1e-12);
  EXPECT_NEAR(json["second"]["value"].get<double>() - json["first"]["value"].get<double>(),
              json["total"]["value"].get<double>(), 1e-12);
}

TEST_F(AttributeTest, ThreadsChangeNoBit) {
  ASSERT_EQ(attribute({"-q", "-o", "1.h5", "--threads", "1"}).code, 0);
  ASSERT_EQ(attribute({"-q", "-o", "3.h5", "--threads", "3", "--chunk", "512"}).code, 0);
  expect_same_result(folder / "1.h5", folder / "3.h5");
}

TEST_F(AttributeTest, TheSecondScenarioIsTheSecondConfigWhereNothingIsLeft) {
  ASSERT_EQ(attribute({"-q", "--seed", "7"}).code, 0);
  const AttributionContents contents = read_attribution(folder / "a.attribution.h5");
  EXPECT_THAT(contents.left, IsEmpty());
  ASSERT_EQ(program({"attribute", "b.toml", "a.toml", "-q", "--seed", "7", "--of",
                     "P(final_value > 1.3)"})
                .code,
            0);
  const AttributionContents back = read_attribution(folder / "b.attribution.h5");
  EXPECT_EQ(contents.attribution.second.value, back.attribution.first.value);
  EXPECT_EQ(contents.attribution.first.value, back.attribution.second.value);
  EXPECT_NEAR(contents.attribution.total.value, -back.attribution.total.value, 1e-15);
}

TEST_F(AttributeTest, OrdersAndJoinedKeys) {
  write("c.toml", "extends = \"b.toml\"\n[parameters]\nbarrier = 2\ninitial = 1.2\n");
  const Finished orders = program({"attribute", "a.toml", "c.toml", "--orders", "6", "-o", "o.h5",
                                   "--of", "mean(final_value)"});
  ASSERT_EQ(orders.code, 0) << orders.error;
  EXPECT_THAT(orders.output, HasSubstr("from 6 random orders"));
  EXPECT_EQ(read_attribution(folder / "o.h5").orders, 6u);
  const Finished joined = program({"attribute", "a.toml", "c.toml", "--together",
                                   "drift, parameters.volatility", "-o", "j.h5"});
  ASSERT_EQ(joined.code, 0) << joined.error;
  EXPECT_THAT(joined.output,
              AllOf(HasSubstr("drift + volatility"), HasSubstr("P(barrier_passed within 2y)"),
                    HasSubstr("from 8 scenarios")));
}

TEST_F(AttributeTest, ReplacesNothingWithoutForce) {
  ASSERT_EQ(attribute({"-q"}).code, 0);
  EXPECT_THAT(attribute({"-q"}).error,
              HasSubstr("a.attribution.h5 exists already; --force replaces it"));
  EXPECT_EQ(attribute({"-q", "--force"}).code, 0);
  EXPECT_THAT(program({"compare", "a.attribution.h5", "a.attribution.h5"}).error,
              HasSubstr("it is the result of `overbuild attribute`"));
}

TEST_F(AttributeTest, MistakesAreNamed) {
  const auto fails = [&](std::vector<std::string> words, const std::string& message) {
    words.insert(words.begin(), "attribute");
    const Finished run = program(words);
    EXPECT_EQ(run.code, 2) << run.error;
    EXPECT_THAT(run.error, HasSubstr(message));
  };
  fails({}, "the argument BASE is missing");
  fails({"a.toml"}, "the argument NEW is missing");
  fails({"a.toml", "b.toml", "a.toml"}, "unexpected argument \"a.toml\"");
  fails({"a.toml", "a.toml"}, "there is nothing to attribute");
  fails({"a.toml", "ou.toml"}, "only configs of one model");
  fails({"a.toml", "b.toml", "--of", "P(final_value)"}, "attribute: --of");
  fails({"a.toml", "b.toml", "--together", "drift,vol"}, "\"vol\" is no change");
  fails({"a.toml", "b.toml", "--orders", "5"}, "give an even number");
  fails({"a.toml", "b.toml", "--orders", "x"}, "attribute: --orders: found \"x\"");
  fails({"a.toml", "b.toml", "--orders", "8", "--exact"}, "exclude each other");
  EXPECT_EQ(program({"attribute", "a.toml", "none.toml"}).code, 3);
  EXPECT_THAT(results(), IsEmpty());
}

TEST_F(AttributeTest, StoppedItWritesNothing) {
  write("c.toml", "extends = \"bubble.toml\"\n[parameters]\nwacc = 0.2\n");
  Process process(launch({"attribute", "bubble.toml", "c.toml", "--paths", "20000000"}));
  process.wait_while_running("a temporary file", [&] { return !results().empty(); });
  process.send(SIGTERM);
  EXPECT_EQ(process.wait(), 143);
  EXPECT_THAT(process.error(), HasSubstr("no result was written"));
  EXPECT_THAT(results(), IsEmpty());
}

TEST_F(AttributeTest, OfASweepThereIsAFileForEachScenario) {
  write("sweep.toml",
        "extends = \"a.toml\"\n[[sweep]]\nmethod = \"grid\"\nparameters.initial = [0.8, 1.2]\n"
        "parameters.volatility = [0.2]\n");
  const std::vector<std::string> command = {"attribute", "sweep.toml", "b.toml", "--of",
                                            "P(final_value > 1.3)"};
  const auto with = [&](std::vector<std::string> more) {
    std::vector<std::string> words = command;
    words.insert(words.end(), more.begin(), more.end());
    return program(words);
  };
  const Finished run = with({});
  ASSERT_EQ(run.code, 0) << run.error;
  EXPECT_THAT(run.output, AllOf(HasSubstr("0001: difference"), HasSubstr("of which drift"),
                                HasSubstr("folder: sweep.attribute")));
  const AttributionContents second =
      read_attribution(folder / "sweep.attribute/0002.attribution.h5");
  ASSERT_EQ(second.changes.size(), 1u) << "both have the swept volatility and start";
  EXPECT_EQ(second.changes[0].name, "drift");
  // The same as of two configs with the swept values.
  ASSERT_EQ(program({"attribute", "a.toml", "b.toml", "--of", "P(final_value > 1.3)", "--set",
                     "parameters.initial=1.2", "--set", "parameters.volatility=0.2", "-q", "-o",
                     "one.h5"})
                .code,
            0);
  const AttributionContents one = read_attribution(folder / "one.h5");
  EXPECT_EQ(one.attribution.total.value, second.attribution.total.value);
  EXPECT_EQ(one.attribution.parts[0].effect.standard_error,
            second.attribution.parts[0].effect.standard_error);

  // Files that are there are kept; others are not, nor those of another question.
  const auto written = [&](const char* name) {
    return std::filesystem::last_write_time(folder / "sweep.attribute" / name);
  };
  const auto first_time = written("0001.attribution.h5");
  std::filesystem::remove(folder / "sweep.attribute/0002.attribution.h5");
  const Finished again = with({"--shard", "2/2"});
  EXPECT_EQ(again.code, 0) << again.error;
  EXPECT_TRUE(std::filesystem::exists(folder / "sweep.attribute/0002.attribution.h5"));
  EXPECT_EQ(with({}).output, run.output);
  EXPECT_EQ(written("0001.attribution.h5"), first_time);
  EXPECT_EQ(with({"--paths", "2000"}).code, 4) << "another question needs --force";
  EXPECT_EQ(attribute({"--shard", "1/2"}).code, 2);
  EXPECT_EQ(with({"--json"}).code, 2);
}

}  // namespace
}  // namespace overbuild::testing_commands
