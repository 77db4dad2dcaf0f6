// Places where no result can be written, and disks that fill up during a run.
#include <sys/mount.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "tests/commands/program_fixture.hpp"

namespace overbuild::testing_commands {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

class DiskTest : public ProgramTest {
 protected:
  /// Keeps some 2 MB of path series.
  Launch large(const std::string& file) const {
    return launch({"run", "gbm.toml", "--paths", "30000", "--set", "outputs.paths=\"all\"", "--set",
                   "outputs.compression=0", "-o", file});
  }

  static void expect_file_error(const Finished& run, const std::string& file,
                                const std::string& reason) {
    EXPECT_EQ(run.code, 4);
    EXPECT_THAT(run.error, AllOf(StartsWith("overbuild: "), HasSubstr(file), HasSubstr(reason)));
    EXPECT_THAT(run.output, IsEmpty());
  }
};

TEST_F(DiskTest, NeedsTheFolder) {
  // So many paths would take hours: the missing folder is noticed before.
  expect_file_error(program({"run", "ou.toml", "--paths", most_paths, "-o", "no/such/folder/x.h5"}),
                    "no/such/folder/x.h5", "No such file or directory");
}

TEST_F(DiskTest, NeedsAFolderThatIsOne) {
  expect_file_error(program({"run", "ou.toml", "-o", "gbm.toml/x.h5"}), "gbm.toml/x.h5",
                    "Not a directory");
}

TEST_F(DiskTest, NeedsPermissionToWrite) {
  if (geteuid() == 0) {
    // root may write everywhere but to file systems that take no files
    expect_file_error(program({"run", "ou.toml", "-o", "/proc/x.h5"}), "/proc/x.h5", "");
    return;
  }
  const std::filesystem::path locked = folder / "locked";
  mkdir(locked.c_str(), 0500);
  expect_file_error(program({"run", "ou.toml", "-o", "locked/x.h5"}), "locked/x.h5",
                    "Permission denied");
}

TEST_F(DiskTest, DoesNotReplaceAFolder) {
  mkdir((folder / "x.h5").c_str(), 0700);
  expect_file_error(program({"run", "ou.toml", "-o", "x.h5", "--force"}), "x.h5",
                    "not a regular file");
  expect_file_error(program({"run", "ou.toml", "-o", "."}), ".", "not a regular file");
}

TEST_F(DiskTest, ReportsTheLimitOnFileSizes) {
  Launch run = large("x.h5");
  run.file_size_limit = 300000;
  expect_file_error(finish(run), "x.h5", "File too large");
  EXPECT_THAT(results(), IsEmpty()) << "neither a broken file nor the temporary one";
}

TEST_F(DiskTest, ReportsAFullDisk) {
  const std::filesystem::path disk = folder / "disk";
  mkdir(disk.c_str(), 0700);
  if (mount("overbuild-test", disk.c_str(), "tmpfs", 0, "size=300k") != 0)
    GTEST_SKIP() << "cannot mount a small disk here: " << std::strerror(errno);
  const Finished run = finish(large("disk/x.h5"));
  const bool empty = std::filesystem::is_empty(disk);
  umount(disk.c_str());
  expect_file_error(run, "disk/x.h5", "No space left on device");
  EXPECT_TRUE(empty) << "neither a broken file nor the temporary one";
}

}  // namespace
}  // namespace overbuild::testing_commands
