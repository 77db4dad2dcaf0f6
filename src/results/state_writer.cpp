#include "src/results/state_writer.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "src/results/state_layout.hpp"
#include "src/results/variables.hpp"

namespace overbuild {
namespace {

/// Most limbs are zero, so that even the fastest compression takes nearly all of them away.
constexpr unsigned compression = 1;
constexpr hsize_t chunk_numbers = hsize_t{1} << 15;

template <class Number>
void write_numbers(hid_t group, const std::string& name, const std::vector<Number>& numbers,
                   const Dimension& dimension) {
  const hdf5::Id creation = hdf5::dataset_creation();
  if (!numbers.empty()) {
    const hsize_t chunk = std::min<hsize_t>(chunk_numbers, numbers.size());
    hdf5::check(H5Pset_chunk(creation, 1, &chunk), "set the chunks of " + name);
    hdf5::check(H5Pset_shuffle(creation), "set the compression of " + name);
    hdf5::check(H5Pset_deflate(creation, compression), "set the compression of " + name);
  }
  const hid_t type = hdf5::number_type<Number>();
  const hdf5::Id dataset = hdf5::create_dataset(group, name, type, {numbers.size()}, creation);
  hdf5::check(H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, numbers.data()),
              "write " + name);
  attach(dataset, {&dimension});
}

/// The accumulators one after another; the bins of all of them follow one another, too.
void write_accumulators(hid_t group, const std::string& prefix,
                        const std::vector<AccumulatorState>& accumulators) {
  std::vector<double> pivot, smallest, largest;
  std::vector<std::uint64_t> count, bins, bin_count;
  std::vector<std::int64_t> power, bin;
  for (const AccumulatorState& state : accumulators) {
    pivot.push_back(state.pivot);
    count.push_back(state.count);
    smallest.push_back(state.smallest);
    largest.push_back(state.largest);
    for (const ExactSum::Limbs& limbs : state.power)
      power.insert(power.end(), limbs.begin(), limbs.end());
    bins.push_back(state.bins.size());
    for (const BinCount& filled : state.bins) {
      bin.push_back(filled.bin);
      bin_count.push_back(filled.count);
    }
  }
  const auto name = [&](const char* what) { return layout::state_of(prefix, what); };
  const Dimension each = write_bare_dimension(group, name("accumulator"), accumulators.size());
  const Dimension limb = write_bare_dimension(group, name("limb"), power.size());
  const Dimension filled = write_bare_dimension(group, name("filled_bin"), bin.size());
  write_numbers(group, name("pivot"), pivot, each);
  write_numbers(group, name("count"), count, each);
  write_numbers(group, name("min"), smallest, each);
  write_numbers(group, name("max"), largest, each);
  write_numbers(group, name("power"), power, limb);
  write_numbers(group, name("bins"), bins, each);
  write_numbers(group, name("bin"), bin, filled);
  write_numbers(group, name("bin_count"), bin_count, filled);
}

}  // namespace

void write_state(hid_t file, const RunStatisticsState& state, const Replicates& replicates) {
  const hdf5::Id group = hdf5::create_group(file, layout::state_group);
  hdf5::set_attribute(group, layout::state_version_attribute, std::int64_t{layout::state_version});
  write_accumulators(group, "series", state.series);
  write_accumulators(group, "outcomes", state.outcomes);
  write_numbers(group, "events", state.events,
                write_bare_dimension(group, "event_step", state.events.size()));
  if (replicates.count() == 0) return;
  write_numbers(group, layout::replicates_dataset, replicates.values(),
                write_bare_dimension(group, "replicate_estimate", replicates.values().size()));
}

}  // namespace overbuild
