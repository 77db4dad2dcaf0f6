// What the tests of the config layer share: files in a folder of their own, and findings as text.
#pragma once

#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "overbuild/base/error.hpp"
#include "overbuild/config/load.hpp"

namespace overbuild {

/// A folder that lives as long as the test.
class ConfigFolder {
 public:
  ConfigFolder() {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::temp_directory_path() /
              (std::string("overbuild-") + test->test_suite_name() + "-" + test->name() + "-" +
               std::to_string(getpid()));
    std::filesystem::create_directories(folder_);
  }
  ~ConfigFolder() { std::filesystem::remove_all(folder_); }

  std::filesystem::path write(const std::string& name, const std::string& text) const {
    const std::filesystem::path file = folder_ / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
    return file;
  }
  std::filesystem::path path(const std::string& name) const { return folder_ / name; }

 private:
  std::filesystem::path folder_;
};

/// The findings' texts; empty when `read` succeeds.
template <class Read>
std::vector<std::string> findings(const Read& read) {
  std::vector<std::string> texts;
  try {
    static_cast<void>(read());
  } catch (const ConfigError& error) {
    EXPECT_EQ(error.code(), ExitCode::config);
    for (const Diagnostic& finding : error.diagnostics()) texts.push_back(finding.text());
  }
  return texts;
}

/// Findings of a text that stands in "a.toml".
inline std::vector<std::string> findings_in(const std::string& toml) {
  return findings([&] { return parse_scenario(toml, "a.toml"); });
}

/// Findings of a file; its folder is cut from the texts.
inline std::vector<std::string> findings_in_file(const std::filesystem::path& file,
                                                 const std::vector<std::string>& overrides = {}) {
  std::vector<std::string> texts = findings([&] { return load_scenario(file, overrides); });
  const std::string folder = file.parent_path().string() + "/";
  for (std::string& text : texts)
    for (std::size_t at = text.find(folder); at != std::string::npos; at = text.find(folder))
      text.erase(at, folder.size());
  return texts;
}

}  // namespace overbuild
