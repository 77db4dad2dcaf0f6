#include <algorithm>
#include <optional>

#include "overbuild/base/error.hpp"
#include "overbuild/results/result_file.hpp"
#include "src/results/description_writer.hpp"
#include "src/results/output_driver.hpp"
#include "src/results/path_series_writer.hpp"
#include "src/results/state_writer.hpp"
#include "src/results/statistics_writer.hpp"

namespace overbuild {
namespace {

void check_sizes(const ModelSchema& schema, const RunResult& result) {
  const RunSummary& summary = result.summary;
  if (summary.series.size() == schema.series.size() &&
      summary.events.size() == schema.events.size() &&
      summary.outcomes.size() == schema.outcomes.size())
    return;
  throw Error(ExitCode::internal, "the statistics are not those of the model");
}

}  // namespace

struct ResultWriter::Implementation {
  Implementation(std::filesystem::path path, const Scenario& the_scenario, bool force,
                 ResultScope the_scope)
      : scenario(the_scenario), scope(the_scope), output(std::move(path), force) {
    in_file_terms([&] {
      const hdf5::Session session;
      file = hdf5::create_file(output);
      if (std::min(scenario.outputs.paths, scenario.run.paths) > scope.first_path)
        path_series.emplace(file, output, scenario, scope.first_path);
    });
    output.throw_if_failed();
  }

  ~Implementation() {
    path_series.reset();
    const hdf5::Session session;
    file = {};
  }

  void write(const RunResult& result, const Provenance& provenance) {
    const ModelSchema& schema = scenario.model->schema;
    if (path_series) path_series->finish(result.summary.time, result.summary.paths);
    path_series.reset();
    const hdf5::Session session;
    write_run_attributes(file, scenario, scope, result.summary, provenance);
    write_statistics(file, schema, result.summary);
    write_parameters(file, scenario);
    write_provenance(file, provenance);
    if (result.kept.paths > 0) write_kept_outcomes(file, schema, result.kept);
    if (result.state) write_state(file, *result.state, result.replicates);
    output.throw_if_failed();
    file.close("close " + output.temporary().string());
  }

  template <class Action>
  void in_file_terms(const Action& action) {
    in_writing_terms(output, action);
  }

  const Scenario scenario;
  const ResultScope scope;
  OutputFile output;
  hdf5::Id file;
  std::optional<PathSeriesWriter> path_series;
};

ResultWriter::ResultWriter(std::filesystem::path path, const Scenario& scenario, bool force,
                           ResultScope scope)
    : implementation_(std::make_unique<Implementation>(std::move(path), scenario, force, scope)) {}

ResultWriter::~ResultWriter() = default;

void ResultWriter::accept(std::unique_ptr<KeptTile> tile) {
  Implementation& self = *implementation_;
  if (!self.path_series) throw Error(ExitCode::internal, "a kept tile, but no paths are kept");
  self.in_file_terms([&] { self.path_series->accept(*tile); });
}

void ResultWriter::check() {
  Implementation& self = *implementation_;
  if (self.path_series) self.in_file_terms([&] { self.path_series->check(); });
}

void ResultWriter::finish(const RunResult& result, const Provenance& provenance) {
  check_sizes(implementation_->scenario.model->schema, result);
  if (result.first_path != implementation_->scope.first_path)
    throw Error(ExitCode::internal, "the statistics are not those of the file's paths");
  implementation_->in_file_terms([&] { implementation_->write(result, provenance); });
  implementation_->output.publish();
}

const std::filesystem::path& ResultWriter::temporary_path() const {
  return implementation_->output.temporary();
}

}  // namespace overbuild
