// What `overbuild compare` prints.
#pragma once

#include <string>
#include <vector>

#include "overbuild/config/difference.hpp"
#include "overbuild/results/comparison.hpp"
#include "src/commands/terminal.hpp"

namespace overbuild {

/// One result beside the base.
struct ComparisonReport {
  const ComparedResult* base;
  const ComparedResult* other;
  std::vector<Difference> differences;  ///< of their configs and programs
  Comparison comparison;
};

/// The results, then for each but the base what differs in its config, and its differences: series
/// and events by year, outcomes. All have the same base.
std::string comparison_text(const std::vector<ComparisonReport>& reports, const TextStyle& style);

/// All numbers as a JSON object; what is undefined is null.
std::string comparison_json(const std::vector<ComparisonReport>& reports);

}  // namespace overbuild
