// Values of the same paths from two results, streamed into paired samples.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "overbuild/model/schema.hpp"
#include "overbuild/results/comparison.hpp"

namespace overbuild {

/// Paths of which both keep the outcome, or the series; empty where their seeds differ.
PathRange common_outcome_paths(const ComparedResult& a, const ComparedResult& b,
                               const std::string& name);
PathRange common_series_paths(const ComparedResult& a, const ComparedResult& b,
                              const std::string& name);

/// A time that both results have, by its step in each.
struct CommonStep {
  double time = 0;
  std::size_t first = 0, second = 0;
};

/// Adds the outcome's values on common_outcome_paths.
void add_outcome_pairs(const ComparedResult& a, const ComparedResult& b, const std::string& name,
                       PairedSample& sample);

/// Whether an outcome that is a code has each of its `codes` values on common_outcome_paths.
std::vector<PairedEvent> code_pairs(const ComparedResult& a, const ComparedResult& b,
                                    const std::string& name, std::size_t codes);

/// Adds the series' values on common_series_paths to the sample of each common step.
void add_series_pairs(const ComparedResult& a, const ComparedResult& b, const std::string& name,
                      std::span<const CommonStep> steps, std::span<PairedSample> samples);

/// Whether the event holds at each common step, from the outcomes that its declaration names;
/// nothing where it names none.
std::vector<PairedEvent> event_pairs(const ComparedResult& a, const ComparedResult& b,
                                     const EventSpec& event, std::span<const CommonStep> steps);

}  // namespace overbuild
