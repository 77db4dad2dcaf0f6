// A result that cannot be written leaves no file and ends with an error that gives the reason.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hdf5.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iostream>
#include <set>

#include "overbuild/base/error.hpp"
#include "overbuild/results/result_file.hpp"
#include "tests/results/example_result.hpp"
#include "tests/results/temporary_folder.hpp"

namespace overbuild {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

/// The message of the Error(file) that `action` throws.
std::string file_error(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::file) << error.what();
    return error.what();
  }
  ADD_FAILURE() << "no error";
  return "";
}

/// Writes the example with kept paths and outcomes.
void write_example(const std::filesystem::path& path, bool force = false) {
  Scenario scenario = example::scenario();
  scenario.outputs.paths = all_paths;
  RunResult result = example::result(scenario);
  result.kept = example::kept_outcomes(scenario, scenario.run.paths);
  ResultWriter writer(path, scenario, force);
  for (std::uint64_t first = 0; first < scenario.run.paths; first += tile_paths)
    writer.accept(example::tile(scenario, first, scenario.run.paths));
  writer.finish(result, example::provenance());
}

void write_new_example(const std::filesystem::path& path) { write_example(path); }

/// A result of the scenario "older".
void write_older_result(const std::filesystem::path& path) {
  Scenario scenario = example::scenario();
  scenario.name = "older";
  ResultWriter(path, scenario, false).finish(example::result(scenario), example::provenance());
}

TEST(WriteFailure, AnExistingResultIsKept) {
  const example::TemporaryFolder folder;
  std::ofstream(folder / "result.h5") << "precious";
  EXPECT_THAT(file_error([&] { write_example(folder / "result.h5"); }),
              HasSubstr("result.h5 exists already; --force replaces it"));
  EXPECT_EQ(example::bytes(folder / "result.h5"), "precious");
  EXPECT_THAT(folder.names(), UnorderedElementsAre("result.h5"));
}

TEST(WriteFailure, ForceReplacesAResult) {
  const example::TemporaryFolder folder;
  write_older_result(folder / "result.h5");
  write_example(folder / "result.h5", true);
  EXPECT_EQ(read_result(folder / "result.h5").scenario, "example");
  EXPECT_THAT(folder.names(), UnorderedElementsAre("result.h5"));
}

TEST(WriteFailure, ForceReplacesNothingButResults) {
  const example::TemporaryFolder folder;
  std::ofstream(folder / "config.toml") << "model = \"gbm\"\n";
  std::ofstream(folder / "empty.h5");
  write_example(folder / "truncated.h5");
  std::filesystem::resize_file(folder / "truncated.h5", 3000);
  H5Fclose(H5Fcreate((folder / "other.h5").c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT));
  const std::set<std::string> names = folder.names();
  for (const auto& [name, reason] :
       {std::pair{"config.toml", "is not an HDF5 file"},
        {"empty.h5", "is not an HDF5 file"},
        {"truncated.h5", "is an HDF5 file that cannot be opened"},
        {"other.h5", "is an HDF5 file, but not a result of overbuild"}}) {
    const std::string before = example::bytes(folder / name);
    EXPECT_THAT(file_error([&, file = name] { write_example(folder / file, true); }),
                AllOf(HasSubstr(std::string(name) + " " + reason), HasSubstr("remove it by hand")));
    EXPECT_EQ(example::bytes(folder / name), before);
  }
  EXPECT_EQ(folder.names(), names);
}

TEST(WriteFailure, ForceSparesAFileThatAppearedMeanwhile) {
  const example::TemporaryFolder folder;
  const Scenario scenario = example::scenario();
  {
    ResultWriter writer(folder / "result.h5", scenario, true);
    std::ofstream(folder / "result.h5") << "precious";
    EXPECT_THAT(
        file_error([&] { writer.finish(example::result(scenario), example::provenance()); }),
        HasSubstr("--force replaces results only"));
  }
  EXPECT_EQ(example::bytes(folder / "result.h5"), "precious");
  EXPECT_THAT(folder.names(), UnorderedElementsAre("result.h5"));
}

TEST(WriteFailure, ForceReplacesWhatALinkPointsTo) {
  const example::TemporaryFolder folder;
  write_older_result(folder / "real.h5");
  std::filesystem::create_symlink("real.h5", folder / "link.h5");
  write_example(folder / "link.h5", true);
  EXPECT_TRUE(std::filesystem::is_symlink(folder / "link.h5"));
  EXPECT_EQ(read_result(folder / "real.h5").scenario, "example");
}

TEST(WriteFailure, AResultThatAppearedMeanwhileIsKept) {
  const example::TemporaryFolder folder;
  const Scenario scenario = example::scenario();
  {
    ResultWriter writer(folder / "result.h5", scenario, false);
    std::ofstream(folder / "result.h5") << "faster";
    EXPECT_THAT(
        file_error([&] { writer.finish(example::result(scenario), example::provenance()); }),
        HasSubstr("exists already"));
  }
  EXPECT_EQ(example::bytes(folder / "result.h5"), "faster");
  EXPECT_THAT(folder.names(), UnorderedElementsAre("result.h5"));
}

TEST(WriteFailure, NothingAppearsBeforeTheEnd) {
  const example::TemporaryFolder folder;
  Scenario scenario = example::scenario();
  scenario.outputs.paths = all_paths;
  {
    ResultWriter writer(folder / "result.h5", scenario, false);
    writer.accept(example::tile(scenario, 0, 1300));
    EXPECT_FALSE(std::filesystem::exists(folder / "result.h5"));
  }
  EXPECT_THAT(folder.names(), IsEmpty());
}

TEST(WriteFailure, ALeftoverOfAKilledProcessDoesNotBlock) {
  const example::TemporaryFolder folder;
  const std::string leftover = "result.h5.tmp-" + std::to_string(getpid());
  std::ofstream(folder / leftover) << "half a result";
  write_example(folder / "result.h5");
  EXPECT_THAT(folder.names(), UnorderedElementsAre("result.h5", leftover));
}

TEST(WriteFailure, NoFolder) {
  const example::TemporaryFolder folder;
  EXPECT_THAT(file_error([&] { write_example(folder / "missing/result.h5"); }),
              HasSubstr("missing/result.h5: No such file or directory"));
}

TEST(WriteFailure, AFileInPlaceOfTheFolder) {
  const example::TemporaryFolder folder;
  std::ofstream(folder / "file") << "text";
  EXPECT_THAT(file_error([&] { write_example(folder / "file/result.h5"); }),
              HasSubstr("file/result.h5: Not a directory"));
}

TEST(WriteFailure, AFolderOfThatName) {
  const example::TemporaryFolder folder;
  std::filesystem::create_directory(folder / "result.h5");
  for (const bool force : {true, false})
    EXPECT_THAT(file_error([&] { write_example(folder / "result.h5", force); }),
                HasSubstr("it exists and is not a regular file"));
}

/// Ends the process: 0 when `action`, which is to write a result to the path it is given, fails
/// with `reason` and leaves the folder empty.
[[noreturn]] void exit_after_failed_write(
    const example::TemporaryFolder& folder, const std::string& reason,
    const std::function<void(const std::filesystem::path&)>& action) {
  std::string message;
  try {
    action(folder / "result.h5");
  } catch (const Error& error) {
    message = error.what();
  }
  const bool as_expected = message.ends_with("result.h5: " + reason) && folder.names().empty();
  if (!as_expected) std::cerr << "message: " << message << '\n';
  std::exit(as_expected ? 0 : 1);  // runs HDF5's own clean-up, which must not crash
}

void limit_file_size(std::uintmax_t bytes) {
  const rlimit bound = {bytes, bytes};
  setrlimit(RLIMIT_FSIZE, &bound);
}

// At every size at which the disk may turn out to be full: in the header, in chunks of kept paths
// (stored by the writing thread), in statistics, while closing. Stderr stays empty.
TEST(WriteFailure, FileSizeLimit) {
  const example::TemporaryFolder folder;
  write_example(folder / "whole.h5");
  const std::uintmax_t size = std::filesystem::file_size(folder / "whole.h5");
  ASSERT_GT(size, 100000u);
  for (std::uintmax_t limit = 0; limit < size; limit += 1 + size / 50) {
    const example::TemporaryFolder child_folder;
    EXPECT_EXIT(
        {
          limit_file_size(limit);
          exit_after_failed_write(child_folder, "File too large", write_new_example);
        },
        testing::ExitedWithCode(0), testing::Eq(""))
        << "at " << limit << " of " << size << " bytes";
  }
}

/// Runs a scenario that keeps 512 of its 10^12 paths, which would take hours: no tile comes after
/// the first. A failure that stays unnoticed for 10^8 paths stops the run and is no error.
void run_with_few_kept_paths(const std::filesystem::path& path) {
  Scenario scenario = example::scenario();
  scenario.run.paths = 1'000'000'000'000;
  scenario.run.chunk = tile_paths;
  scenario.run.threads = 2;
  scenario.outputs.paths = tile_paths;
  scenario.outputs.compression = 0;
  ResultWriter writer(path, scenario, false);
  std::atomic<bool> stop = false;
  RunControls controls;
  controls.stop = [&] { return stop.load(); };
  controls.sink = &writer;
  controls.progress = [&](std::uint64_t paths) {
    if (paths > 100'000'000) stop = true;
  };
  run(scenario, controls);
}

TEST(WriteFailure, EndsARunThatHandsOverNoMoreTiles) {
  const example::TemporaryFolder folder;
  EXPECT_EXIT(
      {
        limit_file_size(10000);  // less than 512 paths of 9 steps
        exit_after_failed_write(folder, "File too large", run_with_few_kept_paths);
      },
      testing::ExitedWithCode(0), testing::Eq(""));
}

/// Mounts a file system of 64 KiB that this process alone sees; false where that is not allowed.
bool mount_small_disk(const std::filesystem::path& place) {
  return unshare(CLONE_NEWNS) == 0 &&
         mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
         mount("none", place.c_str(), "tmpfs", 0, "size=64k") == 0;
}

bool may_mount(const std::filesystem::path& place) {
  const pid_t child = fork();
  if (child == 0) _exit(mount_small_disk(place) ? 0 : 1);
  int status = 1;
  return waitpid(child, &status, 0) == child && status == 0;
}

TEST(WriteFailure, DiskFull) {
  const example::TemporaryFolder folder;
  const std::filesystem::path place = folder / "";
  if (!may_mount(place)) GTEST_SKIP() << "mounting a small disk needs root";
  EXPECT_EXIT(
      {
        mount_small_disk(place);
        exit_after_failed_write(folder, "No space left on device", write_new_example);
      },
      testing::ExitedWithCode(0), testing::Eq(""));
}

}  // namespace
}  // namespace overbuild
