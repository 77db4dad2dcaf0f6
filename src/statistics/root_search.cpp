#include "overbuild/statistics/root_search.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/tools/toms748_solve.hpp>
#include <cmath>
#include <limits>
#include <map>

#include "overbuild/base/error.hpp"

namespace overbuild {
namespace {

constexpr double negligible = 0.01;  // standard errors of a distance that counts as none
constexpr double narrowest = 1e-9;   // bracket, as a share of the grid's width
constexpr std::uintmax_t most_steps = 200;

/// 0 for a distance that is nothing beside its noise.
double effective(double distance, double standard_error) {
  return std::abs(distance) <= negligible * standard_error ? 0 : distance;
}

struct Bracket {
  double low = 0, high = 0;
};

class Finder {
 public:
  Finder(const DistanceFunction& distance, const std::vector<double>& grid, bool whole)
      : distance_(distance), whole_(whole), width_(grid.back() - grid.front()) {}

  const TargetDistance& at(double x) {
    const auto found = known_.find(x);
    return found != known_.end() ? found->second : known_.emplace(x, distance_(x)).first->second;
  }

  /// Of the distance; exact 0 where it is negligible.
  double signed_distance(double x) {
    const TargetDistance& here = at(x);
    return effective(here.distance, whole_ ? 0 : here.standard_error);
  }

  Root root(Bracket bracket) {
    const auto f = [&](double x) { return signed_distance(x); };
    if (bracket.low < bracket.high && f(bracket.low) != 0) bracket = narrowed(f, bracket);
    Root root;
    root.low = bracket.low;
    root.high = bracket.high;
    root.x = std::abs(f(root.low)) <= std::abs(f(root.high)) ? root.low : root.high;
    root.statistic = at(root.x).statistic;
    root.lower = end(root.low, Side::below, root.lower_open);
    root.upper = end(root.high, Side::above, root.upper_open);
    return root;
  }

  std::vector<RootEvaluation> all() const {
    std::vector<RootEvaluation> list;
    for (const auto& [x, here] : known_) list.push_back({x, here});
    return list;
  }

 private:
  enum class Side { below, above };

  template <class Function>
  Bracket narrowed(const Function& f, Bracket bracket) {
    const auto defined = [&](double x) {
      const double value = f(x);
      if (std::isnan(value))
        throw Error(ExitCode::numeric,
                    fmt::format("the statistic has no value at {}, between {} and {} where it has",
                                x, bracket.low, bracket.high));
      return value;
    };
    if (whole_) return bisected(defined, bracket);
    std::uintmax_t steps = most_steps;
    const auto is_narrow = [&](double a, double b) { return b - a <= narrowest * width_; };
    const auto [low, high] =
        boost::math::tools::toms748_solve(defined, bracket.low, bracket.high, defined(bracket.low),
                                          defined(bracket.high), is_narrow, steps);
    return {low, high};
  }

  template <class Function>
  static Bracket bisected(const Function& f, Bracket bracket) {
    const bool rises = f(bracket.low) < 0;
    while (bracket.high - bracket.low > 1) {
      const double middle = std::floor((bracket.low + bracket.high) / 2), value = f(middle);
      if (value == 0) return {middle, middle};
      ((value < 0) == rises ? bracket.low : bracket.high) = middle;
    }
    return bracket;
  }

  /// Goes from one end of the sign change outwards to the first known x that is rejected, and back
  /// to where the test begins to reject.
  double end(double from, Side side, bool& open) {
    if (is_rejected(at(from))) return from;  // the statistic jumps over the target
    std::vector<double> beyond;
    for (const auto& [x, here] : known_)
      if (side == Side::below ? x < from : x > from) beyond.push_back(x);
    if (side == Side::below) std::ranges::reverse(beyond);
    double inner = from;
    for (const double x : beyond) {
      if (std::isnan(at(x).distance)) break;
      if (is_rejected(at(x))) return boundary(inner, x);
      inner = x;
    }
    open = true;
    return inner;
  }

  /// Where the test begins to reject, between an x that it does not reject and one that it does.
  double boundary(double kept, double rejected) {
    const auto excess = [&](double x) {
      const TargetDistance& here = at(x);
      const double value = std::abs(here.distance) - interval_sigmas * here.standard_error;
      if (whole_) return value > 0 ? 1.0 : -1.0;
      return effective(value, here.standard_error);
    };
    if (excess(kept) == 0) return kept;
    if (excess(rejected) == 0) return rejected;
    const Bracket found = narrowed(excess, {std::min(kept, rejected), std::max(kept, rejected)});
    return kept < rejected ? found.low : found.high;
  }

  const DistanceFunction& distance_;
  const bool whole_;
  const double width_;
  std::map<double, TargetDistance> known_;
};

/// Neighbours between which the distance changes its sign. Neighbours at which it is nothing are
/// one bracket.
std::vector<Bracket> sign_changes(Finder& finder, const std::vector<double>& grid) {
  std::vector<Bracket> brackets;
  bool zero_before = false;
  for (std::size_t i = 0; i < grid.size(); ++i) {
    const double here = finder.signed_distance(grid[i]);
    if (here == 0 && zero_before)
      brackets.back().high = grid[i];
    else if (here == 0)
      brackets.push_back({grid[i], grid[i]});
    else if (i > 0 && !zero_before && here * finder.signed_distance(grid[i - 1]) < 0)
      brackets.push_back({grid[i - 1], grid[i]});
    zero_before = here == 0;
  }
  return brackets;
}

bool in_an_interval(const RootSearch& search, double x) {
  return std::ranges::any_of(search.roots,
                             [&](const Root& r) { return r.lower <= x && x <= r.upper; });
}

/// Whether no value makes a difference. Random numbers are common, so that this is no chance.
bool is_flat(const RootSearch& search) {
  const double first = search.scan.front().at.distance;
  return std::ranges::all_of(search.scan,
                             [&](const RootEvaluation& here) { return here.at.distance == first; });
}

}  // namespace

bool is_rejected(const TargetDistance& at) {
  return std::abs(at.distance) > interval_sigmas * at.standard_error;
}

double standardised(const TargetDistance& at) {
  if (at.distance == 0) return 0;
  return at.distance / at.standard_error;
}

RootSearch find_roots(const DistanceFunction& distance, const std::vector<double>& grid,
                      bool whole) {
  if (grid.size() < 2) throw Error(ExitCode::internal, "a search for roots needs two values");
  Finder finder(distance, grid, whole);
  RootSearch search;
  for (const double x : grid) search.scan.push_back({x, finder.at(x)});
  for (const Bracket& bracket : sign_changes(finder, grid))
    search.roots.push_back(finder.root(bracket));
  search.evaluations = finder.all();
  return search;
}

std::optional<RootEvaluation> nearest_of(const std::vector<RootEvaluation>& scan) {
  std::optional<RootEvaluation> nearest;
  const auto key = [](const RootEvaluation& e) {
    return std::pair(std::abs(standardised(e.at)), std::abs(e.at.distance));
  };
  for (const RootEvaluation& here : scan)
    if (!std::isnan(here.at.distance) && (!nearest || key(here) < key(*nearest))) nearest = here;
  return nearest;
}

std::vector<std::string> remarks(const RootSearch& search) {
  std::vector<std::string> list;
  const std::vector<Root>& roots = search.roots;
  if (roots.size() > 1)
    list.push_back(fmt::format("the statistic passes the target {} times", roots.size()));
  for (std::size_t i = 1; i < roots.size(); ++i)
    if (roots[i].lower <= roots[i - 1].upper)
      list.push_back(
          fmt::format("the intervals of the roots at {:.6g} and {:.6g} overlap: they may "
                      "be noise of one, or of none",
                      roots[i - 1].x, roots[i].x));
  for (const Root& root : roots) {
    if (root.lower_open)
      list.push_back(
          fmt::format("the interval of {:.6g} may reach below {:.6g}, where the search "
                      "ends",
                      root.x, root.lower));
    if (root.upper_open)
      list.push_back(
          fmt::format("the interval of {:.6g} may reach above {:.6g}, where the search "
                      "ends",
                      root.x, root.upper));
  }
  const bool flat = is_flat(search);
  if (flat)
    list.push_back(
        "the statistic is the same at all values of the scan, to the last digit: the parameter "
        "has no effect on it");
  std::size_t undefined = 0;
  for (const RootEvaluation& here : search.scan) {
    if (std::isnan(here.at.distance))
      ++undefined;
    else if (!flat && !is_rejected(here.at) && !in_an_interval(search, here.x))
      list.push_back(
          fmt::format("at {:.6g} the target is not reached, but {:.2g} standard errors "
                      "away: noise may hide a root",
                      here.x, std::abs(standardised(here.at))));
  }
  if (undefined > 0)
    list.push_back(
        fmt::format("the statistic has no value at {} of the {} values of the scan; a "
                    "root beside one of them is not seen",
                    undefined, search.scan.size()));
  return list;
}

}  // namespace overbuild
