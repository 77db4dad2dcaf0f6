// [posterior]: parameters that are drawn together from a file's particles.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "overbuild/base/error.hpp"
#include "posterior_file.hpp"
#include "readers.hpp"
#include "src/hdf5/hdf5.hpp"
#include "toml_text.hpp"

namespace overbuild {
namespace {

/// The draws of the file; complains and returns nothing when it cannot be read or is of another
/// model.
std::optional<PosteriorDraws> read_draws(const Value& file, const std::string& path,
                                         const ModelSchema& schema) {
  try {
    PosteriorDraws draws = read_posterior_draws(path);
    if (draws.model == schema.name) return draws;
    file.complain(fmt::format("{} is of the model \"{}\", this config of \"{}\"", path, draws.model,
                              schema.name));
  } catch (const hdf5::Failure& failure) {
    file.complain(fmt::format("{}: {}", path, failure.what()));
  }
  return std::nullopt;
}

/// Whether a parameter may take all of its draws.
bool check_values(const Value& file, const ParameterSpec& spec, const std::vector<double>& values) {
  const auto wrong = std::ranges::find_if(
      values, [&](double x) { return !std::isfinite(x) || !spec.bounds.contain(x); });
  if (wrong == values.end()) return true;
  file.complain(
      fmt::format("a draw of {} is {}, allowed: {}", spec.name, *wrong, allowed_text(spec.bounds)));
  return false;
}

/// Lets the parameters that the config gives no value of their own take the posterior's draws.
void use(const Value& file, const PosteriorDraws& draws, Scenario& scenario) {
  const ModelSchema& schema = scenario.model->schema;
  for (std::size_t row = 0; row < draws.parameters.size(); ++row) {
    const auto index = schema.parameter_index(draws.parameters[row]);
    if (!index) {
      file.complain(fmt::format("it holds draws of \"{}\", which the model does not have",
                                draws.parameters[row]));
      continue;
    }
    ParameterSetting& setting = scenario.parameters[*index];
    if (setting.origin != default_origin) continue;
    if (!check_values(file, schema.parameters[*index], draws.values[row])) continue;
    setting.posterior_row = row;
    setting.origin = file.place().text();
  }
}

}  // namespace

void read_posterior(const Value& section, Scenario& scenario) {
  static const std::vector<std::string> known = {"file", "checksum"};
  if (!section.members("a section [posterior]")) return;
  section.check_members(known);
  const auto file = section.needed_member("file", "a file that `overbuild calibrate` wrote");
  const auto checksum = section.member("checksum");
  if (!file || !file->text()) return;
  const std::string path = file_beside(*file);
  if (path.empty()) return file->complain("the name of the file is empty");
  auto draws = read_draws(*file, path, scenario.model->schema);
  if (!draws) return;
  const std::string found = draws->checksum();
  const auto expected = checksum ? checksum->text() : std::nullopt;
  if (expected && *expected != found)
    return checksum->complain(
        fmt::format("the draws in {} are others than this config was made "
                    "with: their checksum is {}, here it is {}",
                    path, found, *expected));
  use(*file, *draws, scenario);
  try {
    scenario.posterior = {path, found,
                          std::make_shared<JointSample>(draws->values, draws->log_weights)};
  } catch (const Error& error) {
    file->complain(fmt::format("{}: {}", path, error.what()));
  }
}

std::vector<std::string> posterior_parameters(const std::filesystem::path& file) try {
  return read_posterior_draws(file).parameters;
} catch (const hdf5::Failure&) {  // said when the section is read
  return {};
}

}  // namespace overbuild
