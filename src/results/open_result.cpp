#include "src/results/open_result.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "overbuild/base/error.hpp"
#include "overbuild/base/version.hpp"
#include "overbuild/config/load.hpp"
#include "src/results/format_mark.hpp"
#include "src/results/provenance_fields.hpp"
#include "src/results/statistics_layout.hpp"

namespace overbuild {
namespace {

/// The system's reason for a file that cannot be read is clearer than the library's.
void check_readable(const std::filesystem::path& path) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) fail_to_read(path, std::generic_category().message(errno));
  close(descriptor);
  if (std::filesystem::is_directory(path))
    fail_to_read(path, std::generic_category().message(EISDIR));
}

std::string description_of_other(hid_t file) {
  switch (file_kind(file)) {
    case FileKind::batch:
      return "it is a batch of scenarios, not the result of one";
    case FileKind::result:
      return "it is the result of one scenario, not of the kind that is asked for";
    case FileKind::posterior:
      return "it is a posterior, the result of a calibration";
    case FileKind::checkpoint:
      return "it is the checkpoint of a calibration";
    case FileKind::rare:
      return "it is the result of `overbuild rare`, which `overbuild show` shows";
    case FileKind::sensitivity:
      return "it is the result of `overbuild sensitivity`, which `overbuild show` shows";
    case FileKind::solve:
      return "it is the result of `overbuild solve`, which `overbuild show` shows";
    case FileKind::attribution:
      return "it is the result of `overbuild attribute`, which `overbuild show` shows";
    default:
      return "it is an HDF5 file, but not a result of overbuild";
  }
}

hdf5::Id open_file(const std::filesystem::path& path, FileKind kind) {
  check_readable(path);
  if (H5Fis_hdf5(path.c_str()) <= 0) fail_to_read(path, "it is not an HDF5 file");
  hdf5::Id file(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose, "open it");
  if (file_kind(file) != kind) fail_to_read(path, description_of_other(file));
  const std::int64_t version = hdf5::integer_attribute(file, "/", "format_version");
  const int newest = format_version(kind);
  if (version < 1 || version > newest)
    fail_to_read(path,
                 fmt::format("its format version is {}, and overbuild {} reads versions up to {}",
                             version, program_version(), newest));
  return file;
}

}  // namespace

void fail_to_read(const std::filesystem::path& path, const std::string& reason) {
  throw Error(ExitCode::file, fmt::format("cannot read result {}: {}", path.string(), reason));
}

hdf5::Id open_result(const std::filesystem::path& path) {
  return open_file(path, FileKind::result);
}

hdf5::Id open_batch(const std::filesystem::path& path) { return open_file(path, FileKind::batch); }

hdf5::Id open_posterior(const std::filesystem::path& path) {
  return open_file(path, FileKind::posterior);
}

hdf5::Id open_checkpoint(const std::filesystem::path& path) {
  return open_file(path, FileKind::checkpoint);
}

hdf5::Id open_rare(const std::filesystem::path& path) { return open_file(path, FileKind::rare); }

hdf5::Id open_sensitivity(const std::filesystem::path& path) {
  return open_file(path, FileKind::sensitivity);
}

hdf5::Id open_solve(const std::filesystem::path& path) { return open_file(path, FileKind::solve); }

hdf5::Id open_attribution(const std::filesystem::path& path) {
  return open_file(path, FileKind::attribution);
}

/// Files of overbuild 0.1 hold whole runs and say nothing of it.
ResultScope read_scope(hid_t file) {
  if (!hdf5::has_attribute(file, "/", "first_path")) return {};
  const auto integer = [&](const char* name) { return hdf5::integer_attribute(file, "/", name); };
  return {hdf5::unsigned_attribute(file, "/", "first_path"), static_cast<int>(integer("shard")),
          static_cast<int>(integer("shards"))};
}

/// Files from before there were samplers say nothing of it.
void read_sampler(hid_t file, ResultContents& contents) {
  contents.sampler = name_of(Sampler::philox);
  if (!hdf5::has_attribute(file, "/", "sampler")) return;
  contents.sampler = hdf5::text_attribute(file, "/", "sampler");
  contents.replicates = hdf5::unsigned_attribute(file, "/", "replicates");
}

Provenance read_provenance(hid_t file) {
  const std::string group = fmt::format("/{}", layout::provenance_group);
  Provenance provenance;
  for (const ProvenanceText& field : provenance_texts)
    provenance.*field.member = hdf5::text_attribute(file, group, field.name);
  for (const ProvenanceCount& field : provenance_counts)
    provenance.*field.member = static_cast<int>(hdf5::integer_attribute(file, group, field.name));
  provenance.wall_seconds = hdf5::double_attribute(file, group, "wall_seconds");
  provenance.config = hdf5::read_text(file, group + "/config");
  return provenance;
}

Scenario read_described_scenario(hid_t file, const std::string& config, const std::string& name,
                                 const std::filesystem::path& path) {
  Scenario scenario = parse_scenario(config, path.string());
  scenario.name = name;
  for (std::size_t i = 0; i < scenario.parameters.size(); ++i) {
    const std::string variable =
        layout::in_group(layout::parameters_group, scenario.model->schema.parameters[i].name);
    ParameterSetting& setting = scenario.parameters[i];
    setting.origin = hdf5::text_attribute(file, variable, "origin");
    if (hdf5::has_attribute(file, variable, "comment"))
      setting.comment = hdf5::text_attribute(file, variable, "comment");
  }
  return scenario;
}

}  // namespace overbuild
