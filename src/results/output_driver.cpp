#include "src/results/output_driver.hpp"

#include <algorithm>
#include <cerrno>
#include <new>

// An HDF5 "virtual file driver" (HDF5 1.10, Virtual File Layer): a table of functions through which
// the library reads and writes. Its C code calls them, so no exception may leave them.
namespace overbuild::hdf5 {
namespace {

struct DriverFile {
  H5FD_t base = {};  // the library's part; must come first
  OutputFile* output = nullptr;
  haddr_t allocated = 0;
};

OutputFile& output_of(const H5FD_t* file) noexcept {
  return *reinterpret_cast<const DriverFile*>(file)->output;
}

H5FD_t* open_driver(const char*, unsigned, hid_t access, haddr_t) noexcept {
  const auto* output = static_cast<OutputFile* const*>(H5Pget_driver_info(access));
  if (!output) return nullptr;
  auto* file = new (std::nothrow) DriverFile;
  if (!file) {
    (*output)->record_failure(ENOMEM);
    return nullptr;
  }
  file->output = *output;
  return &file->base;
}

herr_t close_driver(H5FD_t* file) noexcept {
  delete reinterpret_cast<DriverFile*>(file);
  return 0;
}

int compare(const H5FD_t* a, const H5FD_t* b) noexcept {
  return std::less<>()(&output_of(a), &output_of(b)) ? -1 : &output_of(a) != &output_of(b);
}

herr_t query(const H5FD_t*, unsigned long* features) noexcept {
  if (features)
    *features = H5FD_FEAT_AGGREGATE_METADATA | H5FD_FEAT_ACCUMULATE_METADATA |
                H5FD_FEAT_DATA_SIEVE | H5FD_FEAT_AGGREGATE_SMALLDATA |
                H5FD_FEAT_DEFAULT_VFD_COMPATIBLE;
  return 0;
}

haddr_t allocated(const H5FD_t* file, H5FD_mem_t) noexcept {
  return reinterpret_cast<const DriverFile*>(file)->allocated;
}

herr_t set_allocated(H5FD_t* file, H5FD_mem_t, haddr_t address) noexcept {
  reinterpret_cast<DriverFile*>(file)->allocated = address;
  return 0;
}

haddr_t end_of_file(const H5FD_t* file, H5FD_mem_t) noexcept { return output_of(file).size(); }

herr_t read(H5FD_t* file, H5FD_mem_t, hid_t, haddr_t address, size_t size, void* data) noexcept {
  output_of(file).read_at(address, data, size);
  return 0;
}

herr_t write(H5FD_t* file, H5FD_mem_t, hid_t, haddr_t address, size_t size,
             const void* data) noexcept {
  try {
    output_of(file).write_at(address, data, size);
    return 0;
  } catch (const std::bad_alloc&) {
    output_of(file).record_failure(ENOMEM);
    return -1;
  }
}

herr_t truncate(H5FD_t* file, hid_t, hbool_t) noexcept {
  output_of(file).resize(allocated(file, H5FD_MEM_DEFAULT));
  return 0;
}

constexpr H5FD_mem_t free_lists[] = H5FD_FLMAP_DICHOTOMY;

H5FD_class_t driver_class() {
  H5FD_class_t driver = {};
#ifdef H5FD_CLASS_VERSION  // HDF5 1.14
  driver.version = H5FD_CLASS_VERSION;
  driver.value = H5_VFD_RESERVED;  // the first number that is not the library's own
#endif
  driver.name = "overbuild output";
  driver.maxaddr = (haddr_t{1} << 62) - 1;
  driver.fc_degree = H5F_CLOSE_STRONG;
  driver.fapl_size = sizeof(OutputFile*);
  driver.open = open_driver;
  driver.close = close_driver;
  driver.cmp = compare;
  driver.query = query;
  driver.get_eoa = allocated;
  driver.set_eoa = set_allocated;
  driver.get_eof = end_of_file;
  driver.read = read;
  driver.write = write;
  driver.truncate = truncate;
  std::copy(std::begin(free_lists), std::end(free_lists), driver.fl_map);
  return driver;
}

/// Registered for as long as the process lives. HDF5 1.10 frees a driver that nothing else holds
/// when its last file closes, and calls the freed table's `close` right after (H5FD_close).
hid_t driver_id(const std::string& action) {
  static const hid_t id = [&] {
    const H5FD_class_t driver = driver_class();
    return check(H5FDregister(&driver), action);
  }();
  return id;
}

}  // namespace

Id create_file(OutputFile& output) {
  const std::string action = "create " + output.temporary().string();
  const Id access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, action);
  OutputFile* const address = &output;
  check(H5Pset_driver(access, driver_id(action), &address), action);
  const Id creation(H5Pcreate(H5P_FILE_CREATE), H5Pclose, action);
  check(H5Pset_link_creation_order(creation, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED),
        action);
  check(H5Pset_obj_track_times(creation, false), action);
  return {H5Fcreate(output.temporary().c_str(), H5F_ACC_TRUNC, creation, access), H5Fclose, action};
}

}  // namespace overbuild::hdf5
