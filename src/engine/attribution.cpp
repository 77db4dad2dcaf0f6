#include "overbuild/engine/attribution.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>

#include "overbuild/base/error.hpp"
#include "overbuild/engine/path_values.hpp"
#include "overbuild/statistics/sample_statistic.hpp"
#include "src/engine/chunks.hpp"

namespace overbuild {
namespace {

using Influence = std::vector<double>;

// Share of the statistic's error that sums of influences leave where nothing differs.
constexpr double rounding = 1e-12;

void add(Influence& sum, double weight, const Influence& influence) {
  if (weight == 0) return;
  for (std::size_t path = 0; path < sum.size(); ++path) sum[path] += weight * influence[path];
}

double error_of_difference(const Influence& a, const Influence& b) {
  Influence difference(a.size());
  for (std::size_t path = 0; path < a.size(); ++path) difference[path] = a[path] - b[path];
  return standard_error_of(difference);
}

/// Adds up the coalitions one by one.
class Attributor {
 public:
  Attributor(const ScenarioChanges& changes, const StatisticExpression& statistic,
             const ShapleyPlan& plan, const RunControls& controls)
      : changes_(changes), statistic_(statistic), plan_(plan), controls_(controls) {
    controls_.prior_maps = &maps_;
    const std::size_t paths = changes.first().run.paths;
    effect_.assign(plan.players, Influence(paths, 0.0));
    alone_error_.resize(plan.players);
    last_error_.resize(plan.players);
  }

  /// First and last, against which all others are held; then the others. False when stopped.
  bool run(const ScenariosDone& done) {
    const std::size_t last = plan_.coalitions.size() - 1;
    numbers_.resize(plan_.coalitions.size());
    std::size_t count = 0;
    const auto take = [&](std::size_t place, Influence& influence) {
      if (!measure(place, influence)) return false;
      for (std::size_t i = 0; i < plan_.players; ++i)
        add(effect_[i], plan_.weight(place, i), influence);
      if (done) done(++count);
      return true;
    };
    if (!take(0, without_) || !take(last, with_all_)) return false;
    for (std::size_t place = 0; place <= last; ++place) {
      Influence influence;
      if (place != 0 && place != last && !take(place, influence)) return false;
      compare(place, place == 0 ? without_ : place == last ? with_all_ : influence);
    }
    return true;
  }

  Attribution result() const {
    Attribution result;
    result.statistics = numbers_;
    std::vector<double> values;
    for (const Estimate& number : numbers_) values.push_back(number.value);
    result.first = numbers_.front();
    result.second = numbers_.back();
    result.total = {result.second.value - result.first.value,
                    error_of_difference(with_all_, without_)};
    const std::vector<double> shapley = shapley_values(plan_, values);
    const std::vector<double> order = order_errors(plan_, values);
    const auto at = [&](Coalition coalition) { return values[plan_.place_of(coalition)]; };
    for (std::size_t i = 0; i < plan_.players; ++i) {
      const Coalition own = Coalition{1} << i;
      Contribution part;
      part.path_error = standard_error_of(effect_[i]);
      if (part.path_error < rounding * result.first.standard_error) part.path_error = 0;
      part.order_error = order[i];
      part.effect = {shapley[i], std::hypot(part.path_error, part.order_error)};
      part.alone = {at(own) - values.front(), alone_error_[i]};
      part.last = {values.back() - at(plan_.all() & ~own), last_error_[i]};
      result.parts.push_back(part);
    }
    return result;
  }

 private:
  bool measure(std::size_t place, Influence& influence) {
    const Scenario scenario = changes_.with(plan_.coalitions[place]);
    const PathValues values = path_values(scenario, std::span(&statistic_.quantity, 1), controls_);
    if (values.paths.size() < scenario.run.paths) return false;
    numbers_[place] = sample_statistic(statistic_, values.of(0));
    influence = influence_values(statistic_, values.of(0));
    if (influence.empty() || !std::isfinite(numbers_[place].value))
      throw Error(
          ExitCode::numeric,
          fmt::format("{} has no value in {} with these changes: {}", statistic_.text,
                      changes_.first().name, coalition_text(changes_, plan_.coalitions[place])));
    return true;
  }

  /// The errors of a change alone and last, where the coalition is one of those.
  void compare(std::size_t place, const Influence& influence) {
    for (std::size_t i = 0; i < plan_.players; ++i) {
      const Coalition own = Coalition{1} << i;
      if (plan_.coalitions[place] == own)
        alone_error_[i] = error_of_difference(influence, without_);
      if (plan_.coalitions[place] == (plan_.all() & ~own))
        last_error_[i] = error_of_difference(with_all_, influence);
    }
  }

  const ScenarioChanges& changes_;
  const StatisticExpression& statistic_;
  const ShapleyPlan& plan_;
  RunControls controls_;
  PriorMaps maps_;
  std::vector<Estimate> numbers_;
  std::vector<Influence> effect_;  ///< [change][path]
  Influence without_, with_all_;
  std::vector<double> alone_error_, last_error_;
};

}  // namespace

std::optional<Attribution> attribute(const ScenarioChanges& changes,
                                     const StatisticExpression& statistic, ShapleyPlan plan,
                                     const RunControls& controls, const ScenariosDone& done) {
  if (changes.first().run.until)
    throw Error(ExitCode::config,
                "run.until: an attribution takes the same paths for all scenarios and a fixed "
                "number of them; leave run.until out and give run.paths");
  Attributor attributor(changes, statistic, plan, controls);
  if (!attributor.run(done)) return {};
  Attribution result = attributor.result();
  result.plan = std::move(plan);
  const RunSettings& run = changes.first().run;
  result.threads = threads_for(run.paths, threads_to_use(run, controls.threads));
  return result;
}

std::string coalition_text(const ScenarioChanges& changes, Coalition coalition) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < changes.size(); ++i)
    if (coalition >> i & 1) names.push_back(changes.changes()[i].name);
  return names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", "));
}

}  // namespace overbuild
