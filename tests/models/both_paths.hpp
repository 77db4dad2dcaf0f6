// The overbuild model by its kernel and by the scalar reference, side by side.
#pragma once

#include <cmath>
#include <iomanip>
#include <vector>

#include "models/overbuild/declaration.hpp"
#include "reference_model.hpp"
#include "tests/models/kernel_paths.hpp"

namespace overbuild {

using models::overbuild::Event;
using models::overbuild::Outcome;
using models::overbuild::Parameter;
using models::overbuild::Series;
using models::overbuild::Table;

// The reference calls everything by its config name, so that the declaration's rows make the lists.
#define OVERBUILD_REFERENCE_MEMBER(name, ...) static_cast<double>(of.name),
inline std::vector<double> values(const reference::Parameters& of) {
  return {OVERBUILD_MODEL_PARAMETERS(OVERBUILD_REFERENCE_MEMBER)};
}
inline std::vector<double> values(const reference::Row& of) {
  return {OVERBUILD_MODEL_SERIES(OVERBUILD_REFERENCE_MEMBER)};
}
inline std::vector<double> values(const reference::Outcomes& of) {
  return {OVERBUILD_MODEL_OUTCOMES(OVERBUILD_REFERENCE_MEMBER)};
}
#undef OVERBUILD_REFERENCE_MEMBER

inline KernelSettings kernel_settings(const reference::Settings& settings) {
  KernelSettings result{.seed = settings.seed, .steps = settings.steps, .dt = settings.dt};
  if (settings.shock_factor != reference::Settings{}.shock_factor)
    for (const auto& row : settings.shock_factor)
      result.shock_factor.insert(result.shock_factor.end(), row.begin(), row.end());
  result.tables.resize(std::size_t(Table::count));
  result.tables[std::size_t(Table::announced_capex)] = settings.announced_capex;
  result.tables[std::size_t(Table::scheduled_shocks)] = settings.scheduled_shock;
  return result;
}

/// The parameters of path i are `of_path[i]`.
inline PathParameters path_parameters(const std::vector<reference::Parameters>& of_path) {
  PathParameters result(model_called("overbuild").schema, static_cast<int>(of_path.size()));
  for (std::size_t path = 0; path < of_path.size(); ++path) {
    const std::vector<double> parameters = values(of_path[path]);
    for (std::size_t p = 0; p < parameters.size(); ++p) result.row(p)[path] = parameters[p];
  }
  return result;
}

/// Path 0 by the reference and by the kernel.
struct BothPaths {
  explicit BothPaths(const reference::Parameters& parameters,
                     const reference::Settings& settings = {})
      : reference(reference::simulate(parameters, settings, 0)),
        kernel(model_called("overbuild"), kernel_settings(settings),
               path_parameters(std::vector<reference::Parameters>(8, parameters))) {}

  const reference::Row& row(int step) const { return reference.rows[std::size_t(step)]; }

  /// Whether both give this value, to a relative 1e-12.
  testing::AssertionResult has(Series series, int step, double expected) const {
    return near(values(row(step))[std::size_t(series)], kernel.series(series, step, 0), expected);
  }
  testing::AssertionResult has(Outcome outcome, double expected) const {
    return near(values(reference.outcomes)[std::size_t(outcome)], kernel.outcome(outcome, 0),
                expected);
  }
  /// Whether both are in this regime after the step.
  testing::AssertionResult in(int regime, int step) const {
    const int by_kernel = kernel.event(Event::recovered, step, 0) ? reference::recovery
                          : kernel.event(Event::in_bust, step, 0) ? reference::bust
                                                                  : reference::boom;
    return near(row(step).regime, by_kernel, regime);
  }

  reference::Path reference;
  KernelPaths kernel;

 private:
  static bool equal(double found, double expected) {
    return std::abs(found - expected) <= 1e-12 * std::abs(expected) ||
           (std::isnan(found) && std::isnan(expected));
  }
  static testing::AssertionResult near(double by_reference, double by_kernel, double expected) {
    if (equal(by_reference, expected) && equal(by_kernel, expected))
      return testing::AssertionSuccess();
    return testing::AssertionFailure()
           << std::setprecision(17) << "expected " << expected << ", reference " << by_reference
           << ", kernel " << by_kernel;
  }
};

/// Whether a value agrees with its calculation by hand, to a relative 1e-12.
inline testing::AssertionResult agrees(double found, double by_hand) {
  if (std::abs(found - by_hand) <= 1e-12 * std::abs(by_hand)) return testing::AssertionSuccess();
  return testing::AssertionFailure()
         << std::setprecision(17) << "by hand " << by_hand << ", found " << found;
}

/// The base case without anything random: no volatility, no shocks, no bust.
inline reference::Parameters still() {
  reference::Parameters p;
  p.efficiency_vol = p.hardware_vol = p.demand_growth_vol = p.demand_vol = p.capex_vol = 0;
  p.shock_rate = 0;
  p.bust_hazard = 0;
  return p;
}

/// A still market that tells its state by the price: it clears at once and the floor is out of
/// reach, so that ln P = (ln(A/A0) - ln(C/C0) - e)/eta; neither progress nor growth, and all capex
/// buys shell, so that C = C0 exp(-t dt/L1).
inline reference::Parameters still_market() {
  reference::Parameters p = still();
  p.price_adjustment = 1e6;
  p.marginal_cost_0 = 1e-9;
  p.efficiency_drift = p.hardware_drift = 0;
  p.demand_growth_0 = p.demand_growth_longrun = 0;
  p.it_share = 0;
  return p;
}

/// A hazard at which a regime changes whatever the draw: u < 1 - 2^-33 < 1 - exp(-100 dt).
inline constexpr double certain = 100;

}  // namespace overbuild
