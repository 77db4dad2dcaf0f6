#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "overbuild/calibration/calibration.hpp"
#include "src/calibration/resampling.hpp"

namespace overbuild {
namespace {

/// The weighted quantile: the smallest value up to which a share p of the weights lies.
double quantile(const std::vector<std::pair<double, double>>& sorted, double p) {
  double total = 0, sum = 0;
  for (const auto& [value, weight] : sorted) total += weight;
  for (const auto& [value, weight] : sorted)
    if ((sum += weight) >= p * total) return value;
  return sorted.back().first;
}

Spread spread_of(const Distribution& prior) {
  return {prior.quantile(0.05, 0.95), prior.quantile(0.5, 0.5), prior.quantile(0.95, 0.05)};
}

/// Means and variances of a parameter by island.
struct ByIsland {
  Eigen::ArrayXd means, variances;
};

ByIsland by_island(const Eigen::VectorXd& values, Eigen::Index islands) {
  const Eigen::Index n = values.size() / islands;
  ByIsland result{Eigen::ArrayXd(islands), Eigen::ArrayXd(islands)};
  for (Eigen::Index k = 0; k < islands; ++k) {
    const Eigen::ArrayXd own = values.segment(k * n, n);
    result.means[k] = own.mean();
    result.variances[k] = (own - own.mean()).square().sum() / static_cast<double>(n - 1);
  }
  return result;
}

double variance_of(const Eigen::ArrayXd& x) {
  return (x - x.mean()).square().sum() / static_cast<double>(x.size() - 1);
}

/// Potential scale reduction. Source: Gelman and Rubin (1992), Statistical Science 7.
double rhat_of(const ByIsland& islands, double n) {
  const double within = islands.variances.mean();
  return std::sqrt(((n - 1) / n * within + variance_of(islands.means)) / within);
}

ParameterSummary summary_of(const Eigen::VectorXd& values, const std::vector<double>& weights,
                            Eigen::Index islands) {
  ParameterSummary summary;
  const Eigen::Map<const Eigen::ArrayXd> w(weights.data(), values.size());
  summary.mean = (w * values.array()).sum() / w.sum();
  summary.sd = std::sqrt((w * (values.array() - summary.mean).square()).sum() / w.sum());
  const ByIsland parts = by_island(values, islands);
  summary.mean_error = std::sqrt(variance_of(parts.means) / static_cast<double>(islands));
  summary.rhat = rhat_of(parts, static_cast<double>(values.size() / islands));
  const double ratio = summary.sd / summary.mean_error;
  summary.ess = std::min(ratio * ratio, static_cast<double>(values.size()));
  std::vector<std::pair<double, double>> sorted;
  for (Eigen::Index i = 0; i < values.size(); ++i) sorted.emplace_back(values[i], w[i]);
  std::ranges::sort(sorted);
  summary.posterior = {quantile(sorted, 0.05), quantile(sorted, 0.5), quantile(sorted, 0.95)};
  return summary;
}

void add_islands(CalibrationResult& result, const Calibration& calibration) {
  const Eigen::Index n = result.islands[0].normals.cols();
  const auto drawn = static_cast<Eigen::Index>(calibration.priors().size());
  result.parameters.resize(drawn, n * static_cast<Eigen::Index>(result.islands.size()));
  std::vector<double> evidence;
  for (std::size_t k = 0; k < result.islands.size(); ++k) {
    result.parameters.middleCols(static_cast<Eigen::Index>(k) * n, n) =
        calibration.parameters(result.islands[k].normals);
    evidence.push_back(result.islands[k].log_evidence());
  }
  result.log_evidence = log_mean_exp(evidence);
  const Eigen::Map<const Eigen::ArrayXd> logs(evidence.data(),
                                              static_cast<Eigen::Index>(evidence.size()));
  result.log_evidence_error = std::sqrt(variance_of(logs) / static_cast<double>(evidence.size()));
  for (const double own : evidence)
    result.log_weights.insert(result.log_weights.end(), static_cast<std::size_t>(n),
                              own - result.log_evidence);
  result.ess = effective_size(result.log_weights);
}

}  // namespace

CalibrationResult calibration_result(const Calibration& calibration, std::vector<Island> islands,
                                     double likelihood_noise) {
  CalibrationResult result;
  result.islands = std::move(islands);
  result.likelihood_noise = likelihood_noise;
  add_islands(result, calibration);
  std::vector<double> weights;
  for (const double x : result.log_weights)
    weights.push_back(static_cast<double>(std::exp(static_cast<long double>(x))));
  for (std::size_t p = 0; p < calibration.priors().size(); ++p) {
    const Prior& prior = calibration.priors()[p];
    ParameterSummary& summary = result.summary.emplace_back(
        summary_of(result.parameters.row(static_cast<Eigen::Index>(p)), weights,
                   static_cast<Eigen::Index>(result.islands.size())));
    summary.parameter = prior.parameter;
    summary.prior = spread_of(prior.distribution);
    summary.shrinkage = 1 - (summary.posterior.high - summary.posterior.low) /
                                (summary.prior.high - summary.prior.low);
  }
  return result;
}

std::vector<std::string> doubts(const CalibrationResult& result) {
  std::vector<std::string> found;
  const auto worst = std::ranges::max(result.summary, {}, &ParameterSummary::rhat);
  if (worst.rhat > 1.05)
    found.push_back(
        fmt::format("the islands disagree (R-hat {:.2f}, wanted: below 1.05); give "
                    "them more particles or paths",
                    worst.rhat));
  if (result.likelihood_noise > 2)
    found.push_back(
        fmt::format("the estimated log-likelihood has a standard deviation of {:.1f}, "
                    "wanted: below 2; more calibration.paths make it smaller",
                    result.likelihood_noise));
  if (result.log_evidence_error > 1)
    found.push_back(
        fmt::format("the log evidence is uncertain by {:.1f}", result.log_evidence_error));
  const double particles = static_cast<double>(result.log_weights.size());
  if (result.ess < particles / 2)
    found.push_back(
        fmt::format("few islands bear most of the weight: {:.0f} of {:.0f} particles "
                    "are effective",
                    result.ess, particles));
  double correlation = 0, acceptance = 1;
  for (const Island& island : result.islands)
    for (const TemperatureStep& step : island.history) {
      correlation = std::max(correlation, step.correlation);
      acceptance = std::min(acceptance, step.acceptance);
    }
  if (correlation > 0.5)
    found.push_back(
        fmt::format("at some temperature the particles still had a correlation of "
                    "{:.2f} with where they began, wanted: below 0.5; raise "
                    "calibration.most_moves or calibration.paths",
                    correlation));
  if (acceptance < 0.05)
    found.push_back(fmt::format("at some temperature only {:.1f}% of the moves were accepted",
                                100 * acceptance));
  return found;
}

}  // namespace overbuild
