#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>

#include "comments.hpp"
#include "keys.hpp"
#include "overbuild/config/load.hpp"
#include "toml_text.hpp"

namespace overbuild {
namespace {

/// A comment's text: TOML allows no control characters in it, and nothing but UTF-8.
std::string comment_text(std::string text) {
  for (char& character : text) {
    const auto code = static_cast<unsigned char>(character);
    if (code < 0x20 || code == 0x7f) character = '?';
  }
  try {
    static_cast<void>(toml::parse(fmt::format("# {}", text)));
  } catch (const toml::parse_error&) {
    for (char& character : text)
      if (static_cast<unsigned char>(character) >= 0x80) character = '?';
  }
  return text;
}

std::string line(std::string_view name, std::string_view value, const std::string& comment) {
  return fmt::format("{} = {}  # {}\n", name, value, comment_text(comment));
}

/// The keys of a section that the table of keys can write.
std::string keys_of(std::string_view section, const Scenario& scenario) {
  std::string text;
  for (const KeyRow& row : key_rows()) {
    if (!row.write || section_of(row.key.key) != section) continue;
    const std::string value = row.write(scenario);
    if (!value.empty()) text += line(leaf_of(row.key.key), value, std::string(row.key.meaning));
  }
  return text;
}

std::string setting_text(const ParameterSetting& setting, const Bounds& bounds) {
  if (setting.prior) return to_toml(*setting.prior);
  return bounds.integer ? fmt::format("{}", setting.value) : float_text(setting.value);
}

/// The program's own words, and then what a config file says.
std::string parameter_comment(const ParameterSpec& spec, const ParameterSetting& setting) {
  const std::string own = parameter_description(spec) + fmt::format("({})", setting.origin);
  return setting.comment.empty() ? own : fmt::format("{}: {}", own, setting.comment);
}

std::string parameters_text(const Scenario& scenario) {
  std::string text;
  const auto& specs = scenario.model->schema.parameters;
  for (std::size_t i = 0; i < specs.size(); ++i) {
    const ParameterSetting& setting = scenario.parameters[i];
    if (setting.posterior_row) {  // a value here would have the last word
      text += fmt::format("# {}: from the posterior\n", specs[i].name);
      continue;
    }
    text += line(specs[i].name, setting_text(setting, specs[i].bounds),
                 parameter_comment(specs[i], setting));
  }
  return text;
}

std::string posterior_text(const Scenario& scenario) {
  if (!scenario.posterior) return "";
  return "\n[posterior]\n" +
         line("file", toml_string(scenario.posterior->file), "particles of a calibration") +
         line("checksum", toml_string(scenario.posterior->checksum), "of the particles");
}

std::string calibration_text(const Scenario& scenario) {
  return scenario.calibration ? "\n[calibration]\n" + keys_of("calibration", scenario) : "";
}

std::string prior_correlations_text(const Scenario& scenario) {
  std::string text;
  const auto& specs = scenario.model->schema.parameters;
  for (const PriorCorrelation& pair : scenario.prior_correlations)
    text += fmt::format("\n[[prior_correlation]]\nbetween = [\"{}\", \"{}\"]\nrank = {}\n",
                        specs[pair.first].name, specs[pair.second].name,
                        float_text(pair.rank_correlation));
  return text;
}

std::string tables_text(const Scenario& scenario) {
  std::string text = "\n[tables]\n";
  const auto& specs = scenario.model->schema.tables;
  for (std::size_t i = 0; i < specs.size(); ++i) {
    if (!scenario.tables[i]) continue;
    const std::string value =
        fmt::format("{{time = {}, value = {}}}", float_array(scenario.tables[i]->time),
                    float_array(scenario.tables[i]->value));
    text += line(specs[i].name, value, fmt::format("{} · {}", specs[i].unit, specs[i].meaning));
  }
  return text;
}

}  // namespace

std::string to_toml(const Distribution& prior) {
  const DistributionKind* kind = nullptr;
  for (const DistributionKind& known : distribution_kinds())
    if (known.kind == prior.kind) kind = &known;
  std::vector<std::string> members = {fmt::format("prior = {}", toml_string(kind->name))};
  for (std::size_t i = 0; i < prior.arguments.size(); ++i)
    members.push_back(
        fmt::format("{} = {}", kind->arguments[i].name, float_text(prior.arguments[i])));
  if (prior.kind == Distribution::Kind::empirical) {
    members.push_back("points = " + float_array(prior.points));
    members.push_back("weights = " + float_array(prior.weights));
  }
  if (std::isfinite(prior.lower)) members.push_back("min = " + float_text(prior.lower));
  if (std::isfinite(prior.upper)) members.push_back("max = " + float_text(prior.upper));
  return fmt::format("{{{}}}", fmt::join(members, ", "));
}

std::string to_toml(const Scenario& scenario) {
  return keys_of("", scenario) + "\n[run]\n" + keys_of("run", scenario) + "\n[outputs]\n" +
         keys_of("outputs", scenario) + "\n[parameters]\n" + parameters_text(scenario) +
         keys_of("parameters", scenario) + posterior_text(scenario) + calibration_text(scenario) +
         prior_correlations_text(scenario) + tables_text(scenario);
}

}  // namespace overbuild
