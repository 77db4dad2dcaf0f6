#include <sstream>

#include "overbuild/results/batch_file.hpp"
#include "src/results/format_mark.hpp"
#include "src/results/open_result.hpp"
#include "src/results/statistics_layout.hpp"
#include "src/results/statistics_reader.hpp"

namespace overbuild {
namespace {

using layout::in_group;

std::vector<SweptCoordinate> read_swept(hid_t file) {
  std::vector<SweptCoordinate> swept;
  std::istringstream names(hdf5::text_attribute(file, "/", "swept"));
  for (std::string name; names >> name;) {
    const std::string path = in_group(layout::parameters_group, name);
    swept.push_back({name, hdf5::text_attribute(file, path, layout::key_attribute),
                     hdf5::read_doubles(file, path)});
  }
  return swept;
}

BatchContents read_contents(hid_t file) {
  BatchContents contents;
  contents.model = hdf5::text_attribute(file, "/", "model");
  contents.batch = hdf5::text_attribute(file, "/", "batch");
  contents.title = hdf5::text_attribute(file, "/", "title");
  contents.description = hdf5::text_attribute(file, "/", "description");
  contents.seed = hdf5::unsigned_attribute(file, "/", "seed");
  contents.paths = hdf5::unsigned_attribute(file, "/", "paths");
  contents.provenance = read_provenance(file);
  contents.time = hdf5::read_doubles(file, in_group(layout::series_group, "time"));
  contents.scenarios = hdf5::read_texts(file, in_group(layout::parameters_group, layout::scenario));
  contents.swept = read_swept(file);
  const StatisticsReader reader(file);
  contents.series = reader.quantities(layout::series_group, "_mean");
  contents.events = reader.quantities(layout::events_group, "");
  contents.outcomes = reader.quantities(layout::outcomes_group, "_mean");
  return contents;
}

}  // namespace

bool is_batch_file(const std::filesystem::path& path) {
  return is_file_of_kind(path, FileKind::batch);
}

struct BatchReader::Implementation {
  ~Implementation() {
    const hdf5::Session session;
    file = {};
  }

  /// An estimate at one place of the dimensions after `scenario`, for each scenario.
  std::vector<Estimate> estimates(const std::string& variable, const hdf5::Shape& at) const {
    return in_reading_terms(path, [&] {
      const std::vector<double> value = hdf5::read_doubles_at(file, variable, at);
      const std::vector<double> error =
          hdf5::read_doubles_at(file, layout::standard_error_of(variable), at);
      std::vector<Estimate> result;
      for (std::size_t i = 0; i < value.size(); ++i) result.push_back({value[i], error[i]});
      return result;
    });
  }

  std::filesystem::path path;
  hdf5::Id file;
  BatchContents contents;
};

BatchReader::BatchReader(const std::filesystem::path& path)
    : implementation_(std::make_unique<Implementation>()) {
  implementation_->path = path;
  in_reading_terms(path, [&] {
    implementation_->file = open_batch(path);
    implementation_->contents = read_contents(implementation_->file);
  });
}

BatchReader::~BatchReader() = default;

const BatchContents& BatchReader::contents() const { return implementation_->contents; }

ResultContents BatchReader::scenario(std::size_t index) const {
  const BatchContents& batch = contents();
  ResultContents result;
  result.model = batch.model;
  result.scenario = batch.scenarios.at(index);
  result.title = batch.title;
  result.description = batch.description;
  result.provenance = batch.provenance;
  result.seed = batch.seed;
  result.paths_asked = result.summary.paths = batch.paths;
  result.summary.complete = true;
  in_reading_terms(implementation_->path, [&] {
    read_sampler(implementation_->file, result);
    StatisticsReader(implementation_->file, index).read(result);
  });
  return result;
}

std::vector<Estimate> BatchReader::final_event(std::size_t event) const {
  return implementation_->estimates(in_group(layout::events_group, contents().events[event].name),
                                    {contents().time.size() - 1});
}

std::vector<Estimate> BatchReader::final_median(std::size_t series) const {
  constexpr hsize_t median = 4;
  static_assert(quantile_levels[median] == 0.5);
  return implementation_->estimates(
      in_group(layout::series_group,
               layout::statistic_of(contents().series[series].name, "quantile")),
      {contents().time.size() - 1, median});
}

}  // namespace overbuild
