#include "overbuild/base/version.hpp"

#include <H5public.h>
#include <fmt/format.h>
#include <hwy/highway.h>
#include <tbb/version.h>
#include <toml++/toml.h>

#include <Eigen/Core>
#include <boost/version.hpp>

namespace overbuild {

std::string compiler() {
#if defined(__clang__)
  return fmt::format("clang++ {}.{}.{}", __clang_major__, __clang_minor__, __clang_patchlevel__);
#else
  return fmt::format("g++ {}.{}.{}", __GNUC__, __GNUC_MINOR__, __GNUC_PATCHLEVEL__);
#endif
}

std::string libraries() {
  return fmt::format(
      "Boost {}.{}.{}, oneTBB {}.{}, Eigen {}.{}.{}, HDF5 {}.{}.{}, Highway {}.{}.{}, fmt "
      "{}.{}.{}, "
      "toml++ {}.{}.{}",
      BOOST_VERSION / 100000, BOOST_VERSION / 100 % 1000, BOOST_VERSION % 100, TBB_VERSION_MAJOR,
      TBB_VERSION_MINOR, EIGEN_WORLD_VERSION, EIGEN_MAJOR_VERSION, EIGEN_MINOR_VERSION,
      H5_VERS_MAJOR, H5_VERS_MINOR, H5_VERS_RELEASE, HWY_MAJOR, HWY_MINOR, HWY_PATCH,
      FMT_VERSION / 10000, FMT_VERSION / 100 % 100, FMT_VERSION % 100, TOML_LIB_MAJOR,
      TOML_LIB_MINOR, TOML_LIB_PATCH);
}

}  // namespace overbuild
