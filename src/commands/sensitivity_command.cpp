#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/program_options/value_semantic.hpp>

#include "overbuild/base/error.hpp"
#include "overbuild/base/nearest_name.hpp"
#include "overbuild/config/load.hpp"
#include "src/commands/command.hpp"
#include "src/commands/isa_option.hpp"
#include "src/commands/number_option.hpp"
#include "src/commands/output_option.hpp"
#include "src/commands/overrides.hpp"
#include "src/commands/sensitivity_job.hpp"
#include "src/commands/sensitivity_report.hpp"
#include "src/commands/shard_option.hpp"
#include "src/commands/sweep_folder.hpp"
#include "src/commands/terminal.hpp"

namespace overbuild {
namespace {

namespace po = boost::program_options;
namespace fs = std::filesystem;

void add_options(po::options_description& options) {
  const auto text = [](const char* name) { return po::value<std::string>()->value_name(name); };
  options.add_options()(
      "of", po::value<std::vector<std::string>>()->value_name("QUANTITY"),
      "what depends on the priors, e.g. \"bust within 5y\" or \"coverage at "
      "5y < 1\"; may be repeated. Else the model's first event within the horizon")(
      "method,m", text("NAME"),
      "sobol (first-order and total indices), shapley or "
      "morris (screening); sobol unless given");
  add_set_option(options);
  add_run_shorthands(options);
  options.add_options()("rows", text("N"),
                        "rows of the design; else as many as run.paths paths make")(
      "repeats", text("N"), "paths at each point, at least 2 but of morris (8)")(
      "orders", text("WHICH"),
      "of shapley: random orders of the priors, one a row, or all of them (random)")(
      "resamples", text("N"), "resamples of the bootstrap (1000)")(
      "output,o", text("FILE"),
      "file for the result; else the config's name with .sensitivity.h5 in the working folder; of "
      "a sweep the folder for a file of each scenario")("force,f", "replace an existing result");
  add_isa_option(options);
  add_shard_option(options);
  options.add_options()("json", "print all estimates as JSON")("quiet,q",
                                                               "no progress and no summary");
}

/// The place of the option's value among the names it may have.
template <class Names>
std::size_t chosen(const Invocation& invocation, const char* option, const Names& names) {
  if (!invocation.has(option)) return 0;
  const std::string text = invocation.text(option);
  const auto found = std::ranges::find(names, text);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  const std::vector<std::string> known(names.begin(), names.end());
  throw Error(ExitCode::usage, fmt::format("sensitivity: --{}: found \"{}\", expected {}{}", option,
                                           text, fmt::join(names, ", "),
                                           suggestion_text("; ", nearest_name(text, known))));
}

SensitivitySettings settings_of(const Invocation& invocation) {
  static constexpr std::array<std::string_view, 2> order_names = {"random", "all"};
  SensitivitySettings settings;
  settings.method =
      static_cast<SensitivityMethod>(chosen(invocation, "method", sensitivity_method_names));
  settings.orders = static_cast<InputOrders>(chosen(invocation, "orders", order_names));
  if (invocation.has("orders") && settings.method != SensitivityMethod::shapley)
    throw Error(ExitCode::usage, fmt::format("sensitivity: --orders is for --method shapley; found "
                                             "--method {}",
                                             name_of(settings.method)));

  read_number_option<std::uint64_t>("sensitivity", invocation, "repeats",
                                    settings.method == SensitivityMethod::morris ? 1 : 2, 100'000,
                                    settings.repeats);
  return settings;
}

SensitivityJob job_of(const Invocation& invocation) {
  SensitivityJob job;
  job.settings = settings_of(invocation);
  if (invocation.has("of"))
    job.quantities = invocation.options["of"].as<std::vector<std::string>>();
  if (invocation.has("rows") && invocation.has("paths"))
    throw Error(ExitCode::usage,
                "sensitivity: --rows and --paths both say how large the design is; give one");
  read_number_option<std::uint64_t>("sensitivity", invocation, "rows", 1, 1'000'000'000, job.rows);
  read_number_option<int>("sensitivity", invocation, "resamples", 100, 1'000'000, job.resamples);
  read_analysis_options("sensitivity", invocation, job);
  return job;
}

std::string ending(const SensitivityJob& job) {
  return file_ending("sensitivity", job.shard, job.shards);
}

int stopped(const std::optional<SensitivityContents>& found, const fs::path& file, int signal) {
  print_error(found ? fmt::format("overbuild: stopped early; {} is marked incomplete, its numbers "
                                  "are those of the rows that were done\n",
                                  file.string())
                    : "overbuild: stopped before two rows were done; no result was written\n");
  return 128 + signal;
}

int run_one(const Invocation& invocation, const Scenario& scenario, const SensitivityJob& job) {
  const fs::path file = output_path("sensitivity", invocation, scenario.name + ending(job));
  StopSignals signals;
  const std::optional<SensitivityContents> found = carry_out(scenario, job, file, signals);
  if (found) print_found(invocation, *found, file, sensitivity_json, sensitivity_text);
  if (!found || !found->complete) return stopped(found, file, signals.signal());
  return static_cast<int>(ExitCode::success);
}

/// What the file holds, if that is all that the job asks for.
std::optional<SensitivityContents> done_before(const fs::path& file, const Scenario& scenario,
                                               const SensitivityJob& job) {
  if (job.force || !is_sensitivity_file(file)) return {};
  SensitivityContents there = read_sensitivity(file);
  const auto& quantities = job.quantities.empty() ? default_quantities(scenario) : job.quantities;
  if (!there.complete || there.quantities != quantities || there.settings != job.settings ||
      there.resamples != job.resamples || there.rows_asked != design_rows(scenario, job) ||
      there.shard != job.shard || there.shards != job.shards ||
      there.provenance.config != to_toml(scenario))
    return {};
  return there;
}

int run_sweep(const Invocation& invocation, const Sweep& sweep, const SensitivityJob& job) {
  return analyse_sweep<SensitivityContents>(
      invocation, sweep,
      {.command = "sensitivity",
       .ending = ending(job),
       .done_before = [&](auto& file, auto& scenario) { return done_before(file, scenario, job); },
       .carry_out = [&](auto& scenario, auto& file,
                        auto& signals) { return carry_out(scenario, job, file, signals); },
       .is_complete = [](auto& found) { return found.complete; },
       .stopped = stopped,
       .line = [](auto& found) { return sensitivity_line(found, style_of(1)); }});
}

int run_sensitivity(const Invocation& invocation) {
  const SensitivityJob job = job_of(invocation);
  const Sweep sweep = load_sweep_config(invocation);
  choose_instruction_set(invocation);
  if (!sweep.points().empty()) return run_sweep(invocation, sweep, job);
  return run_one(invocation, sweep.base(), job);
}

}  // namespace

const Command sensitivity_command = {
    "sensitivity",
    "CONFIG",
    "How much of an outcome's variance comes from which prior",
    "Indices of the mean of a quantity given the parameters that have priors, the\n"
    "noise of the paths integrated out, with standard errors and 95% intervals; and\n"
    "the share of the variance that the noise makes. docs/sensitivity.md explains\n"
    "the methods and what their numbers mean. Of a config with [[sweep]] tables, a\n"
    "file for each scenario; those that are there already are kept.\n\n"
    "Progress goes to standard error, the result to standard output. Ctrl-C, SIGTERM\n"
    "or SIGHUP once: the rows that are done make the result, marked incomplete.\n\n",
    add_options,
    run_sensitivity};

}  // namespace overbuild
