#include "sweep_axes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <tuple>

#include "keys.hpp"
#include "overbuild/sampling/philox.hpp"
#include "readers.hpp"

namespace overbuild {
namespace {

/// An interval of values, traversed evenly in the value or in its logarithm.
struct Span {
  double from = 0, to = 0;
  bool logarithmic = false;

  /// In long double, whose functions in the C library have one code path on all processors.
  double at(long double share) const {
    const long double a = from, b = to;
    return static_cast<double>(logarithmic ? a * std::pow(b / a, share) : a + share * (b - a));
  }
};

bool is_span(const Value& value) { return value.member("from") || value.member("to"); }

std::optional<Span> read_span(const Value& value, const Bounds& bounds) {
  const auto from = value.needed_member("from", "the first value");
  const auto to = value.needed_member("to", "the last value");
  const auto scale = value.member("scale");
  const auto first = from ? from->number(bounds) : std::nullopt;
  const auto last = to ? to->number(bounds) : std::nullopt;
  const auto chosen = scale ? scale->choice(std::array<std::string, 2>{"linear", "log"})
                            : std::optional<std::size_t>(0);
  if (!first || !last || !chosen) return std::nullopt;
  const Span span{*first, *last, *chosen == 1};
  if (span.from == span.to) {
    value.complain(fmt::format("from and to are both {0}; one value is written [{0}]", span.from));
    return std::nullopt;
  }
  if (span.logarithmic && !(span.from > 0 && span.to > 0)) {
    value.complain(fmt::format("found from {} and to {}; both must be > 0 on a log scale",
                               span.from, span.to));
    return std::nullopt;
  }
  return span;
}

void read_even_values(const Value& value, const Bounds& bounds, Axis& axis) {
  value.check_members(std::vector<std::string>{"from", "to", "count", "scale"});
  const std::optional<Span> span = read_span(value, bounds);
  const auto count = value.needed_member("count", "how many values, the ends among them");
  const auto n = count ? count->whole_number(2, most_scenarios) : std::nullopt;
  if (!span || !n) return;
  for (std::int64_t i = 0; i < *n; ++i) {
    const long double share = static_cast<long double>(i) / static_cast<long double>(*n - 1);
    const double x = i + 1 == *n ? span->to : span->at(share);
    if (!bounds.contain(x))
      return value.complain(
          fmt::format("value {} of {} is {}; this parameter takes whole numbers", i + 1, *n, x));
    axis.add(x, value.place());
  }
}

/// Numbers an axis for the random numbers of its points, so that another key changes none of them.
std::array<std::uint32_t, 2> dimension_of(const SweptKey& key) {
  std::uint32_t member = 0;  // FNV-1a of the prior's member
  if (!key.member.empty()) member = 2166136261u;
  for (const char c : key.member) member = (member ^ static_cast<unsigned char>(c)) * 16777619u;
  return {static_cast<std::uint32_t>(key.parameter), member};
}

/// A point's place in a dimension: a key that orders the points at random, and a uniform within its
/// stratum.
struct Draw {
  std::uint64_t order;
  double within;
  std::size_t point;
};

std::vector<Draw> draws_of(const SweptKey& key, std::size_t points, std::uint64_t seed) {
  const auto [parameter, member] = dimension_of(key);
  std::vector<Draw> draws;
  for (std::size_t i = 0; i < points; ++i) {
    const auto block =
        philox4x32({static_cast<std::uint32_t>(i), parameter, member, 0xFFFFFFFFu}, seed);
    draws.push_back({std::uint64_t{block[0]} << 32 | block[1], (block[2] + 0.5) * 0x1p-32, i});
  }
  return draws;
}

/// Shares of probability below and above each point: one point in each stratum of width 1/points.
std::vector<std::pair<double, double>> stratified_shares(const SweptKey& key, std::size_t points,
                                                         std::uint64_t seed) {
  std::vector<Draw> draws = draws_of(key, points, seed);
  std::ranges::sort(draws, [](const Draw& a, const Draw& b) {
    return std::tie(a.order, a.point) < std::tie(b.order, b.point);
  });
  const auto n = static_cast<double>(points);
  std::vector<std::pair<double, double>> shares(points);
  for (std::size_t stratum = 0; stratum < points; ++stratum) {
    const double below = static_cast<double>(stratum) + draws[stratum].within;
    shares[draws[stratum].point] = {below / n, (n - below) / n};
  }
  return shares;
}

void complain_of_refused_prior(const Value& value) {
  value.complain(
      "a prior's quantiles are swept by method = \"latin_hypercube\"; expected numbers, or "
      "{from, to, count}");
}

/// A table that gives a parameter's values, not those of members of its prior.
bool is_setting(const Value& value) { return is_span(value) || value.member("prior"); }

void read_axis(const Value& value, std::string_view parameter, std::string_view member,
               const Scenario& base, const ReadValues& read, std::vector<Axis>& axes) {
  std::string complaint;
  const auto key = swept_key(parameter, member, base, complaint);
  if (!key) return value.complain(complaint);
  Axis& axis = axes.emplace_back();
  axis.key = *key;
  axis.written = value.key();
  read(value, bounds_of(*key, base), axis);
}

bool is_written_before(const Value& a, const Value& b) {
  return std::tuple(a.place().line, a.place().column) <
         std::tuple(b.place().line, b.place().column);
}

/// The members of a table in the order of the file.
std::vector<Value> members_in_order(const Value& table, std::string_view expected) {
  std::vector<Value> members = table.members(expected).value_or(std::vector<Value>());
  std::ranges::stable_sort(members, is_written_before);
  return members;
}

}  // namespace

std::optional<SweptKey> swept_key(std::string_view parameter, std::string_view member,
                                  const Scenario& base, std::string& complaint) {
  const ModelSchema& schema = base.model->schema;
  if (parameter == shock_correlation_name) {
    complaint = "a matrix cannot be swept";
    return std::nullopt;
  }
  const auto index = schema.parameter_index(parameter);
  if (!index) {
    complaint = misplaced_text("parameter", parameter, names_of(schema.parameters), base);
    return std::nullopt;
  }
  if (member.empty())
    return SweptKey{fmt::format("parameters.{}", parameter), std::string(parameter), *index, ""};
  const ParameterSetting& setting = base.parameters[*index];
  if (!setting.prior) {
    complaint = setting.posterior_row ? fmt::format("\"{}\" is drawn from the posterior ({})",
                                                    parameter, setting.origin)
                                      : fmt::format("\"{}\" has no prior; it is the number {} ({})",
                                                    parameter, setting.value, setting.origin);
    return std::nullopt;
  }
  const std::vector<std::string> known = numbers_of_prior(*setting.prior);
  if (std::ranges::find(known, member) == known.end()) {
    complaint = unknown_text("number of the prior", member, known);
    return std::nullopt;
  }
  return SweptKey{fmt::format("parameters.{}.{}", parameter, member),
                  fmt::format("{}_{}", parameter, member), *index, std::string(member)};
}

Bounds bounds_of(const SweptKey& key, const Scenario& base) {
  return key.member.empty() ? base.model->schema.parameters[key.parameter].bounds : any_number();
}

std::vector<Axis> read_axes(const Value& table, const Scenario& base, const ReadValues& read) {
  std::vector<Axis> axes;
  const auto parameters = table.member("parameters");
  if (!parameters) return axes;
  for (const Value& value : members_in_order(*parameters, "keys parameters.NAME")) {
    if (value.is_table() && !is_setting(value)) {
      for (const Value& member : members_in_order(value, "numbers of a prior"))
        read_axis(member, value.name(), member.name(), base, read, axes);
    } else {
      read_axis(value, value.name(), "", base, read, axes);
    }
  }
  return axes;
}

void read_listed_values(const Value& value, const Bounds& bounds, Axis& axis) {
  const auto elements = value.elements("an array of numbers");
  if (!elements) return;
  if (elements->empty()) value.complain("found no values, expected one or more");
  for (const Value& element : *elements)
    if (const auto number = element.number(bounds)) axis.add(*number, element.place());
}

void read_grid_values(const Value& value, const Bounds& bounds, Axis& axis) {
  if (!value.is_table()) return read_listed_values(value, bounds, axis);
  if (value.member("prior")) return complain_of_refused_prior(value);
  read_even_values(value, bounds, axis);
}

void read_stratified_values(const Value& value, const Bounds& bounds, std::int64_t points,
                            std::int64_t seed, Axis& axis) {
  std::function<double(double, double)> quantile;
  if (value.member("prior")) {
    if (const auto prior = read_prior(value, bounds))
      quantile = [prior](double p, double complement) { return prior->quantile(p, complement); };
  } else if (value.is_table() && is_span(value)) {
    value.check_members(std::vector<std::string>{"from", "to", "scale"});
    if (const auto span = read_span(value, bounds))
      quantile = [span](double p, double) { return span->at(p); };
  } else {
    value.complain_of_type("{from = number, to = number} or a prior");
  }
  if (!quantile) return;
  const auto shares = stratified_shares(axis.key, static_cast<std::size_t>(points),
                                        static_cast<std::uint64_t>(seed));
  for (const auto& [below, above] : shares) {
    const double x = quantile(below, above);
    axis.add(bounds.integer ? std::nearbyint(x) : x, value.place());
  }
}

}  // namespace overbuild
