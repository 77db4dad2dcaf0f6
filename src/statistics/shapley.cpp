#include "overbuild/statistics/shapley.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <map>
#include <numeric>

#include "overbuild/base/error.hpp"
#include "overbuild/sampling/philox.hpp"

namespace overbuild {
namespace {

using Order = std::vector<std::size_t>;

constexpr std::uint32_t stream = 0x73686170;  // keeps orders apart from the draws of paths

/// (k)! (n - k - 1)! / n!, as one over n times a binomial coefficient.
double size_weight(std::size_t size, std::size_t players) {
  double binomial = 1;  // (players - 1) choose size
  for (std::size_t k = 1; k <= size; ++k)
    binomial *= static_cast<double>(players - k) / static_cast<double>(k);
  return 1 / (static_cast<double>(players) * binomial);
}

/// Fisher and Yates's shuffle. A 64-bit word modulo a number below 64 is uniform to 1e-17.
Order drawn_order(std::size_t players, std::uint32_t number, std::uint64_t seed) {
  Order order(players);
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t i = players - 1; i > 0; --i) {
    const auto words = philox4x32({number, static_cast<std::uint32_t>(i), 0, stream}, seed);
    const std::uint64_t word = std::uint64_t{words[0]} << 32 | words[1];
    std::swap(order[i], order[word % (i + 1)]);
  }
  return order;
}

/// Calls visit(change, coalition before it) along an order.
template <class Visit>
void for_each_change(const Order& order, const Visit& visit) {
  Coalition before = 0;
  for (const std::size_t change : order) {
    visit(change, before);
    before |= Coalition{1} << change;
  }
}

class PlanBuilder {
 public:
  explicit PlanBuilder(std::size_t players) : players_(players) {}

  std::vector<double>& of(Coalition coalition) {
    return shares_.try_emplace(coalition, players_, 0.0).first->second;
  }

  /// `share`: how much it counts what the change adds to the coalition before it.
  void add(std::size_t change, Coalition before, double share) {
    of(before | Coalition{1} << change);
    of(before)[change] += share;
  }

  ShapleyPlan plan() const {
    ShapleyPlan plan;
    plan.players = players_;
    for (const auto& [coalition, share] : shares_) {
      plan.coalitions.push_back(coalition);
      plan.share.push_back(share);
    }
    return plan;
  }

 private:
  std::size_t players_;
  std::map<Coalition, std::vector<double>> shares_;
};

}  // namespace

std::size_t ShapleyPlan::place_of(Coalition coalition) const {
  const auto found = std::ranges::lower_bound(coalitions, coalition);
  if (found == coalitions.end() || *found != coalition)
    throw Error(ExitCode::internal, "a coalition that the plan does not have");
  return static_cast<std::size_t>(found - coalitions.begin());
}

double ShapleyPlan::weight(std::size_t coalition, std::size_t change) const {
  const Coalition own = Coalition{1} << change;
  if (!(coalitions[coalition] & own)) return -share[coalition][change];
  const auto before = std::ranges::lower_bound(coalitions, coalitions[coalition] & ~own);
  if (before == coalitions.end() || *before != (coalitions[coalition] & ~own)) return 0;
  return share[static_cast<std::size_t>(before - coalitions.begin())][change];
}

ShapleyPlan exact_shapley(std::size_t players) {
  PlanBuilder builder(players);
  builder.of(0);
  for (Coalition before = 0; before < Coalition{1} << players; ++before)
    for (std::size_t change = 0; change < players; ++change)
      if (!(before >> change & 1))
        builder.add(change, before,
                    size_weight(static_cast<std::size_t>(std::popcount(before)), players));
  return builder.plan();
}

ShapleyPlan sampled_shapley(std::size_t players, std::size_t orders, std::uint64_t seed) {
  PlanBuilder builder(players);
  std::vector<Order> drawn;
  for (std::size_t i = 0; i < orders / 2; ++i) {
    drawn.push_back(drawn_order(players, static_cast<std::uint32_t>(i), seed));
    drawn.emplace_back(drawn.back().rbegin(), drawn.back().rend());
  }
  for (const Order& order : drawn)
    for_each_change(order, [&](std::size_t change, Coalition before) {
      builder.add(change, before, 1 / static_cast<double>(drawn.size()));
    });
  const Coalition all = (Coalition{1} << players) - 1;
  for (std::size_t change = 0; change < players; ++change) {
    builder.of(Coalition{1} << change);
    builder.of(all & ~(Coalition{1} << change));
  }
  ShapleyPlan plan = builder.plan();
  plan.orders = std::move(drawn);
  return plan;
}

std::vector<double> shapley_values(const ShapleyPlan& plan, std::span<const double> numbers) {
  std::vector<double> values(plan.players, 0.0);
  for (std::size_t c = 0; c < plan.coalitions.size(); ++c)
    for (std::size_t i = 0; i < plan.players; ++i)
      if (plan.share[c][i] > 0)  // a change that does nothing has exactly nothing
        values[i] += plan.share[c][i] *
                     (numbers[plan.place_of(plan.coalitions[c] | Coalition{1} << i)] - numbers[c]);
  return values;
}

std::vector<double> order_errors(const ShapleyPlan& plan, std::span<const double> numbers) {
  const std::size_t pairs = plan.orders.size() / 2;
  std::vector<double> errors(plan.players, 0.0);
  if (pairs < 2) return errors;
  const std::vector<double> mean = shapley_values(plan, numbers);
  for (std::size_t pair = 0; pair < pairs; ++pair) {
    std::vector<double> value(plan.players, 0.0);
    for (const std::size_t k : {2 * pair, 2 * pair + 1})
      for_each_change(plan.orders[k], [&](std::size_t change, Coalition before) {
        value[change] += (numbers[plan.place_of(before | Coalition{1} << change)] -
                          numbers[plan.place_of(before)]) /
                         2;
      });
    for (std::size_t i = 0; i < plan.players; ++i)
      errors[i] += (value[i] - mean[i]) * (value[i] - mean[i]);
  }
  for (double& error : errors)
    error = std::sqrt(error / static_cast<double>(pairs - 1) / static_cast<double>(pairs));
  return errors;
}

}  // namespace overbuild
