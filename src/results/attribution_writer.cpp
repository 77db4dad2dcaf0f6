#include <fmt/format.h>

#include "overbuild/results/attribution_file.hpp"
#include "src/results/attribution_layout.hpp"
#include "src/results/columns.hpp"
#include "src/results/description_writer.hpp"
#include "src/results/format_mark.hpp"
#include "src/results/output_driver.hpp"

namespace overbuild {
namespace {

using hdf5::set_attribute;

void write_attributes(hid_t file, const Scenario& first, const AttributionContents& contents) {
  const Attribution& found = contents.attribution;
  set_attribute(file, "Conventions", std::string("CF-1.10"));
  write_format_mark(file, FileKind::attribution);
  set_attribute(file, "model", contents.model);
  set_attribute(file, "scenario", contents.scenario);
  set_attribute(file, "title", contents.title);
  set_attribute(file, "description", first.description);
  set_attribute(file, "second_scenario", contents.second_scenario);
  set_attribute(file, "second_title", contents.second_title);
  set_attribute(file, "statistic", contents.statistic);
  set_attribute(file, "statistic_unit", contents.statistic_unit);
  const auto set_estimate = [&](const std::string& name, const Estimate& estimate) {
    set_attribute(file, name, estimate.value);
    set_attribute(file, fmt::format("{}_se", name), estimate.standard_error);
  };
  set_estimate("first", found.first);
  set_estimate("second", found.second);
  set_estimate("total", found.total);
  set_attribute(file, "orders", static_cast<std::int64_t>(contents.orders));
  set_attribute(file, "paths", static_cast<std::int64_t>(contents.paths));
  set_attribute(file, "complete", std::int64_t{1});
  write_setting_attributes(file, first, contents.provenance);
}

/// A change beside what it adds.
struct Row {
  const ScenarioChange& change;
  const Contribution& part;
};

void write_changes(hid_t file, const AttributionContents& contents) {
  const hdf5::Id group = hdf5::create_group(file, layout::changes_group);
  std::vector<Row> rows;
  for (std::size_t i = 0; i < contents.changes.size(); ++i)
    rows.push_back({contents.changes[i], contents.attribution.parts[i]});
  const Dimension number = write_numbers(group, "change", "number of the change", rows.size());
  const ColumnWriter columns(group, rows, {&number});
  columns.write_texts("name", "key that changes, or several joined by +",
                      [](const Row& row) { return row.change.name; });
  const std::string& unit = contents.statistic_unit;
  const auto write = [&](const char* name, const char* meaning, auto of) {
    columns.write({name, unit, meaning}, of);
  };
  write("effect", "what the change adds to the statistic: its Shapley value",
        [](const Row& row) { return row.part.effect.value; });
  write("effect_se", "standard error of the effect, from paths and orders",
        [](const Row& row) { return row.part.effect.standard_error; });
  write("path_error", "standard error of the effect from the paths",
        [](const Row& row) { return row.part.path_error; });
  write("order_error", "standard error of the effect from the choice of the orders",
        [](const Row& row) { return row.part.order_error; });
  write("alone", "difference that the change alone makes to the first scenario",
        [](const Row& row) { return row.part.alone.value; });
  write("alone_se", "standard error of that",
        [](const Row& row) { return row.part.alone.standard_error; });
  write("last", "difference that the change makes when all others have been made",
        [](const Row& row) { return row.part.last.value; });
  write("last_se", "standard error of that",
        [](const Row& row) { return row.part.last.standard_error; });
}

struct KeyRow {
  std::size_t change;
  Difference difference;
};

/// Nothing where there are none: not all readers know datasets without values (R's rhdf5).
void write_keys(hid_t file, const char* name, const std::vector<KeyRow>& rows) {
  if (rows.empty()) return;
  const hdf5::Id group = hdf5::create_group(file, name);
  const Dimension number = write_numbers(group, "row", "number of the key", rows.size());
  const ColumnWriter columns(group, rows, {&number});
  columns.write({"change", "1", "change that the key is part of"},
                [](const KeyRow& row) { return row.change; });
  columns.write_texts("key", "key of the config",
                      [](const KeyRow& row) { return row.difference.key; });
  columns.write_texts("first", "its value in the first config",
                      [](const KeyRow& row) { return row.difference.first; });
  columns.write_texts("second", "its value in the second config",
                      [](const KeyRow& row) { return row.difference.second; });
}

void write_differences(hid_t file, const AttributionContents& contents) {
  std::vector<KeyRow> changed, left;
  for (std::size_t i = 0; i < contents.changes.size(); ++i)
    for (const Difference& key : contents.changes[i].keys) changed.push_back({i, key});
  for (const Difference& key : contents.left) left.push_back({contents.changes.size(), key});
  write_keys(file, layout::changed_keys_group, changed);
  write_keys(file, layout::left_keys_group, left);
}

void write_coalitions(hid_t file, const AttributionContents& contents) {
  const hdf5::Id group = hdf5::create_group(file, layout::coalitions_group);
  const ShapleyPlan& plan = contents.attribution.plan;
  const Dimension number =
      write_numbers(group, "coalition", "number of the coalition", plan.coalitions.size());
  const Dimension change =
      write_numbers(group, "change", "number of the change", contents.changes.size());
  std::vector<std::uint64_t> member;
  for (const Coalition coalition : plan.coalitions)
    for (std::size_t i = 0; i < contents.changes.size(); ++i) member.push_back(coalition >> i & 1);
  write_variable(group, {"member", "1", "1: the change has been made"}, member, {&number, &change});
  const ColumnWriter columns(group, contents.attribution.statistics, {&number});
  columns.write({"statistic", contents.statistic_unit, contents.statistic},
                [](const Estimate& e) { return e.value; });
  columns.write(
      {"standard_error", contents.statistic_unit, "Monte Carlo standard error of the statistic"},
      [](const Estimate& e) { return e.standard_error; });
}

}  // namespace

struct AttributionWriter::Implementation {
  Implementation(std::filesystem::path path, bool force) : output(std::move(path), force) {}

  void write(const Scenario& first, const AttributionContents& contents) {
    const hdf5::Session session;
    hdf5::Id file = hdf5::create_file(output);
    write_attributes(file, first, contents);
    write_changes(file, contents);
    write_differences(file, contents);
    write_coalitions(file, contents);
    write_parameters(file, first);
    write_provenance(file, contents.provenance);
    hdf5::write_text(hdf5::Id(H5Gopen2(file, layout::provenance_group, H5P_DEFAULT), H5Gclose,
                              "open the provenance"),
                     layout::second_config, contents.second_config);
    output.throw_if_failed();
    file.close("close " + output.temporary().string());
  }

  OutputFile output;
};

AttributionWriter::AttributionWriter(std::filesystem::path path, bool force)
    : implementation_(std::make_unique<Implementation>(std::move(path), force)) {}

AttributionWriter::~AttributionWriter() = default;

void AttributionWriter::write(const Scenario& first, const AttributionContents& contents) {
  in_writing_terms(implementation_->output, [&] { implementation_->write(first, contents); });
  implementation_->output.publish();
}

const std::filesystem::path& AttributionWriter::temporary_path() const {
  return implementation_->output.temporary();
}

}  // namespace overbuild
