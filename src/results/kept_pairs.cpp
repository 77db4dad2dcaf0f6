#include "src/results/kept_pairs.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>

namespace overbuild {
namespace {

constexpr std::uint64_t outcome_block = std::uint64_t{1} << 16;  // paths
constexpr std::size_t step_block = 2048;

PathRange common(PathRange a, PathRange b) {
  const PathRange both = {std::max(a.begin, b.begin), std::min(a.end, b.end)};
  return both.begin < both.end ? both : PathRange{};
}

/// Calls action(block) for the blocks of a range, each of which ends at a multiple of `size`.
template <class Action>
void for_blocks(PathRange range, std::uint64_t size, Action action) {
  for (PathRange block = {range.begin, range.begin}; block.begin < range.end;
       block.begin = block.end) {
    block.end = std::min(range.end, (block.begin / size + 1) * size);
    action(block);
  }
}

/// Paths of which both results keep every outcome of the sums.
PathRange common_paths_of(const ComparedResult& a, const ComparedResult& b,
                          const std::array<OutcomeSum, 2>& sums) {
  std::optional<PathRange> paths;
  for (const OutcomeSum& sum : sums)
    for (const std::string_view name : sum) {
      if (name.empty()) continue;
      const PathRange kept = common_outcome_paths(a, b, std::string(name));
      paths = paths ? common(*paths, kept) : kept;
    }
  return paths.value_or(PathRange{});
}

/// The sum of the outcomes on each path; infinite where it is undefined, and without outcomes.
std::vector<double> sums_of(const ComparedResult& result, const OutcomeSum& sum, PathRange paths) {
  constexpr double never = std::numeric_limits<double>::infinity();
  std::vector<double> total(paths.size(), sum.front().empty() ? never : 0.0);
  for (const std::string_view name : sum) {
    if (name.empty()) continue;
    const std::vector<double> values = result.kept.outcome(std::string(name), paths);
    for (std::size_t i = 0; i < total.size(); ++i)
      total[i] = std::isnan(values[i]) ? never : total[i] + values[i];
  }
  return total;
}

/// Calls action(first, second) with the outcome's values on each common path.
template <class Action>
void for_outcome_pairs(const ComparedResult& a, const ComparedResult& b, const std::string& name,
                       Action action) {
  for_blocks(common_outcome_paths(a, b, name), outcome_block, [&](PathRange block) {
    const std::vector<double> first = a.kept.outcome(name, block);
    const std::vector<double> second = b.kept.outcome(name, block);
    for (std::size_t i = 0; i < first.size(); ++i) action(first[i], second[i]);
  });
}

}  // namespace

PathRange common_outcome_paths(const ComparedResult& a, const ComparedResult& b,
                               const std::string& name) {
  if (a.contents.seed != b.contents.seed) return {};
  return common(a.kept.paths_of_outcome(name), b.kept.paths_of_outcome(name));
}

PathRange common_series_paths(const ComparedResult& a, const ComparedResult& b,
                              const std::string& name) {
  if (a.contents.seed != b.contents.seed) return {};
  return common(a.kept.paths_of_series(name), b.kept.paths_of_series(name));
}

void add_outcome_pairs(const ComparedResult& a, const ComparedResult& b, const std::string& name,
                       PairedSample& sample) {
  for_outcome_pairs(a, b, name, [&](double first, double second) { sample.add(first, second); });
}

std::vector<PairedEvent> code_pairs(const ComparedResult& a, const ComparedResult& b,
                                    const std::string& name, std::size_t codes) {
  std::vector<PairedEvent> pairs(codes);
  for_outcome_pairs(a, b, name, [&](double first, double second) {
    for (std::size_t code = 0; code < codes; ++code)
      pairs[code].add(first == static_cast<double>(code), second == static_cast<double>(code));
  });
  return pairs;
}

void add_series_pairs(const ComparedResult& a, const ComparedResult& b, const std::string& name,
                      std::span<const CommonStep> steps, std::span<PairedSample> samples) {
  const PathRange paths = common_series_paths(a, b, name);
  for (std::size_t from = 0; from < steps.size(); from += step_block) {
    const auto window = steps.subspan(from, std::min(step_block, steps.size() - from));
    const std::size_t first_begin = window.front().first, first_end = window.back().first + 1;
    const std::size_t second_begin = window.front().second, second_end = window.back().second + 1;
    // Blocks are the tiles that the files hold as chunks.
    for_blocks(paths, tile_paths, [&](PathRange block) {
      const auto first = a.kept.series(name, block, first_begin, first_end);
      const auto second = b.kept.series(name, block, second_begin, second_end);
      for (std::size_t path = 0; path < block.size(); ++path)
        for (std::size_t i = 0; i < window.size(); ++i)
          samples[from + i].add(
              first[path * (first_end - first_begin) + window[i].first - first_begin],
              second[path * (second_end - second_begin) + window[i].second - second_begin]);
    });
  }
}

std::vector<PairedEvent> event_pairs(const ComparedResult& a, const ComparedResult& b,
                                     const EventSpec& event, std::span<const CommonStep> steps) {
  std::vector<PairedEvent> pairs(steps.size());
  const PathRange paths = common_paths_of(a, b, {event.since, event.until});
  for_blocks(paths, outcome_block, [&](PathRange block) {
    const auto since_a = sums_of(a, event.since, block), until_a = sums_of(a, event.until, block);
    const auto since_b = sums_of(b, event.since, block), until_b = sums_of(b, event.until, block);
    for (std::size_t step = 0; step < steps.size(); ++step) {
      // Sums of times are rounded, and a step is far longer than that.
      const double time = steps[step].time * (1 + 1e-9) + 1e-12;
      for (std::size_t i = 0; i < block.size(); ++i)
        pairs[step].add(since_a[i] <= time && time < until_a[i],
                        since_b[i] <= time && time < until_b[i]);
    }
  });
  return pairs;
}

}  // namespace overbuild
