#include "overbuild/engine/path_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "overbuild/base/error.hpp"
#include "src/engine/chunks.hpp"
#include "src/engine/tile_team.hpp"
#include "src/engine/worker.hpp"

namespace overbuild {
namespace {

/// Each tile has its own place among the values.
class ValuesMember {
 public:
  struct Shared {
    const PreparedRun& prepared;
    std::span<const PathQuantity> quantities;
    std::uint64_t first_path;
    int last_step;
    std::vector<KeptValues> values;
  };

  explicit ValuesMember(Shared& shared) : shared_(shared), worker_(shared.prepared) {
    for (const PathQuantity& quantity : shared.quantities)
      tiles_.emplace_back(quantity, shared.prepared.schema());
  }

  void advance(std::uint64_t first_path, int count) {
    worker_.measure(first_path, count, shared_.last_step, tiles_);
    const auto place = static_cast<std::ptrdiff_t>(first_path - shared_.first_path);
    for (std::size_t q = 0; q < tiles_.size(); ++q)
      std::ranges::copy(tiles_[q].values(), shared_.values[q].begin() + place);
  }
  void end() {}

 private:
  Shared& shared_;
  Worker worker_;
  std::vector<TileQuantity> tiles_;
};

}  // namespace

PathValues path_values(const PreparedRun& prepared, std::span<const PathQuantity> quantities,
                       PathRange range, const RunControls& controls) {
  const RunSettings& settings = prepared.scenario().run;
  if (settings.has_replicates())
    throw Error(ExitCode::config,
                fmt::format("run.sampler: found \"{}\"; the standard errors of this command are "
                            "those of independent paths, for which it takes \"philox\" only",
                            name_of(settings.sampler)));
  const int threads = threads_for(range.size(), threads_to_use(settings, controls.threads));
  const std::uint64_t chunk = chunk_paths(settings, range.size(), threads);
  ValuesMember::Shared shared{prepared, quantities, range.begin,
                              last_step(quantities, prepared.context().steps),
                              std::vector<KeptValues>(quantities.size())};
  for (KeptValues& room : shared.values) room.resize(range.size(), boost::container::default_init);
  const std::uint64_t done =
      TileTeam<ValuesMember, ValuesMember::Shared>(shared, range, chunk, controls).run(threads);
  for (KeptValues& values : shared.values) values.resize(done);
  return {{range.begin, range.begin + done}, std::move(shared.values)};
}

PathValues path_values(const Scenario& scenario, std::span<const PathQuantity> quantities,
                       const RunControls& controls) {
  const PreparedRun prepared(scenario, controls.prior_maps);
  return path_values(prepared, quantities, {0, scenario.run.paths}, controls);
}

}  // namespace overbuild
