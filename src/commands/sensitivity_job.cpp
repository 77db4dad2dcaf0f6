#include "src/commands/sensitivity_job.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "overbuild/base/error.hpp"
#include "src/commands/progress.hpp"

namespace overbuild {
namespace {

constexpr std::uint64_t fewest_rows = 16;
constexpr std::uint64_t most_values = std::uint64_t{1} << 28;  // 2 GiB, all of which are kept

std::vector<std::string> quantities_of(const Scenario& scenario, const SensitivityJob& job) {
  return job.quantities.empty() ? default_quantities(scenario) : job.quantities;
}

std::vector<PathQuantity> parsed(const Scenario& scenario, const std::vector<std::string>& texts) {
  std::vector<PathQuantity> quantities;
  for (const std::string& text : texts) {
    quantities.push_back(parse_quantity(text, scenario, "sensitivity: --of"));
    const std::string& last = quantities.back().text;
    if (std::ranges::count(quantities, last, &PathQuantity::text) > 1)
      throw Error(ExitCode::usage, fmt::format("sensitivity: --of: \"{}\" is given twice", last));
  }
  return quantities;
}

SensitivityContents described(const Scenario& scenario, const SensitivityJob& job,
                              const std::vector<PathQuantity>& quantities,
                              const SensitivityDesign& design) {
  SensitivityContents contents;
  const ModelSchema& schema = scenario.model->schema;
  contents.model = schema.name;
  contents.scenario = scenario.name;
  contents.title = scenario.title;
  contents.seed = scenario.run.seed;
  contents.settings = job.settings;
  contents.resamples = job.resamples;
  contents.correlated = design.correlated();
  contents.points = design.points();
  contents.shard = job.shard;
  contents.shards = job.shards;
  for (const std::size_t input : sensitivity_inputs(scenario))
    contents.inputs.emplace_back(schema.parameters[input].name);
  for (const PathQuantity& quantity : quantities) {
    contents.quantities.push_back(quantity.text);
    contents.units.push_back(quantity.unit);
  }
  return contents;
}

PathRange shard_rows(const RunSettings& run, std::uint64_t rows, const SensitivityJob& job) {
  RunSettings of_rows = run;
  of_rows.paths = rows;
  if (job.shards == 1) return {0, rows};
  try {
    return shard_paths(of_rows, job.shard, job.shards);
  } catch (const Error&) {
    throw Error(ExitCode::usage,
                fmt::format("sensitivity: --shard: found {} shards, but a shard has at "
                            "least {} rows and the design {}; --rows or --paths "
                            "make more",
                            job.shards, tile_paths, rows));
  }
}

}  // namespace

std::vector<std::string> default_quantities(const Scenario& scenario) {
  const ModelSchema& schema = scenario.model->schema;
  if (schema.events.empty())
    return {fmt::format("{} at {}y", schema.series.front().name, scenario.run.horizon)};
  return {fmt::format("{} within {}y", schema.events.front().name, scenario.run.horizon)};
}

std::uint64_t design_rows(const Scenario& scenario, const SensitivityJob& job) {
  const std::uint64_t points = sensitivity_design(scenario, job.settings).points();
  const std::uint64_t row_paths = points * job.settings.repeats;
  const std::uint64_t rows = job.rows > 0 ? job.rows : scenario.run.paths / row_paths;
  if (job.rows > 0 && rows < fewest_rows)
    throw Error(ExitCode::usage, fmt::format("sensitivity: --rows: found {}, expected at least {}",
                                             rows, fewest_rows));
  if (rows < fewest_rows)
    throw Error(ExitCode::usage,
                fmt::format("sensitivity: {} paths make {} rows of {} points with {} {}; expected "
                            "at least {} rows, which take --paths {}",
                            scenario.run.paths, rows, points, job.settings.repeats,
                            job.settings.repeats == 1 ? "path each" : "paths each", fewest_rows,
                            fewest_rows * row_paths));
  const std::uint64_t quantities = quantities_of(scenario, job).size();
  if (rows > most_values * static_cast<std::uint64_t>(job.shards) / (row_paths * quantities))
    throw Error(ExitCode::usage,
                fmt::format("sensitivity: {} rows of {} paths have too many values of {} {}, all "
                            "of which are kept: expected at most {} in a shard; fewer --paths, or "
                            "more shards (--shard I/N)",
                            rows, row_paths, quantities,
                            quantities == 1 ? "quantity" : "quantities", most_values));
  return rows;
}

std::optional<SensitivityContents> carry_out(const Scenario& scenario, const SensitivityJob& job,
                                             const std::filesystem::path& file,
                                             StopSignals& signals) {
  if (scenario.run.until)
    throw Error(ExitCode::usage,
                "sensitivity: the config's [run.until] asks for the precision of a statistic of "
                "plain paths; leave it out and give --paths");
  const std::vector<PathQuantity> quantities = parsed(scenario, quantities_of(scenario, job));
  const SensitivityExperiment experiment(scenario, quantities, job.settings);
  SensitivityContents contents = described(scenario, job, quantities, experiment.design());
  contents.rows_asked = design_rows(scenario, job);
  contents.rows = shard_rows(scenario.run, contents.rows_asked, job);
  SensitivityWriter writer(file, job.force);
  signals.listen(writer.temporary_path());
  contents.provenance = provenance_at_start(scenario, job.config_file, job.command_line);
  const double started = seconds_now();

  RunControls controls;
  controls.stop = [&] { return signals.stop().load(); };
  {
    std::optional<Progress> progress;
    if (!job.quiet) {
      progress.emplace(contents.rows.size() * experiment.paths_per_row(), is_terminal(2),
                       style_of(2), seconds_now, print_error);
      controls.progress = [&](std::uint64_t paths) { progress->update(paths); };
    }
    contents.values = experiment.run(contents.rows, controls);
  }
  const std::uint64_t done = contents.values.front().values.size() / experiment.paths_per_row();
  if (done < 2) return {};
  contents.complete = done == contents.rows.size();
  contents.rows.end = contents.rows.begin + done;
  estimate(contents, scenario);
  provenance_at_end(contents.provenance, experiment.threads(), seconds_now() - started);
  writer.write(scenario, contents);
  return contents;
}

}  // namespace overbuild
