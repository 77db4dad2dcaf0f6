#include "src/engine/rare_stage.hpp"

#include <cmath>
#include <limits>

namespace overbuild {
namespace {

std::vector<PathQuantity> quantities_of(const RareEvent& event) {
  std::vector<PathQuantity> quantities = {event.condition};
  if (event.guide) quantities.push_back(*event.guide);
  return quantities;
}

Scenario with_seed(Scenario scenario, std::uint64_t seed) {
  scenario.run.seed = seed;
  return scenario;
}

}  // namespace

int rare_last_step(const Scenario& scenario, const RareEvent& event) {
  return overbuild::last_step(quantities_of(event), scenario.run.steps());
}

RareStage::RareStage(const Scenario& scenario, const RareEvent& event, const DrawMixture& mixture,
                     std::uint64_t seed, int last_step, PriorMaps& maps)
    : scenario_(with_seed(scenario, seed)),
      event_(event),
      quantities_(quantities_of(event)),
      last_step_(last_step),
      prepared_(scenario_, &maps,
                std::make_shared<TiltedParameters>(mixture, parameter_sampler(scenario, &maps)),
                std::make_shared<TiltedSource>(mixture)) {}

RareStagePaths::RareStagePaths(const RareStage& stage) : stage_(stage), worker_(stage.prepared()) {
  for (const PathQuantity& quantity : stage.quantities())
    tiles_.emplace_back(quantity, stage.prepared().schema());
}

void RareStagePaths::advance(std::uint64_t first_path, int count) {
  worker_.measure(first_path, count, stage_.last_step(), tiles_);
}

double RareStagePaths::score(int lane) const {
  if (tiles_.size() == 1) return hit(lane) ? 1 : 0;
  const double value = tiles_[1].values()[static_cast<std::size_t>(lane)];
  return std::isnan(value) ? -std::numeric_limits<double>::infinity()
                           : stage_.event().guide_sign * value;
}

const TiltedDraws& RareStagePaths::drawn() const {
  return static_cast<const TiltedTileDraws*>(worker_.draws())->drawn();
}

}  // namespace overbuild
