#include "keys.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <numeric>

#include "readers.hpp"
#include "toml_text.hpp"

namespace overbuild {
namespace {

constexpr std::int64_t most_paths = 1'000'000'000'000;
constexpr std::int64_t largest_seed = std::numeric_limits<std::int64_t>::max();

/// Every default that depends on the model.
void start_from_defaults(Scenario& scenario) {
  const ModelSchema& schema = scenario.model->schema;
  for (const ParameterSpec& spec : schema.parameters)
    scenario.parameters.push_back({spec.default_value, std::nullopt, std::string(default_origin)});
  scenario.outputs.series.resize(schema.series.size());
  std::iota(scenario.outputs.series.begin(), scenario.outputs.series.end(), 0);
  scenario.shock_correlation.setIdentity(schema.shocks.size(), schema.shocks.size());
  scenario.tables.resize(schema.tables.size());
}

void read_extends(const Value& value, Scenario&) {
  value.complain("only a config file can extend another one");
}

void read_model(const Value& value, Scenario& scenario) {
  std::vector<std::string> names;
  for (const Model* model : all_models()) names.emplace_back(model->schema.name);
  const auto index = value.choice(names);
  if (!index) return;
  scenario.model = all_models()[*index];
  start_from_defaults(scenario);
}

template <std::string Scenario::*member>
void read_text(const Value& value, Scenario& scenario) {
  scenario.*member = value.text().value_or("");
}

// An unusable length of time counts as endless, so that nothing else is blamed for its mistake.
void read_horizon(const Value& value, Scenario& scenario) {
  scenario.run.horizon = value.number(positive()).value_or(unbounded);
}

/// At most a year: the models' jump rates go up to 20 a year, and counts of jumps in a step are
/// drawn up to 64, beyond which a Poisson variable of mean 20 has a probability of 2e-15.
void read_step(const Value& value, Scenario& scenario) {
  scenario.run.step = value.number(above_up_to(0, 1)).value_or(unbounded);
}

template <std::uint64_t RunSettings::*member, std::int64_t lower, std::int64_t upper>
void read_count(const Value& value, Scenario& scenario) {
  if (const auto count = value.whole_number(lower, upper))
    scenario.run.*member = static_cast<std::uint64_t>(*count);
}

void read_threads(const Value& value, Scenario& scenario) {
  if (const auto threads = value.whole_number(0, 4096))
    scenario.run.threads = static_cast<int>(*threads);
}

void read_file_name(const Value& value, Scenario& scenario) {
  scenario.outputs.file = value.text().value_or("");
}

template <std::uint64_t OutputSettings::*member>
void read_kept(const Value& value, Scenario& scenario) {
  if (value.is_text()) {
    if (value.text() != "all") return value.complain_of_type("a whole number or \"all\"");
    scenario.outputs.*member = all_paths;
  } else if (const auto count = value.whole_number(0, most_paths)) {
    scenario.outputs.*member = static_cast<std::uint64_t>(*count);
  }
}

void read_series(const Value& value, Scenario& scenario) {
  if (value.is_text() && value.text() == "all") return;  // the default
  const std::vector<std::string> names = names_of(scenario.model->schema.series);
  const auto elements =
      value.elements(fmt::format("\"all\" or an array of names such as [\"{}\"]", names.front()));
  if (!elements) return;
  if (elements->empty())
    return value.complain("found no series, expected one or more; paths = 0 keeps none");
  std::vector<std::size_t>& series = scenario.outputs.series;
  series.clear();
  for (const Value& element : *elements) {
    const auto index = element.choice(names);
    if (!index) continue;
    if (std::ranges::find(series, *index) != series.end())
      element.complain(fmt::format("\"{}\" is listed already", names[*index]));
    series.push_back(*index);
  }
  std::ranges::sort(series);
}

void read_precision(const Value& value, Scenario& scenario) {
  const auto choice = value.choice(std::array<std::string, 2>{"float32", "float64"});
  scenario.outputs.single_precision = choice == 0;
}

void read_compression(const Value& value, Scenario& scenario) {
  if (const auto level = value.whole_number(0, 9))
    scenario.outputs.compression = static_cast<int>(*level);
}

void read_sampler(const Value& value, Scenario& scenario) {
  std::vector<std::string> names(sampler_names.begin(), sampler_names.end());
  if (const auto index = value.choice(names)) scenario.run.sampler = static_cast<Sampler>(*index);
}

/// A whole number of [calibration].
template <int CalibrationSettings::*member, int lower, int upper>
void read_calibration_count(const Value& value, Scenario& scenario) {
  if (const auto count = value.whole_number(lower, upper))
    calibration_of(scenario).*member = static_cast<int>(*count);
}

template <std::string CalibrationSettings::*member>
void read_date(const Value& value, Scenario& scenario) {
  read_calibration_date(value, calibration_of(scenario).*member);
}

void read_calibration_paths(const Value& value, Scenario& scenario) {
  const auto paths = value.whole_number(8, 4096);
  if (paths && *paths % 8 != 0)
    value.complain(fmt::format("found {}, allowed: a multiple of 8", *paths));
  if (paths) calibration_of(scenario).paths = static_cast<int>(*paths);
}

void read_ess(const Value& value, Scenario& scenario) {
  calibration_of(scenario).ess = value.number(strictly_between(0, 1)).value_or(0.5);
}

void read_data_file(const Value& value, Scenario& scenario) {
  calibration_of(scenario).data = file_beside(value);
}

/// A value of [calibration] as TOML, or "" without that section.
template <class Write>
std::string calibration_text(const Scenario& scenario, const Write& write) {
  return scenario.calibration ? write(*scenario.calibration) : "";
}

template <int CalibrationSettings::*member>
std::string calibration_count(const Scenario& scenario) {
  return calibration_text(scenario,
                          [](const auto& settings) { return fmt::format("{}", settings.*member); });
}

template <std::string CalibrationSettings::*member>
std::string calibration_string(const Scenario& scenario) {
  return calibration_text(scenario,
                          [](const auto& settings) { return toml_string(settings.*member); });
}

std::string kept_text(std::uint64_t paths) {
  return paths == all_paths ? "\"all\"" : fmt::format("{}", paths);
}

std::string series_text(const Scenario& scenario) {
  std::vector<std::string> names;
  for (const std::size_t index : scenario.outputs.series)
    names.emplace_back(scenario.model->schema.series[index].name);
  return string_array(names);
}

std::string matrix_text(const Eigen::MatrixXd& matrix) {
  std::vector<std::string> rows;
  for (Eigen::Index i = 0; i < matrix.rows(); ++i) {
    const Eigen::VectorXd row = matrix.row(i);
    rows.push_back(float_array({row.data(), static_cast<std::size_t>(row.size())}));
  }
  return fmt::format("[{}]", fmt::join(rows, ", "));
}

const KeyRow rows[] = {
    {{"extends", "file name", "none",
      "config that this one changes; relative to this file's folder"},
     false,
     &read_extends,
     nullptr},
    {{"model", "name", "required", "model to run"},
     false,
     &read_model,
     [](const Scenario& s) { return toml_string(s.model->schema.name); }},
    {{"title", "string", "\"\"", "one line about the scenario"},
     false,
     &read_text<&Scenario::title>,
     [](const Scenario& s) { return toml_text(s.title); }},
    {{"description", "string", "\"\"", "what the scenario assumes and why"},
     false,
     &read_text<&Scenario::description>,
     [](const Scenario& s) { return toml_text(s.description); }},

    {{"run.seed", "whole number, [0, 2^63 - 1]", "1", "seed of all random numbers"},
     false,
     &read_count<&RunSettings::seed, 0, largest_seed>,
     [](const Scenario& s) { return fmt::format("{}", s.run.seed); }},
    {{"run.paths", "whole number, [1, 10^12]", "100000", "number of paths"},
     false,
     &read_count<&RunSettings::paths, 1, most_paths>,
     [](const Scenario& s) { return fmt::format("{}", s.run.paths); }},
    {{"run.horizon", "number, > 0", "10.0",
      "length of a path in years, a whole number of steps, at most 100,000"},
     false,
     &read_horizon,
     [](const Scenario& s) { return float_text(s.run.horizon); }},
    {{"run.step", "number, (0, 1]", "0.25", "length of a step in years"},
     false,
     &read_step,
     [](const Scenario& s) { return float_text(s.run.step); }},
    {{"run.threads", "whole number, [0, 4096]", "0",
      "worker threads, 0 for as many as the machine has; never changes a result"},
     false,
     &read_threads,
     [](const Scenario& s) { return fmt::format("{}", s.run.threads); }},
    {{"run.chunk", "whole number, [0, 10^12]", "0",
      "paths that a worker takes at a time, 0 to let the program choose; never changes a result"},
     false,
     &read_count<&RunSettings::chunk, 0, most_paths>,
     [](const Scenario& s) { return fmt::format("{}", s.run.chunk); }},

    {{"run.until", "section {statistic = name, standard_error = number, ...}", "none",
      "precision at which the run has enough paths (see below); run.paths then is the most"},
     true,
     &read_until,
     &until_text},
    {{"run.sampler", "\"philox\", \"sobol\", \"latin_hypercube\" or \"antithetic\"", "\"philox\"",
      "how random numbers are chosen: independent paths, or more even ones (see below)"},
     false,
     &read_sampler,
     [](const Scenario& s) { return toml_string(name_of(s.run.sampler)); }},
    {{"run.replicates", "whole number, [2, 1024]", "32",
      "independent groups of paths that standard errors come from; not for \"philox\""},
     false,
     &read_count<&RunSettings::replicates, 2, 1024>,
     [](const Scenario& s) { return fmt::format("{}", s.run.replicates); }},

    {{"outputs.file", "file name", "\"\"",
      "result file, relative to the working folder; \"\" for the config's name with .h5"},
     false,
     &read_file_name,
     [](const Scenario& s) { return toml_string(s.outputs.file); }},
    {{"outputs.paths", "whole number, [0, 10^12], or \"all\"", "0",
      "of how many paths, from the first, the series are kept"},
     false,
     &read_kept<&OutputSettings::paths>,
     [](const Scenario& s) { return kept_text(s.outputs.paths); }},
    {{"outputs.outcomes", "whole number, [0, 10^12], or \"all\"", "0",
      "of how many paths, from the first, the outcomes and drawn parameters are kept"},
     false,
     &read_kept<&OutputSettings::outcomes>,
     [](const Scenario& s) { return kept_text(s.outputs.outcomes); }},
    {{"outputs.series", "array of names, or \"all\"", "\"all\"", "series of the kept paths"},
     true,
     &read_series,
     &series_text},
    {{"outputs.precision", "\"float32\" or \"float64\"", "\"float32\"",
      "number format of the kept series"},
     false,
     &read_precision,
     [](const Scenario& s) -> std::string {
       return s.outputs.single_precision ? "\"float32\"" : "\"float64\"";
     }},
    {{"outputs.compression", "whole number, [0, 9]", "4", "deflate level of the kept series"},
     false,
     &read_compression,
     [](const Scenario& s) { return fmt::format("{}", s.outputs.compression); }},

    {{"parameters", "section", "{}",
      "the model's parameters, each a number or a prior drawn once per path"},
     true,
     &read_parameters,
     nullptr},
    {{"parameters.shock_correlation", "array of arrays of numbers", "the identity",
      "correlation matrix of the model's shocks"},
     true,
     &read_shock_correlation,
     [](const Scenario& s) { return matrix_text(s.shock_correlation); }},
    {{"posterior", "section {file = name}", "none",
      "file of a calibration, from whose particles its parameters are drawn (see below)"},
     true,
     &read_posterior,
     nullptr},
    {{"prior_correlation", "sections {between = [name, name], rank = number}", "[]",
      "Spearman rank correlations between priors, joined by a Gaussian copula"},
     true,
     &read_prior_correlations,
     nullptr},
    {{"tables", "section", "{}",
      "inputs over time, each {time = [...], value = [...]} with times in years"},
     true,
     &read_tables,
     nullptr},
    {{"calibration", "section", "none",
      "observed data that `overbuild calibrate` updates the priors by; see Calibration"},
     false,
     [](const Value& section, Scenario& scenario) {
       if (section.members("a section [calibration]")) calibration_of(scenario);
     },
     nullptr},
    {{"calibration.start", "date", "none", "date of the run's start: YYYY, YYYY-MM or YYYY-MM-DD"},
     false,
     &read_date<&CalibrationSettings::start>,
     &calibration_string<&CalibrationSettings::start>},
    {{"calibration.until", "date", "\"\"", "last date whose data are used; \"\" for all"},
     false,
     &read_date<&CalibrationSettings::until>,
     &calibration_string<&CalibrationSettings::until>},
    {{"calibration.data", "file name", "\"\"",
      "comma-separated values; relative to this file's folder"},
     false,
     &read_data_file,
     &calibration_string<&CalibrationSettings::data>},
    {{"calibration.observe", "array of {data = name, series = name, ...}", "none",
      "series of the data, and the model's series that they observe"},
     true,
     &read_observe,
     &observe_text},
    {{"calibration.leave_out", "array of strings", "[]",
      "rows of the data that have one of these in the column `status` are not used"},
     false,
     &read_leave_out,
     [](const Scenario& s) {
       return calibration_text(
           s, [](const auto& settings) { return string_array(settings.leave_out); });
     }},
    {{"calibration.particles", "whole number, [16, 1000000]", "1024", "particles of each island"},
     false,
     &read_calibration_count<&CalibrationSettings::particles, 16, 1'000'000>,
     &calibration_count<&CalibrationSettings::particles>},
    {{"calibration.islands", "whole number, [2, 100]", "4", "independent repetitions"},
     false,
     &read_calibration_count<&CalibrationSettings::islands, 2, 100>,
     &calibration_count<&CalibrationSettings::islands>},
    {{"calibration.paths", "whole number, [8, 4096], a multiple of 8", "256",
      "paths by which the likelihood of a particle is estimated"},
     false,
     &read_calibration_paths,
     &calibration_count<&CalibrationSettings::paths>},
    {{"calibration.ess", "number, (0, 1)", "0.5",
      "share of the particles that are effective after a rise of the temperature"},
     false,
     &read_ess,
     [](const Scenario& s) {
       return calibration_text(s, [](const auto& settings) { return float_text(settings.ess); });
     }},
    {{"calibration.most_moves", "whole number, [1, 1000]", "40",
      "moves of the particles at a temperature, at most"},
     false,
     &read_calibration_count<&CalibrationSettings::most_moves, 1, 1000>,
     &calibration_count<&CalibrationSettings::most_moves>},
    {{"sweep", "sections {method = name, ...}", "[]",
      "many scenarios that `overbuild batch` runs; see Sweeps"},
     true,
     &refuse_sweep,
     nullptr},
};

/// The full key of a name that was written in the wrong section, or "".
std::string right_key(std::string_view name, const Scenario& scenario) {
  for (const KeyRow& row : rows)
    if (leaf_of(row.key.key) == name) return std::string(row.key.key);
  if (!scenario.model) return "";
  const ModelSchema& schema = scenario.model->schema;
  if (schema.parameter_index(name)) return fmt::format("parameters.{}", name);
  if (std::ranges::find(schema.tables, name, &TableSpec::name) != schema.tables.end())
    return fmt::format("tables.{}", name);
  return "";
}

}  // namespace

std::string misplaced_text(std::string_view what, std::string_view name,
                           std::span<const std::string> known, const Scenario& scenario) {
  const std::string right = right_key(name, scenario);
  if (right.empty()) return unknown_text(what, name, known);
  return fmt::format("the key does not belong here; did you mean \"{}\"?", right);
}

std::span<const KeyRow> key_rows() { return rows; }

std::string_view section_of(std::string_view key) {
  const std::size_t dot = key.find('.');
  return dot == std::string_view::npos ? "" : key.substr(0, dot);
}

std::string_view leaf_of(std::string_view key) { return key.substr(key.find('.') + 1); }

std::span<const ConfigKey> config_keys() {
  static const std::vector<ConfigKey> keys = [] {
    std::vector<ConfigKey> all;
    for (const KeyRow& row : rows) all.push_back(row.key);
    return all;
  }();
  return keys;
}

}  // namespace overbuild
