// Shell scripts that stand in for Slurm's commands in this process's PATH.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "tests/results/temporary_folder.hpp"

namespace overbuild::testing_cluster {

class FakePrograms : public testing::Test {
 protected:
  FakePrograms() : path_(getenv("PATH")) {
    setenv("PATH", ((folder / "").string() + ":" + path_).c_str(), 1);
  }
  ~FakePrograms() override { setenv("PATH", path_.c_str(), 1); }

  /// A program of that name which runs these lines of a shell.
  void program(const std::string& name, const std::string& lines) const {
    write(name, "#!/bin/sh\n" + lines);
    std::filesystem::permissions(folder / name, std::filesystem::perms::owner_all);
  }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(folder / name) << text;
  }
  std::string text(const std::string& name) const { return example::bytes(folder / name); }

  example::TemporaryFolder folder;

 private:
  std::string path_;
};

}  // namespace overbuild::testing_cluster
