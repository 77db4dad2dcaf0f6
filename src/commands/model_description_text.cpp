#include "src/commands/model_description.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "src/commands/text_table.hpp"
#include "src/config/toml_text.hpp"

namespace overbuild {
namespace {

using Align = TextTable::Align;

std::string cell(std::string_view text) { return std::string(text); }

std::string kind_text(TableSpec::Kind kind) {
  return kind == TableSpec::Kind::path ? "path" : "impulse";
}

/// A titled table of specs, or nothing when there are none.
template <class Specs, class Row>
std::string section(const char* title, std::vector<TextTable::Column> columns, const Specs& specs,
                    int width, Row row) {
  if (specs.empty()) return "";
  TextTable table(std::move(columns));
  for (const auto& spec : specs) table.add_row(row(spec));
  return fmt::format("\n{}\n{}", title, table.text(static_cast<std::size_t>(width)));
}

std::string parameters(const ModelSchema& schema, int width) {
  return section("Parameters",
                 {{"name"},
                  {"symbol"},
                  {"unit"},
                  {"default", Align::right},
                  {"meaning (source of the default); allowed values"}},
                 schema.parameters, width, [](const ParameterSpec& spec) {
                   return std::vector{cell(spec.name), cell(spec.symbol), cell(spec.unit),
                                      fmt::format("{}", spec.default_value),
                                      fmt::format("{} ({}); allowed: {}", spec.meaning, spec.source,
                                                  allowed_text(spec.bounds))};
                 });
}

std::string draws(const ModelSchema& schema, int width) {
  return section("Random draws of a step", {{"name"}, {"distribution"}, {"meaning"}}, schema.draws,
                 width, [](const DrawSpec& spec) {
                   return std::vector{cell(spec.name), cell(spec.distribution), cell(spec.meaning)};
                 });
}

std::string shocks(const ModelSchema& schema) {
  if (schema.shocks.size() < 2) return "";
  return fmt::format(
      "\nNormal draws that may be correlated, in the order of shock_correlation\n"
      " {}\n",
      fmt::join(schema.shocks, ", "));
}

std::string tables(const ModelSchema& schema, int width) {
  return section("Tables", {{"name"}, {"unit"}, {"kind"}, {"allowed"}, {"meaning"}}, schema.tables,
                 width, [](const TableSpec& spec) {
                   return std::vector{cell(spec.name), cell(spec.unit), kind_text(spec.kind),
                                      allowed_text(spec.bounds), cell(spec.meaning)};
                 });
}

/// Series and outcomes have the same columns.
template <class Specs>
std::string quantities(const char* title, const Specs& specs, int width) {
  return section(title, {{"name"}, {"unit"}, {"meaning"}}, specs, width, [](const auto& spec) {
    return std::vector{cell(spec.name), cell(spec.unit), cell(spec.meaning)};
  });
}

std::string events(const ModelSchema& schema, int width) {
  return section("Events", {{"name"}, {"meaning"}}, schema.events, width,
                 [](const EventSpec& spec) {
                   return std::vector{cell(spec.name), cell(spec.meaning)};
                 });
}

}  // namespace

std::string describe_text(const ModelSchema& schema, const TextStyle& style) {
  const auto width = static_cast<std::size_t>(style.width);
  std::string text = fmt::format("{}: {}\n", schema.name, schema.title);
  for (const std::string& line : wrap(schema.meaning, width)) text += line + '\n';
  for (const std::string& line : wrap(fmt::format("Source: {}", schema.source), width))
    text += line + '\n';
  return text + parameters(schema, style.width) + draws(schema, style.width) + shocks(schema) +
         tables(schema, style.width) + quantities("Series", schema.series, style.width) +
         events(schema, style.width) +
         quantities("Outcomes of a path", schema.outcomes, style.width);
}

}  // namespace overbuild
