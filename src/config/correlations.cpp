#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "overbuild/config/prior_correlation.hpp"
#include "overbuild/sampling/correlation.hpp"
#include "readers.hpp"
#include "toml_text.hpp"

namespace overbuild {
namespace {

std::optional<Eigen::MatrixXd> read_matrix(const Value& matrix, std::size_t size,
                                           const std::string& of_what) {
  const std::string expected = fmt::format("{0} rows of {0} numbers, for {1}", size, of_what);
  const auto rows = matrix.elements(expected);
  if (!rows) return std::nullopt;
  if (rows->size() != size) {
    matrix.complain(fmt::format("found {} rows, expected {}", rows->size(), expected));
    return std::nullopt;
  }
  Eigen::MatrixXd result(size, size);
  bool readable = true;
  for (std::size_t i = 0; i < size; ++i) {
    const auto row = (*rows)[i].numbers();
    if (row && row->size() == size)
      result.row(i) = Eigen::Map<const Eigen::RowVectorXd>(row->data(), result.cols());
    else if (row)
      (*rows)[i].complain(fmt::format("found {} numbers, expected {}", row->size(), expected));
    readable = readable && row && row->size() == size;
  }
  if (!readable) return std::nullopt;
  return result;
}

/// A parameter that has a prior, by its name.
std::optional<std::size_t> read_prior_name(const Value& name, const Scenario& scenario) {
  const auto index = name.choice(names_of(scenario.model->schema.parameters));
  if (!index) return std::nullopt;
  const ParameterSetting& setting = scenario.parameters[*index];
  if (setting.prior) return index;
  if (setting.posterior_row) {
    name.complain(fmt::format("\"{}\" is drawn from the posterior ({})",
                              scenario.model->schema.parameters[*index].name, setting.origin));
    return std::nullopt;
  }
  name.complain(fmt::format("\"{}\" has no prior; it is the number {} ({})",
                            scenario.model->schema.parameters[*index].name, setting.value,
                            setting.origin));
  return std::nullopt;
}

std::optional<double> read_rank(const Value& rank) {
  const auto correlation = rank.number();
  if (!correlation || std::abs(*correlation) < 1) return correlation;
  rank.complain(
      fmt::format("found {}; a correlation must lie strictly between -1 and 1", *correlation));
  return std::nullopt;
}

std::optional<PriorCorrelation> read_pair(const Value& entry, const Scenario& scenario) {
  entry.check_members(std::vector<std::string>{"between", "rank"});
  const auto between = entry.needed_member("between", "the names of two parameters with priors");
  const auto rank = entry.needed_member("rank", "Spearman's rank correlation");
  const auto correlation = rank ? read_rank(*rank) : std::nullopt;
  const auto names = between ? between->elements("an array of two parameter names") : std::nullopt;
  if (!names) return std::nullopt;
  if (names->size() != 2) {
    between->complain(fmt::format("found {} names, expected 2", names->size()));
    return std::nullopt;
  }
  const auto first = read_prior_name((*names)[0], scenario);
  const auto second = read_prior_name((*names)[1], scenario);
  if (!first || !second) return std::nullopt;
  if (*first == *second) {
    between->complain("a parameter's correlation with itself cannot be set");
    return std::nullopt;
  }
  if (!correlation) return std::nullopt;
  return PriorCorrelation{*first, *second, *correlation};
}

bool same_pair(const PriorCorrelation& a, const PriorCorrelation& b) {
  return (a.first == b.first && a.second == b.second) ||
         (a.first == b.second && a.second == b.first);
}

}  // namespace

Eigen::MatrixXd normal_correlation(const Scenario& scenario) {
  const auto size = static_cast<Eigen::Index>(scenario.parameters.size());
  Eigen::MatrixXd matrix = Eigen::MatrixXd::Identity(size, size);
  for (const PriorCorrelation& pair : scenario.prior_correlations)
    matrix(pair.first, pair.second) = matrix(pair.second, pair.first) =
        normal_correlation_of_spearman(pair.rank_correlation);
  return matrix;
}

void read_shock_correlation(const Value& matrix, Scenario& scenario) {
  const auto& shocks = scenario.model->schema.shocks;
  const std::string names = fmt::format("{}", fmt::join(shocks, ", "));
  const auto read = read_matrix(matrix, shocks.size(), names);
  if (!read) return;
  std::string complaint;
  if (!correlation_factor(*read, complaint)) return matrix.complain(complaint);
  scenario.shock_correlation = *read;
}

void read_prior_correlations(const Value& list, Scenario& scenario) {
  const auto entries = list.elements("sections [[prior_correlation]]");
  if (!entries) return;
  std::vector<Place> places;
  for (const Value& entry : *entries) {
    const auto pair = read_pair(entry, scenario);
    if (!pair) continue;
    const auto twin = std::ranges::find_if(scenario.prior_correlations,
                                           [&](const auto& p) { return same_pair(p, *pair); });
    if (twin != scenario.prior_correlations.end()) {
      const Place& first = places[twin - scenario.prior_correlations.begin()];
      entry.complain("this pair has a correlation already, at " + first.text());
      continue;
    }
    scenario.prior_correlations.push_back(*pair);
    places.push_back(entry.place());
  }
  std::string complaint;
  if (!correlation_factor(normal_correlation(scenario), complaint)) list.complain(complaint);
}

}  // namespace overbuild
