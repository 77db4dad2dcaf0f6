#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <tuple>

#include "overbuild/base/error.hpp"
#include "overbuild/results/batch_file.hpp"
#include "overbuild/statistics/histogram.hpp"
#include "src/results/description_writer.hpp"
#include "src/results/format_mark.hpp"
#include "src/results/open_result.hpp"
#include "src/results/output_driver.hpp"
#include "src/results/statistics_layout.hpp"
#include "src/results/statistics_reader.hpp"
#include "src/results/statistics_writer.hpp"

namespace overbuild {
namespace {

using layout::in_group;

using Parts = std::vector<std::filesystem::path>;

/// Numbers of a prior that are pure, whatever the parameter's unit.
bool is_pure_number(std::string_view member) {
  constexpr std::string_view pure[] = {"sigma", "alpha", "beta", "shape", "degrees"};
  return std::ranges::find(pure, member) != std::end(pure);
}

Label label_of(const SweptKey& key, const ModelSchema& schema) {
  const ParameterSpec& spec = schema.parameters[key.parameter];
  if (key.member.empty()) return overbuild::label_of(spec);
  return {key.name, is_pure_number(key.member) ? "1" : std::string(spec.unit),
          fmt::format("{}: {} of its prior", spec.meaning, key.member)};
}

ScenarioAxis axis_of(const Sweep& sweep) {
  ScenarioAxis axis;
  for (const SweepPoint& point : sweep.points()) axis.names.push_back(point.name);
  for (std::size_t k = 0; k < sweep.keys().size(); ++k) {
    const SweptKey& key = sweep.keys()[k];
    axis.coordinates.push_back({label_of(key, sweep.base().model->schema), key.key, {}});
    for (std::size_t i = 0; i < sweep.points().size(); ++i)
      axis.coordinates.back().values.push_back(sweep.coordinate(i, k));
  }
  return axis;
}

bool comes_before(const HistogramBin& a, const HistogramBin& b) {
  return std::tie(a.lower, a.upper) < std::tie(b.lower, b.upper);
}

/// Adds the filled bins of one scenario to those of all before it; both ascending.
void unite(std::vector<HistogramBin>& all, const std::vector<HistogramBin>& histogram) {
  std::vector<HistogramBin> filled, united;
  for (const HistogramBin& bin : histogram)
    if (bin.count > 0) filled.push_back({bin.lower, bin.upper, 0});
  std::ranges::set_union(all, filled, std::back_inserter(united), comes_before);
  all = std::move(united);
}

/// The bins that all scenarios share: bins have the same edges in every histogram.
OutcomeBins shared_bins(const ModelSchema& schema, const Parts& parts) {
  OutcomeBins bins(schema.outcomes.size());
  for (const std::filesystem::path& part : parts)
    in_reading_terms(part, [&] {
      const hdf5::Id file = open_result(part);
      for (std::size_t o = 0; o < bins.size(); ++o)
        unite(bins[o], StatisticsReader(file).histogram(std::string(schema.outcomes[o].name)));
    });
  for (std::vector<HistogramBin>& each : bins) each = with_gaps_filled(each);
  return bins;
}

}  // namespace

struct BatchWriter::Implementation {
  Implementation(std::filesystem::path path, const Sweep& the_sweep, Parts the_parts,
                 OutcomeBins bins, bool force)
      : sweep(the_sweep),
        schema(sweep.base().model->schema),
        parts(std::move(the_parts)),
        axis(axis_of(sweep)),
        output(std::move(path), force) {
    const std::vector<double> time = read_result(parts.front()).summary.time;
    in_writing_terms(output, [&] {
      const hdf5::Session session;
      file = hdf5::create_file(output);
      statistics.emplace(file, schema, time, std::move(bins), &axis);
      create_kept_groups();
      write_parameters();
    });
  }

  ~Implementation() {
    const hdf5::Session session;
    statistics.reset();
    path_outcomes.reset();
    path_parameters.reset();
    file = {};
  }

  std::uint64_t kept_paths() const {
    return std::min(sweep.base().outputs.outcomes, sweep.base().run.paths);
  }

  void create_kept_groups() {
    if (kept_paths() == 0) return;
    path_outcomes.emplace(file, layout::path_outcomes_group, &axis);
    outcome_path = path_outcomes->keep(write_paths(*path_outcomes, 0, kept_paths()));
    const auto& parameters = sweep.base().parameters;
    for (std::size_t p = 0; p < parameters.size(); ++p)
      if (parameters[p].drawn()) drawn.push_back(p);
    if (drawn.empty()) return;
    // A swept parameter has here its value on each path, so that it cannot be a coordinate.
    names_alone.names = axis.names;
    path_parameters.emplace(file, layout::path_parameters_group, &names_alone);
    parameter_path = path_parameters->keep(write_paths(*path_parameters, 0, kept_paths()));
  }

  void write_parameters() {
    const VariableGroup group(file, layout::parameters_group, &axis);
    const auto& parameters = sweep.base().parameters;
    for (std::size_t p = 0; p < parameters.size(); ++p) {
      const ParameterSpec& spec = schema.parameters[p];
      const bool is_swept = std::ranges::any_of(sweep.keys(), [&](const SweptKey& key) {
        return key.parameter == p && key.member.empty();
      });
      if (is_swept)
        describe_parameter(group.coordinate(std::string(spec.name)), spec, parameters[p]);
      else
        write_parameter(group, spec, parameters[p]);
    }
  }

  void check_part(const ResultContents& contents, std::size_t scenario) const {
    const std::string& name = sweep.points()[scenario].name;
    if (contents.scenario != name || contents.model != schema.name ||
        contents.summary.paths != sweep.base().run.paths)
      fail_to_read(parts[scenario],
                   fmt::format("it is not that of all paths of scenario {}", name));
  }

  void add(std::size_t scenario) {
    const std::filesystem::path& part = parts[scenario];
    const ResultContents contents = read_result(part);
    check_part(contents, scenario);
    in_writing_terms(output, [&] {
      const hdf5::Session session;
      statistics->write(contents.summary, scenario);
    });
    if (kept_paths() > 0) add_kept(part, scenario);
    output.throw_if_failed();
  }

  /// Writes the row of a scenario in a variable over paths.
  void write_row(VariableGroup& group, const Dimension* path, const Label& label,
                 const std::vector<double>& values, std::size_t scenario) {
    in_writing_terms(output, [&] { group.write(scenario, label, values, {path}); });
  }

  void add_kept(const std::filesystem::path& part, std::size_t scenario) {
    in_reading_terms(part, [&] {
      const hdf5::Id source = open_result(part);
      const auto values = [&](const char* group, const Label& label) {
        return hdf5::read_doubles(source, in_group(group, label.name));
      };
      for (const OutcomeSpec& spec : schema.outcomes) {
        const Label label = overbuild::label_of(spec);
        write_row(*path_outcomes, outcome_path, label, values(layout::path_outcomes_group, label),
                  scenario);
        if (scenario == 0) describe_codes(path_outcomes->variable(label.name), spec.codes);
      }
      const Scenario whole = sweep.scenario(scenario);
      for (const std::size_t p : drawn) {
        const ParameterSetting& setting = whole.parameters[p];
        const Label label = overbuild::label_of(schema.parameters[p]);
        write_row(*path_parameters, parameter_path, label,
                  setting.drawn() ? values(layout::path_parameters_group, label)
                                  : std::vector<double>(kept_paths(), setting.value),
                  scenario);
      }
    });
  }

  void write_attributes(const Provenance& provenance) {
    const Scenario& base = sweep.base();
    hdf5::set_attribute(file, "Conventions", std::string("CF-1.10"));
    write_format_mark(file, FileKind::batch);
    hdf5::set_attribute(file, "model", std::string(schema.name));
    hdf5::set_attribute(file, "batch", base.name);
    hdf5::set_attribute(file, "title", base.title);
    hdf5::set_attribute(file, "description", base.description);
    hdf5::set_attribute(file, "scenarios", static_cast<std::int64_t>(axis.names.size()));
    hdf5::set_attribute(file, "swept", axis.coordinate_names());
    hdf5::set_attribute(file, "paths", static_cast<std::int64_t>(base.run.paths));
    hdf5::set_attribute(file, "complete", std::int64_t{1});
    write_setting_attributes(file, base, provenance);
  }

  void finish(const Provenance& provenance) {
    in_writing_terms(output, [&] {
      const hdf5::Session session;
      write_attributes(provenance);
      write_provenance(file, provenance);
      statistics.reset();
      path_outcomes.reset();
      path_parameters.reset();
      output.throw_if_failed();
      file.close("close " + output.temporary().string());
    });
    output.publish();
  }

  const Sweep& sweep;
  const ModelSchema& schema;
  const Parts parts;
  const ScenarioAxis axis;
  ScenarioAxis names_alone;
  OutputFile output;
  hdf5::Id file;
  std::optional<StatisticsWriter> statistics;
  std::optional<VariableGroup> path_outcomes, path_parameters;
  const Dimension *outcome_path = nullptr, *parameter_path = nullptr;
  std::vector<std::size_t> drawn;  ///< parameters that the base case draws
};

// The parts are read before the temporary file is made, which is there for a shorter time then.
BatchWriter::BatchWriter(std::filesystem::path path, const Sweep& sweep, Parts parts, bool force) {
  OutcomeBins bins = shared_bins(sweep.base().model->schema, parts);
  implementation_ = std::make_unique<Implementation>(std::move(path), sweep, std::move(parts),
                                                     std::move(bins), force);
}

BatchWriter::~BatchWriter() = default;

void BatchWriter::add(std::size_t scenario) { implementation_->add(scenario); }

void BatchWriter::finish(const Provenance& provenance) { implementation_->finish(provenance); }

const std::filesystem::path& BatchWriter::temporary_path() const {
  return implementation_->output.temporary();
}

}  // namespace overbuild
