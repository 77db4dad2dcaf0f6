#include <fmt/format.h>

#include <boost/program_options/value_semantic.hpp>
#include <optional>

#include "overbuild/base/error.hpp"
#include "overbuild/results/batch_file.hpp"
#include "overbuild/results/batch_parts.hpp"
#include "src/commands/batch_run.hpp"
#include "src/commands/batch_table.hpp"
#include "src/commands/isa_option.hpp"
#include "src/commands/number_text.hpp"
#include "src/commands/overrides.hpp"
#include "src/commands/progress.hpp"
#include "src/commands/result_summary.hpp"
#include "src/commands/stop_signals.hpp"

namespace overbuild {
namespace {

namespace fs = std::filesystem;
namespace po = boost::program_options;

void add_options(po::options_description& options) {
  add_set_option(options);
  add_run_shorthands(options);
  const auto text = [](const char* name) { return po::value<std::string>()->value_name(name); };
  options.add_options()("output,o", text("FILE"),
                        "result file, or folder with --separate; else outputs.file of the config, "
                        "else the config's name (with .h5) in the working folder")(
      "separate", "a folder with a result for each scenario and index.csv, in place of one file")(
      "force,f", "replace an existing result, never another file");
  add_isa_option(options);
  options.add_options()("quiet,q", "no progress and no summary");
}

/// A batch as the command line asks for it.
struct Batch {
  const Invocation& invocation;
  const Sweep sweep;
  const bool separate, force, quiet;
  const fs::path target;

  fs::path parts_folder() const { return target.string() + ".parts"; }
};

fs::path output_path(const Invocation& invocation, const Scenario& base) {
  const bool separate = invocation.has("separate");
  fs::path path = separate ? base.name : base.name + ".h5";
  if (!separate && !base.outputs.file.empty()) path = base.outputs.file;
  if (invocation.has("output")) path = invocation.text("output");
  if (!path.has_filename()) path = path.parent_path();  // "folder/"
  if (path.empty()) throw Error(ExitCode::usage, "batch: --output: the name is empty");
  return path;
}

void check_fits_one_file(const Scenario& base, const std::string& config) {
  if (base.outputs.paths > 0)
    throw Error(ExitCode::config,
                fmt::format("{}: outputs.paths: a batch's file keeps no paths; --set "
                            "outputs.paths=0, or --separate for a result of each scenario",
                            config));
  if (base.run.until)
    throw Error(ExitCode::config,
                fmt::format("{}: run.until: all scenarios in a file have the same paths; leave it "
                            "out, or --separate for a result of each scenario",
                            config));
}

Batch read_batch(const Invocation& invocation) {
  Sweep sweep = load_sweep_config(invocation);
  if (sweep.points().empty())
    throw Error(ExitCode::config,
                fmt::format("{} has no [[sweep]]; `overbuild run` runs a single scenario",
                            invocation.argument));
  const bool separate = invocation.has("separate");
  if (!separate) check_fits_one_file(sweep.base(), invocation.argument);
  const fs::path target = output_path(invocation, sweep.base());
  return {invocation, std::move(sweep), separate, invocation.has("force"), invocation.has("quiet"),
          target};
}

std::vector<std::size_t> left_to_do(const Batch& batch, const BatchParts& parts) {
  std::vector<std::size_t> left;
  for (std::size_t i = 0; i < batch.sweep.points().size(); ++i)
    if (!parts.is_done(i)) left.push_back(i);
  return left;
}

/// Runs what is left, with progress on standard error.
void run_left(const Batch& batch, const BatchParts& parts, const std::vector<std::size_t>& left,
              const std::atomic<bool>& stop) {
  const std::size_t all = batch.sweep.points().size(), before = all - left.size();
  if (!batch.quiet && before > 0)
    print_error(fmt::format("overbuild: {} of {} scenarios are done already, in {}\n",
                            grouped(before), grouped(all), parts.folder().string()));
  std::optional<Progress> progress;
  if (!batch.quiet)
    progress.emplace(batch.sweep.base().run.paths * left.size(), is_terminal(2), style_of(2),
                     seconds_now, print_error);
  BatchControls controls{batch.invocation.argument, batch.invocation.command_line, &stop, {}};
  if (progress)
    controls.progress = [&](std::uint64_t paths, std::size_t scenarios) {
      progress->update(
          paths, fmt::format("{} of {} scenarios", grouped(before + scenarios), grouped(all)));
    };
  run_scenarios(batch.sweep, left, parts, controls);
}

int stopped(const Batch& batch, const BatchParts& parts, int signal) {
  const std::size_t all = batch.sweep.points().size();
  const std::size_t done = all - left_to_do(batch, parts).size();
  parts.remove_if_empty();
  print_error(done == 0
                  ? std::string("overbuild: stopped before any scenario was done\n")
                  : fmt::format("overbuild: stopped with {} of {} scenarios done; the same command "
                                "goes on from {}\n",
                                grouped(done), grouped(all), parts.folder().string()));
  return 128 + signal;
}

Provenance provenance_of(const Batch& batch) {
  Provenance provenance = provenance_at_start(batch.sweep.base(), batch.invocation.argument,
                                              batch.invocation.command_line);
  provenance.config = batch_config(batch.sweep);
  return provenance;
}

/// Puts the parts together. Returns false when a signal came before.
bool combine(const Batch& batch, const BatchParts& parts, Provenance provenance, double started,
             StopSignals& signals) {
  std::vector<fs::path> files;
  for (std::size_t i = 0; i < batch.sweep.points().size(); ++i) files.push_back(parts.part(i));
  BatchWriter writer(batch.target, batch.sweep, std::move(files), batch.force);
  signals.listen(writer.temporary_path());
  for (std::size_t i = 0; i < batch.sweep.points().size(); ++i) {
    if (signals.stop()) return false;
    writer.add(i);
  }
  provenance_at_end(provenance, batch_threads(batch.sweep), seconds_now() - started);
  writer.finish(provenance);
  parts.remove();
  return true;
}

/// The table is made from the file, so that what is shown is what the file holds.
void report(const Batch& batch, double seconds) {
  if (batch.separate) {
    print(scenarios_text(batch.sweep, style_of(1)));
  } else {
    const BatchReader reader(batch.target);
    const std::vector<std::size_t> series = {headline_series(reader.contents().series)};
    print(batch_text(reader, series, style_of(1)));
  }
  print(fmt::format("\n{} scenarios in {:.3g} s\n{}: {}\n", grouped(batch.sweep.points().size()),
                    seconds, batch.separate ? "folder" : "result", batch.target.string()));
}

int run_batch(const Invocation& invocation) {
  const Batch batch = read_batch(invocation);
  choose_instruction_set(invocation);
  const BatchTarget there = batch_target(batch.target, batch.sweep, batch.separate, batch.force);
  if (there == BatchTarget::same) {
    print_error(
        fmt::format("overbuild: {} is the result of this batch already\n", batch.target.string()));
    return static_cast<int>(ExitCode::success);
  }
  StopSignals signals;
  const BatchParts parts(batch.parts_folder(), batch.sweep);
  signals.listen("");
  const Provenance provenance = provenance_of(batch);
  const double started = seconds_now();
  const std::vector<std::size_t> left = left_to_do(batch, parts);
  run_left(batch, parts, left, signals.stop());
  if (!left_to_do(batch, parts).empty()) return stopped(batch, parts, signals.signal());
  if (batch.separate)
    parts.publish(batch.target);
  else if (!combine(batch, parts, provenance, started, signals))
    return stopped(batch, parts, signals.signal());
  if (!batch.quiet) report(batch, seconds_now() - started);
  return static_cast<int>(ExitCode::success);
}

}  // namespace

const Command batch_command = {
    "batch",
    "CONFIG",
    "Run all scenarios of a config with [[sweep]] tables",
    "All scenarios have the same seed and so the same random numbers path by path.\n"
    "Their results go to one HDF5 file with a dimension `scenario`.\n\n"
    "Each finished scenario is kept in the folder FILE.parts until all are: after\n"
    "Ctrl-C, SIGTERM, SIGHUP or a crash the same command goes on from there. Progress\n"
    "goes to standard error, a table of the scenarios to standard output.\n\n",
    add_options,
    run_batch};

}  // namespace overbuild
