// The words of the command line, in this process.
#include "src/commands/command_line.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "overbuild/base/error.hpp"
#include "src/commands/overrides.hpp"

namespace overbuild {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string usage_error(const Command& command, const std::vector<std::string>& words) {
  try {
    parse(command, words);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::usage);
    return error.what();
  }
  return "no error";
}

TEST(Parse, TakesOptionsAndTheArgumentInAnyOrder) {
  const Invocation invocation =
      parse(run_command, {"--seed", "7", "base.toml", "-o", "x.h5", "--force"});
  EXPECT_EQ(invocation.argument, "base.toml");
  EXPECT_EQ(invocation.text("output"), "x.h5");
  EXPECT_TRUE(invocation.has("force"));
  EXPECT_FALSE(invocation.has("quiet"));
}

TEST(Parse, TakesWordsAfterTwoHyphensAsArguments) {
  EXPECT_EQ(parse(run_command, {"--", "--odd.toml"}).argument, "--odd.toml");
}

TEST(Parse, NamesTheNearestOption) {
  EXPECT_THAT(usage_error(run_command, {"x", "--foce"}),
              HasSubstr("run: unknown option --foce, did you mean --force?"));
  EXPECT_THAT(usage_error(run_command, {"x", "--zzzzzzzzz"}),
              HasSubstr("unknown option --zzzzzzzzz;"));
}

TEST(Parse, DoesNotTakeShortenedOptions) {
  EXPECT_THAT(usage_error(run_command, {"x", "--thr", "2"}), HasSubstr("unknown option --thr"));
}

TEST(Parse, HidesItsNameForTheArgument) {
  EXPECT_THAT(usage_error(run_command, {"--argument", "x"}),
              HasSubstr("unknown option --argument"));
}

TEST(Parse, CountsArguments) {
  EXPECT_THAT(usage_error(run_command, {}), HasSubstr("the argument CONFIG is missing"));
  EXPECT_THAT(usage_error(run_command, {"a", "b"}), HasSubstr("unexpected argument \"b\""));
  EXPECT_THAT(usage_error(models_command, {"a"}), HasSubstr("unexpected argument \"a\""));
  EXPECT_TRUE(parse(run_command, {"--help"}).has("help"));
}

TEST(Parse, NeedsTheValueOfAnOption) {
  EXPECT_THAT(usage_error(run_command, {"x", "--seed"}), HasSubstr("'--seed' is missing"));
  EXPECT_THAT(usage_error(run_command, {"x", "--seed", "1", "--seed", "2"}),
              HasSubstr("'--seed' cannot be specified more than once"));
}

TEST(Overrides, ComeInOrderAndShorthandsLast) {
  const Invocation invocation =
      parse(run_command, {"x", "--paths", "9", "--set", "a=1", "--set", "run.paths=[1, 2]"});
  EXPECT_THAT(overrides(invocation), ElementsAre("a=1", "run.paths=[1, 2]", "run.paths=9"));
  EXPECT_THAT(overrides(parse(check_command, {"x"})), IsEmpty());
}

TEST(Documentation, NamesEveryCommandAndOption) {
  std::ifstream file(OVERBUILD_SOURCE_DIR "/docs/commands.md");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  for (const Command* command : all_commands()) {
    EXPECT_THAT(text, HasSubstr("## overbuild " + std::string(command->name)));
    boost::program_options::options_description options;
    command->add_options(options);
    for (const auto& option : options.options())
      EXPECT_THAT(text, HasSubstr("`--" + option->long_name())) << command->name;
  }
}

}  // namespace
}  // namespace overbuild
