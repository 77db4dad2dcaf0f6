#include "overbuild/config/load.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include "comments.hpp"
#include "document.hpp"
#include "keys.hpp"
#include "overbuild/sampling/point_set.hpp"
#include "scenario_reader.hpp"
#include "value.hpp"

namespace overbuild {

int RunSettings::steps() const { return static_cast<int>(std::lround(horizon / step)); }

namespace {

constexpr double most_steps = 100000;

/// The names that may stand in a section, or at the top for "".
std::vector<std::string> names_in(std::string_view section) {
  std::vector<std::string> names;
  for (const KeyRow& row : key_rows()) {
    const bool here = section_of(row.key.key) == section;
    if (!here && !section.empty()) continue;
    const std::string_view name = here ? leaf_of(row.key.key) : section_of(row.key.key);
    if (std::ranges::find(names, name) == names.end()) names.emplace_back(name);
  }
  return names;
}

void find_unknown_keys(const Value& section, const Scenario& scenario) {
  const std::vector<std::string> known = names_in(section.key());
  const auto members = section.members(fmt::format("a section [{}]", section.key()));
  if (!members) return;
  for (const Value& value : *members) {
    if (std::ranges::find(known, value.name()) == known.end())
      value.complain(misplaced_text("key", value.name(), known, scenario));
  }
}

std::optional<Value> find(const Value& document, std::string_view key) {
  const std::string_view section = section_of(key);
  if (section.empty()) return document.member(key);
  const std::optional<Value> table = document.member(section);
  return table ? table->member(leaf_of(key)) : std::nullopt;
}

void read_keys(const Value& document, Scenario& scenario) {
  for (const KeyRow& row : key_rows()) {
    if (row.needs_model && !scenario.model) continue;
    if (const std::optional<Value> value = find(document, row.key.key)) row.read(*value, scenario);
  }
}

/// The horizon must be a whole number of steps. Both have a default, so that the mistake is laid to
/// the one that was written.
void check_steps(const Value& document, const RunSettings& run) {
  std::optional<Value> written = find(document, "run.step");
  if (!written) written = find(document, "run.horizon");
  if (!written || !std::isfinite(run.horizon) || !std::isfinite(run.step)) return;
  const double steps = run.horizon / run.step;
  const std::string found =
      fmt::format("horizon {} and step {} give {} steps", run.horizon, run.step, steps);
  if (steps > most_steps + 0.5)
    written->complain(fmt::format("{}, allowed: at most {}", found, most_steps));
  else if (std::abs(steps - std::nearbyint(steps)) > 1e-9 || steps < 0.5)
    written->complain(fmt::format("{}, allowed: a whole number", found));
}

/// Paths of a replicate: whole tiles, and for Sobol points a power of two.
void check_replicates(const Value& document, const RunSettings& run) {
  constexpr std::uint64_t tile = 512;
  const bool sobol = run.sampler == Sampler::sobol;
  const std::uint64_t least = run.replicates * tile;
  const std::uint64_t most = run.replicates * SobolPoints::most_points;
  std::uint64_t below = run.paths / least * least, above = below + least;
  if (sobol && below > 0) {
    below = std::min(std::bit_floor(run.paths / least) * least, most);
    above = below < most ? 2 * below : below;
  }
  if (run.paths == below) return;
  std::optional<Value> written = find(document, "run.paths");
  if (!written) written = find(document, "run.sampler");
  if (!written) return;
  written->complain(fmt::format(
      "found {} paths, which do not make {} equal replicates of {}; nearest: {}", run.paths,
      run.replicates, sobol ? "512, 1024, 2048, ... up to 2^32 paths" : "a multiple of 512 paths",
      below == 0 || above == below ? fmt::format("{}", above)
                                   : fmt::format("{} or {}", below, above)));
}

void check_dimensions(const Value& document, const Scenario& scenario) {
  const auto sampler = find(document, "run.sampler");
  if (scenario.run.sampler != Sampler::sobol || !scenario.model || !sampler) return;
  const auto priors = static_cast<std::size_t>(std::ranges::count_if(
      scenario.parameters, [](const ParameterSetting& p) { return p.prior.has_value(); }));
  const auto draws = static_cast<std::size_t>(scenario.model->schema.given_draws());
  const auto steps = static_cast<std::size_t>(scenario.run.steps());
  if (priors + draws * steps <= SobolPoints::most_dimensions) return;
  sampler->complain(fmt::format(
      "{} priors and {} draws in each of {} steps need {} dimensions, allowed: at most {}; use "
      "longer steps, a shorter horizon or another sampler",
      priors, draws, steps, priors + draws * steps, SobolPoints::most_dimensions));
}

/// What a sampler with replicates needs.
void check_sampler(const Value& document, const Scenario& scenario) {
  const RunSettings& run = scenario.run;
  if (!run.has_replicates()) return;
  check_replicates(document, run);
  const bool has_steps = std::isfinite(run.horizon) && std::isfinite(run.step);
  if (has_steps) check_dimensions(document, scenario);
  const auto until = find(document, "run.until");
  if (until)
    until->complain(
        fmt::format("the number of paths must be known beforehand with the sampler "
                    "\"{}\"; leave out [run.until] or use \"philox\"",
                    name_of(run.sampler)));
}

}  // namespace

toml::table load_document(const std::filesystem::path& file, std::span<const std::string> overrides,
                          Findings& findings) {
  toml::table document = read_document(file, findings);
  findings.throw_if_any();  // what follows would only repeat what the missing part causes
  apply_overrides(overrides, document, findings);
  return document;
}

Scenario read_scenario(const toml::table& table, const std::string& source, Findings& findings) {
  Scenario scenario;
  scenario.name = std::filesystem::path(source).stem().string();
  const Value document(table, findings);
  read_keys(document, scenario);
  find_unknown_keys(document, scenario);
  for (const char* section : {"run", "outputs", "calibration"})
    if (const auto value = document.member(section)) find_unknown_keys(*value, scenario);
  check_steps(document, scenario.run);
  check_sampler(document, scenario);
  if (!document.member("model")) {
    std::vector<std::string_view> names;
    for (const Model* model : all_models()) names.push_back(model->schema.name);
    findings.add({source, 0, "model",
                  fmt::format("the key is missing; known models: {}", fmt::join(names, ", "))});
  }
  return scenario;
}

Scenario load_scenario(const std::filesystem::path& file, std::span<const std::string> overrides) {
  Findings findings;
  const toml::table document = load_document(file, overrides, findings);
  Scenario scenario = read_scenario(document, file.string(), findings);
  findings.throw_if_any();
  read_comments(document, scenario);
  return scenario;
}

Scenario parse_scenario(std::string_view toml, const std::string& source) {
  Findings findings;
  const toml::table document = parse_document(toml, source, findings);
  findings.throw_if_any();
  Scenario scenario = read_scenario(document, source, findings);
  findings.throw_if_any();
  return scenario;
}

}  // namespace overbuild
