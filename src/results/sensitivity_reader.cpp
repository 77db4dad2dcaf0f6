#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "overbuild/config/difference.hpp"
#include "overbuild/config/load.hpp"
#include "overbuild/results/sensitivity_file.hpp"
#include "src/results/format_mark.hpp"
#include "src/results/open_result.hpp"
#include "src/results/sensitivity_layout.hpp"
#include "src/results/statistics_layout.hpp"

namespace overbuild {
namespace {

SensitivityMethod method_called(const std::string& name) {
  const auto found = std::ranges::find(sensitivity_method_names, name);
  if (found == sensitivity_method_names.end())
    throw hdf5::Failure(fmt::format("the method \"{}\" is not known", name));
  return static_cast<SensitivityMethod>(found - sensitivity_method_names.begin());
}

void read_values(hid_t file, SensitivityContents& contents) {
  const std::string path = layout::in_group(layout::values_group, "value");
  const std::size_t each = contents.rows.size() * contents.points * contents.settings.repeats;
  for (std::size_t q = 0; q < contents.quantities.size(); ++q)
    contents.values.push_back({contents.rows.begin, contents.settings.repeats,
                               hdf5::expect_count(hdf5::read_doubles(file, path, q), each, path)});
}

SensitivityContents read_contents(hid_t file, const std::string& source) {
  const auto text = [&](const char* name) { return hdf5::text_attribute(file, "/", name); };
  const auto integer = [&](const char* name) { return hdf5::integer_attribute(file, "/", name); };
  const auto count = [&](const char* name) { return hdf5::unsigned_attribute(file, "/", name); };
  const auto names = [&](const char* name) {
    return hdf5::read_texts(file, layout::in_group(layout::indices_group, name));
  };
  SensitivityContents contents;
  contents.model = text("model");
  contents.scenario = text("scenario");
  contents.title = text("title");
  contents.seed = count("seed");
  contents.settings.method = method_called(text("method"));
  contents.settings.orders = integer("all_orders") ? InputOrders::all : InputOrders::random;
  contents.settings.repeats = count("repeats");
  contents.points = count("points");
  contents.resamples = static_cast<int>(integer("resamples"));
  contents.correlated = integer("correlated") != 0;
  contents.rows_asked = count("rows_asked");
  contents.rows = {count("first_row"), count("first_row") + count("rows")};
  contents.shard = static_cast<int>(integer("shard"));
  contents.shards = static_cast<int>(integer("shards"));
  contents.complete = integer("complete") != 0;
  contents.inputs = names("input");
  contents.quantities = names("quantity");
  contents.units = names("unit");
  read_values(file, contents);
  contents.provenance = read_provenance(file);
  estimate(contents,
           read_described_scenario(file, contents.provenance.config, contents.scenario, source));
  return contents;
}

std::string program_of(const SensitivityContents& contents) {
  return fmt::format("overbuild {} ({})", contents.provenance.program_version,
                     contents.provenance.git_revision);
}

std::string settings_text(const SensitivityContents& contents) {
  return fmt::format("{}, {} orders, {} rows, {} repeats, {} resamples",
                     name_of(contents.settings.method),
                     contents.settings.orders == InputOrders::all ? "all" : "random",
                     contents.rows_asked, contents.settings.repeats, contents.resamples);
}

}  // namespace

void estimate(SensitivityContents& contents, const Scenario& scenario) {
  const SensitivityDesign design = sensitivity_design(scenario, contents.settings);
  contents.estimates.clear();
  for (const SensitivityValues& values : contents.values)
    contents.estimates.push_back(estimate_sensitivity(
        design, values, {.resamples = contents.resamples, .seed = contents.seed}));
}

SensitivityContents read_sensitivity(const std::filesystem::path& path) {
  return in_reading_terms(path,
                          [&] { return read_contents(open_sensitivity(path), path.string()); });
}

Scenario scenario_of(const SensitivityContents& contents, const std::filesystem::path& path) {
  return in_reading_terms(path, [&] {
    return read_described_scenario(open_sensitivity(path), contents.provenance.config,
                                   contents.scenario, path);
  });
}

bool is_sensitivity_file(const std::filesystem::path& path) {
  return is_file_of_kind(path, FileKind::sensitivity);
}

std::string difference(const SensitivityContents& a, const std::string& a_name,
                       const SensitivityContents& b, const std::string& b_name) {
  const auto differ = [&](const char* what, const std::string& first, const std::string& second) {
    return first == second ? ""
                           : fmt::format("{} is \"{}\" in {} and \"{}\" in {}", what, first, a_name,
                                         second, b_name);
  };
  const auto joined = [](const auto& texts) { return fmt::format("{}", fmt::join(texts, ", ")); };
  for (const std::string& found :
       {differ("the program", program_of(a), program_of(b)),
        differ("the analysis", settings_text(a), settings_text(b)),
        differ("the quantity", joined(a.quantities), joined(b.quantities))})
    if (!found.empty()) return found;
  if (a.provenance.config == b.provenance.config) return "";
  const auto found = first_difference(parse_scenario(a.provenance.config, a_name),
                                      parse_scenario(b.provenance.config, b_name));
  return found ? differ(found->key.c_str(), found->first, found->second) : "";
}

}  // namespace overbuild
