// What a model declares about itself, once: parameters, random draws, tables, time series, events
// and per-path outcomes. Config checking, --help, the HDF5 layout and the reference documentation
// are all made from this declaration.
#pragma once

#include <array>
#include <limits>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace overbuild {

/// Values a parameter may take: an interval whose ends may be excluded.
struct Bounds {
  double lower = -std::numeric_limits<double>::infinity();
  double upper = std::numeric_limits<double>::infinity();
  bool lower_excluded = false;
  bool upper_excluded = false;
  bool integer = false;  ///< whole numbers only; draws from a prior are rounded to the nearest

  bool contain(double value) const;
};

inline constexpr double unbounded = std::numeric_limits<double>::infinity();

constexpr Bounds any_number() { return {}; }
constexpr Bounds positive() { return {0, unbounded, true, false, false}; }
constexpr Bounds non_negative() { return {0, unbounded, false, false, false}; }
constexpr Bounds between(double lower, double upper) { return {lower, upper, false, false, false}; }
constexpr Bounds strictly_between(double lower, double upper) {
  return {lower, upper, true, true, false};
}
constexpr Bounds above_up_to(double lower, double upper) {
  return {lower, upper, true, false, false};
}
constexpr Bounds whole_number(double lower, double upper) {
  return {lower, upper, false, false, true};
}

struct ParameterSpec {
  std::string_view name;    ///< key under [parameters]
  std::string_view symbol;  ///< symbol in the model's equations
  std::string_view unit;    ///< "1" for pure numbers
  double default_value;
  Bounds bounds;
  std::string_view meaning;  ///< one line
  std::string_view source;   ///< where the default comes from
};

/// A random draw of the step loop.
struct DrawSpec {
  /// What the draw is made from: one standard normal or one uniform of the step, which a DrawSource
  /// may give in place of the generator (a "given draw"), or the generator's numbers alone.
  enum class Input { normal, uniform, generator };

  std::string_view name;
  std::string_view distribution;
  std::string_view meaning;
  Input input;

  bool given() const { return input != Input::generator; }
};

struct SeriesSpec {
  std::string_view name;
  std::string_view unit;
  std::string_view meaning;
};

/// A time that is the sum of up to two outcomes, by their names; undefined where one of them is.
using OutcomeSum = std::array<std::string_view, 2>;

/// Something that is true or false of a path at a step; its probability is reported by step.
struct EventSpec {
  std::string_view name;
  std::string_view meaning;
  /// Where the outcomes tell when the event holds: at the times t with since <= t < until, at no
  /// time where `since` is undefined and for good where `until` is, or is not given.
  OutcomeSum since = {};
  OutcomeSum until = {};
};

/// One number per path; NaN where it is undefined (e.g. the bust time of a path without a bust).
struct OutcomeSpec {
  std::string_view name;
  std::string_view unit;
  std::string_view meaning;
  /// Names of the values 0, 1, ... of an outcome that is a code, separated by blanks; its shares
  /// are reported rather than its mean.
  std::string_view codes = {};
};

/// A time-varying input given as pairs of time (years from the start) and value.
struct TableSpec {
  enum class Kind {
    path,    ///< a level over time, interpolated log-linearly between its points
    impulse  ///< amounts that arrive at given times
  };
  std::string_view name;
  std::string_view unit;
  Kind kind;
  Bounds bounds;  ///< of each value
  std::string_view meaning;
};

/// A model's declaration. The spans point to static storage.
struct ModelSchema {
  std::string_view name;
  std::string_view title;
  std::string_view meaning;
  std::string_view source;
  std::span<const ParameterSpec> parameters;
  std::span<const DrawSpec> draws;           ///< the given draws come first
  std::span<const std::string_view> shocks;  ///< the correlated normals, in order
  std::span<const SeriesSpec> series;
  std::span<const EventSpec> events;
  std::span<const OutcomeSpec> outcomes;
  std::span<const TableSpec> tables;

  /// Index of the parameter called `name`, if there is one.
  std::optional<std::size_t> parameter_index(std::string_view name) const;

  /// Number of the draws that a DrawSource may give, normals and uniforms of a step.
  int given_draws() const;
};

}  // namespace overbuild
