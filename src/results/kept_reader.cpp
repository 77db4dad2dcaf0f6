#include "overbuild/results/kept_reader.hpp"

#include <fmt/format.h>

#include "src/results/open_result.hpp"
#include "src/results/statistics_layout.hpp"

namespace overbuild {

using layout::in_group;

struct KeptReader::Implementation {
  template <class Read>
  auto reading(Read read) const {
    return in_reading_terms(name, read);
  }

  explicit Implementation(const std::filesystem::path& path) : name(path) {
    reading([&] { file = open_result(path); });
  }
  ~Implementation() {
    const hdf5::Session session;
    file = {};
  }

  /// The first path of a group's coordinate; the others follow it one by one.
  std::uint64_t first_path(const char* group) const {
    return static_cast<std::uint64_t>(
        hdf5::read_block(file, in_group(group, "path"), {0}, {1}).front());
  }

  PathRange paths(const char* group, const std::string& variable) const {
    return reading([&]() -> PathRange {
      const std::string path = in_group(group, variable);
      if (!hdf5::has_object(file, path)) return {};
      const hdf5::Shape shape = hdf5::shape_of(file, path);
      if (shape.empty()) throw hdf5::Failure(fmt::format("dataset {} is a single value", path));
      if (shape.front() == 0) return {};
      const std::uint64_t first = first_path(group);
      return {first, first + shape.front()};
    });
  }

  std::filesystem::path name;
  hdf5::Id file;
};

KeptReader::KeptReader(const std::filesystem::path& file)
    : implementation_(std::make_unique<Implementation>(file)) {}
KeptReader::~KeptReader() = default;
KeptReader::KeptReader(KeptReader&&) noexcept = default;
KeptReader& KeptReader::operator=(KeptReader&&) noexcept = default;

PathRange KeptReader::paths_of_outcome(const std::string& name) const {
  return implementation_->paths(layout::path_outcomes_group, name);
}

PathRange KeptReader::paths_of_series(const std::string& name) const {
  return implementation_->paths(layout::paths_group, name);
}

std::vector<double> KeptReader::outcome(const std::string& name, PathRange paths) const {
  const Implementation& self = *implementation_;
  return self.reading([&] {
    const std::uint64_t first = self.first_path(layout::path_outcomes_group);
    return hdf5::read_block(self.file, in_group(layout::path_outcomes_group, name),
                            {paths.begin - first}, {paths.size()});
  });
}

std::vector<double> KeptReader::series(const std::string& name, PathRange paths,
                                       std::size_t first_step, std::size_t end_step) const {
  const Implementation& self = *implementation_;
  return self.reading([&] {
    const std::uint64_t first = self.first_path(layout::paths_group);
    return hdf5::read_block(self.file, in_group(layout::paths_group, name),
                            {paths.begin - first, first_step},
                            {paths.size(), end_step - first_step});
  });
}

}  // namespace overbuild
