// The differences of one result from another, with paired standard errors where both keep values of
// common paths (docs/statistics.md).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "overbuild/results/kept_reader.hpp"
#include "overbuild/results/result_file.hpp"
#include "overbuild/statistics/paired.hpp"

namespace overbuild {

/// A result to compare.
struct ComparedResult {
  std::string name;  ///< how the user calls it
  ResultContents contents;
  KeptReader kept;
};

struct ComparedEstimate {
  Estimate base, other;
  DifferenceEstimate difference;  ///< other minus base
};

struct ComparedSeries {
  Quantity quantity;
  std::vector<ComparedEstimate> mean, median;  ///< at each common time
};

struct ComparedEvent {
  Quantity quantity;
  std::vector<ComparedEstimate> probability;  ///< at each common time
};

struct ComparedOutcome {
  Quantity quantity;
  ComparedEstimate defined;              ///< shares of the paths
  ComparedEstimate mean, median;         ///< over the paths on which each result defines it
  std::vector<ComparedEstimate> shares;  ///< of an outcome that is a code: of paths with each code
};

struct Comparison {
  bool same_bits = false;  ///< all statistics of the two are the same
  bool same_seed = false;
  PathOverlap paths;
  std::uint64_t kept_outcomes = 0;    ///< common paths of which both keep the outcomes
  std::uint64_t kept_series = 0;      ///< the most paths of which both keep a compared series
  std::vector<double> time;           ///< the times that both have, in years
  bool same_times = false;            ///< those are all times of both
  std::vector<std::string> left_out;  ///< quantities that only one of the two has
  std::vector<ComparedSeries> series;
  std::vector<ComparedEvent> events;
  std::vector<ComparedOutcome> outcomes;
};

/// Compares the series called `series` (the base's), all events and all outcomes. Kept values are
/// read in blocks, so that memory does not grow with the number of paths. Throws Error(file) when
/// a file cannot be read or the results are of different models.
Comparison compare(const ComparedResult& base, const ComparedResult& other,
                   const std::vector<std::string>& series);

}  // namespace overbuild
