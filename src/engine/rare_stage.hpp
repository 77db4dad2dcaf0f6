// The paths of one mixture of laws: of a round of the pilot, or the final ones.
#pragma once

#include <memory>
#include <vector>

#include "overbuild/engine/rare_event.hpp"
#include "src/engine/tile_team.hpp"
#include "src/engine/tilted_source.hpp"
#include "src/engine/worker.hpp"

namespace overbuild {

/// Whether smaller values of a condition's quantity are nearer to it.
inline bool seeks_small(const PathQuantity& condition) {
  return condition.relation == PathQuantity::Relation::less ||
         condition.relation == PathQuantity::Relation::less_equal;
}

/// The last step that the event or its guide looks at.
int rare_last_step(const Scenario& scenario, const RareEvent& event);

/// What the threads share and only read. Event and mixture must outlive it; neither copied nor
/// moved.
class RareStage {
 public:
  RareStage(const Scenario& scenario, const RareEvent& event, const DrawMixture& mixture,
            std::uint64_t seed, int last_step, PriorMaps& maps);
  RareStage(const RareStage&) = delete;
  RareStage& operator=(const RareStage&) = delete;

  const PreparedRun& prepared() const { return prepared_; }
  const RareEvent& event() const { return event_; }
  const std::vector<PathQuantity>& quantities() const { return quantities_; }
  int last_step() const { return last_step_; }

 private:
  const Scenario scenario_;  // with the stage's seed
  const RareEvent& event_;
  const std::vector<PathQuantity> quantities_;  // the condition, and the guide if there is one
  const int last_step_;
  const PreparedRun prepared_;
};

/// One thread's tile of a stage.
class RareStagePaths {
 public:
  explicit RareStagePaths(const RareStage& stage);

  /// Simulates the tile of `count` paths from `first_path` on.
  void advance(std::uint64_t first_path, int count);

  bool hit(int lane) const { return tiles_[0].values()[static_cast<std::size_t>(lane)] != 0; }
  /// Of the guide, the larger the nearer to the event; -infinity where it is undefined.
  double score(int lane) const;
  double weight(int lane) const { return drawn().weight(lane); }
  bool is_plain(int lane) const { return drawn().is_plain(lane); }

 private:
  const TiltedDraws& drawn() const;

  const RareStage& stage_;
  Worker worker_;
  std::vector<TileQuantity> tiles_;
};

}  // namespace overbuild
