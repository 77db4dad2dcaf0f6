#include "posterior_file.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <sstream>

#include "src/hdf5/hdf5.hpp"

namespace overbuild {
namespace {

constexpr char group[] = "/particles";

template <class Values>
unsigned long add(unsigned long checksum, const Values& values) {
  return crc32_z(checksum, reinterpret_cast<const Bytef*>(values.data()),
                 values.size() * sizeof(typename Values::value_type));
}

}  // namespace

std::string PosteriorDraws::checksum() const {
  unsigned long sum = crc32_z(0, nullptr, 0);
  for (std::size_t i = 0; i < parameters.size(); ++i) sum = add(add(sum, parameters[i]), values[i]);
  return fmt::format("crc32:{:08x}", add(sum, log_weights));
}

PosteriorDraws read_posterior_draws(const std::filesystem::path& path) {
  const hdf5::Session session;
  if (!std::filesystem::exists(path)) throw hdf5::Failure("does not exist");
  if (H5Fis_hdf5(path.c_str()) <= 0) throw hdf5::Failure("is not an HDF5 file");
  const hdf5::Id file(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose, "open it");
  if (!hdf5::has_attribute(file, "/", "format") ||
      hdf5::text_attribute(file, "/", "format") != "overbuild posterior")
    throw hdf5::Failure("is no posterior, which `overbuild calibrate` writes");
  PosteriorDraws draws;
  draws.model = hdf5::text_attribute(file, "/", "model");
  std::istringstream names(hdf5::text_attribute(file, group, "parameters"));
  for (std::string name; names >> name;) draws.parameters.push_back(name);
  draws.log_weights = hdf5::read_doubles(file, fmt::format("{}/log_weight", group));
  for (const std::string& name : draws.parameters) {
    const std::string dataset = fmt::format("{}/{}", group, name);
    draws.values.push_back(
        hdf5::expect_count(hdf5::read_doubles(file, dataset), draws.log_weights.size(), dataset));
  }
  return draws;
}

}  // namespace overbuild
