#include "src/commands/solve_job.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "overbuild/base/error.hpp"
#include "overbuild/base/nearest_name.hpp"
#include "overbuild/config/fixed_parameter.hpp"
#include "overbuild/config/load.hpp"
#include "src/commands/progress.hpp"

namespace overbuild {
namespace {

constexpr std::string_view section = "parameters.";
constexpr int steps_after_scan = 24;  // values that a search tries beside its scan, about

std::size_t parameter_called(const std::string& given, const ModelSchema& schema,
                             const char* option) {
  const std::string name = given.starts_with(section) ? given.substr(section.size()) : given;
  if (const auto index = schema.parameter_index(name)) return *index;
  const std::size_t dot = name.find('.');
  if (dot != std::string::npos && schema.parameter_index(name.substr(0, dot)))
    throw Error(
        ExitCode::usage,
        fmt::format("solve: --{}: \"{}\" is a number within a prior; what can be looked for "
                    "is the number that takes the prior's place, \"{}\"",
                    option, given, name.substr(0, dot)));
  std::vector<std::string> known;
  for (const ParameterSpec& spec : schema.parameters) known.emplace_back(spec.name);
  throw Error(
      ExitCode::usage,
      fmt::format("solve: --{}: the model {} has no parameter \"{}\"{}; `overbuild describe "
                  "{}` lists them",
                  option, schema.name, given, suggestion_text(", ", nearest_name(name, known)),
                  schema.name));
}

void check_value(double value, const ParameterSpec& spec, const char* option) {
  const std::string complaint = value_complaint(spec, value);
  if (!complaint.empty())
    throw Error(ExitCode::usage, fmt::format("solve: --{}: {}: {}", option, spec.name, complaint));
}

PathRange shard_of(std::size_t values, int shard, int shards) {
  if (static_cast<std::size_t>(shards) > values)
    throw Error(ExitCode::usage,
                fmt::format("solve: --shard: found {}/{}, but there are only {} values to part",
                            shard, shards, values));
  const auto at = [&](int i) {
    return static_cast<std::uint64_t>(values) * std::uint64_t(i) / std::uint64_t(shards);
  };
  return {at(shard - 1), at(shard)};
}

SolvedParameter described(const Scenario& scenario, std::size_t index) {
  const ParameterSpec& spec = scenario.model->schema.parameters[index];
  const ParameterSetting& setting = scenario.parameters[index];
  return {std::string(spec.name), std::string(spec.unit), std::string(spec.meaning),
          setting.prior           ? to_toml(*setting.prior)
          : setting.posterior_row ? "posterior"
                                  : fmt::format("{}", setting.value),
          spec.bounds.integer};
}

double prior_share(const ParameterSetting& setting, double x) {
  if (!setting.prior) return std::numeric_limits<double>::quiet_NaN();
  const Distribution& prior = *setting.prior;
  const Truncation truncation = prior.truncation();
  if (x <= prior.lower) return 0;
  if (x >= prior.upper) return 1;
  return std::clamp((prior.cdf(x) - truncation.below) / truncation.kept, 0.0, 1.0);
}

SolveContents described(const Scenario& scenario, const SolveJob& job,
                        const ReverseStressQuestion& question) {
  SolveContents contents;
  contents.model = scenario.model->schema.name;
  contents.scenario = scenario.name;
  contents.title = scenario.title;
  contents.statistic = question.target.statistic.text;
  contents.statistic_unit = question.target.statistic.unit();
  contents.target = question.target.value;
  contents.parameter = described(scenario, question.parameter);
  if (question.is_frontier()) contents.against = described(scenario, *question.against);
  contents.values = question.values;
  contents.all_values = job.values;
  contents.shard = job.shard;
  contents.shards = job.shards;
  contents.seed = scenario.run.seed;
  contents.paths = scenario.run.paths;
  contents.grid_points = job.grid;
  if (job.between) contents.between = *job.between;
  return contents;
}

/// Counts the values that were tried; how many more come is a guess.
class SolveProgress {
 public:
  SolveProgress(const ReverseStressQuestion& question, std::uint64_t paths, bool quiet)
      : paths_(paths), searches_(question.searches()) {
    each_ = static_cast<std::uint64_t>(question.grid + steps_after_scan);
    if (!quiet)
      progress_.emplace(searches_ * each_ * paths, is_terminal(2), style_of(2), seconds_now,
                        print_error);
  }

  void update(std::uint64_t paths) {
    if (progress_)
      progress_->update(tried_ * paths_ + paths,
                        searches_ > 1 ? fmt::format("value {} of {}", search_ + 1, searches_)
                                      : fmt::format("try {}", tried_ + 1));
  }
  void tried() { ++tried_; }
  void searched() {
    ++search_;
    if (progress_) progress_->set_total((tried_ + (searches_ - search_) * each_) * paths_);
  }

 private:
  const std::uint64_t paths_, searches_;
  std::uint64_t each_ = 0, tried_ = 0, search_ = 0;
  std::optional<Progress> progress_;
};

bool search_all(ReverseStress& stress, const Scenario& scenario, const SolveJob& job,
                StopSignals& signals, SolveContents& contents) {
  SolveProgress progress(stress.question(), scenario.run.paths, job.quiet);
  RunControls controls;
  controls.stop = [&] { return signals.stop().load(); };
  controls.progress = [&](std::uint64_t paths) { progress.update(paths); };
  const Tried tried = [&](double, const TargetDistance&) { progress.tried(); };
  const auto grid = stress.grid(controls, tried);
  if (!grid) return false;
  contents.grid = *grid;
  const PathRange own =
      job.values.empty() ? PathRange{0, 1} : shard_of(job.values.size(), job.shard, job.shards);
  for (std::uint64_t index = own.begin; index < own.end; ++index) {
    auto search = stress.search(index, *grid, controls, tried);
    if (!search) return false;
    contents.searches.push_back(std::move(*search));
    progress.searched();
  }
  if (!job.values.empty())
    contents.values.assign(job.values.begin() + static_cast<std::ptrdiff_t>(own.begin),
                           job.values.begin() + static_cast<std::ptrdiff_t>(own.end));
  return true;
}

}  // namespace

ReverseStressQuestion question_of(const Scenario& scenario, const SolveJob& job) {
  const ModelSchema& schema = scenario.model->schema;
  ReverseStressQuestion question;
  question.target = parse_target(job.such_that, scenario, "solve: --such-that");
  question.parameter = parameter_called(job.parameter, schema, "for");
  question.between = job.between;
  question.grid = job.grid;
  const ParameterSpec& spec = schema.parameters[question.parameter];
  if (job.between) {
    check_value(job.between->lower, spec, "between");
    check_value(job.between->upper, spec, "between");
  }
  if (job.against.empty()) return question;
  question.against = parameter_called(job.against, schema, "against");
  question.values = job.values;
  if (*question.against == question.parameter)
    throw Error(ExitCode::usage,
                fmt::format("solve: --against: {} is the parameter that is looked for", spec.name));
  for (const double value : job.values)
    check_value(value, schema.parameters[*question.against], "values");
  return question;
}

std::optional<SolveContents> carry_out(const Scenario& scenario, const SolveJob& job,
                                       const std::filesystem::path& file, StopSignals& signals) {
  ReverseStress stress(scenario, question_of(scenario, job));
  if (!job.values.empty()) shard_of(job.values.size(), job.shard, job.shards);
  SolveWriter writer(file, job.force);
  signals.listen(writer.temporary_path());
  SolveContents contents = described(scenario, job, stress.question());
  contents.provenance = provenance_at_start(scenario, job.config_file, job.command_line);
  const double started = seconds_now();
  if (!search_all(stress, scenario, job, signals, contents)) return {};
  const ParameterSetting& setting = scenario.parameters[stress.question().parameter];
  for (const RootSearch& search : contents.searches) {
    contents.prior_shares.emplace_back();
    for (const Root& root : search.roots)
      contents.prior_shares.back().push_back(prior_share(setting, root.x));
  }
  provenance_at_end(contents.provenance, stress.threads(), seconds_now() - started);
  writer.write(scenario, contents);
  return contents;
}

std::optional<SolveContents> done_before(const std::filesystem::path& file,
                                         const Scenario& scenario, const SolveJob& job) {
  if (job.force || !is_solve_file(file)) return {};
  SolveContents there = read_solve(file);
  const SolveContents asked = described(scenario, job, question_of(scenario, job));
  const auto same = [](double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); };
  const bool same_question =
      there.statistic == asked.statistic && there.target == asked.target &&
      there.parameter == asked.parameter && there.against == asked.against &&
      there.all_values == asked.all_values && there.grid_points == asked.grid_points &&
      same(there.between.lower, asked.between.lower) &&
      same(there.between.upper, asked.between.upper) && there.shards == asked.shards &&
      there.provenance.config == to_toml(scenario);
  if (!same_question) return {};
  return there;
}

}  // namespace overbuild
