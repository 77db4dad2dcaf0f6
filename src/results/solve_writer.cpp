#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "overbuild/results/solve_file.hpp"
#include "src/results/columns.hpp"
#include "src/results/description_writer.hpp"
#include "src/results/format_mark.hpp"
#include "src/results/output_driver.hpp"
#include "src/results/solve_layout.hpp"

namespace overbuild {
namespace {

using hdf5::set_attribute;

void write_parameter_attributes(hid_t file, const std::string& name,
                                const SolvedParameter& parameter) {
  set_attribute(file, name, parameter.name);
  set_attribute(file, name + "_unit", parameter.unit);
  set_attribute(file, name + "_meaning", parameter.meaning);
  set_attribute(file, name + "_setting", parameter.setting);
  set_attribute(file, name + "_whole", std::int64_t{parameter.whole});
}

void write_attributes(hid_t file, const Scenario& scenario, const SolveContents& contents) {
  set_attribute(file, "Conventions", std::string("CF-1.10"));
  write_format_mark(file, FileKind::solve);
  set_attribute(file, "model", contents.model);
  set_attribute(file, "scenario", contents.scenario);
  set_attribute(file, "title", contents.title);
  set_attribute(file, "description", scenario.description);
  set_attribute(file, "statistic", contents.statistic);
  set_attribute(file, "statistic_unit", contents.statistic_unit);
  set_attribute(file, "target", contents.target);
  write_parameter_attributes(file, "parameter", contents.parameter);
  write_parameter_attributes(file, "against", contents.against);
  set_attribute(file, "grid_points", std::int64_t{contents.grid_points});
  set_attribute(file, "between_lower", contents.between.lower);
  set_attribute(file, "between_upper", contents.between.upper);
  set_attribute(file, "shard", std::int64_t{contents.shard});
  set_attribute(file, "shards", std::int64_t{contents.shards});
  set_attribute(file, "paths", static_cast<std::int64_t>(contents.paths));
  set_attribute(file, "complete", std::int64_t{1});
  write_setting_attributes(file, scenario, contents.provenance);
}

/// A value that was tried, and by which search.
struct Trial {
  std::size_t search;
  RootEvaluation evaluation;
};

void write_trials(hid_t group, const std::vector<Trial>& trials, const SolveContents& contents,
                  const std::vector<const Dimension*>& dimensions) {
  const ColumnWriter columns(group, trials, dimensions);
  const std::string& unit = contents.statistic_unit;
  columns.write({"statistic", unit, contents.statistic},
                [](const Trial& t) { return t.evaluation.at.statistic.value; });
  columns.write({"standard_error", unit, "Monte Carlo standard error of the statistic"},
                [](const Trial& t) { return t.evaluation.at.statistic.standard_error; });
  columns.write({"distance", "1",
                 "distance from the target that is tested: of the statistic, or for a quantile of "
                 "probabilities"},
                [](const Trial& t) { return t.evaluation.at.distance; });
  columns.write({"distance_error", "1", "standard error of the distance if the target holds"},
                [](const Trial& t) { return t.evaluation.at.standard_error; });
}

Label x_label(const SolveContents& contents) {
  return {"x", contents.parameter.unit,
          fmt::format("{}: {}", contents.parameter.name, contents.parameter.meaning)};
}

Label against_label(const SolveContents& contents) {
  return {"against", contents.against.unit,
          fmt::format("{}: {}", contents.against.name, contents.against.meaning)};
}

void write_scan(hid_t file, const SolveContents& contents) {
  const hdf5::Id group = hdf5::create_group(file, layout::scan_group);
  std::vector<Trial> trials;
  for (std::size_t s = 0; s < contents.searches.size(); ++s)
    for (const RootEvaluation& here : contents.searches[s].scan) trials.push_back({s, here});
  const Dimension x = write_dimension(group, x_label(contents), contents.grid);
  if (!contents.is_frontier()) return write_trials(group, trials, contents, {&x});
  const Dimension against = write_dimension(group, against_label(contents), contents.values);
  write_dimension(group,
                  {layout::frontier, contents.against.unit,
                   fmt::format("{}: the values of all shards", contents.against.name)},
                  contents.all_values);
  write_trials(group, trials, contents, {&against, &x});
}

struct FoundRoot {
  std::size_t search;
  Root root;
  double prior_share;
};

void write_roots(hid_t file, const SolveContents& contents) {
  const hdf5::Id group = hdf5::create_group(file, layout::roots_group);
  std::vector<FoundRoot> roots;
  for (std::size_t s = 0; s < contents.searches.size(); ++s)
    for (std::size_t r = 0; r < contents.searches[s].roots.size(); ++r)
      roots.push_back({s, contents.searches[s].roots[r], contents.prior_shares[s][r]});
  const Dimension number = write_numbers(group, "root", "number of the root", roots.size());
  const ColumnWriter columns(group, roots, {&number});
  const std::string& unit = contents.parameter.unit;
  columns.write({"search", "1", "search that found it, from 0"}, [](auto& r) { return r.search; });
  if (contents.is_frontier())
    columns.write({"against", contents.against.unit, against_label(contents).long_name},
                  [&](auto& r) { return contents.values[r.search]; });
  columns.write({"x", unit, x_label(contents).long_name}, [](auto& r) { return r.root.x; });
  columns.write({"lower", unit, "lower end of the 95% interval"},
                [](auto& r) { return r.root.lower; });
  columns.write({"upper", unit, "upper end of the 95% interval"},
                [](auto& r) { return r.root.upper; });
  columns.write({"lower_open", "1", "1: the interval may reach below"},
                [](auto& r) { return r.root.lower_open; });
  columns.write({"upper_open", "1", "1: the interval may reach above"},
                [](auto& r) { return r.root.upper_open; });
  columns.write({"low", unit, "lower end of the change of sign"},
                [](auto& r) { return r.root.low; });
  columns.write({"high", unit, "upper end of the change of sign"},
                [](auto& r) { return r.root.high; });
  columns.write({"statistic", contents.statistic_unit, contents.statistic},
                [](auto& r) { return r.root.statistic.value; });
  columns.write(
      {"standard_error", contents.statistic_unit, "Monte Carlo standard error of the statistic"},
      [](auto& r) { return r.root.statistic.standard_error; });
  columns.write({"prior_share", "1", "share of the parameter's prior below the root"},
                [](auto& r) { return r.prior_share; });
}

void write_evaluations(hid_t file, const SolveContents& contents) {
  const hdf5::Id group = hdf5::create_group(file, layout::evaluations_group);
  std::vector<Trial> trials;
  for (std::size_t s = 0; s < contents.searches.size(); ++s)
    for (const RootEvaluation& here : contents.searches[s].evaluations) trials.push_back({s, here});
  const Dimension number = write_numbers(group, "evaluation", "number of the value", trials.size());
  const ColumnWriter columns(group, trials, {&number});
  columns.write({"search", "1", "search that tried it, from 0"}, [](auto& t) { return t.search; });
  columns.write({"x", contents.parameter.unit, x_label(contents).long_name},
                [](auto& t) { return t.evaluation.x; });
  write_trials(group, trials, contents, {&number});
}

}  // namespace

bool SolveContents::has_roots() const {
  return std::ranges::any_of(searches, [](const RootSearch& s) { return !s.roots.empty(); });
}

struct SolveWriter::Implementation {
  Implementation(std::filesystem::path path, bool force) : output(std::move(path), force) {}

  void write(const Scenario& scenario, const SolveContents& contents) {
    const hdf5::Session session;
    hdf5::Id file = hdf5::create_file(output);
    write_attributes(file, scenario, contents);
    write_scan(file, contents);
    write_roots(file, contents);
    write_evaluations(file, contents);
    write_parameters(file, scenario);
    write_provenance(file, contents.provenance);
    output.throw_if_failed();
    file.close("close " + output.temporary().string());
  }

  OutputFile output;
};

SolveWriter::SolveWriter(std::filesystem::path path, bool force)
    : implementation_(std::make_unique<Implementation>(std::move(path), force)) {}

SolveWriter::~SolveWriter() = default;

void SolveWriter::write(const Scenario& scenario, const SolveContents& contents) {
  in_writing_terms(implementation_->output, [&] { implementation_->write(scenario, contents); });
  implementation_->output.publish();
}

const std::filesystem::path& SolveWriter::temporary_path() const {
  return implementation_->output.temporary();
}

}  // namespace overbuild
