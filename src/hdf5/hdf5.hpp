// The part of HDF5's C interface that results need, with owned identifiers and exceptions.
#pragma once

#include <fmt/format.h>
#include <hdf5.h>

#include <concepts>
#include <cstdint>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace overbuild::hdf5 {

/// A call of the library failed; the text says what was tried and the library's innermost reason.
class Failure : public std::runtime_error {
 public:
  explicit Failure(const std::string& what);
};

/// Every use of the library happens within a Session: one thread at a time (the dimension-scale
/// functions have no lock of their own), and without the library's traces on stderr.
class Session {
 public:
  Session();
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

 private:
  std::lock_guard<std::recursive_mutex> lock_;
  H5E_auto2_t print_ = nullptr;
  void* print_argument_ = nullptr;
};

/// Passes a return value on, or throws Failure("cannot <action>: ...") when it is negative.
template <std::signed_integral Code>
Code check(Code code, const std::string& action) {
  if (code < 0) throw Failure("cannot " + action);
  return code;
}

/// An identifier that is closed when its owner goes.
class Id {
 public:
  using Close = herr_t (*)(hid_t);

  Id() = default;
  /// Throws Failure when `id` is negative.
  Id(hid_t id, Close closer, const std::string& action) : id_(check(id, action)), close_(closer) {}
  Id(Id&& other) noexcept : id_(std::exchange(other.id_, H5I_INVALID_HID)), close_(other.close_) {}
  Id& operator=(Id&& other) noexcept {
    std::swap(id_, other.id_);
    std::swap(close_, other.close_);
    return *this;
  }
  ~Id() {
    if (id_ >= 0) close_(id_);
  }

  /// Closes now; throws Failure when that fails.
  void close(const std::string& action) {
    if (id_ >= 0) check(close_(std::exchange(id_, H5I_INVALID_HID)), action);
  }

  operator hid_t() const { return id_; }

 private:
  hid_t id_ = H5I_INVALID_HID;
  Close close_ = nullptr;
};

/// HDF5's type of the numbers that results hold.
template <class Number>
hid_t number_type();
template <>
inline hid_t number_type<double>() {
  return H5T_IEEE_F64LE;
}
template <>
inline hid_t number_type<float>() {
  return H5T_IEEE_F32LE;
}
template <>
inline hid_t number_type<std::int64_t>() {
  return H5T_STD_I64LE;
}
template <>
inline hid_t number_type<std::uint64_t>() {
  return H5T_STD_U64LE;
}

using Shape = std::vector<hsize_t>;  ///< empty for a scalar

Id create_group(hid_t parent, const std::string& name);

/// `creation` is a dataset creation property list; H5P_DEFAULT for contiguous storage.
Id create_dataset(hid_t group, const std::string& name, hid_t type, const Shape& shape,
                  hid_t creation = H5P_DEFAULT);

/// A dataset creation property list that leaves times out, so that equal results are equal files.
Id dataset_creation();

/// `values`: a vector of numbers, row-major.
template <class Values>
Id write_dataset(hid_t group, const std::string& name, const Values& values, const Shape& shape) {
  using Number = typename Values::value_type;
  Id dataset = create_dataset(group, name, number_type<Number>(), shape);
  check(H5Dwrite(dataset, number_type<Number>(), H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()),
        "write " + name);
  return dataset;
}

/// A scalar UTF-8 text of any length.
void write_text(hid_t group, const std::string& name, const std::string& text);

/// UTF-8 texts of any length.
Id write_texts(hid_t group, const std::string& name, const std::vector<std::string>& texts);

/// Selects element `row` of a dataspace's first dimension, and returns a dataspace of its shape.
Id select_row(hid_t space, hsize_t row, const std::string& action);

void set_attribute(hid_t object, const std::string& name, const std::string& text);
void set_attribute(hid_t object, const std::string& name, double value);
void set_attribute(hid_t object, const std::string& name, std::int64_t value);
void set_attribute(hid_t object, const std::string& name, const std::vector<double>& values);
void set_attribute(hid_t object, const std::string& name, std::uint64_t value);

/// Reading: `path` is a full path from the file's root. Throws Failure naming what is missing or
/// has another shape or type.
std::vector<double> read_doubles(hid_t file, const std::string& path);
std::vector<std::int64_t> read_integers(hid_t file, const std::string& path);
/// Element `row` of the first dimension.
std::vector<double> read_doubles(hid_t file, const std::string& path, hsize_t row);
std::vector<std::int64_t> read_integers(hid_t file, const std::string& path, hsize_t row);
/// For each element of the first dimension, the number at `place` in the other dimensions.
std::vector<double> read_doubles_at(hid_t file, const std::string& path, const Shape& place);
std::vector<std::string> read_texts(hid_t file, const std::string& path);
std::string read_text(hid_t file, const std::string& path);
Shape shape_of(hid_t file, const std::string& path);
/// The block of `count` values, by dimension, from `offset` on, row-major.
std::vector<double> read_block(hid_t file, const std::string& path, const Shape& offset,
                               const Shape& count);

/// `values` of the dataset at `path`; throws Failure unless there are `count` of them.
template <class Number>
std::vector<Number> expect_count(std::vector<Number> values, std::size_t count,
                                 const std::string& path) {
  if (values.size() != count)
    throw Failure(
        fmt::format("dataset {} has {} values instead of {}", path, values.size(), count));
  return values;
}

/// Whether each link of a path, e.g. "/group/name", exists.
bool has_object(hid_t file, const std::string& path);
bool has_attribute(hid_t file, const std::string& path, const std::string& name);
std::string text_attribute(hid_t file, const std::string& path, const std::string& name);
double double_attribute(hid_t file, const std::string& path, const std::string& name);
std::int64_t integer_attribute(hid_t file, const std::string& path, const std::string& name);
std::uint64_t unsigned_attribute(hid_t file, const std::string& path, const std::string& name);

}  // namespace overbuild::hdf5
