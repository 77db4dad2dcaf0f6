// What makes the second of two scenarios another than the first, change by change, and the
// scenarios between them (docs/attribution.md).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "overbuild/config/difference.hpp"
#include "overbuild/config/scenario.hpp"

namespace overbuild {

/// Keys that change together.
struct ScenarioChange {
  std::string name;  ///< the key, without "parameters."; of several, joined by " + "
  std::vector<Difference> keys;
};

class ScenarioChanges {
 public:
  /// A parameter's number or prior, a table and the correlation of the shocks are a change each;
  /// all rank correlations between priors that both scenarios have are one, and so is a posterior
  /// with the parameters that it draws in either scenario. A rank correlation with a parameter that
  /// only one scenario draws comes and goes with that parameter. Throws Error(usage) for scenarios
  /// of different models, or whose changes the first one's horizon is too short for.
  ScenarioChanges(Scenario first, Scenario second);

  /// Makes one change of those that have the names. Throws Error(usage) for an unknown name, as
  /// that of `what`.
  void join(const std::vector<std::string>& names, const std::string& what);

  std::span<const ScenarioChange> changes() const { return changes_; }
  std::size_t size() const { return changes_.size(); }

  /// Keys of [run] that differ: they stay as in the first scenario.
  std::span<const Difference> left() const { return left_; }

  /// The first scenario with those changes whose bits are set.
  Scenario with(std::uint64_t members) const;

  const Scenario& first() const { return first_; }
  const Scenario& second() const { return second_; }

 private:
  enum class Kind { parameter, table, shock_correlation, prior_correlation, posterior };
  struct Part {
    Kind kind;
    std::size_t index = 0;  ///< of the parameter or the table
  };

  void add(const Difference& difference);
  void add(const std::string& name, const Difference& difference, Part part);
  void check_tables() const;
  bool is_shared(const PriorCorrelation& pair) const;
  bool shared_pairs_differ() const;
  bool is_posterior(std::size_t parameter) const;
  void apply(const Part& part, Scenario& scenario) const;
  void correlate_priors(Scenario& scenario, bool of_second) const;

  Scenario first_, second_;
  std::vector<ScenarioChange> changes_;
  std::vector<std::vector<Part>> parts_;  ///< of each change
  std::vector<Difference> left_;
};

}  // namespace overbuild
