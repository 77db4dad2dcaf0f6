// Every command of the real program: output, exit codes, errors.
#include <nlohmann/json.hpp>

#include "overbuild/base/version.hpp"
#include "overbuild/config/load.hpp"
#include "overbuild/model/model.hpp"
#include "src/commands/command.hpp"
#include "tests/commands/program_fixture.hpp"

namespace overbuild::testing_commands {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

/// Whether all lines have at most so many characters; for text in ASCII.
MATCHER_P(HasLinesUpTo, width, "") {
  for (std::size_t begin = 0; begin < arg.size();) {
    const std::size_t end = std::min(arg.find('\n', begin), arg.size());
    if (end - begin > width) return *result_listener << arg.substr(begin, end - begin), false;
    begin = end + 1;
  }
  return true;
}

TEST_F(ProgramTest, SaysWhatItIs) {
  const Finished run = program({"--version"});
  EXPECT_EQ(run.code, 0);
  EXPECT_THAT(run.output, StartsWith(std::string("overbuild ") + program_version() + "\n"));
  EXPECT_THAT(run.output, AllOf(HasSubstr(git_revision()), HasSubstr(compiler()), HasSubstr("HDF5"),
                                HasSubstr("in use: ")));
  EXPECT_THAT(run.error, IsEmpty());
}

TEST_F(ProgramTest, ExplainsItself) {
  const std::string help = program({"help"}).output;
  EXPECT_THAT(help, AllOf(HasLinesUpTo(80u), HasSubstr("standard output")));
  EXPECT_EQ(program({"--help"}).output, help);
  EXPECT_EQ(program({"-h"}).output, help);
  for (const Command* command : all_commands()) {
    EXPECT_THAT(help, HasSubstr(std::string(command->meaning)));
    const Finished own = program({std::string(command->name), "--help"});
    EXPECT_EQ(own.code, 0);
    EXPECT_THAT(own.output, HasLinesUpTo(80u));
    EXPECT_THAT(own.output, AllOf(StartsWith(std::string(command->meaning)),
                                  HasSubstr("Usage: overbuild " + std::string(command->name)),
                                  HasSubstr("Exit codes:")));
    EXPECT_EQ(program({"help", std::string(command->name)}).output, own.output);
  }
}

TEST_F(ProgramTest, RefusesAWrongCommandLine) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> cases = {
      {{}, "Usage: overbuild"},
      {{"rnu", "gbm.toml"}, "unknown command \"rnu\", did you mean \"run\"?"},
      {{"help", "shwo"}, "did you mean \"show\"?"},
      {{"run", "gbm.toml", "--thread", "1"}, "did you mean --threads?"},
      {{"run"}, "the argument CONFIG is missing"},
      {{"models", "gbm"}, "unexpected argument \"gbm\""},
      {{"describe"}, "give a MODEL or --reference"},
      {{"describe", "--reference", "gbm"}, "--reference stands alone"},
      {{"describe", "gmb"}, "unknown model \"gmb\", did you mean \"gbm\"?"},
      {{"run", "gbm.toml", "--isa", "v9"}, "instruction set x86-64-v9 is not known"},
      {{"--verison"}, "unknown option --verison, did you mean --version?"},
      {{"-v"}, "unknown option -v, did you mean --version?"},
      {{"--force", "run", "gbm.toml"}, "unknown option --force; only"},
      {{"run", "gbm.toml", "-o", ""}, "run: --output: the name of the file is empty"},
      {{"check", ""}, "check: the argument CONFIG is empty"},
      {{"run", "gbm.toml", "--paths", "many"}, "overbuild: --paths: found the string \"many\""},
      {{"run", "gbm.toml", "--paths", "-5"},
       "overbuild: --paths: found -5, allowed: whole numbers, [1, 1000000000000]"},
      {{"run", "gbm.toml", "--set", "run.seed=1", "--seed", "99999999999999999999"},
       "overbuild: --seed: found 99999999999999999999, out of the range of whole numbers"}};
  for (const auto& [arguments, message] : cases) {
    const Finished run = program(arguments);
    EXPECT_EQ(run.code, 2) << message;
    EXPECT_THAT(run.error, HasSubstr(message));
    EXPECT_THAT(run.output, IsEmpty());
  }
  EXPECT_THAT(results(), IsEmpty());
}

TEST_F(ProgramTest, ListsTheModels) {
  const Finished run = program({"models"});
  EXPECT_EQ(run.code, 0);
  for (const Model* model : all_models())
    EXPECT_THAT(run.output, AllOf(HasSubstr("\n " + std::string(model->schema.name) + " "),
                                  HasSubstr(std::string(model->schema.title))));
}

TEST_F(ProgramTest, DescribesEveryModel) {
  for (const Model* model : all_models()) {
    const Finished run = program({"describe", std::string(model->schema.name)});
    EXPECT_EQ(run.code, 0);
    const auto names_all = [&](const auto& specs) {
      for (const auto& spec : specs)
        EXPECT_THAT(run.output, HasSubstr("\n " + std::string(spec.name) + " "));
    };
    names_all(model->schema.parameters);
    names_all(model->schema.draws);
    names_all(model->schema.tables);
    names_all(model->schema.series);
    names_all(model->schema.events);
    names_all(model->schema.outcomes);
  }
}

TEST_F(ProgramTest, DescribesWithinTheTerminal) {
  for (const unsigned width : {80u, 100u, 130u, 160u}) {
    Launch describe = launch({"describe", "overbuild"});
    describe.environment = {{"COLUMNS", std::to_string(width)}};
    EXPECT_THAT(finish(describe).output, HasLinesUpTo(width));
  }
}

TEST_F(ProgramTest, DescribesAModelAsJson) {
  const Finished run = program({"describe", "overbuild", "--json"});
  EXPECT_EQ(run.code, 0);
  const auto json = nlohmann::json::parse(run.output);
  const ModelSchema& schema = find_model("overbuild")->schema;
  EXPECT_EQ(json["name"], "overbuild");
  ASSERT_EQ(json["parameters"].size(), schema.parameters.size());
  for (std::size_t i = 0; i < schema.parameters.size(); ++i) {
    EXPECT_EQ(json["parameters"][i]["name"], schema.parameters[i].name);
    EXPECT_EQ(json["parameters"][i]["default"], schema.parameters[i].default_value);
  }
  EXPECT_EQ(json["draws"].size(), schema.draws.size());
  EXPECT_EQ(json["shocks"].size(), schema.shocks.size());
  EXPECT_EQ(json["tables"][0]["kind"], "path");
  EXPECT_EQ(json["series"].size(), schema.series.size());
  EXPECT_EQ(json["events"].size(), schema.events.size());
  EXPECT_EQ(json["events"][1]["until"], (std::vector{"bust_time", "recovery_time"}));
  EXPECT_TRUE(json["events"][0]["until"].is_null());
  EXPECT_EQ(json["outcomes"].size(), schema.outcomes.size());
  EXPECT_TRUE(json["parameters"][0]["bounds"]["upper"].is_null());
}

TEST_F(ProgramTest, PrintsTheConfigReference) {
  const Finished run = program({"describe", "--reference"});
  EXPECT_EQ(run.code, 0);
  EXPECT_EQ(run.output, config_reference());
}

TEST_F(ProgramTest, ChecksAConfig) {
  const Finished run = program({"check", "gbm.toml", "--set", "parameters.drift=0.125"});
  EXPECT_EQ(run.code, 0);
  const std::string resolved = to_toml(
      load_scenario(folder / "gbm.toml", std::vector<std::string>{"parameters.drift=0.125"}));
  EXPECT_THAT(run.output, HasSubstr("drift = 0.125"));
  const Scenario again = parse_scenario(run.output, "again");
  EXPECT_EQ(again.parameters[1].value, 0.125);
  EXPECT_EQ(again.run.paths, 3000u);
  EXPECT_THAT(results(), IsEmpty());
}

TEST_F(ProgramTest, ChecksQuietly) {
  const Finished run = program({"check", "--quiet", "gbm.toml"});
  EXPECT_EQ(run.code, 0);
  EXPECT_EQ(run.output + run.error, "");
}

TEST_F(ProgramTest, ReportsEveryMistakeOfAConfig) {
  write("bad.toml", "model = \"gbm\"\n[run]\npats = 10\n[parameters]\nvolatility = -1\n");
  for (const char* command : {"check", "run"}) {
    const Finished run = program({command, "bad.toml"});
    EXPECT_EQ(run.code, 3);
    EXPECT_THAT(run.error, AllOf(HasSubstr("bad.toml:3: run.pats: "), HasSubstr("paths"),
                                 HasSubstr("bad.toml:5: parameters.volatility: ")));
    EXPECT_THAT(run.output, IsEmpty());
  }
  EXPECT_EQ(program({"run", "missing.toml"}).code, 3);
  const Finished set = program({"run", "gbm.toml", "--set", "run.paths=many"});
  EXPECT_EQ(set.code, 3);
  EXPECT_THAT(set.error, HasSubstr("--set: run.paths: "));
  EXPECT_THAT(results(), IsEmpty());
}

TEST_F(ProgramTest, ReportsAResultThatCannotBeRead) {
  const Finished missing = program({"show", "missing.h5"});
  EXPECT_EQ(missing.code, 4);
  EXPECT_THAT(missing.error, AllOf(StartsWith("overbuild: "), HasSubstr("missing.h5")));
  EXPECT_EQ(program({"show", "gbm.toml"}).code, 4);
}

TEST_F(ProgramTest, ShowsWhatRunShowed) {
  for (const char* name : {"gbm", "ou", "bubble"}) {
    const Finished run = program({"run", std::string(name) + ".toml"});
    EXPECT_EQ(run.code, 0);
    const Finished show = program({"show", std::string(name) + ".h5"});
    EXPECT_EQ(show.code, 0);
    EXPECT_THAT(run.output, StartsWith(show.output));
    EXPECT_THAT(run.output, HasSubstr("result: " + std::string(name) + ".h5\n"));
  }
  EXPECT_THAT(program({"show", "bubble.h5"}).output,
              AllOf(HasSubstr("coverage: revenue over required revenue"), HasSubstr("bust_begun"),
                    HasSubstr("capex_fall"), HasSubstr("recovery_time")));
}

TEST_F(ProgramTest, ShowsTheSeriesAskedFor) {
  ASSERT_EQ(program({"run", "gbm.toml", "--quiet"}).code, 0);
  const std::string all = program({"show", "gbm.h5", "--series", "all"}).output;
  EXPECT_THAT(all, AllOf(HasSubstr("\nvalue: "), HasSubstr("\nlog_value: ")));
  const std::string one = program({"show", "gbm.h5", "--series", "log_value"}).output;
  EXPECT_THAT(one, AllOf(Not(HasSubstr("\nvalue: ")), HasSubstr("\nlog_value: ")));
  const Finished wrong = program({"show", "gbm.h5", "--series", "log_valeu"});
  EXPECT_EQ(wrong.code, 2);
  EXPECT_THAT(wrong.error, HasSubstr("did you mean \"log_value\"?"));
}

TEST_F(ProgramTest, ShowsAResultAsJson) {
  ASSERT_EQ(program({"run", "gbm.toml", "--quiet"}).code, 0);
  const auto json = nlohmann::json::parse(program({"show", "gbm.h5", "--json"}).output);
  const RunSummary summary = read_result(folder / "gbm.h5").summary;
  EXPECT_EQ(json["title"], "Small GBM");
  EXPECT_EQ(json["paths"], 3000);
  EXPECT_EQ(json["series"][0]["by_time"][8]["mean"]["value"], summary.series[0][8].mean.value);
  EXPECT_EQ(json["provenance"]["command"], "overbuild run gbm.toml --quiet");
}

TEST_F(ProgramTest, DrawsInUnicodeWhereTheLocaleHasIt) {
  ASSERT_EQ(program({"run", "gbm.toml", "--quiet"}).code, 0);
  Launch show = launch({"show", "gbm.h5"});
  EXPECT_THAT(finish(show).output, AllOf(HasSubstr("="), HasSubstr("+-"), Not(HasSubstr("█"))));
  show.environment = {{"LC_ALL", "C.UTF-8"}};
  EXPECT_THAT(finish(show).output, AllOf(HasSubstr("█"), HasSubstr("±")));
  show.environment.emplace_back("NO_UNICODE", "1");
  EXPECT_THAT(finish(show).output, Not(HasSubstr("█")));
}

TEST_F(ProgramTest, LeavesOutTheChartInNarrowTerminals) {
  ASSERT_EQ(program({"run", "gbm.toml", "--quiet"}).code, 0);
  Launch show = launch({"show", "gbm.h5"});
  show.environment = {{"COLUMNS", "60"}};
  EXPECT_THAT(finish(show).output, Not(HasSubstr("==")));
}

}  // namespace
}  // namespace overbuild::testing_commands
