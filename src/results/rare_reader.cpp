#include <fmt/format.h>

#include <sstream>

#include "overbuild/config/difference.hpp"
#include "overbuild/config/load.hpp"
#include "overbuild/results/rare_file.hpp"
#include "src/results/format_mark.hpp"
#include "src/results/open_result.hpp"
#include "src/results/rare_layout.hpp"
#include "src/results/statistics_layout.hpp"

namespace overbuild {
namespace {

std::vector<std::string> names_in(hid_t file, const char* attribute) {
  std::istringstream text(
      hdf5::text_attribute(file, std::string("/") + layout::tilt_group, attribute));
  std::vector<std::string> names;
  for (std::string name; text >> name;) names.push_back(name);
  return names;
}

std::vector<PilotRound> read_rounds(hid_t file) {
  const auto column = [&](const char* name) {
    return hdf5::read_doubles(file, layout::in_group(layout::pilot_group, name));
  };
  const auto paths = column("paths"), hits = column("hits"), level = column("level"),
             probability = column("probability"), elite = column("effective_elite"),
             effective_hits = column("effective_hits");
  std::vector<PilotRound> rounds;
  for (std::size_t i = 0; i < paths.size(); ++i)
    rounds.push_back({static_cast<std::uint64_t>(paths[i]), static_cast<std::uint64_t>(hits.at(i)),
                      level.at(i), probability.at(i), elite.at(i), effective_hits.at(i)});
  return rounds;
}

/// The numbers of all draws, [law][draw][...], from those of each of them, [law][...].
std::vector<double> read_draws(hid_t file, const std::string& prefix,
                               const std::vector<std::string>& names) {
  std::vector<double> table;
  for (std::size_t law = 0; law < 2; ++law)
    for (const std::string& name : names) {
      const std::vector<double> values =
          hdf5::read_doubles(file, layout::in_group(layout::tilt_group, prefix + name));
      const auto half = static_cast<std::ptrdiff_t>(values.size() / 2);
      const auto begin = values.begin() + (law == 0 ? 0 : half);
      table.insert(table.end(), begin, begin + half);
    }
  return table;
}

TiltTable read_tilt(hid_t file, const RareContents& contents) {
  const auto numbers = [&](const std::string& name) {
    return hdf5::read_doubles(file, layout::in_group(layout::tilt_group, name));
  };
  TiltTable tilt;
  for (const std::string& prior : contents.priors) {
    tilt.prior_mean.push_back(numbers("mean_" + prior).at(0));
    tilt.prior_deviation.push_back(numbers("deviation_" + prior).at(0));
  }
  tilt.first_step = numbers("first_step");
  tilt.burst_share = numbers("burst_share");
  tilt.shift = read_draws(file, "shift_", contents.normals);
  tilt.mass = read_draws(file, "mass_", contents.uniforms);
  return tilt;
}

template <std::size_t n>
void read_limbs(hid_t file, const char* name, std::array<ExactSum, n>& sums) {
  const std::string path = layout::in_group(layout::sums_group, name);
  const auto limbs = hdf5::expect_count(hdf5::read_integers(file, path), n * ExactSum::limbs, path);
  for (std::size_t k = 0; k < n; ++k) {
    ExactSum::Limbs carried;
    std::copy_n(limbs.begin() + static_cast<std::ptrdiff_t>(k * ExactSum::limbs), ExactSum::limbs,
                carried.begin());
    sums[k] = ExactSum(carried);
  }
}

RareEventSums read_sums(hid_t file) {
  RareEventSums sums;
  std::uint64_t* counts[] = {&sums.paths, &sums.hits, &sums.plain_paths, &sums.plain_hits};
  for (std::size_t i = 0; i < layout::sum_counts.size(); ++i)
    *counts[i] = hdf5::unsigned_attribute(file, std::string("/") + layout::sums_group,
                                          layout::sum_counts[i]);
  read_limbs(file, "value_limbs", sums.value);
  read_limbs(file, "weight_limbs", sums.weight);
  const std::string hits = layout::in_group(layout::weights_group, "hits");
  const auto classes = hdf5::expect_count(hdf5::read_integers(file, hits),
                                          std::size_t{RareEventSums::classes}, hits);
  std::ranges::copy(classes, sums.hits_by_class.begin());
  sums.largest = hdf5::read_doubles(file, layout::in_group(layout::weights_group, "largest"));
  return sums;
}

RareContents read_contents(hid_t file) {
  const auto text = [&](const char* name) { return hdf5::text_attribute(file, "/", name); };
  const auto number = [&](const char* name) { return hdf5::double_attribute(file, "/", name); };
  const auto integer = [&](const char* name) { return hdf5::integer_attribute(file, "/", name); };
  RareContents contents;
  contents.model = text("model");
  contents.scenario = text("scenario");
  contents.title = text("title");
  contents.event = text("event");
  contents.guide = text("guide");
  contents.seed = hdf5::unsigned_attribute(file, "/", "seed");
  contents.paths_asked = hdf5::unsigned_attribute(file, "/", "paths_asked");
  contents.scope = read_scope(file);
  contents.complete = integer("complete") != 0;
  contents.settings.pilot_paths = hdf5::unsigned_attribute(file, "/", "pilot_paths");
  contents.settings.rounds = static_cast<int>(integer("pilot_rounds"));
  contents.settings.level_share = number("level_share");
  contents.settings.blocks = static_cast<int>(integer("blocks"));
  contents.plain_share = contents.settings.plain_share = number("plain_share");
  contents.exploring_share = contents.settings.exploring_share = number("exploring_share");
  contents.rounds = read_rounds(file);
  contents.priors = names_in(file, "priors");
  contents.normals = names_in(file, "normals");
  contents.uniforms = names_in(file, "uniforms");
  contents.tilt = read_tilt(file, contents);
  contents.sums = read_sums(file);
  contents.provenance = read_provenance(file);
  return contents;
}

std::string program_of(const RareContents& contents) {
  return fmt::format("overbuild {} ({})", contents.provenance.program_version,
                     contents.provenance.git_revision);
}

}  // namespace

RareContents read_rare(const std::filesystem::path& path) {
  return in_reading_terms(path, [&] { return read_contents(open_rare(path)); });
}

Scenario scenario_of(const RareContents& contents, const std::filesystem::path& path) {
  return in_reading_terms(path, [&] {
    return read_described_scenario(open_rare(path), contents.provenance.config, contents.scenario,
                                   path);
  });
}

bool is_rare_file(const std::filesystem::path& path) {
  return is_file_of_kind(path, FileKind::rare);
}

std::string difference(const RareContents& a, const std::string& a_name, const RareContents& b,
                       const std::string& b_name) {
  const auto differ = [&](const char* what, const auto& first, const auto& second) {
    return first == second ? ""
                           : fmt::format("{} is \"{}\" in {} and \"{}\" in {}", what, first, a_name,
                                         second, b_name);
  };
  if (program_of(a) != program_of(b)) return differ("the program", program_of(a), program_of(b));
  if (a.event != b.event) return differ("the event", a.event, b.event);
  if (a.guide != b.guide) return differ("the guide", a.guide, b.guide);
  if (a.provenance.config != b.provenance.config) {
    const auto found = first_difference(parse_scenario(a.provenance.config, a_name),
                                        parse_scenario(b.provenance.config, b_name));
    if (found) return differ(found->key.c_str(), found->first, found->second);
  }
  if (a.tilt != b.tilt || a.plain_share != b.plain_share || a.exploring_share != b.exploring_share)
    return fmt::format("{} and {} come from different pilots", a_name, b_name);
  return "";
}

}  // namespace overbuild
