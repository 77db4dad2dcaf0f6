// Readers of the parts of a config that depend on the model. Each adds a finding for every mistake
// and leaves the scenario unusable then, which is never returned.
#pragma once

#include <filesystem>
#include <optional>

#include "overbuild/config/scenario.hpp"
#include "value.hpp"

namespace overbuild {

inline constexpr std::string_view shock_correlation_name = "shock_correlation";

/// [parameters]: numbers and priors, except shock_correlation.
void read_parameters(const Value& section, Scenario& scenario);

/// A prior's table, checked against the values that its parameter may take.
std::optional<Distribution> read_prior(const Value& setting, const Bounds& bounds);

/// The members of a prior's table that are single numbers, e.g. median, sigma, min and max.
std::vector<std::string> numbers_of_prior(const Distribution& prior);

/// parameters.shock_correlation: a matrix of the model's shocks.
void read_shock_correlation(const Value& matrix, Scenario& scenario);

/// [[prior_correlation]]; needs the parameters.
void read_prior_correlations(const Value& list, Scenario& scenario);

/// [[sweep]], which a single scenario must not have.
void refuse_sweep(const Value& tables, Scenario& scenario);

/// run.until; needs the horizon and the step.
void read_until(const Value& until, Scenario& scenario);
std::string until_text(const Scenario& scenario);

/// [posterior]; needs the parameters, which have the last word.
void read_posterior(const Value& section, Scenario& scenario);

/// The parameters whose draws a posterior file holds; none when it cannot be read.
std::vector<std::string> posterior_parameters(const std::filesystem::path& file);

/// What a parameter's origin is until a config gives it a value.
inline constexpr std::string_view default_origin = "default";

/// The scenario's [calibration], made when it has none.
CalibrationSettings& calibration_of(Scenario& scenario);
void read_calibration_date(const Value& value, std::string& date);
void read_observe(const Value& list, Scenario& scenario);
std::string observe_text(const Scenario& scenario);
void read_leave_out(const Value& list, Scenario& scenario);

/// The absolute name of a file that is named relative to the folder of the config, or to the
/// working folder on the command line; "" for "".
std::string file_beside(const Value& value);

/// [tables]; needs the horizon.
void read_tables(const Value& section, Scenario& scenario);

}  // namespace overbuild
