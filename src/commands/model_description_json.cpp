#include <nlohmann/json.hpp>

#include "src/commands/model_description.hpp"

namespace overbuild {
namespace {

using Json = nlohmann::ordered_json;

/// An array with one object per spec.
template <class Specs, class Object>
Json array(const Specs& specs, Object object) {
  Json list = Json::array();
  for (const auto& spec : specs) list.push_back(object(spec));
  return list;
}

Json bounds_json(const Bounds& bounds) {
  // JSON has no infinity; the library writes null.
  return {{"lower", bounds.lower},
          {"upper", bounds.upper},
          {"lower_excluded", bounds.lower_excluded},
          {"upper_excluded", bounds.upper_excluded},
          {"integer", bounds.integer}};
}

Json parameter(const ParameterSpec& spec) {
  return {{"name", spec.name},       {"symbol", spec.symbol},
          {"unit", spec.unit},       {"default", spec.default_value},
          {"meaning", spec.meaning}, {"bounds", bounds_json(spec.bounds)},
          {"source", spec.source}};
}

Json draw(const DrawSpec& spec) {
  return {{"name", spec.name}, {"distribution", spec.distribution}, {"meaning", spec.meaning}};
}

Json table(const TableSpec& spec) {
  return {{"name", spec.name},
          {"unit", spec.unit},
          {"kind", spec.kind == TableSpec::Kind::path ? "path" : "impulse"},
          {"bounds", bounds_json(spec.bounds)},
          {"meaning", spec.meaning}};
}

/// The names of the outcomes in a sum; null where there are none.
Json outcomes_of(const OutcomeSum& sum) {
  Json names;
  for (const std::string_view name : sum)
    if (!name.empty()) names.push_back(name);
  return names;
}

Json event(const EventSpec& spec) {
  return {{"name", spec.name},
          {"meaning", spec.meaning},
          {"since", outcomes_of(spec.since)},
          {"until", outcomes_of(spec.until)}};
}

template <class Spec>
Json quantity(const Spec& spec) {
  return {{"name", spec.name}, {"unit", spec.unit}, {"meaning", spec.meaning}};
}

}  // namespace

std::string describe_json(const ModelSchema& schema) {
  const Json model = {{"name", schema.name},
                      {"title", schema.title},
                      {"meaning", schema.meaning},
                      {"source", schema.source},
                      {"parameters", array(schema.parameters, parameter)},
                      {"draws", array(schema.draws, draw)},
                      {"shocks", schema.shocks},
                      {"tables", array(schema.tables, table)},
                      {"series", array(schema.series, quantity<SeriesSpec>)},
                      {"events", array(schema.events, event)},
                      {"outcomes", array(schema.outcomes, quantity<OutcomeSpec>)}};
  return model.dump(2) + '\n';
}

}  // namespace overbuild
