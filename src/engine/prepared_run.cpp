#include "overbuild/engine/prepared_run.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "overbuild/base/error.hpp"
#include "overbuild/config/prior_correlation.hpp"
#include "overbuild/sampling/correlation.hpp"

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
      sampler_(parameter_sampler(scenario, maps)),
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
}

}  // namespace overbuild
