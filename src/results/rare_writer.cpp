#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <numeric>

#include "overbuild/results/rare_file.hpp"
#include "src/results/description_writer.hpp"
#include "src/results/format_mark.hpp"
#include "src/results/output_driver.hpp"
#include "src/results/rare_layout.hpp"

namespace overbuild {
namespace {

using hdf5::set_attribute;

void write_attributes(hid_t file, const Scenario& scenario, const RareContents& contents) {
  set_attribute(file, "Conventions", std::string("CF-1.10"));
  write_format_mark(file, FileKind::rare);
  set_attribute(file, "model", contents.model);
  set_attribute(file, "scenario", contents.scenario);
  set_attribute(file, "title", contents.title);
  set_attribute(file, "description", scenario.description);
  set_attribute(file, "event", contents.event);
  set_attribute(file, "guide", contents.guide);
  set_attribute(file, "paths", static_cast<std::int64_t>(contents.sums.paths));
  set_attribute(file, "first_path", static_cast<std::int64_t>(contents.scope.first_path));
  set_attribute(file, "shard", std::int64_t{contents.scope.shard});
  set_attribute(file, "shards", std::int64_t{contents.scope.shards});
  set_attribute(file, "complete", std::int64_t{contents.complete});
  set_attribute(file, "pilot_paths", static_cast<std::int64_t>(contents.settings.pilot_paths));
  set_attribute(file, "pilot_rounds", std::int64_t{contents.settings.rounds});
  set_attribute(file, "level_share", contents.settings.level_share);
  set_attribute(file, "blocks", std::int64_t{contents.settings.blocks});
  set_attribute(file, "plain_share", contents.plain_share);
  set_attribute(file, "exploring_share", contents.exploring_share);
  write_setting_attributes(file, scenario, contents.provenance);
}

void write_estimate(hid_t file, const RareEventEstimate& e) {
  const hdf5::Id group = hdf5::create_group(file, layout::estimate_group);
  const auto write = [&](const char* name, const char* meaning, double value) {
    write_variable(group, {name, "1", meaning}, std::vector{value}, {});
  };
  write("probability", "probability of the event", e.probability);
  write("standard_error", "Monte Carlo standard error of the probability", e.standard_error);
  write("lower", "lower end of the 95% interval", e.lower);
  write("upper", "upper end of the 95% interval", e.upper);
  write("hits", "paths on which the event happened", static_cast<double>(e.hits));
  write("effective_hits", "hits of equal weight that would be as precise", e.effective_hits);
  write("gain", "variance of plain sampling with as many paths over that of the estimate", e.gain);
  write("variance_error", "relative standard error of the variance", e.variance_error);
  write("largest_weight", "largest weight of a hit", e.largest_weight);
  write("share_of_largest", "share of the probability from the ten largest hits",
        e.share_of_largest);
  write("mean_weight", "mean weight of all paths, which estimates 1", e.mean_weight);
  write("mean_weight_error", "standard error of the mean weight", e.mean_weight_error);
  write("plain_hits", "hits among the paths from the plain law", e.plain_hits);
  write("plain_hits_expected", "as many as the probability lets expect", e.plain_hits_expected);
  const std::vector<std::string> found = doubts(e);
  set_attribute(group, "doubts", fmt::format("{}", fmt::join(found, "\n")));
}

void write_pilot(hid_t file, const std::vector<PilotRound>& rounds) {
  const hdf5::Id group = hdf5::create_group(file, layout::pilot_group);
  std::vector<std::int64_t> number(rounds.size());
  std::iota(number.begin(), number.end(), 1);
  const Dimension round =
      write_dimension(group, {"round", "1", "number of the pilot's round"}, number);
  const auto write = [&](const char* name, const char* meaning, auto of) {
    std::vector<double> values;
    for (const PilotRound& r : rounds) values.push_back(static_cast<double>(of(r)));
    write_variable(group, {name, "1", meaning}, values, {&round});
  };
  write("paths", "paths of the round", [](const PilotRound& r) { return r.paths; });
  write("hits", "paths on which the event happened", [](const PilotRound& r) { return r.hits; });
  write("level", "level of the guide that the elite reached; NaN where hits were the elite",
        [](const PilotRound& r) { return r.level; });
  write("probability", "probability of the event as the round alone estimates it",
        [](const PilotRound& r) { return r.probability; });
  write("effective_elite", "effective number of elite paths",
        [](const PilotRound& r) { return r.effective_elite; });
  write("effective_hits", "effective number of hits",
        [](const PilotRound& r) { return r.effective_hits; });
}

/// The numbers of one draw, from a table with the law as first and the draw as second dimension.
std::vector<double> of_draw(const std::vector<double>& table, std::size_t draw, std::size_t draws,
                            std::size_t size) {
  std::vector<double> values;
  for (std::size_t law = 0; law < 2; ++law) {
    const auto begin = table.begin() + static_cast<std::ptrdiff_t>((law * draws + draw) * size);
    values.insert(values.end(), begin, begin + static_cast<std::ptrdiff_t>(size));
  }
  return values;
}

void write_tilt(hid_t file, const RareContents& contents) {
  const TiltTable& tilt = contents.tilt;
  const hdf5::Id group = hdf5::create_group(file, layout::tilt_group);
  const auto joined = [](const auto& names) { return fmt::format("{}", fmt::join(names, " ")); };
  set_attribute(group, "priors", joined(contents.priors));
  set_attribute(group, "normals", joined(contents.normals));
  set_attribute(group, "uniforms", joined(contents.uniforms));
  const auto& edges = tilt_bin_edges();
  const Dimension law =
      write_dimension(group, {"law", "1", "law of a step: 0 the ordinary one, 1 that of a burst"},
                      std::vector<double>{0, 1});
  const Dimension block = write_dimension(
      group, {"first_step", "1", "first step of a block of steps with the same tilt"},
      tilt.first_step);
  const Dimension bin = write_dimension(group, {"bin_begin", "1", "lower end of a bin of uniforms"},
                                        std::vector<double>(edges.begin(), edges.end() - 1));
  write_variable(group, {"burst_share", "1", "probability of a burst in a step"}, tilt.burst_share,
                 {&block});
  for (std::size_t i = 0; i < contents.priors.size(); ++i) {
    write_variable(group,
                   {"mean_" + contents.priors[i], "1", "mean of the prior's normal; plain: 0"},
                   std::vector{tilt.prior_mean[i]}, {});
    write_variable(group,
                   {"deviation_" + contents.priors[i], "1",
                    "standard deviation of the prior's normal; plain: 1"},
                   std::vector{tilt.prior_deviation[i]}, {});
  }
  const std::size_t blocks = tilt.first_step.size();
  for (std::size_t i = 0; i < contents.normals.size(); ++i)
    write_variable(group, {"shift_" + contents.normals[i], "1", "mean of the normal; plain: 0"},
                   of_draw(tilt.shift, i, contents.normals.size(), blocks), {&law, &block});
  for (std::size_t i = 0; i < contents.uniforms.size(); ++i)
    write_variable(
        group,
        {"mass_" + contents.uniforms[i], "1", "probability of a bin; plain: the bin's width"},
        of_draw(tilt.mass, i, contents.uniforms.size(), blocks * tilt_bins), {&law, &block, &bin});
}

void write_weights(hid_t file, const RareEventSums& sums) {
  const hdf5::Id group = hdf5::create_group(file, layout::weights_group);
  std::vector<double> begin;
  for (int c = 0; c < RareEventSums::classes; ++c) begin.push_back(std::ldexp(1.0, c - 56));
  const Dimension weight =
      write_dimension(group, {"weight_begin", "1", "lower end of a class of weights"}, begin);
  write_variable(group, {"hits", "1", "hits by class of weight"},
                 std::vector<std::uint64_t>(sums.hits_by_class.begin(), sums.hits_by_class.end()),
                 {&weight});
  std::vector<std::int64_t> number(sums.largest.size());
  std::iota(number.begin(), number.end(), 1);
  const Dimension rank = write_dimension(group, {"rank", "1", "rank among the hits"}, number);
  write_variable(group, {"largest", "1", "largest weights of hits"}, sums.largest, {&rank});
}

void write_sums(hid_t file, const RareEventSums& sums) {
  const hdf5::Id group = hdf5::create_group(file, layout::sums_group);
  const std::uint64_t counts[] = {sums.paths, sums.hits, sums.plain_paths, sums.plain_hits};
  for (std::size_t i = 0; i < layout::sum_counts.size(); ++i)
    set_attribute(group, layout::sum_counts[i], counts[i]);
  const Dimension limb = write_bare_dimension(group, "limb", ExactSum::limbs);
  const auto write = [&](const char* name, const char* dimension, const auto& all) {
    const Dimension power = write_bare_dimension(group, dimension, all.size());
    std::vector<std::int64_t> limbs;
    for (const ExactSum& sum : all) {
      const ExactSum::Limbs carried = sum.carried_limbs();
      limbs.insert(limbs.end(), carried.begin(), carried.end());
    }
    attach(hdf5::write_dataset(group, name, limbs, {power.length, limb.length}), {&power, &limb});
  };
  write("value_limbs", "value_power", sums.value);
  write("weight_limbs", "weight_power", sums.weight);
}

}  // namespace

struct RareWriter::Implementation {
  Implementation(std::filesystem::path path, bool force) : output(std::move(path), force) {}

  void write(const Scenario& scenario, const RareContents& contents) {
    const hdf5::Session session;
    hdf5::Id file = hdf5::create_file(output);
    write_attributes(file, scenario, contents);
    write_estimate(file, rare_event_estimate(contents.sums));
    write_pilot(file, contents.rounds);
    write_tilt(file, contents);
    write_weights(file, contents.sums);
    write_sums(file, contents.sums);
    write_parameters(file, scenario);
    write_provenance(file, contents.provenance);
    output.throw_if_failed();
    file.close("close " + output.temporary().string());
  }

  OutputFile output;
};

RareWriter::RareWriter(std::filesystem::path path, bool force)
    : implementation_(std::make_unique<Implementation>(std::move(path), force)) {}

RareWriter::~RareWriter() = default;

void RareWriter::write(const Scenario& scenario, const RareContents& contents) {
  in_writing_terms(implementation_->output, [&] { implementation_->write(scenario, contents); });
  implementation_->output.publish();
}

const std::filesystem::path& RareWriter::temporary_path() const {
  return implementation_->output.temporary();
}

}  // namespace overbuild
