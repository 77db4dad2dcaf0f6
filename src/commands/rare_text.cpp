#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "src/commands/number_text.hpp"
#include "src/commands/rare_report.hpp"
#include "src/commands/text_table.hpp"

namespace overbuild {
namespace {

using Align = TextTable::Align;

std::uint64_t pilot_paths(const RareContents& contents) {
  std::uint64_t paths = 0;
  for (const PilotRound& round : contents.rounds) paths += round.paths;
  return paths;
}

/// How many times fewer paths than plain sampling needs for the same error, the pilot's included.
double saving(const RareContents& contents, const RareEventEstimate& e) {
  const auto paths = static_cast<double>(e.paths);
  return e.gain * paths / (paths + static_cast<double>(pilot_paths(contents)));
}

std::string probability_text(const RareEventEstimate& e, const TextStyle& style) {
  if (e.hits == 0) return "unknown, no path hit";
  return fmt::format("{} {} {}", number_text(e.probability, 4), style.unicode ? "±" : "+-",
                     number_text(e.standard_error, 2));
}

std::string paths_text(const RareContents& contents) {
  const ResultScope& scope = contents.scope;
  const std::uint64_t paths = contents.sums.paths;
  std::string text = grouped(paths);
  if (scope.shards > 1)
    text = fmt::format("shard {} of {}: paths {} to {} of {}", scope.shard, scope.shards,
                       grouped(scope.first_path), grouped(scope.first_path + paths - 1),
                       grouped(contents.paths_asked));
  if (!contents.complete) text = "INCOMPLETE: " + text;
  return fmt::format("{}, and {} of the pilot's {} rounds", text, grouped(pilot_paths(contents)),
                     contents.rounds.size());
}

std::string facts(const RareContents& contents, const RareEventEstimate& e,
                  const TextStyle& style) {
  TextTable table({{"probability"}, {probability_text(e, style)}});
  if (e.hits > 0) {
    table.add_row({"95% interval",
                   fmt::format("{} to {}", number_text(e.lower, 4), number_text(e.upper, 4))});
    table.add_row({"one in", number_text(1 / e.probability, 3)});
  }
  table.add_row({"paths", paths_text(contents)});
  if (e.hits > 0) {
    table.add_row({"hits", fmt::format("{}, as precise as {} of equal weight", grouped(e.hits),
                                       number_text(e.effective_hits))});
    table.add_row(
        {"gain", fmt::format("{} times the precision of as many plain paths; {} times with the "
                             "pilot's paths counted",
                             number_text(e.gain), number_text(saving(contents, e)))});
    table.add_row({"weights", fmt::format("largest {}; ten hits make {:.1f}% of the probability; "
                                          "variance known to {:.0f}%",
                                          number_text(e.largest_weight), 100 * e.share_of_largest,
                                          100 * e.variance_error)});
  }
  table.add_row(
      {"plain law", fmt::format("{:.0f} hits, {} expected; mean weight {:.4f} {} {:.4f}",
                                e.plain_hits, number_text(e.plain_hits_expected), e.mean_weight,
                                style.unicode ? "±" : "+-", e.mean_weight_error)});
  return table.text(static_cast<std::size_t>(style.width));
}

std::string pilot_table(const RareContents& contents) {
  TextTable table({{"round", Align::right},
                   {"paths", Align::right},
                   {"level", Align::right},
                   {"hits", Align::right},
                   {"effective elite", Align::right},
                   {"probability", Align::right}});
  for (std::size_t i = 0; i < contents.rounds.size(); ++i) {
    const PilotRound& round = contents.rounds[i];
    table.add_row({std::to_string(i + 1), grouped(round.paths),
                   std::isnan(round.level) ? "event" : number_text(round.level),
                   grouped(round.hits), number_text(round.effective_elite),
                   number_text(round.probability)});
  }
  return table.text();
}

/// Adds the draws whose law is not the plain one, a row for each.
class TiltTableText {
 public:
  explicit TiltTableText(const RareContents& contents)
      : contents_(contents), blocks_(contents.tilt.first_step.size()) {}

  std::string text() {
    for (std::size_t i = 0; i < contents_.priors.size(); ++i) add_prior(i);
    for (std::size_t law = 0; law < 2; ++law) {
      for (std::size_t i = 0; i < contents_.normals.size(); ++i) add_normal(law, i);
      for (std::size_t i = 0; i < contents_.uniforms.size(); ++i) add_uniform(law, i);
    }
    const auto is_positive = [](double share) { return share > 0; };
    if (std::ranges::any_of(contents_.tilt.burst_share, is_positive))
      table_.add_row({"burst", "probability in a step", joined(contents_.tilt.burst_share)});
    return any_ || blocks_ == 0 ? table_.text() : " none: paths of the plain law do as well\n";
  }

 private:
  static std::string joined(std::span<const double> values) {
    std::vector<std::string> texts;
    for (const double value : values) texts.push_back(fmt::format("{:.2f}", value));
    return fmt::format("{}", fmt::join(texts, "  "));
  }

  static const char* law_name(std::size_t law) { return law == 0 ? "" : "in a burst, "; }

  void add(const std::string& draw, const std::string& what, const std::string& values) {
    any_ = true;
    table_.add_row({draw, what, values});
  }

  void add_prior(std::size_t i) {
    const double mean = contents_.tilt.prior_mean[i], sd = contents_.tilt.prior_deviation[i];
    if (mean != 0 || sd != 1)
      add(contents_.priors[i], "prior's normal: mean, sd", fmt::format("{:.2f}  {:.2f}", mean, sd));
  }

  void add_normal(std::size_t law, std::size_t i) {
    const std::span<const double> shift(
        contents_.tilt.shift.data() + (law * contents_.normals.size() + i) * blocks_, blocks_);
    if (std::ranges::any_of(shift, [](double x) { return x != 0; }))
      add(contents_.normals[i], fmt::format("{}mean", law_name(law)), joined(shift));
  }

  /// Shows how likely the lowest and the highest hundredth (nearly) have become.
  void add_uniform(std::size_t law, std::size_t i) {
    const double* mass =
        contents_.tilt.mass.data() + (law * contents_.uniforms.size() + i) * blocks_ * tilt_bins;
    std::vector<double> low(blocks_, 0.0), high(blocks_, 0.0);
    bool is_plain = true;
    for (std::size_t block = 0; block < blocks_; ++block)
      for (std::size_t bin = 0; bin < tilt_bins; ++bin) {
        const double share = mass[block * tilt_bins + bin];
        is_plain = is_plain && share == tilt_bin_width(bin);
        if (tilt_bin_edges()[bin + 1] <= 0x1p-6) low[block] += share;
        if (tilt_bin_edges()[bin] >= 1 - 0x1p-6) high[block] += share;
      }
    if (is_plain) return;
    add(contents_.uniforms[i], fmt::format("{}P(u < 1/64)", law_name(law)), joined(low));
    add("", fmt::format("{}P(u > 63/64)", law_name(law)), joined(high));
  }

  const RareContents& contents_;
  const std::size_t blocks_;
  bool any_ = false;
  TextTable table_{{{"draw"}, {"tilted law"}, {"by block of steps"}}};
};

}  // namespace

std::string rare_text(const RareContents& contents, const TextStyle& style) {
  const RareEventEstimate e = rare_event_estimate(contents.sums);
  std::string text = fmt::format("{}\nevent: {}\n", contents.title, contents.event);
  if (!contents.guide.empty()) text += fmt::format("guide: {}\n", contents.guide);
  text +=
      fmt::format("model {}, seed {}\n\n{}\npilot\n{}\ntilt (steps from {})\n{}", contents.model,
                  contents.seed, facts(contents, e, style), pilot_table(contents),
                  fmt::join(contents.tilt.first_step, ", "), TiltTableText(contents).text());
  for (const std::string& doubt : doubts(e))
    text += fmt::format("\nNOT TO BE TRUSTED: {}\n", doubt);
  return text;
}

std::string rare_line(const RareContents& contents, const TextStyle& style) {
  const RareEventEstimate e = rare_event_estimate(contents.sums);
  return fmt::format("{}: {}{}{}", contents.scenario, probability_text(e, style),
                     e.hits > 0 ? fmt::format(", gain {}", number_text(e.gain)) : "",
                     doubts(e).empty() ? "" : ", NOT TO BE TRUSTED");
}

}  // namespace overbuild
