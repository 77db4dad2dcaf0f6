#include <nlohmann/json.hpp>

#include "src/commands/rare_report.hpp"

namespace overbuild {
namespace {

using Json = nlohmann::ordered_json;

// JSON has no NaN; the library writes null.
Json estimate(const RareEventEstimate& e) {
  return {{"probability", e.probability},
          {"standard_error", e.standard_error},
          {"lower", e.lower},
          {"upper", e.upper},
          {"paths", e.paths},
          {"hits", e.hits},
          {"effective_hits", e.effective_hits},
          {"gain", e.gain},
          {"variance_error", e.variance_error},
          {"largest_weight", e.largest_weight},
          {"share_of_largest", e.share_of_largest},
          {"mean_weight", e.mean_weight},
          {"mean_weight_error", e.mean_weight_error},
          {"plain_hits", e.plain_hits},
          {"plain_hits_expected", e.plain_hits_expected},
          {"doubts", doubts(e)}};
}

Json pilot(const std::vector<PilotRound>& rounds) {
  Json list = Json::array();
  for (const PilotRound& round : rounds)
    list.push_back({{"paths", round.paths},
                    {"hits", round.hits},
                    {"level", round.level},
                    {"probability", round.probability},
                    {"effective_elite", round.effective_elite},
                    {"effective_hits", round.effective_hits}});
  return list;
}

}  // namespace

std::string rare_json(const RareContents& contents) {
  const Json json = {{"model", contents.model},
                     {"scenario", contents.scenario},
                     {"title", contents.title},
                     {"event", contents.event},
                     {"guide", contents.guide},
                     {"seed", contents.seed},
                     {"first_path", contents.scope.first_path},
                     {"shard", contents.scope.shard},
                     {"shards", contents.scope.shards},
                     {"paths_asked", contents.paths_asked},
                     {"complete", contents.complete},
                     {"plain_share", contents.plain_share},
                     {"exploring_share", contents.exploring_share},
                     {"estimate", estimate(rare_event_estimate(contents.sums))},
                     {"pilot", pilot(contents.rounds)},
                     {"priors", contents.priors},
                     {"normals", contents.normals},
                     {"uniforms", contents.uniforms},
                     {"tilt",
                      {{"prior_mean", contents.tilt.prior_mean},
                       {"prior_deviation", contents.tilt.prior_deviation},
                       {"first_step", contents.tilt.first_step},
                       {"burst_share", contents.tilt.burst_share},
                       {"shift", contents.tilt.shift},
                       {"mass", contents.tilt.mass}}}};
  return json.dump(2) + "\n";
}

}  // namespace overbuild
