// Makes enumerators and specification tables from a model's declaration lists.
//
// A model lists each kind of thing once as a macro of rows, e.g.
//   #define GBM_SERIES(ROW) ROW(value, "1", "value of the process")
// and these macros turn the rows into an enumeration (for the equations) and an array of specs
// (for everything else), so that the two cannot disagree.
#pragma once

#include "overbuild/model/schema.hpp"

#define OVERBUILD_ENUMERATOR(name, ...) name,
#define OVERBUILD_COUNT_GIVEN_DRAW(name, distribution, meaning, input) \
  +(::overbuild::DrawSpec::Input::input != ::overbuild::DrawSpec::Input::generator)
/// The enumerations of a model whose lists are LISTS_PARAMETERS, LISTS_SERIES and so on.
#define OVERBUILD_ENUMERATIONS(LISTS)                                      \
  enum class Parameter { LISTS##_PARAMETERS(OVERBUILD_ENUMERATOR) count }; \
  enum class Series { LISTS##_SERIES(OVERBUILD_ENUMERATOR) count };        \
  enum class Event { LISTS##_EVENTS(OVERBUILD_ENUMERATOR) count };         \
  enum class Outcome { LISTS##_OUTCOMES(OVERBUILD_ENUMERATOR) count };     \
  enum class Table { LISTS##_TABLES(OVERBUILD_ENUMERATOR) count };         \
  enum class Draw { LISTS##_DRAWS(OVERBUILD_ENUMERATOR) count };           \
  inline constexpr int given_draws = 0 LISTS##_DRAWS(OVERBUILD_COUNT_GIVEN_DRAW);

#define OVERBUILD_PARAMETER_SPEC(name, symbol, unit, value, bounds, meaning, source) \
  ::overbuild::ParameterSpec{#name, symbol, unit, value, bounds, meaning, source},
#define OVERBUILD_SERIES_SPEC(name, unit, meaning) ::overbuild::SeriesSpec{#name, unit, meaning},
#define OVERBUILD_EVENT_SPEC(name, ...) ::overbuild::EventSpec{#name, __VA_ARGS__},
#define OVERBUILD_OUTCOME_SPEC(name, ...) ::overbuild::OutcomeSpec{#name, __VA_ARGS__},
#define OVERBUILD_DRAW_SPEC(name, distribution, meaning, input) \
  ::overbuild::DrawSpec{#name, distribution, meaning, ::overbuild::DrawSpec::Input::input},
#define OVERBUILD_TABLE_SPEC(name, unit, kind, bounds, meaning) \
  ::overbuild::TableSpec{#name, unit, ::overbuild::TableSpec::Kind::kind, bounds, meaning},
#define OVERBUILD_SHOCK_NAME(name) #name,
