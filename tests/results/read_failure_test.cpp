// Files that are no results are refused with the reason.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <functional>

#include "overbuild/base/error.hpp"
#include "overbuild/results/result_file.hpp"
#include "src/hdf5/hdf5.hpp"
#include "tests/results/example_result.hpp"
#include "tests/results/temporary_folder.hpp"

namespace overbuild {
namespace {

using testing::HasSubstr;

class ReadFailure : public testing::Test {
 protected:
  /// The message of the Error(file) that reading throws.
  std::string error() const {
    try {
      read_result(path_);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::file) << error.what();
      EXPECT_THAT(error.what(), HasSubstr("cannot read result " + path_.string()));
      return error.what();
    }
    ADD_FAILURE() << "no error";
    return "";
  }

  void write_example() const {
    const Scenario scenario = example::scenario();
    ResultWriter(path_, scenario, false).finish(example::result(scenario), example::provenance());
  }

  void change(const std::function<void(hid_t file)>& action) const {
    const hdf5::Session session;
    const hdf5::Id file(H5Fopen(path_.c_str(), H5F_ACC_RDWR, H5P_DEFAULT), H5Fclose, "open");
    action(file);
  }

  example::TemporaryFolder folder_;
  std::filesystem::path path_ = folder_ / "result.h5";
};

TEST_F(ReadFailure, NoFile) { EXPECT_THAT(error(), HasSubstr("No such file or directory")); }

TEST_F(ReadFailure, AFolder) {
  std::filesystem::create_directory(path_);
  EXPECT_THAT(error(), HasSubstr("Is a directory"));
}

TEST_F(ReadFailure, NotHdf5) {
  std::ofstream(path_) << "text";
  EXPECT_THAT(error(), HasSubstr("it is not an HDF5 file"));
}

TEST_F(ReadFailure, AnEmptyFile) {
  std::ofstream{path_};
  EXPECT_THAT(error(), HasSubstr("it is not an HDF5 file"));
}

TEST_F(ReadFailure, AnotherProgramsHdf5) {
  {
    const hdf5::Session session;
    const hdf5::Id file(H5Fcreate(path_.c_str(), H5F_ACC_EXCL, H5P_DEFAULT, H5P_DEFAULT), H5Fclose,
                        "create");
  }
  EXPECT_THAT(error(), HasSubstr("not a result of overbuild"));
}

TEST_F(ReadFailure, ATruncatedFile) {
  write_example();
  std::filesystem::resize_file(path_, std::filesystem::file_size(path_) / 2);
  EXPECT_THAT(error(), HasSubstr("truncated"));
}

TEST_F(ReadFailure, ANewerVersion) {
  write_example();
  change([](hid_t file) {
    H5Adelete(file, "format_version");
    hdf5::set_attribute(file, "format_version", std::int64_t{2});
  });
  EXPECT_THAT(error(), HasSubstr("its format version is 2"));
  EXPECT_THAT(error(), HasSubstr("reads versions up to 1"));
}

TEST_F(ReadFailure, AMissingDatasetIsNamed) {
  write_example();
  change([](hid_t file) { H5Ldelete(file, "/series/value_sd_se", H5P_DEFAULT); });
  EXPECT_THAT(error(), HasSubstr("cannot find dataset /series/value_sd_se"));
}

TEST_F(ReadFailure, AMissingAttributeIsNamed) {
  write_example();
  change([](hid_t file) { H5Adelete(file, "seed"); });
  EXPECT_THAT(error(), HasSubstr("cannot find attribute seed of /"));
}

TEST_F(ReadFailure, ADatasetOfAnotherLengthIsNamed) {
  write_example();
  change([](hid_t file) {
    H5Ldelete(file, "/series/value_min", H5P_DEFAULT);
    hdf5::write_dataset(file, "/series/value_min", std::vector<double>{1, 2}, {2});
  });
  EXPECT_THAT(error(), HasSubstr("dataset /series/value_min has 2 values instead of 9"));
}

TEST_F(ReadFailure, ADatasetOfAnotherTypeIsNamed) {
  write_example();
  change([](hid_t file) {
    H5Ldelete(file, "/series/value_min", H5P_DEFAULT);
    hdf5::write_text(file, "/series/value_min", "text");
  });
  EXPECT_THAT(error(), HasSubstr("cannot read /series/value_min"));
}

}  // namespace
}  // namespace overbuild
