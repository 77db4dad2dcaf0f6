#include "overbuild/results/result_file.hpp"
#include "src/results/open_result.hpp"
#include "src/results/statistics_reader.hpp"

namespace overbuild {
namespace {

ResultContents read_contents(hid_t file) {
  ResultContents contents;
  contents.model = hdf5::text_attribute(file, "/", "model");
  contents.scenario = hdf5::text_attribute(file, "/", "scenario");
  contents.title = hdf5::text_attribute(file, "/", "title");
  contents.description = hdf5::text_attribute(file, "/", "description");
  contents.seed = hdf5::unsigned_attribute(file, "/", "seed");
  contents.paths_asked = hdf5::unsigned_attribute(file, "/", "paths_asked");
  read_sampler(file, contents);
  contents.scope = read_scope(file);
  contents.summary.paths = hdf5::unsigned_attribute(file, "/", "paths");
  contents.summary.complete = hdf5::integer_attribute(file, "/", "complete") != 0;
  contents.provenance = read_provenance(file);
  StatisticsReader(file).read(contents);
  return contents;
}

}  // namespace

ResultContents read_result(const std::filesystem::path& path) {
  return in_reading_terms(path, [&] { return read_contents(open_result(path)); });
}

}  // namespace overbuild
