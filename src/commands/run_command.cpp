#include <fmt/format.h>

#include <boost/program_options/value_semantic.hpp>
#include <chrono>
#include <optional>

#include "overbuild/base/error.hpp"
#include "overbuild/engine/run.hpp"
#include "overbuild/results/result_file.hpp"
#include "src/commands/isa_option.hpp"
#include "src/commands/number_text.hpp"
#include "src/commands/overrides.hpp"
#include "src/commands/progress.hpp"
#include "src/commands/result_summary.hpp"
#include "src/commands/stop_signals.hpp"

namespace overbuild {
namespace {

namespace po = boost::program_options;

void add_options(po::options_description& options) {
  add_set_option(options);
  add_run_shorthands(options);
  const auto text = [](const char* name) { return po::value<std::string>()->value_name(name); };
  options.add_options()("output,o", text("FILE"),
                        "result file; else outputs.file of the config, else the config's name "
                        "with .h5 in the working folder")(
      "force,f", "replace an existing result, never another file");
  add_isa_option(options);
  options.add_options()("quiet,q", "no progress and no summary");
}

std::filesystem::path output_path(const Invocation& invocation, const Scenario& scenario) {
  if (invocation.has("output")) {
    if (invocation.text("output").empty())
      throw Error(ExitCode::usage, "run: --output: the name of the file is empty");
    return invocation.text("output");
  }
  if (!scenario.outputs.file.empty()) return scenario.outputs.file;
  return scenario.name + ".h5";
}

double seconds_now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// Runs the scenario with progress on standard error.
RunResult run_with_progress(const Scenario& scenario, PathSink& sink, const std::atomic<bool>& stop,
                            bool quiet) {
  std::optional<Progress> progress;
  if (!quiet)
    progress.emplace(scenario.run.paths, is_terminal(2), style_of(2), seconds_now, print_error);
  RunControls controls;
  controls.stop = &stop;
  controls.sink = &sink;
  if (progress) controls.progress = [&](std::uint64_t paths) { progress->update(paths); };
  return run(scenario, controls);
}

void complete(Provenance& provenance, const RunResult& result, double seconds) {
  provenance.finished = utc_now();
  provenance.threads = result.threads;
  provenance.wall_seconds = seconds;
}

/// The summary is made from the file, so that what is shown is what the file holds.
std::string report(const std::filesystem::path& file, const TextStyle& style) {
  const ResultContents contents = read_result(file);
  const std::vector<std::size_t> series = {headline_series(contents)};
  const Provenance& origin = contents.provenance;
  return fmt::format(
      "{}\n{} paths in {:.3g} s on {} {} ({})\nresult: {}\n", summary_text(contents, series, style),
      grouped(contents.summary.paths), origin.wall_seconds, origin.threads,
      origin.threads == 1 ? "thread" : "threads", origin.instruction_set, file.string());
}

int run_scenario(const Invocation& invocation) {
  const Scenario scenario = load_config(invocation);
  choose_instruction_set(invocation);
  const std::filesystem::path file = output_path(invocation, scenario);
  const bool quiet = invocation.has("quiet");
  StopSignals signals;  // before the temporary file is made, which no signal may leave behind
  ResultWriter writer(file, scenario, invocation.has("force"));
  signals.listen(writer.temporary_path());
  Provenance provenance =
      provenance_at_start(scenario, invocation.argument, invocation.command_line);

  const double started = seconds_now();
  const RunResult result = run_with_progress(scenario, writer, signals.stop(), quiet);
  if (result.summary.paths == 0) {
    print_error("overbuild: stopped before any path was done; no result was written\n");
    return 128 + signals.signal();
  }
  complete(provenance, result, seconds_now() - started);
  writer.finish(result, provenance);
  if (!quiet) print(report(file, style_of(1)));
  if (result.summary.complete) return static_cast<int>(ExitCode::success);
  print_error(fmt::format("overbuild: stopped after {} of {} paths; {} is marked incomplete\n",
                          grouped(result.summary.paths), grouped(scenario.run.paths),
                          file.string()));
  return 128 + signals.signal();
}

}  // namespace

const Command run_command = {
    "run",
    "CONFIG",
    "Run a config and write its result to an HDF5 file",
    "Ctrl-C, SIGTERM or SIGHUP once: the paths in work are finished and the result is\n"
    "written, marked incomplete; its numbers are those of a run with that many paths.\n"
    "Twice: the program ends at once and writes no result. Progress goes to standard\n"
    "error, the summary to standard output.\n\n",
    add_options,
    run_scenario};

}  // namespace overbuild
