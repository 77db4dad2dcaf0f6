#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/math/policies/error_handling.hpp>
#include <cmath>
#include <numeric>

#include "readers.hpp"
#include "toml_text.hpp"

namespace overbuild {
namespace {

const DistributionKind* read_kind(const Value& setting) {
  const std::vector<DistributionKind>& kinds = distribution_kinds();
  const std::vector<std::string> names = names_of(kinds);
  const auto name =
      setting.needed_member("prior", fmt::format("one of {}", fmt::join(names, ", ")));
  const auto index = name ? name->choice(names) : std::nullopt;
  return index ? &kinds[*index] : nullptr;
}

std::vector<std::string> known_members(const DistributionKind& kind) {
  std::vector<std::string> known = {"prior"};
  for (const DistributionArgument& argument : kind.arguments) known.emplace_back(argument.name);
  if (kind.kind == Distribution::Kind::empirical) {
    known.emplace_back("points");
    known.emplace_back("weights");
  }
  known.emplace_back("min");
  known.emplace_back("max");
  return known;
}

/// Whether some kind of distribution has an argument of this name.
bool is_argument(std::string_view name) {
  return std::ranges::any_of(distribution_kinds(), [&](const DistributionKind& kind) {
    return std::ranges::find(kind.arguments, name, &DistributionArgument::name) !=
           kind.arguments.end();
  });
}

/// An argument of another kind is no mistyped one of this kind, however near the names are.
void check_names(const Value& setting, const DistributionKind& kind) {
  const std::vector<std::string> known = known_members(kind);
  const auto members = setting.members("a prior");
  for (const Value& value : *members) {
    if (std::ranges::find(known, value.name()) != known.end()) continue;
    if (is_argument(value.name()))
      value.complain(fmt::format("a {} prior has no \"{}\"; it takes {}", kind.name, value.name(),
                                 fmt::join(known.begin() + 1, known.end(), ", ")));
    else
      value.complain(unknown_text("key", value.name(), known));
  }
}

bool read_arguments(const Value& setting, const DistributionKind& kind, Distribution& prior) {
  for (const DistributionArgument& argument : kind.arguments) {
    const auto value = setting.needed_member(argument.name, argument.meaning);
    const auto number = value ? value->number() : std::nullopt;
    if (number) prior.arguments.push_back(*number);
  }
  return prior.arguments.size() == kind.arguments.size();
}

/// Points in ascending order, each with its weight.
void sort_points(Distribution& prior) {
  std::vector<std::size_t> order(prior.points.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(
      order, [&](std::size_t a, std::size_t b) { return prior.points[a] < prior.points[b]; });
  const Distribution unsorted = prior;
  for (std::size_t i = 0; i < order.size(); ++i) {
    prior.points[i] = unsorted.points[order[i]];
    prior.weights[i] = unsorted.weights[order[i]];
  }
}

bool read_points(const Value& setting, Distribution& prior) {
  const auto points = setting.needed_member("points", "the observed values");
  const auto values = points ? points->numbers() : std::nullopt;
  if (!values) return false;
  prior.points = *values;
  prior.weights.assign(values->size(), 1.0);
  if (const auto given = setting.member("weights")) {
    const auto weights = given->numbers(positive());
    if (!weights) return false;
    if (weights->size() != values->size()) {
      given->complain(
          fmt::format("found {} weights for {} points", weights->size(), values->size()));
      return false;
    }
    prior.weights = *weights;
  }
  sort_points(prior);
  return true;
}

/// An end of the truncation; without one, or with a mistake in it, `end` keeps its value.
bool read_end(const Value& setting, std::string_view name, double& end) {
  const auto given = setting.member(name);
  const auto number = given ? given->number() : std::nullopt;
  if (number) end = *number;
  return number || !given;
}

bool read_truncation(const Value& setting, Distribution& prior) {
  const bool min_readable = read_end(setting, "min", prior.lower);
  const bool max_readable = read_end(setting, "max", prior.upper);
  if (!min_readable || !max_readable) return false;
  if (prior.lower < prior.upper) return true;
  setting.complain(
      fmt::format("min is {} and max is {}; min must be below max", prior.lower, prior.upper));
  return false;
}

struct Interval {
  double lower = -unbounded, upper = unbounded;
};

/// The smallest interval that holds all values of the distribution.
Interval support(const Distribution& prior) {
  using Kind = Distribution::Kind;
  const std::vector<double>& a = prior.arguments;
  Interval whole;
  switch (prior.kind) {
    case Kind::normal:
    case Kind::student_t:
      break;
    case Kind::lognormal:
    case Kind::gamma:
      whole.lower = 0;
      break;
    case Kind::uniform:
      whole = {a[0], a[1]};
      break;
    case Kind::triangular:
      whole = {a[0], a[2]};
      break;
    case Kind::beta:
      whole = {a[2], a[3]};
      break;
    case Kind::empirical:
      whole = {prior.points.front(), prior.points.back()};
      break;
  }
  return {std::max(whole.lower, prior.lower), std::min(whole.upper, prior.upper)};
}

/// Whether the prior stays within the parameter's bounds. Its support may touch an excluded end,
/// which a continuous distribution then never reaches.
bool stays_within(const Value& setting, const Distribution& prior, const Bounds& bounds) {
  const double rounding = bounds.integer ? 0.5 : 0;  // draws are rounded to whole numbers
  const Interval reach = support(prior);
  std::string advice;
  if (reach.lower < bounds.lower - rounding) advice = fmt::format("min = {}", bounds.lower);
  if (reach.upper > bounds.upper + rounding)
    advice += fmt::format("{}max = {}", advice.empty() ? "" : " and ", bounds.upper);
  if (advice.empty()) return true;
  setting.complain(fmt::format("the prior reaches from {} to {}, allowed: {}; set {}", reach.lower,
                               reach.upper, allowed_text(bounds), advice));
  return false;
}

/// Points of an empirical prior have a probability, and a heavy tail can leave the range of
/// floating point: values met with a probability of 1e-12 must be usable.
void check_extremes(const Value& setting, const Distribution& prior, const Bounds& bounds) {
  constexpr double rare = 1e-12;
  for (const double value : {prior.quantile(rare, 1 - rare), prior.quantile(1 - rare, rare)}) {
    const double drawn = bounds.integer ? std::nearbyint(value) : value;
    if (std::isfinite(drawn) && bounds.contain(drawn)) continue;
    setting.complain(fmt::format("the prior draws {}, allowed: {}; set min or max to keep off it",
                                 drawn, allowed_text(bounds)));
    return;
  }
}

void check_prior(const Value& setting, const Distribution& prior, const Bounds& bounds) {
  try {
    const std::string complaint = prior.complaint();
    if (!complaint.empty()) return setting.complain(complaint);
    if (stays_within(setting, prior, bounds)) check_extremes(setting, prior, bounds);
  } catch (const boost::math::evaluation_error&) {  // a series of Boost does not converge
    setting.complain("the quantiles cannot be computed; the arguments are too extreme");
  }
}

}  // namespace

std::vector<std::string> numbers_of_prior(const Distribution& prior) {
  std::vector<std::string> names;
  for (const DistributionKind& known : distribution_kinds())
    if (known.kind == prior.kind)
      for (const DistributionArgument& argument : known.arguments)
        names.emplace_back(argument.name);
  names.emplace_back("min");
  names.emplace_back("max");
  return names;
}

std::optional<Distribution> read_prior(const Value& setting, const Bounds& bounds) {
  const DistributionKind* kind = read_kind(setting);
  if (!kind) return std::nullopt;
  check_names(setting, *kind);
  Distribution prior;
  prior.kind = kind->kind;
  bool readable = read_arguments(setting, *kind, prior);
  if (prior.kind == Distribution::Kind::empirical) readable &= read_points(setting, prior);
  readable &= read_truncation(setting, prior);
  if (!readable) return std::nullopt;
  check_prior(setting, prior, bounds);
  return prior;
}

}  // namespace overbuild
