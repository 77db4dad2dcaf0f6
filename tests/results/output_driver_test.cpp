#include "src/results/output_driver.hpp"

#include <gtest/gtest.h>

#include "tests/results/temporary_folder.hpp"

namespace overbuild {
namespace {

hid_t driver_of(hid_t file) {
  const hdf5::Id access(H5Fget_access_plist(file), H5Pclose, "get the access properties");
  return H5Pget_driver(access);
}

// HDF5 1.10 closes a file through the driver's table after it gave up its hold on the driver. With
// the last hold gone, the table is freed memory, which another thread may have taken.
TEST(OutputDriver, OutlivesItsFiles) {
  const example::TemporaryFolder folder;
  const hdf5::Session session;
  OutputFile first(folder / "first.h5", false), second(folder / "second.h5", false);
  hdf5::Id file = hdf5::create_file(first);
  const hid_t driver = driver_of(file);
  file.close("close the first file");
  EXPECT_GT(H5Iis_valid(driver), 0);
  file = hdf5::create_file(second);
  EXPECT_EQ(driver_of(file), driver);
}

}  // namespace
}  // namespace overbuild
