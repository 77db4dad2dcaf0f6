#include "src/hdf5/hdf5.hpp"

#include <fmt/format.h>

namespace overbuild::hdf5 {
namespace {

std::recursive_mutex& library_mutex() {
  static std::recursive_mutex mutex;
  return mutex;
}

herr_t keep_innermost(unsigned, const H5E_error2_t* error, void* text) {
  *static_cast<std::string*>(text) = error->desc ? error->desc : "";
  return 0;
}

std::string innermost_reason() {
  std::string text;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_DOWNWARD, &keep_innermost, &text);
  return text.empty() ? "" : ": " + text;
}

Id text_type() {
  Id type(H5Tcopy(H5T_C_S1), H5Tclose, "make the text type");
  check(H5Tset_size(type, H5T_VARIABLE), "make the text type");
  check(H5Tset_cset(type, H5T_CSET_UTF8), "make the text type");
  return type;
}

Id make_space(const Shape& shape) {
  if (shape.empty()) return {H5Screate(H5S_SCALAR), H5Sclose, "make a scalar dataspace"};
  return {H5Screate_simple(static_cast<int>(shape.size()), shape.data(), nullptr), H5Sclose,
          "make a dataspace"};
}

void write_attribute(hid_t object, const std::string& name, hid_t type, const void* value,
                     const Shape& shape = {}) {
  const std::string action = "write attribute " + name;
  const Id attribute(
      H5Acreate2(object, name.c_str(), type, make_space(shape), H5P_DEFAULT, H5P_DEFAULT), H5Aclose,
      action);
  check(H5Awrite(attribute, type, value), action);
}

Id open_dataset(hid_t file, const std::string& path) {
  return {H5Dopen2(file, path.c_str(), H5P_DEFAULT), H5Dclose, "find dataset " + path};
}

Id open_attribute(hid_t file, const std::string& path, const std::string& name) {
  return {H5Aopen_by_name(file, path.c_str(), name.c_str(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose,
          fmt::format("find attribute {} of {}", name, path)};
}

template <class Number>
std::vector<Number> read_numbers(hid_t file, const std::string& path) {
  const Id dataset = open_dataset(file, path);
  const Id space(H5Dget_space(dataset), H5Sclose, "read " + path);
  const hssize_t count = check(H5Sget_simple_extent_npoints(space), "read " + path);
  std::vector<Number> values(static_cast<std::size_t>(count));
  check(H5Dread(dataset, number_type<Number>(), H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()),
        "read " + path);
  return values;
}

template <class Number>
std::vector<Number> read_row(hid_t file, const std::string& path, hsize_t row) {
  const std::string action = "read " + path;
  const Id dataset = open_dataset(file, path);
  const Id space(H5Dget_space(dataset), H5Sclose, action);
  const Id row_space = select_row(space, row, action);
  std::vector<Number> values(static_cast<std::size_t>(H5Sget_simple_extent_npoints(row_space)));
  if (values.empty()) return values;
  check(H5Dread(dataset, number_type<Number>(), row_space, space, H5P_DEFAULT, values.data()),
        action);
  return values;
}

Shape extent(hid_t space, const std::string& action) {
  Shape shape(static_cast<std::size_t>(check(H5Sget_simple_extent_ndims(space), action)));
  check(H5Sget_simple_extent_dims(space, shape.data(), nullptr), action);
  return shape;
}

template <class Number>
Number number_attribute(hid_t file, const std::string& path, const std::string& name) {
  const Id attribute = open_attribute(file, path, name);
  const std::string action = fmt::format("read attribute {} of {} as a number", name, path);
  const Id space(H5Aget_space(attribute), H5Sclose, action);
  if (H5Sget_simple_extent_npoints(space) != 1) throw Failure("cannot " + action);
  Number value{};
  check(H5Aread(attribute, number_type<Number>(), &value), action);
  return value;
}

/// Texts of variable length are what this program writes; other tools may rewrite a file with texts
/// of fixed length. `read` fills a buffer of the given memory type.
template <class Read>
std::string read_as_text(hid_t type, hid_t space, const std::string& action, Read read) {
  if (H5Tget_class(type) != H5T_STRING || H5Sget_simple_extent_npoints(space) != 1)
    throw Failure("cannot " + action + " as a text");
  if (check(H5Tis_variable_str(type), action) == 0) {
    std::string text(H5Tget_size(type), '\0');
    check(read(type, text.data()), action);
    return text.substr(0, text.find('\0'));
  }
  const Id memory_type = text_type();
  check(H5Tset_cset(memory_type, H5Tget_cset(type)), action);
  char* characters = nullptr;
  check(read(memory_type, &characters), action);
  std::string text = characters ? characters : "";
  H5Dvlen_reclaim(memory_type, space, H5P_DEFAULT, &characters);
  return text;
}

}  // namespace

Failure::Failure(const std::string& what) : std::runtime_error(what + innermost_reason()) {}

Session::Session() : lock_(library_mutex()) {
  H5Eget_auto2(H5E_DEFAULT, &print_, &print_argument_);
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
}

Session::~Session() { H5Eset_auto2(H5E_DEFAULT, print_, print_argument_); }

Id create_group(hid_t parent, const std::string& name) {
  const std::string action = "create group " + name;
  const Id creation(H5Pcreate(H5P_GROUP_CREATE), H5Pclose, action);
  check(H5Pset_obj_track_times(creation, false), action);
  // Readers then list the variables in the order they were written.
  check(H5Pset_link_creation_order(creation, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED),
        action);
  return {H5Gcreate2(parent, name.c_str(), H5P_DEFAULT, creation, H5P_DEFAULT), H5Gclose, action};
}

Id dataset_creation() {
  Id creation(H5Pcreate(H5P_DATASET_CREATE), H5Pclose, "make dataset properties");
  check(H5Pset_obj_track_times(creation, false), "make dataset properties");
  check(H5Pset_attr_creation_order(creation, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED),
        "make dataset properties");
  return creation;
}

Id create_dataset(hid_t group, const std::string& name, hid_t type, const Shape& shape,
                  hid_t creation) {
  const Id plain = dataset_creation();
  return {H5Dcreate2(group, name.c_str(), type, make_space(shape), H5P_DEFAULT,
                     creation == H5P_DEFAULT ? hid_t{plain} : creation, H5P_DEFAULT),
          H5Dclose, "create dataset " + name};
}

void write_text(hid_t group, const std::string& name, const std::string& text) {
  const Id type = text_type();
  const Id dataset = create_dataset(group, name, type, {});
  const char* characters = text.c_str();
  check(H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, &characters), "write " + name);
}

Id write_texts(hid_t group, const std::string& name, const std::vector<std::string>& texts) {
  const Id type = text_type();
  Id dataset = create_dataset(group, name, type, {texts.size()});
  std::vector<const char*> characters;
  for (const std::string& text : texts) characters.push_back(text.c_str());
  check(H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, characters.data()), "write " + name);
  return dataset;
}

Id select_row(hid_t space, hsize_t row, const std::string& action) {
  Shape count = extent(space, action);
  if (count.empty() || row >= count[0])
    throw Failure("cannot " + action + ": there is no such row");
  Shape start(count.size(), 0);
  start[0] = row;
  count[0] = 1;
  check(H5Sselect_hyperslab(space, H5S_SELECT_SET, start.data(), nullptr, count.data(), nullptr),
        action);
  count.erase(count.begin());
  return make_space(count);
}

void set_attribute(hid_t object, const std::string& name, const std::string& text) {
  const char* characters = text.c_str();
  write_attribute(object, name, text_type(), &characters);
}

void set_attribute(hid_t object, const std::string& name, const std::vector<double>& values) {
  write_attribute(object, name, number_type<double>(), values.data(), {values.size()});
}

void set_attribute(hid_t object, const std::string& name, double value) {
  write_attribute(object, name, number_type<double>(), &value);
}

void set_attribute(hid_t object, const std::string& name, std::int64_t value) {
  write_attribute(object, name, number_type<std::int64_t>(), &value);
}

void set_attribute(hid_t object, const std::string& name, std::uint64_t value) {
  write_attribute(object, name, number_type<std::uint64_t>(), &value);
}

std::vector<double> read_doubles(hid_t file, const std::string& path) {
  return read_numbers<double>(file, path);
}

std::vector<std::int64_t> read_integers(hid_t file, const std::string& path) {
  return read_numbers<std::int64_t>(file, path);
}

std::vector<double> read_doubles(hid_t file, const std::string& path, hsize_t row) {
  return read_row<double>(file, path, row);
}

std::vector<std::int64_t> read_integers(hid_t file, const std::string& path, hsize_t row) {
  return read_row<std::int64_t>(file, path, row);
}

std::vector<double> read_doubles_at(hid_t file, const std::string& path, const Shape& place) {
  const std::string action = "read " + path;
  const Id dataset = open_dataset(file, path);
  const Id space(H5Dget_space(dataset), H5Sclose, action);
  Shape shape = extent(space, action), start = {0}, count = {shape.empty() ? 0 : shape[0]};
  start.insert(start.end(), place.begin(), place.end());
  count.resize(start.size(), 1);
  bool inside = shape.size() == start.size();
  for (std::size_t i = 1; inside && i < start.size(); ++i) inside = start[i] < shape[i];
  if (!inside) throw Failure("cannot " + action + ": it has another shape");
  check(H5Sselect_hyperslab(space, H5S_SELECT_SET, start.data(), nullptr, count.data(), nullptr),
        action);
  std::vector<double> values(count[0]);
  const Id memory = make_space({count[0]});
  check(H5Dread(dataset, number_type<double>(), memory, space, H5P_DEFAULT, values.data()), action);
  return values;
}

std::vector<std::string> read_texts(hid_t file, const std::string& path) {
  const std::string action = "read " + path;
  const Id dataset = open_dataset(file, path);
  const Id stored(H5Dget_type(dataset), H5Tclose, action);
  const Id space(H5Dget_space(dataset), H5Sclose, action);
  if (H5Tget_class(stored) != H5T_STRING || H5Tis_variable_str(stored) <= 0)
    throw Failure("cannot " + action + " as texts");
  std::vector<char*> characters(static_cast<std::size_t>(H5Sget_simple_extent_npoints(space)));
  const Id type = text_type();
  check(H5Tset_cset(type, H5Tget_cset(stored)), action);
  check(H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, characters.data()), action);
  std::vector<std::string> texts;
  for (const char* text : characters) texts.emplace_back(text ? text : "");
  H5Dvlen_reclaim(type, space, H5P_DEFAULT, characters.data());
  return texts;
}

std::string read_text(hid_t file, const std::string& path) {
  const Id dataset = open_dataset(file, path);
  const Id type(H5Dget_type(dataset), H5Tclose, "read " + path);
  const Id space(H5Dget_space(dataset), H5Sclose, "read " + path);
  return read_as_text(type, space, "read " + path, [&](hid_t memory_type, void* buffer) {
    return H5Dread(dataset, memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, buffer);
  });
}

Shape shape_of(hid_t file, const std::string& path) {
  const Id dataset = open_dataset(file, path);
  const Id space(H5Dget_space(dataset), H5Sclose, "read " + path);
  Shape shape(static_cast<std::size_t>(check(H5Sget_simple_extent_ndims(space), "read " + path)));
  check(H5Sget_simple_extent_dims(space, shape.data(), nullptr), "read " + path);
  return shape;
}

std::vector<double> read_block(hid_t file, const std::string& path, const Shape& offset,
                               const Shape& count) {
  const std::string action = "read a block of " + path;
  const Id dataset = open_dataset(file, path);
  const Id space(H5Dget_space(dataset), H5Sclose, action);
  if (H5Sget_simple_extent_ndims(space) != static_cast<int>(count.size()))
    throw Failure("cannot " + action + ": it has another number of dimensions");
  check(H5Sselect_hyperslab(space, H5S_SELECT_SET, offset.data(), nullptr, count.data(), nullptr),
        action);
  std::size_t size = 1;
  for (const hsize_t length : count) size *= length;
  std::vector<double> values(size);
  check(
      H5Dread(dataset, number_type<double>(), make_space(count), space, H5P_DEFAULT, values.data()),
      action);
  return values;
}

bool has_object(hid_t file, const std::string& path) {
  for (std::size_t end = path.find('/', 1);; end = path.find('/', end + 1)) {
    if (H5Lexists(file, path.substr(0, end).c_str(), H5P_DEFAULT) <= 0) return false;
    if (end == std::string::npos) return true;
  }
}

bool has_attribute(hid_t file, const std::string& path, const std::string& name) {
  return H5Aexists_by_name(file, path.c_str(), name.c_str(), H5P_DEFAULT) > 0;
}

std::string text_attribute(hid_t file, const std::string& path, const std::string& name) {
  const Id attribute = open_attribute(file, path, name);
  const std::string action = fmt::format("read attribute {} of {}", name, path);
  const Id type(H5Aget_type(attribute), H5Tclose, action);
  const Id space(H5Aget_space(attribute), H5Sclose, action);
  return read_as_text(type, space, action, [&](hid_t memory_type, void* buffer) {
    return H5Aread(attribute, memory_type, buffer);
  });
}

double double_attribute(hid_t file, const std::string& path, const std::string& name) {
  return number_attribute<double>(file, path, name);
}

std::int64_t integer_attribute(hid_t file, const std::string& path, const std::string& name) {
  return number_attribute<std::int64_t>(file, path, name);
}

std::uint64_t unsigned_attribute(hid_t file, const std::string& path, const std::string& name) {
  return number_attribute<std::uint64_t>(file, path, name);
}

}  // namespace overbuild::hdf5
