#include "overbuild/config/expression.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "expression_tokens.hpp"
#include "overbuild/base/nearest_name.hpp"
#include "value.hpp"

namespace overbuild {
namespace {

using Relation = PathQuantity::Relation;
using Source = PathQuantity::Source;
using Token = ExpressionToken;
using Kind = StatisticExpression::Kind;

constexpr std::string_view relations_text = "<, <=, > or >=";
constexpr std::string_view statistics_text =
    "a statistic: P(CONDITION), mean(X), sd(X), median(X) or a percentile such as q10(X)";

struct Symbol {
  std::string_view text;
  Relation relation;
};
constexpr Symbol symbols[] = {{"<", Relation::less},
                              {"<=", Relation::less_equal},
                              {">", Relation::greater},
                              {">=", Relation::greater_equal}};

std::optional<Relation> relation_of(const Token& token) {
  for (const Symbol& symbol : symbols)
    if (token.kind == Token::Kind::symbol && token.text == symbol.text) return symbol.relation;
  return std::nullopt;
}

template <class Specs>
std::optional<std::size_t> index_of(std::string_view name, const Specs& specs) {
  const auto found = std::ranges::find_if(specs, [&](auto& spec) { return spec.name == name; });
  if (found == specs.end()) return std::nullopt;
  return static_cast<std::size_t>(found - specs.begin());
}

/// An event by its name or its first words, if no other one begins with them: "bust" for
/// "bust_begun".
std::optional<std::size_t> event_index(std::string_view name, std::span<const EventSpec> events) {
  if (const auto index = index_of(name, events)) return index;
  std::optional<std::size_t> found;
  for (std::size_t e = 0; e < events.size(); ++e) {
    const std::string_view whole = events[e].name;
    if (!whole.starts_with(name) || whole[name.size()] != '_') continue;
    if (found) return std::nullopt;
    found = e;
  }
  return found;
}

class Parser {
 public:
  Parser(std::string_view text, const Scenario& scenario, const std::string& what)
      : tokens_(text, what), scenario_(scenario), schema_(scenario.model->schema) {}

  PathQuantity quantity() {
    const std::size_t begin = tokens_.next().begin;
    const Token name = tokens_.take();
    if (name.kind != Token::Kind::name) tokens_.fail_expected(name, known_names());
    PathQuantity quantity = quantity_called(name);
    quantity.text = tokens_.text_since(begin);
    if (quantity.is_condition()) quantity.unit = std::string("1");
    return quantity;
  }

  StatisticExpression statistic() {
    const std::size_t begin = tokens_.next().begin;
    StatisticExpression statistic;
    const Token name = tokens_.take();
    read_statistic_name(name, statistic);
    tokens_.expect("(", fmt::format("\"{}\"", name.text));
    const Token inner = tokens_.next();
    statistic.quantity = quantity();
    if (statistic.kind == Kind::probability && !statistic.quantity.is_condition())
      tokens_.fail_at(inner,
                      fmt::format("{} is a number, and P wants a condition: compare it by {}",
                                  statistic.quantity.text, relations_text));
    tokens_.expect(")", fmt::format("\"{}\"", statistic.quantity.text));
    statistic.text = tokens_.text_since(begin);
    return statistic;
  }

  StatisticTarget target() {
    StatisticTarget target{statistic(), 0};
    tokens_.expect("=", fmt::format("\"{}\"", target.statistic.text));
    const Token number = tokens_.next();
    target.value = this->number("a number after \"=\"");
    if (target.statistic.kind == Kind::probability && !(target.value > 0 && target.value < 1))
      tokens_.fail_at(number,
                      fmt::format("found the probability {}, allowed: (0, 1)", target.value));
    if (target.statistic.kind == Kind::sd && !(target.value > 0))
      tokens_.fail_at(number,
                      fmt::format("found the standard deviation {}, allowed: > 0", target.value));
    return target;
  }

  void end() {
    if (tokens_.next().kind != Token::Kind::end)
      tokens_.fail_expected(tokens_.next(), "the end of the expression");
  }

 private:
  PathQuantity quantity_called(const Token& name) {
    if (const auto index = index_of(name.text, schema_.outcomes)) return outcome(*index, name);
    if (const auto index = index_of(name.text, schema_.series)) return series(*index, name);
    if (const auto index = event_index(name.text, schema_.events)) return event(*index, name);
    fail_unknown(name);
  }

  PathQuantity outcome(std::size_t index, const Token& name) {
    PathQuantity quantity;
    quantity.index = index;
    quantity.unit = schema_.outcomes[index].unit;
    for (const std::string_view word : {"at", "by", "within"})
      if (tokens_.next().text == word)
        tokens_.fail_at(
            tokens_.next(),
            fmt::format("\"{}\" is an outcome, one number per path, and has no time", name.text));
    read_relation(quantity);
    return quantity;
  }

  PathQuantity series(std::size_t index, const Token& name) {
    PathQuantity quantity;
    quantity.index = index;
    quantity.unit = schema_.series[index].unit;
    if (tokens_.take_if("at")) {
      quantity.source = Source::series_at;
      quantity.step = time();
      read_relation(quantity);
      return quantity;
    }
    quantity.source = Source::series_by;
    if (!read_relation(quantity))
      tokens_.fail_expected(tokens_.next(),
                            fmt::format("a time: \"{0}\" is a series, e.g. \"{0} at 5y\", or "
                                        "\"{0} < 1 by 5y\"",
                                        name.text));
    if (!tokens_.take_if("by"))
      tokens_.fail_expected(
          tokens_.next(), fmt::format("\"by\" and a time (at some step up to then), or \"{} at\" a "
                                      "time before the comparison",
                                      name.text));
    quantity.step = time();
    return quantity;
  }

  PathQuantity event(std::size_t index, const Token& name) {
    PathQuantity quantity;
    quantity.index = index;
    if (tokens_.take_if("within"))
      quantity.source = Source::event_within;
    else if (tokens_.take_if("at"))
      quantity.source = Source::event_at;
    else
      tokens_.fail_expected(tokens_.next(),
                            fmt::format("a time: \"{0}\" is an event, e.g. \"{0} within 5y\" (at "
                                        "some step up to then) or \"{0} at 5y\"",
                                        name.text));
    quantity.step = time();
    return quantity;
  }

  bool read_relation(PathQuantity& quantity) {
    const auto relation = relation_of(tokens_.next());
    if (!relation) return false;
    const std::string symbol(tokens_.take().text);
    quantity.relation = *relation;
    quantity.threshold = number(fmt::format("a number after \"{}\"", symbol));
    return true;
  }

  double number(const std::string& expected) {
    const Token token = tokens_.take();
    if (token.kind != Token::Kind::number || !std::isfinite(token.number))
      tokens_.fail_expected(token, expected);
    return token.number;
  }

  /// The step of a time in years.
  int time() {
    const Token token = tokens_.next();
    const double years = number("a time such as 5y");
    if (!tokens_.take_if("y") && !tokens_.take_if("yr"))
      tokens_.fail_expected(tokens_.next(), "\"y\" after the number of years");
    const RunSettings& run = scenario_.run;
    const double steps = years / run.step;
    if (!(years >= 0 && years <= run.horizon + 1e-9) ||
        std::abs(steps - std::nearbyint(steps)) > 1e-9)
      tokens_.fail_at(token, fmt::format("found the time {}, allowed: a multiple of the step {} up "
                                         "to the horizon {}",
                                         years, run.step, run.horizon));
    return static_cast<int>(std::lround(steps));
  }

  void read_statistic_name(const Token& name, StatisticExpression& statistic) {
    const std::string_view text = name.text;
    if (name.kind != Token::Kind::name) tokens_.fail_expected(name, statistics_text);
    if (text == "P") {
      statistic.kind = Kind::probability;
    } else if (text == "mean") {
      statistic.kind = Kind::mean;
    } else if (text == "sd") {
      statistic.kind = Kind::sd;
    } else if (text == "median") {
      statistic.kind = Kind::quantile;
      statistic.probability = 0.5;
    } else if (text.size() > 1 && text[0] == 'q' && text[1] >= '0' && text[1] <= '9') {
      statistic.kind = Kind::quantile;
      statistic.probability = percentile(name) / 100;
    } else {
      const std::vector<std::string> known = {"P", "mean", "sd", "median"};
      const std::string nearest = nearest_name(text, known);
      tokens_.fail_expected(name, nearest.empty() ? std::string(statistics_text)
                                                  : fmt::format("{}{}", statistics_text,
                                                                suggestion_text("; ", nearest)));
    }
  }

  double percentile(const Token& name) {
    double percent = 0;
    const char* end = name.text.data() + name.text.size();
    const auto read = std::from_chars(name.text.data() + 1, end, percent);
    if (read.ec != std::errc() || read.ptr != end || !(percent > 0 && percent < 100))
      tokens_.fail_expected(name, "a percentile between q0 and q100, both excluded, such as q10");
    return percent;
  }

  std::string known_names() const {
    return fmt::format("an outcome ({}), a series ({}) or an event ({})",
                       fmt::join(names_of(schema_.outcomes), ", "),
                       fmt::join(names_of(schema_.series), ", "),
                       fmt::join(names_of(schema_.events), ", "));
  }

  [[noreturn]] void fail_unknown(const Token& name) const {
    std::vector<std::string> known = names_of(schema_.outcomes);
    for (const auto& names : {names_of(schema_.series), names_of(schema_.events)})
      known.insert(known.end(), names.begin(), names.end());
    const std::string nearest = nearest_name(name.text, known);
    tokens_.fail_at(name, fmt::format("the model {} has no outcome, series or event \"{}\"; {}",
                                      schema_.name, name.text,
                                      nearest.empty() ? fmt::format("expected {}", known_names())
                                                      : suggestion_text("", nearest)));
  }

  ExpressionTokens tokens_;
  const Scenario& scenario_;
  const ModelSchema& schema_;
};

}  // namespace

bool PathQuantity::is_condition() const {
  return relation != Relation::none || source == Source::event_at || source == Source::event_within;
}

bool holds(PathQuantity::Relation relation, double value, double threshold) {
  switch (relation) {
    case Relation::less:
      return value < threshold;
    case Relation::less_equal:
      return value <= threshold;
    case Relation::greater:
      return value > threshold;
    case Relation::greater_equal:
      return value >= threshold;
    case Relation::none:
      break;
  }
  return false;
}

PathQuantity parse_quantity(std::string_view text, const Scenario& scenario,
                            const std::string& what) {
  Parser parser(text, scenario, what);
  PathQuantity quantity = parser.quantity();
  parser.end();
  return quantity;
}

StatisticExpression parse_statistic(std::string_view text, const Scenario& scenario,
                                    const std::string& what) {
  Parser parser(text, scenario, what);
  StatisticExpression statistic = parser.statistic();
  parser.end();
  return statistic;
}

StatisticTarget parse_target(std::string_view text, const Scenario& scenario,
                             const std::string& what) {
  Parser parser(text, scenario, what);
  StatisticTarget target = parser.target();
  parser.end();
  return target;
}

}  // namespace overbuild
