#include "overbuild/engine/reverse_stress.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "overbuild/base/error.hpp"
#include "overbuild/config/fixed_parameter.hpp"
#include "overbuild/engine/path_values.hpp"
#include "src/engine/chunks.hpp"
#include "src/engine/search_grid.hpp"

namespace overbuild {
namespace {

/// Ends a search in whose midst it was stopped.
struct Stopped {};

void check(const Scenario& scenario) {
  if (scenario.run.until)
    throw Error(ExitCode::config,
                "run.until: a reverse stress test tries all values on the same paths and takes a "
                "fixed number of them; leave run.until out and give run.paths");
}

double sign_of(double distance) {
  return std::isnan(distance) ? distance : distance > 0 ? 1 : distance < 0 ? -1 : 0;
}

}  // namespace

ReverseStress::ReverseStress(const Scenario& scenario, ReverseStressQuestion question, int threads)
    : scenario_(scenario),
      question_(std::move(question)),
      threads_(threads_for(scenario.run.paths, threads_to_use(scenario.run, threads))) {
  check(scenario);
}

Scenario ReverseStress::given(std::size_t index) const {
  Scenario scenario = scenario_;
  if (question_.is_frontier())
    fix_parameter(scenario, *question_.against, question_.values[index], "frontier");
  return scenario;
}

TargetDistance ReverseStress::distance(const Scenario& given, double x, const RunControls& controls,
                                       const Tried& tried) {
  Scenario scenario = given;
  fix_parameter(scenario, question_.parameter, x, "reverse stress test");
  RunControls own = controls;
  own.threads = threads_;
  own.prior_maps = &maps_;
  TargetDistance found;
  try {
    const PathValues values =
        path_values(scenario, std::span(&question_.target.statistic.quantity, 1), own);
    if (values.paths.size() < scenario.run.paths) throw Stopped();
    found = distance_from(question_.target, values.of(0));
  } catch (const Error& error) {
    if (error.code() != ExitCode::numeric) throw;
    found.distance = std::numeric_limits<double>::quiet_NaN();
  }
  if (tried) tried(x, found);
  return found;
}

std::optional<std::vector<double>> ReverseStress::grid(const RunControls& controls,
                                                       const Tried& tried) try {
  const Bounds& bounds = scenario_.model->schema.parameters[question_.parameter].bounds;
  if (question_.between) return search_grid(*question_.between, question_.grid, bounds.integer);
  Range range = first_range(scenario_, question_.parameter);
  // The first and the last value of a frontier stand for those between them.
  for (std::size_t index = 0; index < question_.searches();
       index += std::max<std::size_t>(question_.searches() - 1, 1)) {
    const Scenario scenario = given(index);
    range = widened(range, bounds, [&](double x) {
      return sign_of(distance(scenario, x, controls, tried).distance);
    });
  }
  return search_grid(range, question_.grid, bounds.integer);
} catch (const Stopped&) {
  return {};
}

std::optional<RootSearch> ReverseStress::search(std::size_t index, const std::vector<double>& grid,
                                                const RunControls& controls,
                                                const Tried& tried) try {
  const Scenario scenario = given(index);
  const auto at = [&](double x) { return distance(scenario, x, controls, tried); };
  const bool whole = scenario_.model->schema.parameters[question_.parameter].bounds.integer;
  return find_roots(at, grid, whole);
} catch (const Stopped&) {
  return {};
}

}  // namespace overbuild
