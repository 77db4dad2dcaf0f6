// Expressions on the command line and in configs: a number of each path, and a statistic of it
// (docs/expressions.md).
//
//   statistic := P(condition) | mean(quantity) | sd(quantity) | median(quantity) | qNN(quantity)
//   quantity  := condition | OUTCOME | SERIES at TIME
//   condition := EVENT within TIME | EVENT at TIME | OUTCOME < NUMBER
//              | SERIES at TIME < NUMBER | SERIES < NUMBER by TIME        (or <=, >, >=)
//   TIME      := NUMBER y
#pragma once

#include <string>
#include <string_view>

#include "overbuild/config/scenario.hpp"

namespace overbuild {

/// A number of each path; a condition is 1 where it holds and 0 where it does not.
struct PathQuantity {
  enum class Source {
    outcome,
    series_at,    ///< at one step
    series_by,    ///< at some step from 0 to `step`; with a relation
    event_at,     ///< holds at one step
    event_within  ///< holds at some step from 0 to `step`
  };
  enum class Relation { none, less, less_equal, greater, greater_equal };

  std::string text;  ///< as written, without blanks around it
  std::string unit;  ///< "1" of a condition
  Source source = Source::outcome;
  std::size_t index = 0;  ///< in the model's outcomes, series or events
  int step = 0;           ///< the last one that is looked at; unused for an outcome
  Relation relation = Relation::none;
  double threshold = 0;

  bool is_condition() const;
  /// Whether it depends on a whole path; all others are known at `step`.
  bool needs_whole_path() const { return source == Source::outcome; }
};

/// Whether `value` stands in the relation to `threshold`; NaN stands in none.
bool holds(PathQuantity::Relation relation, double value, double threshold);

/// A statistic over the paths; of a mean, sd or quantile over those where the quantity is defined.
struct StatisticExpression {
  enum class Kind { probability, mean, sd, quantile };

  std::string text;  ///< as written, without blanks around it
  Kind kind = Kind::probability;
  double probability = 0;  ///< of a quantile
  PathQuantity quantity;

  std::string unit() const { return quantity.unit; }
};

/// Reads an expression about the scenario's model, steps and horizon. Throws Error(usage) that
/// shows the place in the text, what is allowed there and the nearest known name; `what` says where
/// the text comes from, e.g. "solve: --such-that".
PathQuantity parse_quantity(std::string_view text, const Scenario& scenario,
                            const std::string& what);
StatisticExpression parse_statistic(std::string_view text, const Scenario& scenario,
                                    const std::string& what);

/// A statistic and the number it is to have, "P(bust within 5y) = 0.5".
struct StatisticTarget {
  StatisticExpression statistic;
  double value = 0;
};

/// The number is checked to be one that the statistic can have: strictly between 0 and 1 for a
/// probability, above 0 for an sd.
StatisticTarget parse_target(std::string_view text, const Scenario& scenario,
                             const std::string& what);

}  // namespace overbuild
