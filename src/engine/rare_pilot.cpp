// The pilot of a rare event: the cross-entropy method in levels.
// Source: Rubinstein and Kroese (2004), The Cross-Entropy Method, chapter 3.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "overbuild/base/error.hpp"
#include "overbuild/engine/rare_event.hpp"
#include "overbuild/sampling/philox.hpp"
#include "overbuild/statistics/tilt_fit.hpp"
#include "src/engine/rare_stage.hpp"

namespace overbuild {
namespace {

constexpr double enough_hits = 100;      // effective ones: the levels have led to the event
constexpr double still_better = 1.25;    // growth of the effective hits that asks for another round
constexpr double elite_per_block = 100;  // effective ones
constexpr int most_hit_rounds = 5;
constexpr int most_stalled = 3;

/// A round's paths: who hit, how near they came, and their weights.
struct RoundPaths {
  std::vector<double> score, weight;
  std::vector<std::uint8_t> hit;
};

class RoundMember {
 public:
  struct Shared {
    const RareStage& stage;
    RoundPaths& paths;  // each tile has its own place
  };

  explicit RoundMember(Shared& shared) : shared_(shared), paths_(shared.stage) {}

  void advance(std::uint64_t first_path, int count) {
    paths_.advance(first_path, count);
    for (int lane = 0; lane < count; ++lane) {
      const std::size_t path = first_path + static_cast<std::size_t>(lane);
      shared_.paths.score[path] = paths_.score(lane);
      shared_.paths.weight[path] = paths_.weight(lane);
      shared_.paths.hit[path] = paths_.hit(lane);
    }
  }
  void end() {}

 private:
  Shared& shared_;
  RareStagePaths paths_;
};

/// A seed for each round, so that no path of the pilot is one of the estimate.
std::uint64_t seed_of_round(std::uint64_t seed, std::size_t round) {
  const auto words = philox4x32({static_cast<std::uint32_t>(round), 0x70696C6Fu, 0, 0}, seed);
  return std::uint64_t{words[1]} << 32 | words[0];
}

/// Kish's effective number of the paths with these weights, 0 for those that do not count.
double effective(const std::vector<double>& weights) {
  double sum = 0, square = 0;
  for (const double w : weights) {
    sum += w;
    square += w * w;
  }
  return square > 0 ? sum * sum / square : 0;
}

/// The weights where `counts(path)`, else 0.
template <class Counts>
std::vector<double> weights_where(const RoundPaths& paths, Counts counts) {
  std::vector<double> weights(paths.weight.size(), 0.0);
  for (std::size_t path = 0; path < weights.size(); ++path)
    if (counts(path)) weights[path] = paths.weight[path];
  return weights;
}

/// The score that a share of the paths reaches.
double level_of(std::vector<double> scores, double share) {
  const auto count = std::max<std::size_t>(
      static_cast<std::size_t>(share * static_cast<double>(scores.size())), 1);
  const auto place = scores.begin() + static_cast<std::ptrdiff_t>(count - 1);
  std::ranges::nth_element(scores, place, std::greater<>());
  return *place;
}

/// Draws the elite paths again, which needs no model, and fits a tilt to them.
DrawTilt fitted_tilt(const DrawMixture& mixture, std::uint64_t seed,
                     const std::vector<double>& elite, int blocks) {
  const DrawCounts& counts = mixture.counts;
  TiltFit fit(counts, blocks);
  TiltedDraws draws(mixture, tile_paths);
  const auto normals = hwy::AllocateAligned<double>(
      static_cast<std::size_t>(std::max(counts.normals, 1) * tile_paths));
  const auto uniforms = hwy::AllocateAligned<double>(
      static_cast<std::size_t>(std::max(counts.uniforms, 1) * tile_paths));
  std::vector<double> weight(tile_paths);
  for (int pass = 0; pass < TiltFit::passes; ++pass) {
    for (std::size_t first = 0; first < elite.size(); first += tile_paths) {
      const std::size_t count = std::min<std::size_t>(tile_paths, elite.size() - first);
      std::ranges::fill(weight, 0.0);
      std::copy_n(elite.begin() + static_cast<std::ptrdiff_t>(first), count, weight.begin());
      if (std::ranges::all_of(weight, [](double w) { return w == 0; })) continue;
      fit.add_paths(weight);
      draws.begin(seed, first);
      for (int i = 0; i < counts.priors; ++i)
        fit.add_prior(i, weight, draws.priors() + i * tile_paths);
      for (int step = 1; step <= counts.steps; ++step) {
        draws.step(step, normals.get(), uniforms.get());
        fit.add_step(step, weight, {tile_paths, normals.get(), uniforms.get()});
      }
    }
    fit.end_pass();
  }
  return fit.tilt();
}

DrawMixture first_mixture(DrawCounts counts) {
  if (counts.uniforms == 0 || counts.steps == 0) return {counts, {}, {}};
  return {counts, {exploring_tilt(counts)}, {0.5}};
}

DrawMixture mixture_with(DrawTilt tilt, const RareEventSettings& settings) {
  const DrawCounts counts = tilt.counts();
  const bool explores = counts.uniforms > 0 && counts.steps > 0 && settings.exploring_share > 0;
  const double exploring = explores ? settings.exploring_share : 0;
  DrawMixture mixture{counts, {std::move(tilt)}, {1 - settings.plain_share - exploring}};
  if (explores) {
    mixture.tilts.push_back(exploring_tilt(counts));
    mixture.shares.push_back(exploring);
  }
  return mixture;
}

}  // namespace

/// Leads the rounds of a pilot from level to level.
class RareEventSimulation::Leader {
 public:
  Leader(const RareEventSimulation& simulation, PriorMaps& maps)
      : simulation_(simulation), maps_(maps), mixture_(first_mixture(simulation.counts_)) {}

  bool is_done() const { return done_; }

  /// One round. Returns false when it was stopped.
  bool advance(const RunControls& controls) {
    const RareEventSettings& settings = simulation_.settings_;
    const std::uint64_t seed =
        seed_of_round(simulation_.scenario_.run.seed, pilot_.rounds.size() + 1);
    RoundPaths paths;
    if (!simulate(seed, controls, paths)) return false;
    const std::vector<double> hits =
        weights_where(paths, [&](std::size_t path) { return paths.hit[path] != 0; });
    PilotRound round = round_of(paths, hits);
    const bool by_hits = are_enough(round);
    std::vector<double> elite = by_hits ? hits : beyond_level(paths, round);
    round.effective_elite = effective(elite);
    pilot_.rounds.push_back(round);
    if (by_hits && keep_mixture(round)) return true;
    mixture_ = mixture_with(fitted_tilt(mixture_, seed, elite, blocks_for(round.effective_elite)),
                            settings);
    if (by_hits && hit_rounds_ == most_hit_rounds) finish(mixture_);
    return true;
  }

  [[noreturn]] void fail_unsettled() const {
    const PilotRound& round = last();
    const std::string reached =
        std::isnan(round.level) ? std::string() : fmt::format(" and reached {:.4g}", round.level);
    throw Error(ExitCode::numeric,
                fmt::format("the pilot did not settle on a tilt for \"{}\": after {} rounds of {} "
                            "paths, the last one had {} hits{}; allow more rounds or paths, or "
                            "give another guide",
                            simulation_.event_.condition.text, pilot_.rounds.size(), round.paths,
                            round.hits, reached));
  }

  RareEventPilot pilot() { return std::move(pilot_); }
  const PilotRound& last() const { return pilot_.rounds.back(); }

 private:
  /// The fewer paths there are to fit it, the simpler is the tilt.
  int blocks_for(double effective_elite) const {
    return std::clamp(static_cast<int>(effective_elite / elite_per_block), 1,
                      simulation_.settings_.blocks);
  }

  bool simulate(std::uint64_t seed, const RunControls& controls, RoundPaths& paths) const {
    const std::uint64_t n = simulation_.settings_.pilot_paths;
    paths.score.resize(n);
    paths.weight.resize(n);
    paths.hit.resize(n);
    const Scenario& scenario = simulation_.scenario_;
    const RareStage stage(scenario, simulation_.event_, mixture_, seed, simulation_.last_step_,
                          maps_);
    RoundMember::Shared shared{stage, paths};
    const int threads = threads_for(n, simulation_.threads_);
    const std::uint64_t chunk = chunk_paths(scenario.run, n, threads);
    return TileTeam<RoundMember, RoundMember::Shared>(shared, {0, n}, chunk, controls)
               .run(threads) == n;
  }

  static PilotRound round_of(const RoundPaths& paths, const std::vector<double>& hits) {
    PilotRound round;
    round.paths = paths.hit.size();
    for (std::size_t path = 0; path < hits.size(); ++path) {
      round.hits += paths.hit[path];
      round.probability += hits[path];
    }
    round.probability /= static_cast<double>(round.paths);
    round.effective_hits = effective(hits);
    round.level = std::numeric_limits<double>::quiet_NaN();
    return round;
  }

  /// Whether the hits can be the elite. Without a guide they have to be.
  bool are_enough(const PilotRound& round) const {
    const double share = static_cast<double>(round.hits) / static_cast<double>(round.paths);
    if (round.hits == 0) return false;
    return !simulation_.event_.guide || round.effective_hits >= enough_hits ||
           share >= simulation_.settings_.level_share || stalled_ == most_stalled;
  }

  std::vector<double> beyond_level(const RoundPaths& paths, PilotRound& round) {
    if (!simulation_.event_.guide)
      throw Error(ExitCode::numeric,
                  fmt::format("none of the pilot's {} paths hit \"{}\", and there is no quantity "
                              "that tells how near they came; a guide or more paths may help",
                              round.paths, simulation_.event_.condition.text));
    const double level = level_of(paths.score, simulation_.settings_.level_share);
    stalled_ = level > level_ ? 0 : stalled_ + 1;
    round.level = simulation_.event_.guide_sign * level;
    if (stalled_ > most_stalled || !std::isfinite(level)) fail(round.level);
    level_ = std::max(level, level_);
    return weights_where(paths, [&](std::size_t path) { return paths.score[path] >= level; });
  }

  [[noreturn]] void fail(double level) const {
    throw Error(
        ExitCode::numeric,
        fmt::format("the pilot got stuck before \"{}\": in round {} a share of {} of its "
                    "{} paths reached {:.6g} and it got no further; more paths in the "
                    "pilot, or another guide, may help",
                    simulation_.event_.condition.text, pilot_.rounds.size() + 1,
                    simulation_.settings_.level_share, simulation_.settings_.pilot_paths, level));
  }

  /// A round by hits has shown how good its mixture is. Once a further fit does not make it better
  /// the best one is kept.
  bool keep_mixture(const PilotRound& round) {
    ++hit_rounds_;
    if (hit_rounds_ == 1 || round.effective_hits > still_better * best_hits_) {
      best_hits_ = round.effective_hits;
      best_ = mixture_;
      return false;
    }
    finish(round.effective_hits > best_hits_ ? mixture_ : best_);
    return true;
  }

  void finish(const DrawMixture& mixture) {
    pilot_.mixture = mixture;
    done_ = true;
  }

  const RareEventSimulation& simulation_;
  PriorMaps& maps_;
  RareEventPilot pilot_;
  DrawMixture mixture_, best_;
  double level_ = -std::numeric_limits<double>::infinity();
  double best_hits_ = 0;
  int hit_rounds_ = 0, stalled_ = 0;
  bool done_ = false;
};

std::optional<RareEventPilot> RareEventSimulation::pilot(
    const RunControls& controls, const std::function<void(const PilotRound&)>& done) {
  Leader leader(*this, maps_);
  for (int round = 0; round < settings_.rounds && !leader.is_done(); ++round) {
    if (!leader.advance(controls)) return {};
    if (done) done(leader.last());
  }
  if (!leader.is_done()) leader.fail_unsettled();
  return leader.pilot();
}

}  // namespace overbuild
