#include "src/config/comments.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <utility>
#include <vector>

#include "overbuild/config/difference.hpp"
#include "overbuild/config/load.hpp"
#include "overbuild/config/sweep.hpp"

namespace overbuild {
namespace {

const std::vector<std::string> lines = {"[parameters]  # of the start",
                                        "drift = 0.1",
                                        "",
                                        "# Two lines",
                                        "  # of a source.",
                                        "volatility = 0.2",
                                        "start = 1.0 # own",
                                        "name = \"a # b\" # text",
                                        "quoted = 'c # d'",
                                        "escaped = \"e \\\" # f\"",
                                        "",
                                        "alone = 1",
                                        "#",
                                        "empty = 2"};

TEST(Comments, AreThoseBehindTheValueOrAboveItsParagraph) {
  const std::string above = "Two lines of a source.";
  const std::pair<int, std::string> expected[] = {{2, ""},    {6, above},  {7, "own"}, {8, "text"},
                                                  {9, above}, {10, above}, {12, ""},   {14, ""}};
  for (const auto& [line, text] : expected) EXPECT_EQ(comment_on(lines, line), text) << line;
  EXPECT_EQ(comment_on(lines, 0), "");
  EXPECT_EQ(comment_on(lines, 15), "");
}

class CommentsOfFiles : public ::testing::Test {
 protected:
  CommentsOfFiles() {
    write("base.toml",
          "model = \"gbm\"\n[run]\npaths = 10\n[parameters]\n# base\ndrift = 0.1\nvolatility = "
          "{prior = \"uniform\", low = 0.1, high = 0.2} # prior\n");
    write("own.toml", "extends = \"base.toml\"\n[parameters]\ndrift = 0.2 # own\n");
  }
  ~CommentsOfFiles() override { std::filesystem::remove_all(folder_); }

  void write(const char* name, const char* text) { std::ofstream(folder_ / name) << text; }

  static std::string comment(const Scenario& scenario, const char* parameter) {
    return scenario.parameters[*scenario.model->schema.parameter_index(parameter)].comment;
  }

  std::filesystem::path folder_ = [] {
    std::string name = testing::TempDir() + "overbuild-comments-XXXXXX";
    return std::filesystem::path(mkdtemp(name.data()));
  }();
};

TEST_F(CommentsOfFiles, ComeFromTheFileThatHasTheValue) {
  const Scenario scenario = load_scenario(folder_ / "own.toml");
  EXPECT_EQ(comment(scenario, "drift"), "own");
  EXPECT_EQ(comment(scenario, "volatility"), "prior");
  EXPECT_EQ(comment(scenario, "initial"), "");
  EXPECT_EQ(comment(load_scenario(folder_ / "base.toml"), "drift"), "base");
}

TEST_F(CommentsOfFiles, AreNotThoseOfValuesThatAnOverrideChanged) {
  const std::vector<std::string> overrides = {"parameters.drift=0.3",
                                              "parameters.volatility.high=0.3"};
  const Scenario scenario = load_scenario(folder_ / "own.toml", overrides);
  EXPECT_EQ(comment(scenario, "drift"), "");
  EXPECT_EQ(comment(scenario, "volatility"), "");
}

TEST_F(CommentsOfFiles, OutliveTheResolvedConfig) {
  const Scenario scenario = load_scenario(folder_ / "own.toml");
  write("resolved.toml", to_toml(scenario).c_str());
  const Scenario again = load_scenario(folder_ / "resolved.toml");
  EXPECT_EQ(comment(again, "drift"), "own");
  EXPECT_EQ(comment(again, "volatility"), "prior");
  EXPECT_EQ(comment(again, "initial"), "");
  EXPECT_FALSE(first_difference(scenario, again));
}

TEST_F(CommentsOfFiles, StayWithTheBaseCaseOfASweep) {
  write("sweep.toml",
        "extends = \"own.toml\"\n[[sweep]]\nmethod = \"grid\"\nparameters.drift = [0.1, 0.2]\n");
  const Sweep sweep = load_sweep(folder_ / "sweep.toml");
  EXPECT_EQ(comment(sweep.base(), "drift"), "own");
  EXPECT_EQ(comment(sweep.scenario(0), "drift"), "");
  EXPECT_EQ(comment(sweep.scenario(0), "volatility"), "prior");
}

}  // namespace
}  // namespace overbuild
