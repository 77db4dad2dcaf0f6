#include "overbuild/engine/prepared_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "overbuild/base/error.hpp"
#include "overbuild/config/prior_correlation.hpp"
#include "overbuild/model/generated_draws.hpp"
#include "overbuild/sampling/antithetic.hpp"
#include "overbuild/sampling/correlation.hpp"
#include "overbuild/sampling/point_sources.hpp"

namespace overbuild {
namespace {

Eigen::MatrixXd factor_or_throw(const Eigen::MatrixXd& correlation, const char* what) {
  std::string complaint;
  const auto factor = correlation_factor(correlation, complaint);
  if (!factor) throw Error(ExitCode::config, std::string(what) + ": " + complaint);
  return *factor;
}

std::vector<Prior> priors_of(const Scenario& scenario) {
  std::vector<Prior> priors;
  for (std::size_t i = 0; i < scenario.parameters.size(); ++i) {
    if (!scenario.parameters[i].prior) continue;
    const bool whole_number = scenario.model->schema.parameters[i].bounds.integer;
    priors.push_back({i, *scenario.parameters[i].prior, whole_number});
  }
  return priors;
}

/// The part of the copula that belongs to the priors, in their order.
Eigen::MatrixXd correlation_of(const std::vector<Prior>& priors, const Scenario& scenario) {
  std::vector<std::size_t> drawn;
  for (const Prior& prior : priors) drawn.push_back(prior.parameter);
  return normal_correlation(scenario)(drawn, drawn);
}

/// Smallest and largest value of each parameter over all paths.
std::vector<Range> ranges_of(const Scenario& scenario) {
  std::vector<Range> ranges;
  for (std::size_t i = 0; i < scenario.parameters.size(); ++i) {
    const ParameterSetting& parameter = scenario.parameters[i];
    if (parameter.posterior_row) {
      const auto values = scenario.posterior->draws->values(*parameter.posterior_row);
      ranges.push_back({std::ranges::min(values), std::ranges::max(values)});
      continue;
    }
    if (!parameter.prior) {
      ranges.push_back({parameter.value, parameter.value});
      continue;
    }
    const Bounds& bounds = scenario.model->schema.parameters[i].bounds;
    ranges.push_back({std::max(bounds.lower, parameter.prior->lower),
                      std::min(bounds.upper, parameter.prior->upper)});
  }
  return ranges;
}

/// `others`, but for the parameters that are drawn from the scenario's posterior.
std::shared_ptr<const ParameterSource> with_posterior(
    const Scenario& scenario, std::shared_ptr<const ParameterSource> others) {
  std::vector<JointParameterSource::Column> columns;
  for (std::size_t i = 0; i < scenario.parameters.size(); ++i)
    if (const auto row = scenario.parameters[i].posterior_row) columns.push_back({i, *row});
  if (columns.empty()) return others;
  return std::make_shared<JointParameterSource>(std::move(others), scenario.posterior->draws,
                                                std::move(columns));
}

double interpolate_log_linearly(const TableSetting& table, double time) {
  constexpr double tolerance = 1e-9;  // a step's time is a rounded multiple of dt
  if (time < table.time.front() - tolerance || time > table.time.back() + tolerance)
    return std::numeric_limits<double>::quiet_NaN();
  const auto after = std::lower_bound(table.time.begin(), table.time.end(), time - tolerance);
  const auto j = static_cast<std::size_t>(after - table.time.begin());
  if (j == 0 || std::abs(table.time[j] - time) <= tolerance) return table.value[j];
  const double share = (time - table.time[j - 1]) / (table.time[j] - table.time[j - 1]);
  // In long double, whose functions in the C library have one code path on all processors.
  const long double ratio = static_cast<long double>(table.value[j]) / table.value[j - 1];
  return static_cast<double>(table.value[j - 1] * std::pow(ratio, static_cast<long double>(share)));
}

/// Of each given draw of a step: whether it is a normal.
std::vector<bool> given_normals(const ModelSchema& schema) {
  std::vector<bool> normal;
  for (const DrawSpec& draw : schema.draws)
    if (draw.given()) normal.push_back(draw.input == DrawSpec::Input::normal);
  return normal;
}

}  // namespace

ParameterSampler parameter_sampler(const Scenario& scenario, PriorMaps* maps) {
  std::vector<double> fixed;
  for (const ParameterSetting& parameter : scenario.parameters) fixed.push_back(parameter.value);
  std::vector<Prior> priors = priors_of(scenario);
  const Eigen::MatrixXd factor =
      factor_or_throw(correlation_of(priors, scenario), "prior_correlation");
  return {std::move(fixed), std::move(priors), factor, maps};
}

std::vector<double> table_by_step(const TableSpec& spec, const TableSetting& table, int steps,
                                  double dt) {
  std::vector<double> by_step(static_cast<std::size_t>(steps + 1));
  if (spec.kind == TableSpec::Kind::path) {
    for (int t = 0; t <= steps; ++t)
      by_step[static_cast<std::size_t>(t)] = interpolate_log_linearly(table, t * dt);
    return by_step;
  }
  for (std::size_t i = 0; i < table.time.size(); ++i) {
    const auto t = static_cast<std::size_t>(std::ceil(table.time[i] / dt - 1e-9));
    by_step.at(std::max<std::size_t>(t, 1)) += table.value[i];
  }
  return by_step;
}

PreparedRun::PreparedRun(const Scenario& scenario, PriorMaps* maps,
                         std::shared_ptr<const ParameterSource> source,
                         std::shared_ptr<const DrawSource> draws)
    : scenario_(scenario),
      kernel_(scenario.model->kernel()),
      sampler_(std::make_shared<const ParameterSampler>(parameter_sampler(scenario, maps))),
      source_(std::move(source)),
      draws_(std::move(draws)),
      ranges_(ranges_of(scenario)) {
  const int steps = scenario.run.steps();
  shock_factor_ = row_major(factor_or_throw(scenario.shock_correlation, "shock_correlation"));
  for (std::size_t i = 0; i < scenario.tables.size(); ++i)
    tables_.push_back(scenario.tables[i] ? table_by_step(schema().tables[i], *scenario.tables[i],
                                                         steps, scenario.run.step)
                                         : std::vector<double>());
  table_spans_.assign(tables_.begin(), tables_.end());
  context_ = {.seed = scenario.run.seed,
              .steps = steps,
              .dt = scenario.run.step,
              .shock_factor = shock_factor_,
              .shocks_independent = scenario.shock_correlation.isIdentity(0),
              .ranges = ranges_,
              .tables = table_spans_};
  use_sampler();
  source_ = with_posterior(scenario, source_ ? std::move(source_) : sampler_);
}

void PreparedRun::use_sampler() {
  const RunSettings& run = scenario_.run;
  if (run.sampler == Sampler::philox) return;
  if (source_ || draws_)
    throw Error(ExitCode::config,
                fmt::format("run.sampler: found \"{}\"; a command that chooses the paths' random "
                            "numbers by itself takes \"philox\" only",
                            name_of(run.sampler)));
  const std::vector<bool> normal = given_normals(schema());
  if (run.sampler == Sampler::sobol) {
    const std::size_t priors = sampler_->priors().size();
    const auto points = std::make_shared<SobolPoints>(
        priors + normal.size() * static_cast<std::size_t>(run.steps()), run.replicate_paths());
    source_ = std::make_shared<PointParameters>(*sampler_, points);
    draws_ = std::make_shared<BridgedDraws>(points, priors, normal, run.steps());
  } else if (run.sampler == Sampler::latin_hypercube) {
    source_ = std::make_shared<PointParameters>(
        *sampler_, std::make_shared<LatinHypercube>(run.replicate_paths()));
  } else {
    source_ = std::make_shared<AntitheticParameters>(*sampler_);
    draws_ = std::make_shared<AntitheticDraws>(std::make_shared<GeneratedDraws>(*scenario_.model),
                                               normal);
  }
}

std::vector<std::size_t> PreparedRun::drawn_parameters() const {
  std::vector<std::size_t> drawn;
  for (std::size_t i = 0; i < scenario_.parameters.size(); ++i)
    if (scenario_.parameters[i].drawn()) drawn.push_back(i);
  return drawn;
}

}  // namespace overbuild
