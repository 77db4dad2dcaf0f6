// Defines a model from its declaration lists and its compiled equations.
//
// A model's .cpp file is compiled once per instruction set (Highway's foreach_target, which needs
// the name of that very file) and ends with one OVERBUILD_DEFINE_MODEL under HWY_ONCE.
#pragma once

#include <string_view>
#include <vector>

#include "overbuild/model/declare.hpp"
#include "overbuild/model/model.hpp"

/// Defines overbuild::models::name::model(), which the list of all models calls.
///
/// `name` is that of the folder and the namespace; there each instruction set's namespace has a
/// function ModelKernel make_kernel(). LISTS_PARAMETERS, LISTS_DRAWS, .. LISTS_TABLES are the
/// declaration lists (declare.hpp). The strings end up in the model's schema.
#define OVERBUILD_DEFINE_MODEL(name_, LISTS, title_, meaning_, source_)                           \
  namespace overbuild::models::name_ {                                                            \
  namespace {                                                                                     \
  HWY_EXPORT(make_kernel);                                                                        \
  ModelKernel kernel() { return HWY_DYNAMIC_DISPATCH(make_kernel)(); }                            \
                                                                                                  \
  template <class Spec>                                                                           \
  using List = std::vector<Spec>; /* not an array: a model may have none of a kind */             \
                                                                                                  \
  const ModelSchema& schema() {                                                                   \
    static const List<ParameterSpec> parameters = {LISTS##_PARAMETERS(OVERBUILD_PARAMETER_SPEC)}; \
    static const List<DrawSpec> draws = {LISTS##_DRAWS(OVERBUILD_DRAW_SPEC)};                     \
    static const List<std::string_view> shocks = {LISTS##_SHOCKS(OVERBUILD_SHOCK_NAME)};          \
    static const List<SeriesSpec> series = {LISTS##_SERIES(OVERBUILD_SERIES_SPEC)};               \
    static const List<EventSpec> events = {LISTS##_EVENTS(OVERBUILD_EVENT_SPEC)};                 \
    static const List<OutcomeSpec> outcomes = {LISTS##_OUTCOMES(OVERBUILD_OUTCOME_SPEC)};         \
    static const List<TableSpec> tables = {LISTS##_TABLES(OVERBUILD_TABLE_SPEC)};                 \
    static const ModelSchema of_lists{.name = #name_,                                             \
                                      .title = title_,                                            \
                                      .meaning = meaning_,                                        \
                                      .source = source_,                                          \
                                      .parameters = parameters,                                   \
                                      .draws = draws,                                             \
                                      .shocks = shocks,                                           \
                                      .series = series,                                           \
                                      .events = events,                                           \
                                      .outcomes = outcomes,                                       \
                                      .tables = tables};                                          \
    return of_lists;                                                                              \
  }                                                                                               \
  }                                                                                               \
                                                                                                  \
  const Model& model() {                                                                          \
    static const Model instance{schema(), &kernel};                                               \
    return instance;                                                                              \
  }                                                                                               \
  }
