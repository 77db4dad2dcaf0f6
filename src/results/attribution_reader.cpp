#include <fmt/format.h>

#include "overbuild/results/attribution_file.hpp"
#include "src/results/attribution_layout.hpp"
#include "src/results/columns.hpp"
#include "src/results/format_mark.hpp"
#include "src/results/open_result.hpp"

namespace overbuild {
namespace {

void read_changes(hid_t file, AttributionContents& contents) {
  const ColumnReader columns(file, layout::changes_group);
  const auto effect = columns("effect"), effect_se = columns("effect_se"),
             path_error = columns("path_error"), order_error = columns("order_error"),
             alone = columns("alone"), alone_se = columns("alone_se"), last = columns("last"),
             last_se = columns("last_se");
  for (const std::string& name : columns.texts("name")) contents.changes.push_back({name, {}});
  for (std::size_t i = 0; i < contents.changes.size(); ++i)
    contents.attribution.parts.push_back({{effect.at(i), effect_se.at(i)},
                                          path_error.at(i),
                                          order_error.at(i),
                                          {alone.at(i), alone_se.at(i)},
                                          {last.at(i), last_se.at(i)}});
}

/// Calls take(number of the change, key) for each key.
template <class Take>
void read_keys(hid_t file, const char* group, const Take& take) {
  const ColumnReader columns(file, group);
  const auto change = columns("change");
  const auto key = columns.texts("key"), first = columns.texts("first"),
             second = columns.texts("second");
  for (std::size_t i = 0; i < key.size(); ++i)
    take(static_cast<std::size_t>(change.at(i)), Difference{key[i], first.at(i), second.at(i)});
}

void read_coalitions(hid_t file, AttributionContents& contents) {
  const ColumnReader columns(file, layout::coalitions_group);
  const auto member = columns("member"), statistic = columns("statistic"),
             error = columns("standard_error");
  const std::size_t players = contents.changes.size();
  ShapleyPlan& plan = contents.attribution.plan;
  plan.players = players;
  for (std::size_t c = 0; c < statistic.size(); ++c) {
    Coalition coalition = 0;
    for (std::size_t i = 0; i < players; ++i)
      if (member.at(c * players + i) != 0) coalition |= Coalition{1} << i;
    plan.coalitions.push_back(coalition);
    contents.attribution.statistics.push_back({statistic[c], error.at(c)});
  }
}

AttributionContents read_contents(hid_t file) {
  const auto text = [&](const char* name) { return hdf5::text_attribute(file, "/", name); };
  const auto estimate = [&](const std::string& name) {
    return Estimate{hdf5::double_attribute(file, "/", name),
                    hdf5::double_attribute(file, "/", fmt::format("{}_se", name))};
  };
  AttributionContents contents;
  contents.model = text("model");
  contents.scenario = text("scenario");
  contents.title = text("title");
  contents.second_scenario = text("second_scenario");
  contents.second_title = text("second_title");
  contents.second_config =
      hdf5::read_text(file, layout::in_group(layout::provenance_group, layout::second_config));
  contents.statistic = text("statistic");
  contents.statistic_unit = text("statistic_unit");
  contents.seed = hdf5::unsigned_attribute(file, "/", "seed");
  contents.paths = hdf5::unsigned_attribute(file, "/", "paths");
  contents.orders = hdf5::unsigned_attribute(file, "/", "orders");
  contents.attribution.first = estimate("first");
  contents.attribution.second = estimate("second");
  contents.attribution.total = estimate("total");
  read_changes(file, contents);
  read_keys(file, layout::changed_keys_group, [&](std::size_t change, Difference key) {
    contents.changes.at(change).keys.push_back(std::move(key));
  });
  if (hdf5::has_object(file, layout::in_group("", layout::left_keys_group)))
    read_keys(file, layout::left_keys_group,
              [&](std::size_t, Difference key) { contents.left.push_back(std::move(key)); });
  read_coalitions(file, contents);
  contents.provenance = read_provenance(file);
  return contents;
}

}  // namespace

AttributionContents read_attribution(const std::filesystem::path& path) {
  return in_reading_terms(path, [&] { return read_contents(open_attribution(path)); });
}

bool is_attribution_file(const std::filesystem::path& path) {
  return is_file_of_kind(path, FileKind::attribution);
}

}  // namespace overbuild
