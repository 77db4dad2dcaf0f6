// What is known of the program, the machine and the config before a run.
#include "overbuild/results/provenance.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <time.h>

#include "overbuild/base/version.hpp"
#include "overbuild/config/load.hpp"
#include "overbuild/sampling/instruction_set.hpp"

namespace overbuild {
namespace {

TEST(Provenance, AtTheStart) {
  const Scenario scenario = parse_scenario("model = \"gbm\"\n[run]\nseed = 12345\n", "test");
  const Provenance found = provenance_at_start(scenario, "a.toml", "overbuild run a.toml");
  EXPECT_EQ(found.config, to_toml(scenario));
  EXPECT_THAT(found.config, testing::HasSubstr("12345"));
  EXPECT_EQ(found.config_file, "a.toml");
  EXPECT_EQ(found.command, "overbuild run a.toml");
  EXPECT_EQ(found.program_version, program_version());
  EXPECT_EQ(found.git_revision, git_revision());
  EXPECT_EQ(found.build_type, build_type());
  EXPECT_EQ(found.compiler, compiler());
  EXPECT_EQ(found.libraries, libraries());
  EXPECT_EQ(found.instruction_set, instruction_set_in_use());
  EXPECT_NE(found.host, "");
  EXPECT_GT(found.host_threads, 0);
}

TEST(Provenance, TimesAreUtc) {
  setenv("TZ", "Asia/Kolkata", 1);
  tzset();
  const std::time_t before = std::time(nullptr);
  const std::string now = utc_now();
  const std::time_t after = std::time(nullptr);
  std::tm parts = {};
  ASSERT_NE(strptime(now.c_str(), "%Y-%m-%dT%H:%M:%SZ", &parts), nullptr) << now;
  const std::time_t time = timegm(&parts);
  EXPECT_GE(time, before);
  EXPECT_LE(time, after);
}

}  // namespace
}  // namespace overbuild
