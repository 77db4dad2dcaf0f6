#include <boost/program_options/value_semantic.hpp>

#include "overbuild/base/error.hpp"
#include "src/commands/calibration_job.hpp"
#include "src/commands/isa_option.hpp"
#include "src/commands/overrides.hpp"

namespace overbuild {
namespace {

namespace po = boost::program_options;

void add_options(po::options_description& options) {
  const auto text = [](const char* name) { return po::value<std::string>()->value_name(name); };
  options.add_options()("data", text("FILE"),
                        "the observed series, comma-separated values (calibration.data)")(
      "until", text("DATE"),
      "last date whose data are used: YYYY, YYYY-MM or YYYY-MM-DD (calibration.until)");
  add_set_option(options);
  options.add_options()("seed", text("N"), "seed of the random numbers (run.seed)")(
      "threads", text("N"),
      "worker threads, 0 for all the machine has (run.threads); never changes a result")(
      "output,o", text("FILE"),
      "posterior file; else the config's name with _posterior.h5 in the working folder")(
      "force,f", "replace an existing result, never another file")(
      "resume", "go on from FILE.checkpoint; start at the beginning where there is none");
  add_isa_option(options);
  options.add_options()("json", "print the summary as JSON")("quiet,q",
                                                             "no progress and no summary");
}

/// A TOML basic string.
std::string quoted(const std::string& text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result + '"';
}

int calibrate(const Invocation& invocation) {
  std::vector<std::string> more;
  for (const char* option : {"data", "until"})
    if (invocation.has(option))
      more.push_back(std::string("calibration.") + option + "=" + quoted(invocation.text(option)));
  const Scenario scenario = load_config(invocation, more);
  const ObservedData data = read_observed_data(scenario);
  choose_instruction_set(invocation);
  CalibrationJob job;
  job.file = invocation.has("output") ? invocation.text("output") : scenario.name + "_posterior.h5";
  if (job.file.empty())
    throw Error(ExitCode::usage, "calibrate: --output: the name of the file is empty");
  job.force = invocation.has("force");
  job.resume = invocation.has("resume");
  job.quiet = invocation.has("quiet");
  job.json = invocation.has("json");
  job.config_file = invocation.argument;
  job.command_line = invocation.command_line;
  return carry_out(scenario, data, job);
}

}  // namespace

const Command calibrate_command = {
    "calibrate",
    "CONFIG",
    "Update the priors of a config by observed data",
    "The config's [calibration] says which series of the data the model's series\n"
    "stand for. Writes the posterior as weighted particles to an HDF5 file, which\n"
    "another config can draw its parameters from:\n"
    "  [posterior]\n"
    "  file = \"NAME_posterior.h5\"\n\n"
    "After each temperature all that is done is kept in FILE.checkpoint. Ctrl-C,\n"
    "SIGTERM or SIGHUP leaves it there, and --resume goes on with the same bits.\n\n",
    add_options,
    calibrate};

}  // namespace overbuild
