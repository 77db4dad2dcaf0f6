#include "overbuild/base/error.hpp"

#include <gtest/gtest.h>

namespace overbuild {
namespace {

TEST(Error, CarriesItsExitCode) {
  const Error error(ExitCode::file, "cannot read x.h5");
  EXPECT_EQ(error.code(), ExitCode::file);
  EXPECT_STREQ(error.what(), "cannot read x.h5");
}

TEST(Diagnostic, NamesFileLineAndKeyAsFarAsKnown) {
  EXPECT_EQ((Diagnostic{"a.toml", 7, "run.seed", "is -1"}.text()), "a.toml:7: run.seed: is -1");
  EXPECT_EQ((Diagnostic{"--set", 0, "run.seed", "is -1"}.text()), "--set: run.seed: is -1");
  EXPECT_EQ((Diagnostic{"a.toml", 0, "", "cannot be read"}.text()), "a.toml: cannot be read");
}

TEST(ConfigError, ListsAllFindings) {
  const ConfigError error({{"a.toml", 1, "x", "first"}, {"a.toml", 2, "y", "second"}});
  EXPECT_EQ(error.code(), ExitCode::config);
  EXPECT_STREQ(error.what(), "a.toml:1: x: first\na.toml:2: y: second");
  ASSERT_EQ(error.diagnostics().size(), 2u);
  EXPECT_EQ(error.diagnostics()[1].key, "y");
}

}  // namespace
}  // namespace overbuild
