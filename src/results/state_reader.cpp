#include "src/results/state_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "src/results/state_layout.hpp"
#include "src/results/statistics_layout.hpp"

namespace overbuild {
namespace {

std::string path_of(const std::string& name) { return layout::in_group(layout::state_group, name); }

std::vector<AccumulatorState> read_accumulators(hid_t file, const std::string& prefix) {
  const auto path = [&](const char* what) { return path_of(layout::state_of(prefix, what)); };
  const auto doubles = [&](const char* what, std::size_t size) {
    return hdf5::expect_count(hdf5::read_doubles(file, path(what)), size, path(what));
  };
  const auto integers = [&](const char* what, std::size_t size) {
    return hdf5::expect_count(hdf5::read_integers(file, path(what)), size, path(what));
  };
  const std::vector<double> pivot = hdf5::read_doubles(file, path("pivot"));
  const std::size_t size = pivot.size();
  const auto smallest = doubles("min", size), largest = doubles("max", size);
  const auto count = integers("count", size), bins = integers("bins", size);
  if (std::ranges::any_of(bins, [](std::int64_t n) { return n < 0; }))
    throw hdf5::Failure(fmt::format("dataset {} has a negative number", path("bins")));
  constexpr std::size_t limbs = ExactSum::limbs;
  const auto power = integers("power", size * AccumulatorState::powers * limbs);
  const auto filled =
      static_cast<std::size_t>(std::accumulate(bins.begin(), bins.end(), std::int64_t{0}));
  const auto bin = integers("bin", filled), bin_count = integers("bin_count", filled);

  std::vector<AccumulatorState> states(size);
  std::size_t next_limb = 0, next_bin = 0;
  for (std::size_t i = 0; i < size; ++i) {
    AccumulatorState& state = states[i];
    state.pivot = pivot[i];
    state.count = static_cast<std::uint64_t>(count[i]);
    state.smallest = smallest[i];
    state.largest = largest[i];
    for (ExactSum::Limbs& sum : state.power) {
      std::copy_n(power.begin() + static_cast<std::ptrdiff_t>(next_limb), limbs, sum.begin());
      next_limb += limbs;
    }
    for (std::int64_t k = 0; k < bins[i]; ++k, ++next_bin)
      state.bins.push_back({bin[next_bin], static_cast<std::uint64_t>(bin_count[next_bin])});
  }
  return states;
}

}  // namespace

bool has_state(hid_t file) { return H5Lexists(file, layout::state_group, H5P_DEFAULT) > 0; }

RunStatisticsState read_state(hid_t file) {
  const std::int64_t version = hdf5::integer_attribute(
      file, fmt::format("/{}", layout::state_group), layout::state_version_attribute);
  if (version != layout::state_version)
    throw hdf5::Failure(fmt::format("its exact statistics are of version {}, not {}", version,
                                    layout::state_version));
  RunStatisticsState state;
  state.series = read_accumulators(file, "series");
  state.outcomes = read_accumulators(file, "outcomes");
  const auto events = hdf5::read_integers(file, path_of("events"));
  state.events.assign(events.begin(), events.end());
  return state;
}

Replicates read_replicates(hid_t file, std::size_t count) {
  const std::string path = path_of(layout::replicates_dataset);
  std::vector<double> values = hdf5::read_doubles(file, path);
  if (count == 0 || values.size() % count != 0)
    throw hdf5::Failure(
        fmt::format("dataset {} has {} numbers, which are not those of {} "
                    "replicates",
                    path, values.size(), count));
  return {count, std::move(values)};
}

}  // namespace overbuild
