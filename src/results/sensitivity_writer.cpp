#include <fmt/format.h>
#include <fmt/ranges.h>

#include <numeric>

#include "overbuild/results/sensitivity_file.hpp"
#include "src/results/description_writer.hpp"
#include "src/results/format_mark.hpp"
#include "src/results/output_driver.hpp"
#include "src/results/sensitivity_layout.hpp"

namespace overbuild {
namespace {

using hdf5::set_attribute;

void write_attributes(hid_t file, const Scenario& scenario, const SensitivityContents& contents) {
  set_attribute(file, "Conventions", std::string("CF-1.10"));
  write_format_mark(file, FileKind::sensitivity);
  set_attribute(file, "model", contents.model);
  set_attribute(file, "scenario", contents.scenario);
  set_attribute(file, "title", contents.title);
  set_attribute(file, "description", scenario.description);
  set_attribute(file, "method", std::string(name_of(contents.settings.method)));
  set_attribute(file, "all_orders", std::int64_t{contents.settings.orders == InputOrders::all});
  set_attribute(file, "repeats", contents.settings.repeats);
  set_attribute(file, "points", std::uint64_t{contents.points});
  set_attribute(file, "resamples", std::int64_t{contents.resamples});
  set_attribute(file, "correlated", std::int64_t{contents.correlated});
  set_attribute(file, "rows_asked", contents.rows_asked);
  set_attribute(file, "first_row", contents.rows.begin);
  set_attribute(file, "rows", contents.rows.size());
  set_attribute(file, "paths", contents.rows.size() * contents.points * contents.settings.repeats);
  set_attribute(file, "shard", std::int64_t{contents.shard});
  set_attribute(file, "shards", std::int64_t{contents.shards});
  set_attribute(file, "complete", std::int64_t{contents.complete});
  write_setting_attributes(file, scenario, contents.provenance);
}

/// Writes the parts of the estimates, each a variable over the dimensions.
void write_intervals(hid_t group, const std::string& name, const std::string& meaning,
                     const std::vector<IntervalEstimate>& estimates,
                     const std::vector<const Dimension*>& dimensions) {
  for (const layout::IntervalPart& part : layout::interval_parts) {
    std::vector<double> values;
    for (const IntervalEstimate& estimate : estimates) values.push_back(estimate.*part.member);
    write_variable(group, {name + part.ending, "1", part.meaning + meaning}, values, dimensions);
  }
}

void write_indices(hid_t group, const SensitivityContents& contents, const Dimension& quantity,
                   const Dimension& input) {
  for (std::size_t i = 0; i < contents.estimates.front().indices.size(); ++i) {
    std::vector<IntervalEstimate> all;
    for (const SensitivityEstimates& estimates : contents.estimates) {
      const auto& by_input = estimates.indices[i].by_input;
      all.insert(all.end(), by_input.begin(), by_input.end());
    }
    const SensitivityIndex& index = contents.estimates.front().indices[i];
    write_intervals(group, std::string(index.name), std::string(index.meaning), all,
                    {&quantity, &input});
  }
}

void write_moments(hid_t group, const SensitivityContents& contents, const Dimension& quantity) {
  for (const layout::SensitivityMoment& moment : layout::sensitivity_moments) {
    std::vector<IntervalEstimate> all;
    for (const SensitivityEstimates& estimates : contents.estimates)
      all.push_back(estimates.*moment.member);
    write_intervals(group, moment.name, moment.meaning, all, {&quantity});
  }
}

void write_estimates(hid_t file, const SensitivityContents& contents) {
  const hdf5::Id group = hdf5::create_group(file, layout::indices_group);
  const Dimension quantity =
      write_dimension(group, {"quantity", "1", "quantity of a path"}, contents.quantities);
  const Dimension input =
      write_dimension(group, {"input", "1", "parameter with a prior"}, contents.inputs);
  write_indices(group, contents, quantity, input);
  write_moments(group, contents, quantity);
  std::vector<std::string> found;
  for (const SensitivityEstimates& estimates : contents.estimates)
    found.push_back(fmt::format("{}", fmt::join(doubts(estimates), "\n")));
  const hdf5::Id texts = hdf5::write_texts(group, "doubts", found);
  describe(texts, {"doubts", "1", "reasons not to trust the indices, one a line"});
  attach(texts, {&quantity});
  const hdf5::Id units = hdf5::write_texts(group, "unit", contents.units);
  describe(units, {"unit", "1", "unit of the quantity"});
  attach(units, {&quantity});
}

void write_values(hid_t file, const SensitivityContents& contents) {
  const hdf5::Id group = hdf5::create_group(file, layout::values_group);
  const Dimension quantity =
      write_dimension(group, {"quantity", "1", "quantity of a path"}, contents.quantities);
  std::vector<std::int64_t> rows(contents.rows.size());
  std::iota(rows.begin(), rows.end(), static_cast<std::int64_t>(contents.rows.begin));
  const Dimension row = write_dimension(group, {"row", "1", "row of the design"}, rows);
  const Dimension repeat =
      write_numbers(group, "repeat", "path at the same point", contents.settings.repeats);
  const Dimension point = write_numbers(group, "point", "point of the row", contents.points);
  std::vector<double> all;
  for (const SensitivityValues& values : contents.values)
    all.insert(all.end(), values.values.begin(), values.values.end());
  write_variable(group, {"value", "1", "value of the quantity, in its unit"}, all,
                 {&quantity, &row, &repeat, &point});
}

}  // namespace

struct SensitivityWriter::Implementation {
  Implementation(std::filesystem::path path, bool force) : output(std::move(path), force) {}

  void write(const Scenario& scenario, const SensitivityContents& contents) {
    const hdf5::Session session;
    hdf5::Id file = hdf5::create_file(output);
    write_attributes(file, scenario, contents);
    write_estimates(file, contents);
    write_values(file, contents);
    write_parameters(file, scenario);
    write_provenance(file, contents.provenance);
    output.throw_if_failed();
    file.close("close " + output.temporary().string());
  }

  OutputFile output;
};

SensitivityWriter::SensitivityWriter(std::filesystem::path path, bool force)
    : implementation_(std::make_unique<Implementation>(std::move(path), force)) {}

SensitivityWriter::~SensitivityWriter() = default;

void SensitivityWriter::write(const Scenario& scenario, const SensitivityContents& contents) {
  in_writing_terms(implementation_->output, [&] { implementation_->write(scenario, contents); });
  implementation_->output.publish();
}

const std::filesystem::path& SensitivityWriter::temporary_path() const {
  return implementation_->output.temporary();
}

}  // namespace overbuild
