#include "src/commands/rare_job.hpp"

#include <fmt/format.h>

#include "overbuild/base/error.hpp"
#include "src/commands/progress.hpp"

namespace overbuild {
namespace {

/// A condition; `option` says where the text comes from.
PathQuantity condition(const std::string& text, const Scenario& scenario, const char* option) {
  const std::string what = fmt::format("rare: {}", option);
  const PathQuantity quantity = parse_quantity(text, scenario, what);
  if (!quantity.is_condition())
    throw Error(ExitCode::usage,
                fmt::format("{}: \"{}\" is a number of each path, not a condition; compare it with "
                            "a number, such as \"{} < 0.1\"",
                            what, text, text));
  return quantity;
}

RareEvent event_of(const RareJob& job, const Scenario& scenario) {
  const PathQuantity happens = condition(job.event, scenario, "--event");
  if (job.guide.empty()) return rare_event(happens);
  const PathQuantity guide = condition(job.guide, scenario, "--guide");
  if (guide.relation == PathQuantity::Relation::none)
    throw Error(ExitCode::usage,
                fmt::format("rare: --guide: \"{}\" does not tell how near a path came; compare a "
                            "series or an outcome with a number",
                            job.guide));
  return rare_event(happens, guide);
}

std::vector<std::string> draw_names(const ModelSchema& schema, DrawSpec::Input input) {
  std::vector<std::string> names;
  for (const DrawSpec& draw : schema.draws)
    if (draw.input == input) names.emplace_back(draw.name);
  return names;
}

RareContents described(const Scenario& scenario, const RareJob& job,
                       const RareEventSimulation& simulation) {
  RareContents contents;
  const ModelSchema& schema = scenario.model->schema;
  contents.model = schema.name;
  contents.scenario = scenario.name;
  contents.title = scenario.title;
  contents.event = job.event;
  contents.guide = job.guide;
  contents.seed = scenario.run.seed;
  contents.paths_asked = scenario.run.paths;
  contents.settings = job.settings;
  for (const std::size_t parameter : simulation.drawn_parameters())
    contents.priors.emplace_back(schema.parameters[parameter].name);
  contents.normals = draw_names(schema, DrawSpec::Input::normal);
  contents.uniforms = draw_names(schema, DrawSpec::Input::uniform);
  return contents;
}

std::optional<RareEventPilot> run_pilot(RareEventSimulation& simulation, const RareJob& job,
                                        RunControls controls) {
  std::optional<Progress> progress;
  std::size_t round = 1;
  if (!job.quiet) {
    progress.emplace(job.settings.pilot_paths, is_terminal(2), style_of(2), seconds_now,
                     print_error);
    controls.progress = [&](std::uint64_t paths) {
      progress->update(paths, fmt::format("pilot, round {}", round));
    };
  }
  return simulation.pilot(controls, [&](const PilotRound&) { ++round; });
}

}  // namespace

std::optional<RareContents> carry_out(const Scenario& scenario, const RareJob& job,
                                      const std::filesystem::path& file, StopSignals& signals) {
  if (scenario.run.until)
    throw Error(ExitCode::usage,
                "rare: the config's [run.until] asks for the precision of a statistic of plain "
                "paths; leave it out and give --paths");
  RareEventSimulation simulation(scenario, event_of(job, scenario), job.settings);
  const PathRange range = shard_paths(scenario.run, job.shard, job.shards);
  RareWriter writer(file, job.force);
  signals.listen(writer.temporary_path());
  RareContents contents = described(scenario, job, simulation);
  contents.scope = {range.begin, job.shard, job.shards};
  contents.provenance = provenance_at_start(scenario, job.config_file, job.command_line);
  const double started = seconds_now();

  RunControls controls;
  controls.stop = [&] { return signals.stop().load(); };
  std::optional<RareEventPilot> pilot = run_pilot(simulation, job, controls);
  if (!pilot) return {};
  contents.rounds = pilot->rounds;
  contents.tilt = tilt_table(pilot->mixture.tilts.front());
  contents.plain_share = pilot->mixture.plain_share();
  contents.exploring_share = pilot->mixture.shares.size() > 1 ? pilot->mixture.shares[1] : 0;
  {
    std::optional<Progress> progress;
    if (!job.quiet) {
      progress.emplace(range.size(), is_terminal(2), style_of(2), seconds_now, print_error);
      controls.progress = [&](std::uint64_t paths) { progress->update(paths); };
    }
    contents.sums = simulation.run(pilot->mixture, range, controls);
  }
  if (contents.sums.paths == 0) return {};
  contents.complete = contents.sums.paths == range.size();
  provenance_at_end(contents.provenance, simulation.threads(), seconds_now() - started);
  writer.write(scenario, contents);
  return contents;
}

}  // namespace overbuild
