#include "overbuild/engine/rare_event.hpp"

#include <utility>

#include "overbuild/base/error.hpp"
#include "src/engine/rare_stage.hpp"

namespace overbuild {
namespace {

/// Adds the paths of one thread to sums.
class SumsMember {
 public:
  struct Shared {
    const RareStage& stage;
    RareEventSums total;
  };

  explicit SumsMember(Shared& shared) : shared_(shared), paths_(shared.stage) {}

  void advance(std::uint64_t first_path, int count) {
    paths_.advance(first_path, count);
    for (int lane = 0; lane < count; ++lane)
      sums_.add(paths_.weight(lane), paths_.hit(lane), paths_.is_plain(lane));
  }
  void end() { shared_.total.merge(sums_); }

 private:
  Shared& shared_;
  RareStagePaths paths_;
  RareEventSums sums_;
};

PathQuantity followed(const PathQuantity& condition) {
  PathQuantity guide = condition;
  guide.relation = PathQuantity::Relation::none;
  if (condition.source == PathQuantity::Source::series_by)
    guide.source = seeks_small(condition) ? PathQuantity::Source::series_lowest
                                          : PathQuantity::Source::series_highest;
  return guide;
}

}  // namespace

RareEvent rare_event(const PathQuantity& condition, const std::optional<PathQuantity>& guide) {
  const PathQuantity& leader = guide ? *guide : condition;
  RareEvent event{condition, {}, 1};
  if (leader.relation == PathQuantity::Relation::none) return event;  // an event of the model
  event.guide = followed(leader);
  event.guide_sign = seeks_small(leader) ? -1 : 1;
  return event;
}

TiltTable tilt_table(const DrawTilt& tilt) {
  TiltTable table;
  for (const PriorLaw& prior : tilt.priors()) {
    table.prior_mean.push_back(prior.mean);
    table.prior_deviation.push_back(prior.deviation);
  }
  int first = 1;
  for (int block = 0; block < tilt.blocks(); ++block) {
    table.first_step.push_back(first);
    table.burst_share.push_back(tilt.block(block).burst_share);
    first += tilt.steps_of(block);
  }
  for (const int law : {0, 1}) {
    for (std::size_t row = 0; row < static_cast<std::size_t>(tilt.counts().normals); ++row)
      for (int block = 0; block < tilt.blocks(); ++block)
        table.shift.push_back(tilt.block(block).law[law].shift[row]);
    for (std::size_t row = 0; row < static_cast<std::size_t>(tilt.counts().uniforms); ++row)
      for (int block = 0; block < tilt.blocks(); ++block)
        for (std::size_t bin = 0; bin < tilt_bins; ++bin) {
          const std::optional<UniformTilt>& uniform = tilt.block(block).law[law].uniform[row];
          table.mass.push_back(uniform ? uniform->mass[bin] : tilt_bin_width(bin));
        }
  }
  return table;
}

RareEventSimulation::RareEventSimulation(const Scenario& scenario, RareEvent event,
                                         RareEventSettings settings, int threads)
    : scenario_(scenario),
      event_(std::move(event)),
      settings_(settings),
      threads_(threads_to_use(scenario.run, threads)),
      last_step_(rare_last_step(scenario, event_)) {
  for (std::size_t i = 0; i < scenario.parameters.size(); ++i)
    if (scenario.parameters[i].prior) drawn_.push_back(i);
  counts_ = draw_counts(scenario.model->schema, drawn_.size(), last_step_);
  const bool has_draws = counts_.steps > 0 && counts_.normals + counts_.uniforms > 0;
  if (!has_draws && counts_.priors == 0)
    throw Error(ExitCode::usage, "the event \"" + event_.condition.text +
                                     "\" is certain or impossible: nothing is random before it");
}

RareEventSums RareEventSimulation::run(const DrawMixture& mixture, PathRange range,
                                       const RunControls& controls) {
  const RareStage stage(scenario_, event_, mixture, scenario_.run.seed, last_step_, maps_);
  SumsMember::Shared shared{stage, {}};
  const int threads = threads_for(range.size(), threads_);
  const std::uint64_t chunk = chunk_paths(scenario_.run, range.size(), threads);
  TileTeam<SumsMember, SumsMember::Shared>(shared, range, chunk, controls).run(threads);
  return std::move(shared.total);
}

}  // namespace overbuild
