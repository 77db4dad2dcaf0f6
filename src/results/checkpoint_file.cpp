// Checkpoints of calibrations.
#include <fmt/format.h>

#include "overbuild/base/error.hpp"
#include "overbuild/results/posterior_file.hpp"
#include "src/results/description_writer.hpp"
#include "src/results/format_mark.hpp"
#include "src/results/observation_table.hpp"
#include "src/results/open_result.hpp"
#include "src/results/output_driver.hpp"
#include "src/results/temperature_table.hpp"

namespace overbuild {
namespace {

std::string group_of(std::size_t island) { return fmt::format("island-{}", island); }

void write_island(hid_t file, const Island& island) {
  const hdf5::Id group = hdf5::create_group(file, group_of(std::size_t(island.number)));
  const auto rows = static_cast<hsize_t>(island.normals.rows());
  const auto columns = static_cast<hsize_t>(island.normals.cols());
  const std::vector<double> normals(island.normals.data(),
                                    island.normals.data() + island.normals.size());
  hdf5::write_dataset(group, "normals", normals, {columns, rows});  // Eigen stores columns
  hdf5::write_dataset(group, "log_likelihood", island.log_likelihood, {columns});
  hdf5::set_attribute(group, "walk_scale", island.walk_scale);
  hdf5::set_attribute(group, "jump_scale", island.jump_scale);
  hdf5::set_attribute(group, "evaluations", island.evaluations);
  for (const TemperatureColumn& column : temperature_columns) {
    std::vector<double> values;
    for (const TemperatureStep& step : island.history) values.push_back(column.get(step));
    hdf5::write_dataset(group, column.name, values, {values.size()});
  }
}

Island read_island(hid_t file, std::size_t number) {
  const std::string group = fmt::format("/{}", group_of(number));
  Island island;
  island.number = static_cast<int>(number);
  const hdf5::Shape shape = hdf5::shape_of(file, fmt::format("{}/normals", group));
  if (shape.size() != 2) throw hdf5::Failure(fmt::format("{}/normals has another shape", group));
  const auto normals = hdf5::read_doubles(file, fmt::format("{}/normals", group));
  island.normals = Eigen::Map<const Eigen::MatrixXd>(normals.data(), Eigen::Index(shape[1]),
                                                     Eigen::Index(shape[0]));
  island.log_likelihood =
      hdf5::expect_count(hdf5::read_doubles(file, fmt::format("{}/log_likelihood", group)),
                         shape[0], fmt::format("{}/log_likelihood", group));
  island.walk_scale = hdf5::double_attribute(file, group, "walk_scale");
  island.jump_scale = hdf5::double_attribute(file, group, "jump_scale");
  island.evaluations = hdf5::unsigned_attribute(file, group, "evaluations");
  for (const TemperatureColumn& column : temperature_columns) {
    const auto values = hdf5::read_doubles(file, fmt::format("{}/{}", group, column.name));
    island.history.resize(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) column.set(island.history[i], values[i]);
  }
  return island;
}

}  // namespace

void write_checkpoint(const std::filesystem::path& path, const CalibrationCheckpoint& checkpoint) {
  OutputFile output(path, true);
  in_writing_terms(output, [&] {
    const hdf5::Session session;
    hdf5::Id file = hdf5::create_file(output);
    write_format_mark(file, FileKind::checkpoint);
    hdf5::set_attribute(file, "islands", std::uint64_t{checkpoint.islands.size()});
    for (const Island& island : checkpoint.islands) write_island(file, island);
    write_observations(file, checkpoint.observations);
    write_provenance(file, checkpoint.provenance);
    output.throw_if_failed();
    file.close(fmt::format("close {}", output.temporary().string()));
  });
  output.publish();
}

CalibrationCheckpoint read_checkpoint(const std::filesystem::path& path) {
  return in_reading_terms(path, [&] {
    const hdf5::Id file = open_checkpoint(path);
    CalibrationCheckpoint checkpoint;
    const std::uint64_t islands = hdf5::unsigned_attribute(file, "/", "islands");
    for (std::size_t k = 0; k < islands; ++k) checkpoint.islands.push_back(read_island(file, k));
    checkpoint.observations = read_observations(file);
    checkpoint.provenance = read_provenance(file);
    return checkpoint;
  });
}

}  // namespace overbuild
