// Sensitivity analyses on the command line.
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "overbuild/results/sensitivity_file.hpp"
#include "tests/commands/program_fixture.hpp"
#include "tests/commands/same_result.hpp"

namespace overbuild::testing_commands {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class SensitivityTest : public ProgramTest {
 protected:
  SensitivityTest() {
    const std::string priors =
        "model = \"ou\"\ntitle = \"Reversion\"\n[run]\npaths = 20000\nhorizon = 1\nstep = 0.25\n"
        "[parameters]\ninitial = {prior = \"normal\", mean = 1, sd = 0.5}\n"
        "longrun_mean = {prior = \"normal\", mean = 0, sd = 0.4}\n";
    write("priors.toml", priors);
    write("correlated.toml", priors +
                                 "[[prior_correlation]]\nbetween = [\"initial\", "
                                 "\"longrun_mean\"]\nrank = 0.5\n");
    write("sweep.toml",
          "extends = \"priors.toml\"\n[[sweep]]\nmethod = \"grid\"\n"
          "parameters.reversion = [0.5, 2.0]\n");
  }

  Finished analyse(std::vector<std::string> more, const std::string& config = "priors.toml") const {
    std::vector<std::string> words = {"sensitivity", config};
    words.insert(words.end(), more.begin(), more.end());
    return program(words);
  }
};

TEST_F(SensitivityTest, PrintsTheIndicesAndWritesTheFile) {
  const Finished run = analyse({"--of", "value at 1y", "--of", "value at 1y > 0.5"});
  ASSERT_EQ(run.code, 0) << run.error;
  EXPECT_THAT(run.output,
              AllOf(HasSubstr("Reversion\nmodel ou, seed"), HasSubstr("Sobol indices"),
                    HasSubstr("625 rows of 4 points, 8 times each: 20,000 paths"),
                    HasSubstr("\nvalue at 1y\n"), HasSubstr("\nvalue at 1y > 0.5\n"),
                    HasSubstr("is the noise of a path"), HasSubstr("sum of first-order"),
                    HasSubstr("result: priors.sensitivity.h5"), Not(HasSubstr("correlated"))));
  const Finished again = program({"show", "priors.sensitivity.h5"});
  EXPECT_EQ(again.code, 0) << again.error;
  EXPECT_TRUE(run.output.starts_with(again.output));
  const SensitivityContents contents = read_sensitivity(folder / "priors.sensitivity.h5");
  EXPECT_THAT(contents.inputs, ElementsAre("initial", "longrun_mean"));
  EXPECT_THAT(contents.quantities, ElementsAre("value at 1y", "value at 1y > 0.5"));
  EXPECT_EQ(contents.rows.size(), 625u);
  EXPECT_TRUE(contents.complete);
  EXPECT_THAT(contents.provenance.command, HasSubstr("overbuild sensitivity priors.toml"));
  // initial brings sd 0.5 / e, longrun_mean 0.4 (1 - 1/e); both linear.
  const double first = std::pow(0.5 * std::exp(-1), 2), second = std::pow(0.4 - 0.4 / M_E, 2);
  const IntervalEstimate& total = contents.estimates[0].main().by_input[0];
  EXPECT_NEAR(total.value, first / (first + second), 6.5 * total.standard_error);
  EXPECT_LT(total.standard_error, 0.05);
  const auto json =
      nlohmann::json::parse(program({"show", "--json", "priors.sensitivity.h5"}).output);
  const auto& found = json["quantities"][0]["priors"]["initial"];
  EXPECT_EQ(found["total"]["value"].get<double>(), total.value);
  EXPECT_EQ(found["first_order"]["upper"].get<double>(),
            contents.estimates[0].indices[1].by_input[0].upper);
}

TEST_F(SensitivityTest, OfCorrelatedPriorsShapleyEffectsAreRecommended) {
  const Finished sobol = analyse({"-o", "1.h5"}, "correlated.toml");
  EXPECT_EQ(sobol.code, 0) << sobol.error;
  EXPECT_THAT(sobol.output,
              AllOf(HasSubstr("above_mean within 1y"), HasSubstr("of 6 points"),
                    HasSubstr("The priors are correlated"),
                    HasSubstr("shapley` divides the variance"), Not(HasSubstr("sum of"))));
  const Finished shapley = analyse({"-m", "shapley", "-o", "2.h5"}, "correlated.toml");
  EXPECT_EQ(shapley.code, 0) << shapley.error;
  EXPECT_THAT(shapley.output, AllOf(HasSubstr("Shapley effects\n"), HasSubstr("of 3 points")));
  const Finished all = analyse({"-m", "shapley", "--orders", "all", "-o", "3.h5"});
  EXPECT_THAT(all.output, AllOf(HasSubstr("over all orders"), HasSubstr("of 4 points")));
  const Finished morris = analyse({"-m", "morris", "--rows", "300", "-o", "4.h5"});
  EXPECT_THAT(morris.output, AllOf(HasSubstr("mu*"), HasSubstr("300 rows of 3 points")));
}

TEST_F(SensitivityTest, ShardsAreMergedToTheSameBits) {
  for (const std::string method : {"sobol", "shapley", "morris"}) {
    const std::vector<std::string> of = {"-q", "-f", "--rows", "1300", "-m", method};
    const auto with = [&](std::vector<std::string> more) {
      more.insert(more.begin(), of.begin(), of.end());
      return more;
    };
    ASSERT_EQ(analyse(with({"-o", "whole.h5", "--threads", "1"})).code, 0);
    std::vector<std::string> merge = {"merge", "-f", "-o", "merged.h5"};
    for (const int shard : {3, 1, 2}) {
      const std::string number = std::to_string(shard);
      const Finished run = analyse(with({"--shard", number + "/3", "--threads", number}));
      ASSERT_EQ(run.code, 0) << run.error;
      merge.push_back("priors.sensitivity.shard-" + number + "-of-3.h5");
    }
    const Finished merged = program(merge);
    ASSERT_EQ(merged.code, 0) << merged.error;
    EXPECT_THAT(merged.output, HasSubstr("from 3 shards"));
    expect_same_result(folder / "whole.h5", folder / "merged.h5");
    EXPECT_THAT(program({"show", merge.back()}).output,
                HasSubstr("shard 2 of 3: rows 512 to 1,023"));
    merge.pop_back();
    const Finished missing = program(merge);
    EXPECT_EQ(missing.code, 4);
    EXPECT_THAT(missing.error, HasSubstr("shard 2/3 is given 0 times"));
  }
}

TEST_F(SensitivityTest, ShardsThatDifferAreNotMerged) {
  const auto shard = [&](const char* which, const char* file, std::vector<std::string> more) {
    more.insert(more.end(), {"-q", "--rows", "1100", "--shard", which, "-o", file});
    ASSERT_EQ(analyse(more).code, 0);
  };
  shard("1/2", "1.h5", {});
  shard("2/2", "2.h5", {"--of", "final_value"});
  shard("2/2", "3.h5", {"-m", "shapley"});
  shard("2/2", "4.h5", {"--seed", "5"});
  const auto fails = [&](const char* other, const std::string& message) {
    const Finished merged = program({"merge", "1.h5", other, "-o", "merged.h5"});
    EXPECT_EQ(merged.code, 4);
    EXPECT_THAT(merged.error, HasSubstr(message));
  };
  fails("2.h5", "the quantity is \"above_mean within 1y\" in 1.h5 and \"final_value\" in 2.h5");
  fails("3.h5", "the analysis is \"sobol, random orders, 1100 rows, 8 repeats");
  fails("4.h5", "run.seed is \"1\" in 1.h5 and \"5\" in 4.h5");
  EXPECT_FALSE(std::filesystem::exists(folder / "merged.h5"));
}

TEST_F(SensitivityTest, ReplacesNothingWithoutForce) {
  ASSERT_EQ(analyse({"-q"}).code, 0);
  const Finished again = analyse({"-q"});
  EXPECT_EQ(again.code, 4);
  EXPECT_THAT(again.error, HasSubstr("priors.sensitivity.h5 exists already; --force replaces it"));
  EXPECT_EQ(analyse({"-q", "--force"}).code, 0);
  const Finished compared = program({"compare", "priors.sensitivity.h5", "priors.sensitivity.h5"});
  EXPECT_EQ(compared.code, 4);
  EXPECT_THAT(compared.error, HasSubstr("it is the result of `overbuild sensitivity`"));
}

TEST_F(SensitivityTest, MistakesAreNamed) {
  const auto fails = [&](std::vector<std::string> words, const std::string& message, int code = 2,
                         const char* config = "priors.toml") {
    words.insert(words.end(), {"-o", "never.h5"});
    const Finished run = analyse(words, config);
    EXPECT_EQ(run.code, code) << message;
    EXPECT_THAT(run.error, HasSubstr(message));
  };
  fails({"--of", "valu at 1y"}, "did you mean \"value\"?");
  fails({"--of", "value at 1y", "--of", " value at 1y"}, "\"value at 1y\" is given twice");
  fails({"-m", "sobl"}, "expected sobol, shapley, morris; did you mean \"sobol\"?");
  fails({"--repeats", "1"}, "sensitivity: --repeats: found \"1\", expected a whole number from 2");
  fails({"--orders", "all"}, "--orders is for --method shapley; found --method sobol");
  fails({"--rows", "9"}, "sensitivity: --rows: found 9, expected at least 16");
  fails({"--paths", "100"},
        "100 paths make 3 rows of 4 points with 8 paths each; expected at "
        "least 16 rows, which take --paths 512");
  fails({"--rows", "600", "--paths", "100"}, "--rows and --paths both say");
  fails({"--rows", "600", "--shard", "1/3"}, "found 3 shards, but a shard has at least 512 rows");
  fails({"--rows", "100000000"}, "have too many values of 1 quantity");
  fails({"--resamples", "x"}, "sensitivity: --resamples: found \"x\"");
  fails({"--shard", "3/2"}, "sensitivity: --shard: found \"3/2\"");
  fails({}, "none has a prior", 3, "ou.toml");
  fails({"--set", "run.sampler=\"antithetic\"", "--set", "run.paths=16384"},
        "run.sampler: found \"antithetic\"", 3);
  fails({"--of", "passage_time", "--set",
         "parameters.drift={prior = \"uniform\", low = 0, high = "
         "0.2}"},
        "\"passage_time\" is undefined on ", 2, "gbm.toml");
  EXPECT_THAT(results(), IsEmpty());
}

TEST_F(SensitivityTest, ASweepGivesAFilePerScenarioAndKeepsWhatIsThere) {
  const auto run = [&] { return analyse({"-o", "all", "--paths", "4000"}, "sweep.toml"); };
  const Finished first = run();
  ASSERT_EQ(first.code, 0) << first.error;
  const auto files = [&] {
    std::map<std::string, std::filesystem::file_time_type> found;
    for (const auto& entry : std::filesystem::directory_iterator(folder / "all"))
      found[entry.path().filename()] = entry.last_write_time();
    return found;
  };
  const auto written = files();
  ASSERT_EQ(written.size(), 2u);
  const Finished again = run();
  EXPECT_EQ(again.code, 0) << again.error;
  EXPECT_EQ(again.output, first.output);
  EXPECT_EQ(files(), written);
  EXPECT_THAT(first.output, HasSubstr("above_mean within 1y: "));
  EXPECT_EQ(program({"show", (folder / "all" / written.begin()->first).string()}).code, 0);
  const Finished other = analyse({"-o", "all", "--paths", "4000", "-m", "shapley"}, "sweep.toml");
  EXPECT_EQ(other.code, 4);
  EXPECT_THAT(other.error, HasSubstr("exists already"));
}

}  // namespace
}  // namespace overbuild::testing_commands
