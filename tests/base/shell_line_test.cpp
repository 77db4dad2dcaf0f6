#include "overbuild/base/shell_line.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <memory>

namespace overbuild {
namespace {

TEST(ShellLine, QuotesWhatAShellWouldChange) {
  EXPECT_EQ(shell_line({"overbuild", "run", "a.toml", "--set", "a.b={prior = \"x\"}"}),
            "overbuild run a.toml --set 'a.b={prior = \"x\"}'");
  EXPECT_EQ(shell_line({"", "it's"}), "'' 'it'\\''s'");
}

TEST(ShellLine, IsReadBackByAShell) {
  const std::string odd = "a b'c\"d$HOME`e`\\f*?~#;&|<>(){}[]!\n\tg";
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(
      popen(("printf '%s' " + shell_word(odd)).c_str(), "r"), pclose);
  ASSERT_NE(pipe, nullptr);
  std::array<char, 200> buffer;
  const std::size_t read = fread(buffer.data(), 1, buffer.size(), pipe.get());
  EXPECT_EQ(std::string(buffer.data(), read), odd);
}

}  // namespace
}  // namespace overbuild
