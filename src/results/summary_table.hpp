// What became of the drawn parameters of a calibration, as columns.
#pragma once

#include "overbuild/calibration/calibration.hpp"

namespace overbuild {

struct SummaryColumn {
  const char* name;
  const char* meaning;
  double& (*field)(ParameterSummary&);
};

inline constexpr SummaryColumn summary_columns[] = {
    {"prior_low", "5% quantile of the prior",
     [](ParameterSummary& s) -> double& { return s.prior.low; }},
    {"prior_median", "median of the prior",
     [](ParameterSummary& s) -> double& { return s.prior.median; }},
    {"prior_high", "95% quantile of the prior",
     [](ParameterSummary& s) -> double& { return s.prior.high; }},
    {"low", "5% quantile of the posterior",
     [](ParameterSummary& s) -> double& { return s.posterior.low; }},
    {"median", "median of the posterior",
     [](ParameterSummary& s) -> double& { return s.posterior.median; }},
    {"high", "95% quantile of the posterior",
     [](ParameterSummary& s) -> double& { return s.posterior.high; }},
    {"mean", "mean of the posterior", [](ParameterSummary& s) -> double& { return s.mean; }},
    {"mean_error", "Monte Carlo standard error of the mean",
     [](ParameterSummary& s) -> double& { return s.mean_error; }},
    {"sd", "standard deviation of the posterior",
     [](ParameterSummary& s) -> double& { return s.sd; }},
    {"rhat", "potential scale reduction over the islands",
     [](ParameterSummary& s) -> double& { return s.rhat; }},
    {"ess", "effective particles for the mean",
     [](ParameterSummary& s) -> double& { return s.ess; }},
    {"shrinkage", "1 - width of the posterior's 90% interval / the prior's",
     [](ParameterSummary& s) -> double& { return s.shrinkage; }}};

}  // namespace overbuild
