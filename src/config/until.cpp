// [run.until]: the precision at which a run has enough paths.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>

#include "readers.hpp"
#include "toml_text.hpp"

namespace overbuild {
namespace {

using Group = PrecisionTarget::Group;
using Statistic = PrecisionTarget::Statistic;

constexpr std::int64_t most_block = 1'000'000'000'000;
constexpr std::uint64_t tile_multiple = 512;  // a whole number of tiles, as the engine needs it

struct Suffix {
  std::string_view text;
  Statistic statistic;
};
constexpr Suffix suffixes[] = {{"_mean", Statistic::mean},
                               {"_sd", Statistic::sd},
                               {"_skew", Statistic::skew},
                               {"_quantile", Statistic::quantile}};

/// Adds the names of a quantity's statistics, each with the target that it stands for.
void add_quantity(std::vector<PrecisionTarget>& targets, Group group, std::size_t quantity,
                  std::string_view name) {
  PrecisionTarget target;
  target.group = group;
  target.quantity = quantity;
  const char* folder = group == Group::series ? "series" : "outcomes";
  for (const Suffix& suffix : suffixes) {
    target.name = fmt::format("{}/{}{}", folder, name, suffix.text);
    target.statistic = suffix.statistic;
    targets.push_back(target);
  }
  if (group != Group::outcomes) return;
  target.name = fmt::format("outcomes/{}_defined", name);
  target.statistic = Statistic::probability;
  targets.push_back(target);
}

/// Every statistic that can be aimed at.
std::vector<PrecisionTarget> all_targets(const ModelSchema& schema) {
  std::vector<PrecisionTarget> targets;
  for (std::size_t s = 0; s < schema.series.size(); ++s)
    add_quantity(targets, Group::series, s, schema.series[s].name);
  for (std::size_t e = 0; e < schema.events.size(); ++e) {
    PrecisionTarget target;
    target.name = fmt::format("events/{}", schema.events[e].name);
    target.group = Group::events;
    target.quantity = e;
    target.statistic = Statistic::probability;
    targets.push_back(target);
  }
  for (std::size_t o = 0; o < schema.outcomes.size(); ++o)
    add_quantity(targets, Group::outcomes, o, schema.outcomes[o].name);
  return targets;
}

void read_time(const Value& until, const RunSettings& run, PrecisionTarget& target) {
  const auto member = until.member("time");
  if (target.group == Group::outcomes) {
    if (member) member->complain("an outcome is one number per path and has no time");
    return;
  }
  const auto value = until.needed_member("time", "years from the start");
  const auto time = value ? value->number(non_negative()) : std::nullopt;
  if (!time || !std::isfinite(run.horizon) || !std::isfinite(run.step)) return;
  const double steps = *time / run.step;
  if (*time > run.horizon || std::abs(steps - std::nearbyint(steps)) > 1e-9)
    value->complain(fmt::format("found {}, allowed: a multiple of the step {} up to the horizon {}",
                                *time, run.step, run.horizon));
  target.time = *time;
}

void read_probability(const Value& until, PrecisionTarget& target) {
  const auto member = until.member("probability");
  if (target.statistic != Statistic::quantile) {
    if (member) member->complain(fmt::format("{} is no quantile", target.name));
    return;
  }
  const auto value = until.needed_member("probability", "that of the quantile, e.g. 0.05");
  if (const auto p = value ? value->number(strictly_between(0, 1)) : std::nullopt)
    target.probability = *p;
}

void read_limit(const Value& until, PrecisionTarget& target) {
  const auto error = until.member("standard_error"), width = until.member("half_width");
  if (error && width) return width->complain("give standard_error or half_width, not both");
  if (!error && !width)
    return until.complain("the key standard_error, or half_width of the 95% interval, is missing");
  const auto limit = (error ? error : width)->number(positive());
  const double per_error = error ? 1 : quantile(boost::math::normal(), 0.975);
  if (limit) target.standard_error = *limit / per_error;
}

void read_block(const Value& until, PrecisionTarget& target) {
  const auto value = until.member("block");
  if (!value) return;
  const auto block = value->whole_number(1, most_block);
  if (!block) return;
  const std::uint64_t tiles =
      (static_cast<std::uint64_t>(*block) + tile_multiple - 1) / tile_multiple;
  target.block = tiles * tile_multiple;
}

}  // namespace

void read_until(const Value& until, Scenario& scenario) {
  static const std::vector<std::string> known = {"statistic",      "time",       "probability",
                                                 "standard_error", "half_width", "block"};
  if (!until.members("a section with statistic and standard_error")) return;
  until.check_members(known);
  const std::vector<PrecisionTarget> targets = all_targets(scenario.model->schema);
  const auto name = until.needed_member(
      "statistic", "a variable of the result file, e.g. " + targets.front().name);
  const auto index = name ? name->choice(names_of(targets)) : std::nullopt;
  if (!index) return;
  PrecisionTarget target = targets[*index];
  read_time(until, scenario.run, target);
  read_probability(until, target);
  read_limit(until, target);
  read_block(until, target);
  scenario.run.until = target;
}

std::string until_text(const Scenario& scenario) {
  if (!scenario.run.until) return "";
  const PrecisionTarget& target = *scenario.run.until;
  std::string text = fmt::format("{{statistic = {}", toml_string(target.name));
  if (target.group != Group::outcomes) text += ", time = " + float_text(target.time);
  if (target.statistic == Statistic::quantile)
    text += ", probability = " + float_text(target.probability);
  return text + fmt::format(", standard_error = {}, block = {}}}",
                            float_text(target.standard_error), target.block);
}

}  // namespace overbuild
