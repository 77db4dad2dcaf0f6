// Shapley values: what each of several changes adds to a number, over all orders in which they may
// be made (docs/attribution.md).
//
// Source: Shapley (1953), A value for n-person games, Contributions to the Theory of Games II.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace overbuild {

/// A set of changes: bit i is set where change i has been made.
using Coalition = std::uint64_t;

/// The most changes that are taken one by one.
inline constexpr std::size_t most_players = 60;

/// Which coalitions have to be known, and how the values follow from them: the value of change i is
/// the sum over the coalitions without it of share[coalition][i] times what it adds to them.
struct ShapleyPlan {
  std::size_t players = 0;
  std::vector<Coalition> coalitions;       ///< ascending; no change and all changes are among them
  std::vector<std::vector<double>> share;  ///< [coalition][change]; 0 for those it does not need
  /// Orders of the changes that were drawn, in pairs of one and its reverse; empty where the values
  /// are exact.
  std::vector<std::vector<std::size_t>> orders;

  bool exact() const { return orders.empty(); }
  Coalition all() const { return (Coalition{1} << players) - 1; }
  /// How much the number of a coalition counts for the value of a change.
  double weight(std::size_t coalition, std::size_t change) const;
  /// Place of a coalition of the plan.
  std::size_t place_of(Coalition coalition) const;
};

/// All 2^players coalitions.
ShapleyPlan exact_shapley(std::size_t players);

/// `orders` (even) of the changes drawn at random, half of them the reverse of the others, which
/// makes the error smaller (Mitchell, Cooper, Frank, Holmes 2022, JMLR 23); the values are means
/// over the orders (Castro, Gomez, Tejada 2009, Computers & Operations Research 36). Beside them
/// the plan has what each change does alone and last.
ShapleyPlan sampled_shapley(std::size_t players, std::size_t orders, std::uint64_t seed);

/// The values, from those of the coalitions.
std::vector<double> shapley_values(const ShapleyPlan& plan, std::span<const double> numbers);

/// The standard errors from the choice of the orders, between their pairs; 0 where the plan is
/// exact.
std::vector<double> order_errors(const ShapleyPlan& plan, std::span<const double> numbers);

}  // namespace overbuild
