#include <fmt/format.h>

#include "overbuild/config/difference.hpp"
#include "overbuild/config/load.hpp"
#include "overbuild/results/solve_file.hpp"
#include "src/results/columns.hpp"
#include "src/results/format_mark.hpp"
#include "src/results/open_result.hpp"
#include "src/results/solve_layout.hpp"

namespace overbuild {
namespace {

std::vector<TargetDistance> read_trials(const ColumnReader& columns) {
  const auto value = columns("statistic"), error = columns("standard_error"),
             distance = columns("distance"), distance_error = columns("distance_error");
  std::vector<TargetDistance> trials;
  for (std::size_t i = 0; i < value.size(); ++i)
    trials.push_back({{value[i], error.at(i)}, distance.at(i), distance_error.at(i)});
  return trials;
}

void read_scan(hid_t file, SolveContents& contents) {
  const ColumnReader columns(file, layout::scan_group);
  contents.grid = columns("x");
  if (contents.is_frontier()) {
    contents.values = columns("against");
    contents.all_values = columns(layout::frontier);
  }
  contents.searches.resize(contents.is_frontier() ? contents.values.size() : 1);
  const std::vector<TargetDistance> trials =
      hdf5::expect_count(read_trials(columns), contents.searches.size() * contents.grid.size(),
                         layout::in_group(layout::scan_group, "statistic"));
  auto next = trials.begin();
  for (RootSearch& search : contents.searches)
    for (const double x : contents.grid) search.scan.push_back({x, *next++});
}

void read_roots(hid_t file, SolveContents& contents) {
  const ColumnReader columns(file, layout::roots_group);
  const auto search = columns("search"), x = columns("x"), lower = columns("lower"),
             upper = columns("upper"), lower_open = columns("lower_open"),
             upper_open = columns("upper_open"), low = columns("low"), high = columns("high"),
             statistic = columns("statistic"), error = columns("standard_error"),
             share = columns("prior_share");
  contents.prior_shares.resize(contents.searches.size());
  for (std::size_t i = 0; i < search.size(); ++i) {
    const auto s = static_cast<std::size_t>(search[i]);
    contents.searches.at(s).roots.push_back({x.at(i),
                                             lower.at(i),
                                             upper.at(i),
                                             lower_open.at(i) != 0,
                                             upper_open.at(i) != 0,
                                             low.at(i),
                                             high.at(i),
                                             {statistic.at(i), error.at(i)}});
    contents.prior_shares[s].push_back(share.at(i));
  }
}

void read_evaluations(hid_t file, SolveContents& contents) {
  const ColumnReader columns(file, layout::evaluations_group);
  const auto search = columns("search"), x = columns("x");
  const std::vector<TargetDistance> trials = read_trials(columns);
  for (std::size_t i = 0; i < search.size(); ++i)
    contents.searches.at(static_cast<std::size_t>(search[i]))
        .evaluations.push_back({x.at(i), trials.at(i)});
}

SolveContents read_contents(hid_t file) {
  const auto text = [&](const std::string& name) { return hdf5::text_attribute(file, "/", name); };
  const auto parameter = [&](const std::string& name) {
    return SolvedParameter{text(name), text(name + "_unit"), text(name + "_meaning"),
                           text(name + "_setting"),
                           hdf5::integer_attribute(file, "/", name + "_whole") != 0};
  };
  SolveContents contents;
  contents.model = text("model");
  contents.scenario = text("scenario");
  contents.title = text("title");
  contents.statistic = text("statistic");
  contents.statistic_unit = text("statistic_unit");
  contents.target = hdf5::double_attribute(file, "/", "target");
  contents.parameter = parameter("parameter");
  contents.against = parameter("against");
  contents.grid_points = static_cast<int>(hdf5::integer_attribute(file, "/", "grid_points"));
  contents.between = {hdf5::double_attribute(file, "/", "between_lower"),
                      hdf5::double_attribute(file, "/", "between_upper")};
  contents.shard = static_cast<int>(hdf5::integer_attribute(file, "/", "shard"));
  contents.shards = static_cast<int>(hdf5::integer_attribute(file, "/", "shards"));
  contents.seed = hdf5::unsigned_attribute(file, "/", "seed");
  contents.paths = hdf5::unsigned_attribute(file, "/", "paths");
  read_scan(file, contents);
  read_roots(file, contents);
  read_evaluations(file, contents);
  contents.provenance = read_provenance(file);
  return contents;
}

std::string program_of(const SolveContents& contents) {
  return fmt::format("overbuild {} ({})", contents.provenance.program_version,
                     contents.provenance.git_revision);
}

}  // namespace

SolveContents read_solve(const std::filesystem::path& path) {
  return in_reading_terms(path, [&] { return read_contents(open_solve(path)); });
}

Scenario scenario_of(const SolveContents& contents, const std::filesystem::path& path) {
  return in_reading_terms(path, [&] {
    return read_described_scenario(open_solve(path), contents.provenance.config, contents.scenario,
                                   path);
  });
}

bool is_solve_file(const std::filesystem::path& path) {
  return is_file_of_kind(path, FileKind::solve);
}

std::string difference(const SolveContents& a, const std::string& a_name, const SolveContents& b,
                       const std::string& b_name) {
  const auto differ = [&](const char* what, const auto& first, const auto& second) {
    return fmt::format("{} is \"{}\" in {} and \"{}\" in {}", what, first, a_name, second, b_name);
  };
  if (program_of(a) != program_of(b)) return differ("the program", program_of(a), program_of(b));
  if (a.statistic != b.statistic) return differ("the statistic", a.statistic, b.statistic);
  if (a.target != b.target) return differ("the target", a.target, b.target);
  if (a.parameter.name != b.parameter.name)
    return differ("the parameter", a.parameter.name, b.parameter.name);
  if (a.against.name != b.against.name)
    return differ("the parameter of the frontier", a.against.name, b.against.name);
  if (a.all_values != b.all_values || a.grid != b.grid)
    return fmt::format("{} and {} are of different values", a_name, b_name);
  if (a.provenance.config != b.provenance.config) {
    const auto found = first_difference(parse_scenario(a.provenance.config, a_name),
                                        parse_scenario(b.provenance.config, b_name));
    if (found) return differ(found->key.c_str(), found->first, found->second);
  }
  return "";
}

}  // namespace overbuild
