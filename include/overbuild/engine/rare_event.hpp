// Probabilities of rare events by importance sampling of the draws (docs/rare_events.md).
//
// A pilot finds a tilt of the draws under which the event is common; the estimate comes from other
// paths, drawn from a mixture of that tilt, one that explores and the plain law. Both depend on
// config, seed and settings alone.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "overbuild/config/expression.hpp"
#include "overbuild/engine/run.hpp"
#include "overbuild/sampling/tilted_draws.hpp"
#include "overbuild/statistics/rare_event.hpp"

namespace overbuild {

struct RareEventSettings {
  std::uint64_t pilot_paths = 20480;  ///< of each round of the pilot
  int rounds = 20;                    ///< of the pilot, at most
  double level_share = 0.1;           ///< of a round's paths that lie beyond its level
  double plain_share = 0.1;           ///< of the final paths that have the plain law
  double exploring_share = 0.1;       ///< of the final paths that explore
  int blocks = 8;                     ///< of steps with the same tilt, at most
};

/// An event, and a quantity that is the larger the nearer a path came to it.
struct RareEvent {
  PathQuantity condition;
  std::optional<PathQuantity> guide;  ///< without a relation; none: hits alone guide the pilot
  double guide_sign = 1;              ///< -1 where smaller values are nearer
};

/// `condition` must be one. `guide`: a condition whose quantity is followed instead of that of
/// `condition`; one about events has none to follow.
RareEvent rare_event(const PathQuantity& condition, const std::optional<PathQuantity>& guide = {});

/// A round of the pilot. Its elite paths, those that hit or else those beyond its level, made the
/// tilt of the next one.
struct PilotRound {
  std::uint64_t paths = 0, hits = 0;
  double level = 0;            ///< of the guide; NaN where hits were the elite
  double probability = 0;      ///< of the event as this round alone would estimate it
  double effective_elite = 0;  ///< Kish's effective number of elite paths
  double effective_hits = 0;
};

struct RareEventPilot {
  DrawMixture mixture;  ///< of the final paths: the tilt comes first
  std::vector<PilotRound> rounds;
};

/// A tilt as plain numbers. Law 0 is the ordinary one, law 1 the burst's. Blocks are those of the
/// steps 1..steps.
struct TiltTable {
  std::vector<double> prior_mean, prior_deviation;  ///< [prior]
  std::vector<double> first_step;                   ///< [block]
  std::vector<double> burst_share;                  ///< [block]
  std::vector<double> shift;                        ///< [law][normal][block]
  std::vector<double> mass;  ///< [law][uniform][block][bin]; the plain law's where not tilted

  bool operator==(const TiltTable&) const = default;
};
TiltTable tilt_table(const DrawTilt& tilt);

class RareEventSimulation {
 public:
  /// The scenario must outlive this. Throws Error(config) when neither the steps up to the event
  /// nor the priors have a draw that can be tilted.
  RareEventSimulation(const Scenario& scenario, RareEvent event, RareEventSettings settings,
                      int threads = 0);

  const DrawCounts& counts() const { return counts_; }
  const std::vector<std::size_t>& drawn_parameters() const { return drawn_; }
  int threads() const { return threads_; }

  /// Calls `done` after each round. Throws Error(numeric) when the event was not reached. Returns
  /// nothing when controls.stop said so.
  std::optional<RareEventPilot> pilot(const RunControls& controls,
                                      const std::function<void(const PilotRound&)>& done = {});

  /// The final paths of `range`, whose ends are multiples of tile_paths or the number of all paths;
  /// the first ones of them when it is stopped, whose number is sums.paths.
  RareEventSums run(const DrawMixture& mixture, PathRange range, const RunControls& controls);

 private:
  class Leader;

  const Scenario& scenario_;
  const RareEvent event_;
  const RareEventSettings settings_;
  const int threads_;
  const int last_step_;
  DrawCounts counts_;
  std::vector<std::size_t> drawn_;
  PriorMaps maps_;
};

}  // namespace overbuild
